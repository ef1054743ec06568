/** A site that never received anything: what to paste, and that we are waiting. */
import { useState } from 'preact/hooks';
import type { Site } from '../api/types.ts';

const snippetFor = (site: string): string =>
  `<script defer src="${location.origin}/hc.js" data-site="${site}"></script>`;

export function FirstHit({ site }: { site: Site }) {
  return (
    <section class="card first-hit">
      <h2>Waiting for the first hit&nbsp;…</h2>
      <p>
        Paste this line into the <code>&lt;head&gt;</code> of every page of <strong>{site.id}</strong>. This page shows
        the first visitor within seconds; no reload is needed.
      </p>
      <Snippet text={snippetFor(site.id)} />
      {site.id === 'demo' ? (
        <p>
          Or open the <a href="/demo/">demo site</a>, which carries it already.
        </p>
      ) : null}
      <p class="note">
        Your own visits count too. To leave them out, run <code>localStorage.headcount_ignore = 'true'</code> in the
        console of your browser. A browser that sends “Do Not Track” or “Global Privacy Control” is not counted either:
        if yours does, try another one.
      </p>
    </section>
  );
}

function Snippet({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // Absent on plain http other than this machine: the line can still be selected by a click.
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    );
  };
  return (
    <div class="snippet">
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" class="primary" onClick={copy}>
        {copied ? 'Copied' : 'Copy'}
      </button>
      <span class="visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </div>
  );
}

/** The dashboard in each language other than English: nothing sticks out, nothing flashes, the choice is kept. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();

/** A reader's browser, and what the navigation says in their language. */
const READERS = [
  { language: 'de', locale: 'de-DE', reports: ['Traffic', 'Funktionen', 'Trichter', 'Pfade', 'Retention', 'Ziele', 'Vitals', 'Live', 'Einstellungen'] },
  { language: 'fr', locale: 'fr-FR', reports: ['Trafic', 'Fonctionnalités', 'Entonnoirs', 'Parcours', 'Rétention', 'Objectifs', 'Vitals', 'En direct', 'Réglages'] },
  { language: 'es', locale: 'es-ES', reports: ['Tráfico', 'Funciones', 'Embudos', 'Recorridos', 'Retención', 'Objetivos', 'Vitals', 'En vivo', 'Ajustes'] },
  { language: 'ja', locale: 'ja-JP', reports: ['トラフィック', '機能', 'ファネル', 'ジャーニー', 'リテンション', '目標', 'Vitals', 'リアルタイム', '設定'] },
] as const;
const PERIOD = 'range=2026-10-26..2026-11-22';
const PATHS = ['', '/features', '/features?feature=signup', '/funnels', '/journeys', `/retention?${PERIOD}`, '/goals', '/vitals', '/live', '/settings'];

/** Something is drawn and nothing is on its way. */
const settled = () =>
  it.page.waitForFunction(() => {
    const main = document.querySelector('main');
    return (main?.innerText.length ?? 0) > 100 && !main?.querySelector('[aria-busy="true"]');
  });

/** Heads and numbers that are wider than their place: they run into what stands beside them. */
const squeezed = () =>
  it.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.bars thead th, .features thead th, .figure, .figure .value, .topbar button')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).textOverflow !== 'ellipsis')
      .map((element) => `${element.className}: ${element.innerText}`),
  );

/** Labels of the headline that stand below the visitors of now, and heads of lists that leave no gap between them. */
const crossed = () =>
  it.page.evaluate(() => {
    const box = (element: Element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect();
    };
    const now = document.querySelector('.overview .now')!.getBoundingClientRect();
    const labels = [...document.querySelectorAll('.overview .figure .label')].filter((label) => {
      const own = box(label);
      return own.right > now.left - 4 && own.left < now.right && own.bottom > now.top && own.top < now.bottom;
    });
    const heads = [...document.querySelectorAll('.bars thead th + th')].filter((head) => box(head).left < box(head.previousElementSibling!).right + 6);
    return [...labels, ...heads].map(({ textContent }) => textContent);
  });

/** Whether the open report's tab can be seen whole. */
const tabInSight = () =>
  it.page.evaluate(() => {
    const tab = document.querySelector('.reports [aria-current]')!.getBoundingClientRect();
    return tab.left >= 0 && tab.right <= innerWidth;
  });

for (const { language, locale, reports } of READERS) {
  test(`${language}: every report on a phone`, { timeout: 180_000 }, async () => {
    await it.open('/', { locale, viewport: { width: 360, height: 800 } });
    for (const path of PATHS) {
      await it.page.goto(`${it.fake.url}/s/demo${path}`);
      await settled();
      expect(await it.page.evaluate(() => document.documentElement.lang), path).toBe(language);
      expect(await it.page.locator('.reports a').allTextContents(), path).toEqual(reports);
      expect(await tabInSight(), path).toBe(true);
      await expectNoOverflow(it.page);
      expect(await squeezed(), path).toEqual([]);
      await expectAccessible(it.page);
      await picture(it.page, `${language}-phone-${path.replaceAll(/\W+.*/g, '') || path.split(/\W+/)[1] || 'traffic'}`);
    }
    expect(it.complaints).toEqual([]);
  });

  test(`${language}: wide and dark, compared`, async () => {
    await it.open('/s/demo?compare=previous_period', { locale, colorScheme: 'dark' });
    await it.shown();
    await settled();
    expect(await squeezed()).toEqual([]);
    for (const width of [1280, 1024, 800]) {
      await it.page.setViewportSize({ width, height: 900 });
      expect(await crossed(), `${width}`).toEqual([]);
    }
    await it.page.setViewportSize({ width: 1280, height: 900 });
    await expectNoOverflow(it.page);
    await picture(it.page, `${language}-dark-wide`);
    expect(it.complaints).toEqual([]);
  });
}

test('no English is seen before, nothing moves, and no other language is loaded', async () => {
  await it.open('/', { locale: 'de-DE' });
  await it.page.addInitScript(() => {
    new MutationObserver(() => {
      if (/Visitors|Pageviews|Sources|Settings/.test(document.body?.innerText ?? '')) document.documentElement.dataset['flashed'] = 'yes';
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await it.page.goto(`${it.fake.url}/s/demo`);
  await it.shown();
  await it.page.locator('.curve canvas').waitFor();
  expect(await it.page.evaluate(() => document.documentElement.dataset['flashed'])).toBeUndefined();
  expect(await shiftOf(it.page)).toBeLessThan(0.01);
  const loaded = await it.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => /\/(shell|words|traffic|settings|funnels)-[^/]*\.js$/.exec(name)?.[1]));
  expect(loaded.filter(Boolean).sort()).toEqual(['shell', 'traffic', 'words']);
});

test('another language is chosen in the menu, takes effect at once and is kept', async () => {
  await it.open('/s/demo?compare=previous_period');
  await it.shown();
  await it.page.getByRole('button', { name: 'Account and appearance' }).click();
  await it.page.getByRole('menuitemradio', { name: 'Français' }).click();
  await it.page.getByRole('link', { name: 'Entonnoirs' }).waitFor();
  // What was worked out before is worked out anew: the legend of the curve.
  await it.page.locator('.legend').getByText('Visiteurs').waitFor();
  await it.page.reload();
  await it.page.getByRole('link', { name: 'Entonnoirs' }).waitFor();
  expect([await it.page.evaluate(() => document.documentElement.lang), it.search()]).toEqual(['fr', '?compare=previous_period']);
  await it.page.getByRole('button', { name: 'Compte et apparence' }).click();
  await it.page.getByRole('menuitemradio', { name: 'English' }).click();
  await it.page.getByRole('link', { name: 'Funnels' }).waitFor();
  expect(it.complaints).toEqual([]);
});

test('the address says the language of a shared page, its foot changes it, and nothing is kept', async () => {
  await it.open('/s/demo?share=hc_s_open&lang=es', { viewport: { width: 360, height: 800 } });
  await it.page.getByRole('link', { name: 'Embudos' }).waitFor();
  const privacy = it.page.getByRole('link', { name: 'Qué se guarda sobre los visitantes' });
  expect(await privacy.getAttribute('href')).toBe('/privacy?site=demo&lang=es');
  await it.page.getByRole('combobox', { name: 'Idioma' }).selectOption('日本語');
  await it.page.getByRole('link', { name: 'ファネル' }).waitFor();
  expect(it.search()).toContain('lang=ja');
  await expectNoOverflow(it.page);
  await expectAccessible(it.page);
  expect(await it.page.evaluate(() => localStorage.length)).toBe(0);
});

test('before signing in the language can be chosen too', async () => {
  it.fake.state.signedIn = false;
  await it.open('/s/demo');
  await it.page.getByLabel('Language').selectOption('Deutsch');
  await it.page.getByRole('button', { name: 'Anmelden' }).waitFor();
  await it.page.getByLabel('Passwort').fill('wrong');
  await it.page.getByRole('button', { name: 'Anmelden' }).click();
  await it.page.getByText('Benutzer und Passwort passen nicht zusammen.').waitFor();
  await expectAccessible(it.page);
});

for (const [locale, remove, act, words] of [
  ['de-DE', 'Ziel Signed up entfernen', 'Entfernen', 'Ein Trichter hat dieses Ziel als Schritt.'],
  // English says what the server says.
  ['en-GB', 'Remove the goal Signed up', 'Remove', 'A funnel has it as a step'],
] as const) {
  test(`${locale}: a refusal is said in the reader’s language`, async () => {
    await it.open('/s/demo/goals', { locale });
    await it.page.getByRole('button', { name: remove, exact: true }).click();
    await it.page.getByRole('dialog').getByRole('button', { name: act }).click();
    await it.page.getByRole('alert').getByText(words).waitFor();
  });
}

test('a language that cannot be loaded leaves English', async () => {
  await it.open('/', { locale: 'de-DE' });
  await it.page.route('**/assets/{shell,words,traffic,problems}-*.js', (route) => route.abort());
  await it.page.goto(`${it.fake.url}/s/demo`);
  await it.shown();
  await it.page.getByRole('link', { name: 'Funnels' }).waitFor();
});

test('what cannot be copied is selected, and the button says so', async () => {
  await it.open('/');
  await it.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await it.page.goto(`${it.fake.url}/s/demo/settings`);
  const snippet = it.page.locator('[data-panel="tracker"] .snippet').first();
  await snippet.getByRole('button', { name: 'Copy' }).click();
  await snippet.getByRole('button', { name: 'Selected: press Ctrl+C' }).waitFor();
  expect(await it.page.evaluate(() => String(getSelection()))).toBe(await snippet.locator('code').textContent());
  await it.page.goto(`${it.fake.url}/s/demo`);
  await it.shown();
  await it.page.locator('[data-panel="sources"]').getByRole('button', { name: /export and API/ }).click();
  await it.page.getByRole('menuitem', { name: 'Copy as API call' }).click();
  const dialog = it.page.getByRole('dialog', { name: 'Copy as API call' });
  await dialog.locator('code').getByText('curl').waitFor();
  await expectAccessible(it.page);
  expect(it.complaints).toEqual([]);
});

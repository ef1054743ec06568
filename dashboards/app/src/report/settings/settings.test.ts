import { expect, test } from 'vitest';
import { frameOf, pixelOf, tagOf } from './snippet.ts';

test('the tag has the chosen options, in one order', () => {
  expect(tagOf('https://stats.example', 'demo', [])).toBe('<script defer src="https://stats.example/hc.js" data-site="demo"></script>');
  expect(tagOf('https://stats.example', 'demo', ['data-cohorts', 'data-hash'])).toBe(
    '<script defer src="https://stats.example/hc.js" data-site="demo" data-hash data-cohorts></script>',
  );
});

test('the pixel names the site', () => {
  expect(pixelOf('https://stats.example', 'demo')).toContain('src="https://stats.example/n.gif?site=demo"');
});

test('a frame says theme and background, as HTML wants it', () => {
  const url = 'https://stats.example/s/demo?share=hc_s_1';
  expect(frameOf(url, 'demo', { theme: '', background: '' })).toContain(`src="${url}"`);
  expect(frameOf(url, 'demo', { theme: 'dark', background: '#fff' })).toContain(`src="${url}&amp;theme=dark&amp;background=%23fff"`);
});

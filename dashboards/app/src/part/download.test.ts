import { expect, test } from 'vitest';
import { csvOf } from './download.ts';

test('a table is written as RFC 4180 says, and no cell is a formula', () => {
  const rows = [
    ['/a,b', 3],
    ['say "hi"', 0.5],
    ['=1+1', -2],
  ];
  expect(csvOf({ columns: ['event:page', 'Visitors'], rows }).split('\r\n')).toEqual([
    'event:page,Visitors',
    '"/a,b",3',
    '"say ""hi""",0.5',
    "'=1+1,-2",
    '',
  ]);
});

import { expect, it } from 'vitest';
import { parseTable } from '../../../../src/config/variants/table.ts';

const rowsOf = (text: string, separator: ',' | '\t' = ','): unknown => {
  const table = parseTable(text, separator);
  return table.ok ? table.rows : table;
};

it('reads quotes, doubled quotes, line breaks within quotes and CRLF', () => {
  expect(rowsOf('a,b\r\n"x, y","say ""hi"""\r\n"two\nlines",z\r\n')).toEqual([
    { a: 'x, y', b: 'say "hi"' },
    { a: 'two\nlines', b: 'z' },
  ]);
});

it('reads tabs, a byte order mark, blank lines and a last line without an end', () => {
  expect(rowsOf('\uFEFFa\tb\n1\t2\n\n3\t4', '\t')).toEqual([
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ]);
});

it('keeps quotes inside a cell: unquoted as they are, quoted when doubled', () => {
  expect(rowsOf('a,b\n5" pipe,"""x""y"\n')).toEqual([{ a: '5" pipe', b: '"x"y' }]);
});

it.each([
  ['', 'header', 1],
  ['a,b\n', 'header', 1],
  ['a,b\n1,2\n3\n', 'cells', 3],
  ['a,a\n1,2\n', 'Two columns', 1],
  ['a b,c\n1,2\n', 'column', 1],
  ['a,b\n"x,2\n', 'never closed', 2],
  ['a,b\n"x"y,2\n', 'closing quote', 2],
  ['a,b\n1,"2\n\n"\n3\n', 'cells', 5],
  ['a,b\n\n1,2\n3,"x\n\n4,5\n', 'never closed', 4],
])('refuses %j', (text, word, line) => {
  expect(parseTable(text, ',')).toMatchObject({ ok: false, what: expect.stringContaining(word), line });
});

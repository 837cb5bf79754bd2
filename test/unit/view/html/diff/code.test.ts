import { expect, test } from 'vitest';
import { changedWords } from '../../../../../src/view/html/diff/changed-words.ts';
import { codeHtml } from '../../../../../src/view/html/diff/code-markup.ts';
import { codeTokens, languageOf } from '../../../../../src/view/html/diff/code-tokens.ts';
import { linePairs } from '../../../../../src/view/html/diff/hunk-lines.ts';
import { patchFiles } from '../../../../../src/view/html/diff/patch-files.ts';
import { patchOf } from '../../../../support/patches.ts';

const texts = (lines: readonly string[], language: string | null): string[] =>
  codeTokens(lines, language).map((tokens) => tokens.map(({ text }) => text).join(''));

test.each([
  ['src/a.ts', 'ts'],
  ['a.mts', 'ts'],
  ['A.PY', 'py'],
  ['Makefile', 'makefile'],
  ['a/b/.bashrc', 'bash'],
  ['index.html', 'html'],
  ['LICENSE', null],
  ['constructor', null],
  ['a.constructor', null],
  ['a.unknown', null],
])('%s is %s', (path, language) => {
  expect(languageOf(path)).toBe(language);
});

test.each(['ts', 'css', 'html', 'json', 'md', 'yaml', 'bash', 'python', 'rust', 'sql', 'php', 'makefile', null])(
  'no character is lost or made in %s',
  (language) => {
    const lines = [
      '/* open',
      ' * `a` <b class="x">&amp;</b>',
      ' */ const x = "it\'s" + 1; // \u2028 end',
      '',
      '\ttab\r',
      "# '''",
      '---',
      '{{{',
      '<?php echo 1 ?>',
    ];
    expect(texts(lines, language)).toEqual(lines);
  },
);

test('colours reach over lines', () => {
  const tokens = codeTokens(['/* a', 'b */ const c = 1;'], 'ts');
  expect(tokens[0]).toEqual([{ text: '/* a', kind: 'c' }]);
  expect(tokens[1]?.[0]).toEqual({ text: 'b */', kind: 'c' });
  expect(tokens[1]).toContainEqual({ text: 'const', kind: 'k' });
});

test('very long lines have no colours', () => {
  expect(codeTokens([`const x = ${'1+'.repeat(600)}1;`], 'ts')[0]).toHaveLength(1);
});

test('changed words', () => {
  expect(changedWords('const a = 1;', 'const b = 1;')).toEqual({ before: [[6, 7]], after: [[6, 7]] });
  expect(changedWords('completely other', 'nothing alike here')).toBeNull();
  expect(changedWords('x'.repeat(500), 'x'.repeat(500))).toBeNull();
});

test('marks stand across colours, and are closed in their line', () => {
  const tokens = [
    { text: 'const', kind: 'k' },
    { text: ' a<', kind: '' },
  ];
  expect(codeHtml(tokens, [[3, 8]])).toBe('<i class=k>con</i><mark><i class=k>st</i> a&lt;</mark>');
  expect(
    codeHtml(tokens, [
      [0, 2],
      [6, 7],
    ]),
  ).toBe('<mark><i class=k>co</i></mark><i class=k>nst</i> <mark>a</mark>&lt;');
  expect(codeHtml(tokens, [])).toBe('<i class=k>const</i> a&lt;');
});

test('removed lines stand beside what was added in their place', () => {
  const [file] = patchFiles(patchOf('a.txt', [' same', '-one', '-two', '+eins', ' same', '+new', '-late']));
  const pairs = linePairs(file?.hunks[0] ?? [], { language: null, words: true });
  expect(pairs.map(({ before, after }) => [before?.text ?? null, after?.text ?? null])).toEqual([
    ['same', 'same'],
    ['one', 'eins'],
    ['two', null],
    ['same', 'same'],
    [null, 'new'],
    ['late', null],
  ]);
});

import { expect, test } from 'vitest';
import { compareMarkdown, markdownText } from '../../../../src/view/compare/compare-markdown.ts';
import { evidenceOf } from '../../../support/evidence.ts';
import { anEvidence, hard, usual } from '../some-evidence.ts';

test('a usual run', async () => {
  await expect(`${compareMarkdown(usual)}\n`).toMatchFileSnapshot('../screens/compare.md');
});

test('a hard one', async () => {
  await expect(`${compareMarkdown(hard)}\n`).toMatchFileSnapshot('../screens/compare-hard.md');
});

test.each([
  ['<script>', '&lt;script>'],
  ['&amp;', '&amp;amp;'],
  ['[a](javascript:x)', '\\[a\\](javascript:x)'],
  ['![a](http://x.y/z.png)', '!\\[a\\](http:\u200b//x.y/z.png)'],
  ['a | b', 'a \\| b'],
  ['**b** `c` ~~d~~ _e_', '\\*\\*b\\*\\* \\`c\\` \\~\\~d\\~\\~ \\_e\\_'],
  ['see #12, @somebody', 'see \\#12, @\u200bsomebody'],
  ['# no heading', '\\# no heading'],
  ['- no list', '\\- no list'],
  ['1. no list', '1\\. no list'],
  ['38.25 kB', '38.25 kB'],
  ['−4', '−4'],
  ['two\n\nlines', 'two lines'],
  ['\u001b[2Jx\u202e', 'x'],
])('%j stays text', (text, shown) => {
  expect(markdownText(text)).toBe(shown);
});

test('a summary cannot leave its fence', () => {
  const shown = compareMarkdown(anEvidence([evidenceOf('a', { summary: 'x\n```\n<img src=x>\n````\ny' })]));
  expect(shown).toContain('`````text\nx\n```\n<img src=x>\n````\ny\n`````');
});

test('long summaries are cut', () => {
  expect(compareMarkdown(anEvidence([evidenceOf('a', { summary: 'x'.repeat(50_000) })])).length).toBeLessThan(3_000);
});

test('every row has as many cells as the head', () => {
  const rows = compareMarkdown(usual)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
});

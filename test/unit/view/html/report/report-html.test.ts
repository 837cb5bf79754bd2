import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DIFF_LIMITS } from '../../../../../src/view/html/report/report-budget.ts';
import { pairsToShow } from '../../../../../src/view/html/report/report-pairs.ts';
import { evidenceOf } from '../../../../support/evidence.ts';
import { codePatch, manyPatches, patchOf } from '../../../../support/patches.ts';
import { reportHtml } from '../../../../support/report-html.ts';
import { anEvidence, hard, usual } from '../../some-evidence.ts';
import { hostileEvidence, hostileOptions } from '../hostile.ts';

const diffs = [
  { label: 'dark', patch: codePatch('src/theme/index.ts', 30) },
  { label: 'light', patch: codePatch('src/theme/index.ts', 20) },
];
const page = reportHtml(usual, { diffs, version: '1.2.3' });

test('its policy lets in exactly its own style and script', () => {
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
  const hash = (text: string | undefined): string =>
    `'sha256-${createHash('sha256')
      .update(text ?? '')
      .digest('base64')}'`;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`style-src ${hash(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1])};`);
  expect(policy).toContain(`script-src ${hash(/<script>([\s\S]*?)<\/script>/.exec(page)?.[1])};`);
  expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
});

test('nothing in it is fetched', () => {
  const body = page.replace(/<script>[\s\S]*<\/script>|<style>[\s\S]*<\/style>/g, '');
  expect(body).not.toMatch(/\s(?:src|srcset|poster|action|background|data)=|url\(|@import|\sstyle=|\son\w+=/);
  expect([...body.matchAll(/href="([^"]*)"/g)].every(([, href]) => href?.startsWith('#'))).toBe(true);
});

test('every link inside leads somewhere, and ids are given once', () => {
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  for (const [, list] of page.matchAll(/aria-labelledby="([^"]+)"/g)) {
    for (const id of (list ?? '').split(' ')) expect(ids).toContain(id);
  }
});

test.each([
  ['a hard one', hard],
  ['nobody', anEvidence([])],
  ['one', anEvidence([evidenceOf('only')])],
  [
    'without base, target, anything',
    anEvidence([evidenceOf('a', { start: null, tip: null, merges: null, uncommitted: null })], {
      base: null,
      target: null,
      isolation: '',
      task: '',
      ranking: [],
    }),
  ],
])('%s makes a page', (_, evidence) => {
  expect(reportHtml(evidence, { diffs: [], version: '1' })).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

test('says what it left out, the biggest first, and how to read it', () => {
  const patch = codePatch('src/big.ts', 400) + codePatch('src/small file.ts', 10);
  const shown = reportHtml(usual, { diffs: [{ label: 'dark', patch }], version: '1', limits: { ...DIFF_LIMITS, shown: 2_000 } });
  expect(shown).toContain('The diffs are too big for one page: 1 file');
  expect(shown).toContain('copse diff dark -- src/big.ts');
  expect(shown).toMatch(/<details class="file" data-path="src\/small file.ts"/);
  expect(page).not.toContain('too big');
});

test('beyond the budget code is shown without colours, and nobody is told', () => {
  const shown = reportHtml({ ...usual, agreement: [] }, { diffs, version: '1', limits: { ...DIFF_LIMITS, coloured: 0 } });
  expect(shown).not.toContain('colours</p>');
  expect(shown).not.toContain('syntax');
  expect(shown).not.toContain('<i class=k>');
  expect(page).toContain('<i class=k>');
});

test('20 variants with 5 MB stay in bounds that a browser opens quickly', () => {
  const many = manyPatches(20, 5e6);
  const shown = reportHtml(anEvidence(many.map(({ label }) => evidenceOf(label))), { diffs: many, version: '1' });
  expect(shown).not.toContain('too big for one page');
  expect(shown.match(/<[a-z]/g)?.length).toBeLessThan(350_000);
  expect(shown.length).toBeLessThan(16e6);
});

test('60 MB do not make it bigger', () => {
  const many = manyPatches(4, 12e6);
  const shown = reportHtml(anEvidence(many.map(({ label }) => evidenceOf(label))), { diffs: many, version: '1' });
  expect(shown).toContain('too big for one page');
  expect(shown.length).toBeLessThan(18e6);
});

test('a long output keeps its end', () => {
  const outputs = [{ label: 'light', check: 'test', text: `begin ${'x'.repeat(50_000)} the end` }];
  const shown = reportHtml(usual, { diffs: [], outputs, version: '1' });
  expect(shown).toContain('the end');
  expect(shown).not.toContain('begin xxx');
  expect(shown).toMatch(/The first \d+,\d+ characters are left out/);
});

test('hostile words stay words', () => {
  const shown = reportHtml(hostileEvidence, hostileOptions);
  expect(shown.match(/<script/g)).toHaveLength(1);
  expect(shown.match(/<style/g)).toHaveLength(1);
  expect(shown).not.toMatch(/<(?:img|iframe|base|svg onload|a href="javascript)/i);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be there
  expect(/[\u0000-\u0008\u000b-\u001f\u202e]/.test(shown)).toBe(false);
});

test('pairs: all of a few, else the first against the next', () => {
  expect(pairsToShow(usual)).toEqual([
    { a: 'dark', b: 'adaptive' },
    { a: 'dark', b: 'light' },
    { a: 'adaptive', b: 'light' },
  ]);
  const many = anEvidence(Array.from({ length: 20 }, (_, i) => evidenceOf(`v${i}`)));
  expect(pairsToShow(many)).toHaveLength(6);
  expect(pairsToShow(many).every(({ a }) => a === 'v0')).toBe(true);
  expect(pairsToShow(anEvidence([evidenceOf('a'), evidenceOf('b', { tip: null })]))).toEqual([]);
});

test('a pair that does not differ says so', () => {
  expect(reportHtml(usual, { diffs, pairs: [{ a: 'dark', b: 'light', patch: '' }], version: '1' })).toContain('do not differ');
  expect(patchOf('x', ['+a'])).toContain('new file');
});

import { expect, test } from 'vitest';
import type { Evidence } from '../../../../src/model/reports/evidence.ts';
import { compareText } from '../../../../src/view/compare/compare-text.ts';
import type { Screen } from '../../../../src/view/kit/screen.ts';
import { displayWidth } from '../../../../src/view/kit/width.ts';
import { evidenceOf } from '../../../support/evidence.ts';
import { screen } from '../a-run.ts';
import { anEvidence, bugFix, checkOf, hard, metricWith, usual } from '../some-evidence.ts';

const commands = new Set(['compare', 'diff', 'logs', 'merge']);
const text = (evidence: Evidence, columns: number, more: Partial<Screen> = {}): string =>
  `${compareText(evidence, { ...screen(columns, more), commands })}\n`;
const table = (shown: string): string[] => (shown.split('\n\n').find((block) => block.includes('outcome')) ?? '').split('\n');

test.each([200, 120, 80, 60])('a usual run at %i columns', async (columns) => {
  await expect(text(usual, columns)).toMatchFileSnapshot(`../screens/compare-${columns}.txt`);
});

test.each([200, 120, 80, 60])('a hard one at %i columns', async (columns) => {
  await expect(text(hard, columns)).toMatchFileSnapshot(`../screens/compare-hard-${columns}.txt`);
});

test.each([120, 80, 60, 40])('a bug that is fixed, broken, cheated at %i columns', async (columns) => {
  await expect(text(bugFix, columns)).toMatchFileSnapshot(`../screens/compare-fix-${columns}.txt`);
});

test('without Unicode', async () => {
  await expect(text(usual, 100, { unicode: false })).toMatchFileSnapshot('../screens/compare-ascii.txt');
});

test.each([200, 120, 80, 60, 40])('nothing of the table is wider than %i columns', (columns) => {
  for (const evidence of [usual, hard, bugFix]) {
    for (const line of table(text(evidence, columns))) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  }
});

test('outcome, checks and merges are never dropped, and where a column each has no room, checks are counted', () => {
  expect(table(text(usual, 60))[0]).toMatch(/outcome +test +types +merges/);
  expect(table(text(usual, 48))[0]).toMatch(/outcome +checks +merges/);
  const checks = ['a', 'b', 'c', 'd', 'e'].map((name) => checkOf(name, name === 'a' ? { status: 'failed' } : {}));
  expect(text(anEvidence([evidenceOf('many', { checks })]), 200)).toMatch(/many .* 4\/5 /);
});

test('the best are marked without colour, and the marks are explained', () => {
  const shown = text(usual, 120);
  expect(shown).toContain('38.25 kB*');
  expect(shown).toContain('* best of all');
  const alike = anEvidence([evidenceOf('a'), evidenceOf('b')]);
  expect(text(alike, 120)).not.toContain('*');
});

test('what reads alike is alike: both are marked', () => {
  const changes = { files: 1, insertions: 9, deletions: 0, commits: 1 };
  const of = (label: string, costUsd: number, agentMs: number) => evidenceOf(label, { changes, costUsd, agentMs });
  const shown = text(anEvidence([of('a', 0.051, 14_100), of('b', 0.053, 14_900), of('c', 0.14, 18_000)]), 120);
  expect(shown).toMatch(/a .*\$0\.05\* +14s\*/);
  expect(shown).toMatch(/b .*\$0\.05\* +14s\*/);
  expect(shown).toMatch(/c .*\$0\.14 +18s /);
});

test('a pass that the variant may owe to its own change of the tests is called weak, with the files', () => {
  const evidence = anEvidence([
    evidenceOf('honest', { checks: [checkOf('test')] }),
    evidenceOf('clever', { checks: [checkOf('test', { changedFiles: ['test/theme.test.js'] })] }),
    evidenceOf('adds', { checks: [checkOf('test', { changedFiles: ['test/theme.test.js'], former: 'passed' })] }),
  ]);
  const shown = text(evidence, 120);
  expect(shown).toMatch(/honest .* ✔ +1 /);
  expect(shown).toMatch(/clever .* ✔ +weak/);
  expect(shown).toMatch(/adds .* ✔ +1 /);
  expect(shown).toContain('clever changed test/theme.test.js, which test runs: that pass is weaker evidence.');
  expect(shown.match(/weaker evidence/g)).toHaveLength(1);
});

test('a metric without a value is no zero', () => {
  const evidence = anEvidence([
    evidenceOf('a', { metrics: [metricWith('bundle', 0, { best: true })] }),
    evidenceOf('b', { metrics: [metricWith('bundle', null, { failure: 'exit 1' })] }),
  ]);
  const shown = text(evidence, 120);
  expect(shown).toMatch(/ a .* 0 kB\*/);
  expect(shown).toMatch(/ b .* \? /);
  expect(shown).toContain('bundle: no value (exit 1)');
});

test('what costs little because it failed or changed nothing is not the best', () => {
  const evidence = anEvidence([
    evidenceOf('failed', { outcome: 'failed', costUsd: 0.01 }),
    evidenceOf('idle', { outcome: 'no-changes', changes: { files: 0, insertions: 0, deletions: 0, commits: 0 }, costUsd: 0.02 }),
    evidenceOf('good', { costUsd: 0.5 }),
    evidenceOf('better', { costUsd: 0.4 }),
  ]);
  expect(text(evidence, 120).match(/≈\$[\d.]+\*/g)).toEqual(['≈$0.40*']);
});

test('commands are pasted as they are, of verbs that exist, and none lands what fails', () => {
  const evidence = anEvidence([evidenceOf('a', { outcome: 'failed' }), evidenceOf('b', { outcome: 'failed' })]);
  expect(text(evidence, 40)).toContain('copse compare --html report.html');
  expect(text(evidence, 80)).not.toContain('copse merge');
  expect(compareText(usual, screen(80))).not.toMatch(/copse (diff|compare|merge)/);
});

test('a page that was just written is not proposed', () => {
  const shown = (hasPage: boolean): string => compareText(usual, { ...screen(80), commands, hasPage });
  expect([shown(false), shown(true)].map((one) => one.includes('--html'))).toEqual([true, false]);
  expect(shown(true)).toContain('copse merge');
});

test('nobody to compare', () => {
  expect(text(anEvidence([]), 80)).toContain('0 variants');
});

test('fault 36: agents’ words are stripped', () => {
  const hostile = 'a\u001b]52;c;eA==\u0007\u001b[2J\u202eb';
  const evidence = anEvidence(
    [
      evidenceOf(hostile, {
        outcome: 'failed',
        reason: hostile,
        notes: [hostile],
        model: hostile,
        uncommitted: [hostile],
        merges: { clean: false, conflicts: [hostile] },
        checks: [
          checkOf(hostile, { status: 'failed', detail: hostile, changedFiles: ['test/theme.test.js'] }),
          checkOf(hostile, { changedFiles: ['test/theme.test.js'] }),
        ],
        metrics: [metricWith(hostile, 1, { unit: hostile }), metricWith(`${hostile}2`, null, { failure: hostile })],
      }),
    ],
    {
      overlap: [{ a: hostile, b: hostile, files: [hostile], conflicts: [hostile] }],
      runs: [hostile],
      differingBases: [hostile],
      ranking: [{ label: hostile, rank: 1, reasons: [hostile] }],
      notes: [hostile],
    },
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be there
  expect(text(evidence, 200).replace(/^ {2}.*copse .*$/gm, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('twenty variants in one file are one sentence, and other clashes at most a handful', () => {
  const labels = Array.from({ length: 20 }, (_, i) => `v${i}`);
  const overlap = labels.flatMap((a, i) =>
    labels.slice(i + 1).map((b, n) => ({ a, b, files: ['x.ts'], conflicts: ['x.ts', ...(n === 0 ? [`${a}.ts`] : [])] })),
  );
  const merges = { clean: false, conflicts: ['x.ts'] };
  const evidence = anEvidence(
    labels.map((label) => evidenceOf(label, { merges })),
    { overlap },
  );
  const shown = text(evidence, 200);
  const across = (shown.split('\n\n').find((block) => block.startsWith('Across')) ?? '').split('\n').slice(1);
  expect(across.map((line) => line.trim())).toEqual([
    'v0, v1, v2, v3, v4, v5, v6, v7, v8 and 11 more conflict with main in x.ts.',
    'All 20 variants conflict with each other in x.ts.',
    ...[0, 1, 2, 3, 4].map((n) => `v${n} and v${n + 1} conflict in v${n}.ts.`),
    'There are more conflicts, in 14 files: the page of copse compare --html shows each pair.',
  ]);
});

test('the next commands fit what is still there', () => {
  const changes = { files: 1, insertions: 9, deletions: 0, commits: 1 };
  const shown = (...work: ('open' | 'landed' | 'gone')[]): string[] =>
    compareText(anEvidence(work.map((one, i) => evidenceOf(`v${i}`, { work: one, changes }))), {
      ...screen(80),
      commands: new Set(['merge', 'prune']),
    })
      .split('\n')
      .flatMap((line) => /copse .*/.exec(line)?.[0] ?? []);
  expect(shown('open', 'open')).toEqual(['copse merge v0']);
  expect(shown('gone', 'open')).toEqual(['copse merge v1']);
  expect(shown('landed', 'open')).toEqual(['copse merge v1', 'copse prune']);
  expect(shown('landed', 'gone')).toEqual(['copse prune']);
  expect(shown('gone', 'gone')).toEqual([]);
});

test('a check that could not run wants correcting, until it is', () => {
  const [first, ...rest] = usual.variants;
  if (first === undefined) throw new Error('no variant');
  const checks = [checkOf('test', { status: 'could-not-run', onBase: 'could-not-run' })];
  const evidence = { ...usual, variants: [{ ...first, checks }, ...rest] };
  expect(text(evidence, 80)).toContain('copse compare --checks\n');
  const corrected = { ...evidence, checksFrom: { file: 'other.yaml', words: ['--checks', '-f', 'other.yaml'] } };
  expect(text(corrected, 80)).not.toContain('copse compare --checks\n');
  expect(text(corrected, 80)).toContain('Checks and metrics are those of other.yaml as it is now, not of run ui.');
  expect(text(corrected, 80)).toContain('copse compare --checks -f other.yaml --html report.html\n');
  expect(text(usual, 80)).not.toContain('--checks');
});

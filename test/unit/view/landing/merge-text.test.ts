import { describe, expect, test } from 'vitest';
import type { MergeLanded, MergeRefused, MergeReport } from '../../../../src/model/reports/merge-report.ts';
import { mergeJson } from '../../../../src/view/landing/merge-json.ts';
import { mergeRefusalsText, mergeText } from '../../../../src/view/landing/merge-text.ts';
import { screen } from '../a-run.ts';

const FROM = 'a'.repeat(40);
const TO = 'b'.repeat(40);

const dark: MergeLanded = {
  run: 'ui',
  variant: 'dark',
  label: 'dark',
  branch: 'ui/dark',
  tip: 'c'.repeat(40),
  commit: TO,
  subject: 'Dark theme\u001b[31m with high contrast',
  changes: { files: 3, insertions: 120, deletions: 14, commits: 1 },
  checks: [
    { name: 'test', status: 'passed', exitCode: 0, durationMs: 10, detail: '', onBase: null },
    { name: 'types', status: 'failed', exitCode: 1, durationMs: 10, detail: 'x', onBase: 'failed' },
  ],
  hooks: ['pre-commit', 'commit-msg'],
  signed: true,
  notes: ['pre-commit changed files; the result includes that.'],
};

const light: MergeRefused = {
  run: 'ui',
  variant: 'light',
  label: 'light',
  code: 'conflict',
  what: 'light conflicts with main in src/theme/header.css.',
  why: 'Both changed the same lines, with dark merged first.',
  hint: 'By hand:\n  cd "$(copse path light)" && git merge main\n  (resolve, then git commit)\n  copse merge light',
  precondition: false,
  conflicts: [
    {
      path: 'src/theme/header.css',
      onTarget: ['1a2b3c4 Dark theme', '0000000 Smaller header'],
      ofVariant: ['9f8e7d6 Light theme'],
    },
  ],
  checks: [],
  output: '',
};

const docs: MergeRefused = {
  ...light,
  variant: 'docs',
  label: 'docs',
  code: 'checks-fail',
  what: 'docs would break main: test fails on the result.',
  why: 'test: 2 of 48 fail',
  hint: "Have its agent fix it, or merge it anyway:\n  copse retry docs -m 'fix test'\n  copse merge docs --no-verify",
  conflicts: [],
  output: 'ok 46\nnot ok 47\u001b]0;title\u0007\nnot ok 48',
};

const report: MergeReport = {
  target: 'main',
  from: FROM,
  to: TO,
  as: 'squash',
  dryRun: false,
  noVerify: false,
  operation: '01k'.padEnd(26, '0'),
  checkouts: ['/home/me/app'],
  landed: [dark],
  already: [{ run: 'ui', variant: 'old', label: 'old', why: 'Its commits are on main.' }],
  refused: [light, docs],
  notes: ['main is 2 commits behind origin/main, as of the last fetch.'],
};

const commands = new Set(['merge', 'prune', 'undo']);

describe('the report of a merge', () => {
  test.each([100, 60])('at %i columns', async (columns) => {
    const text = `${mergeText(report, { ...screen(columns), commands })}\n---\n${mergeRefusalsText(report, screen(columns))}\n`;
    await expect(text).toMatchFileSnapshot(`../screens/merge-${columns}.txt`);
  });

  test('of a dry run says that nothing was changed, and how to land it', () => {
    const text = mergeText(
      { ...report, dryRun: true, operation: null, checkouts: [], as: 'rebase' },
      { ...screen(100), commands, again: 'copse merge dark --as rebase --into next' },
    );
    expect(text).toContain('✔ dark would be merged into main');
    expect(text).toContain('Nothing was changed: main is at aaaaaaa.');
    expect(text).toContain('copse merge dark --as rebase --into next');
    expect(text).not.toContain('copse undo');
  });

  test('names the folder only where it is not the one that the person stands in', () => {
    expect(mergeText(report, { ...screen(100), here: '/home/me/app' })).toContain('Your files followed.');
    expect(mergeText(report, { ...screen(100), here: '/elsewhere' })).toContain('Files followed in /home/me/app.');
    expect(mergeText({ ...report, checkouts: [] }, screen(100))).not.toContain('followed');
  });

  test('of several conflicts shows the ways out once, with the names', () => {
    const settings: MergeRefused = {
      ...light,
      variant: 'settings',
      label: 'settings',
      ways: 'conflict',
      hint: 'By hand: settings',
    };
    const refused: MergeRefused[] = [{ ...light, ways: 'conflict' }, docs, settings];
    const text = mergeRefusalsText({ ...report, refused }, screen(100));
    expect(text).toMatch(
      /\n\nOne after the other; first light, then settings in the same way:\n {2}By hand:\n {4}cd "\$\(copse path light\)" && git merge main\n[\s\S]*copse merge light$/,
    );
    expect(text.match(/By hand/g)).toHaveLength(1);
    expect(mergeRefusalsText({ ...report, refused: refused.slice(1) }, screen(100))).toMatch(/By hand: settings$/);
    expect(mergeJson({ ...report, refused }).refused.map(({ hint }) => hint)).toEqual(refused.map(({ hint }) => hint));
  });

  test('tells a merge that is cleared away right after by an id that the prune does not share', () => {
    const text = mergeText(report, { ...screen(100), commands, prunes: true });
    expect(text).toMatch(/copse undo 01k0000000$/);
  });

  test('names no verb that does not exist, and nothing next where nothing landed', () => {
    expect(mergeText(report, screen(100))).not.toContain('copse prune');
    expect(mergeText({ ...report, landed: [], operation: null, already: [], notes: [] }, { ...screen(100), commands })).toBe('');
  });

  test('for programs holds no escape sequence and all that people see', () => {
    const json = mergeJson(report);
    expect(json.landed[0]).toMatchObject({
      name: 'dark',
      subject: 'Dark theme with high contrast',
      checks: [{ onTarget: null }, { onTarget: 'failed' }],
    });
    expect(json.refused).toMatchObject([
      { reason: 'conflict', conflicts: light.conflicts },
      { reason: 'checks-fail', output: 'ok 46\nnot ok 47\nnot ok 48' },
    ]);
    expect(json).toMatchObject({ schema: 1, from: FROM, to: TO, already: [{ name: 'old' }] });
  });
});

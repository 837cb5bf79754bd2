import { expect, test } from 'vitest';
import type { RunState, VariantState } from '../../../../src/model/run-state/state.ts';
import type { Screen } from '../../../../src/view/kit/screen.ts';
import { summaryText } from '../../../../src/view/run/summary-text.ts';
import {
  ALL_VERBS,
  anAttempt,
  aRun,
  at,
  aVariant,
  aVerdict,
  COMMIT,
  check,
  ended,
  finishedRun,
  OTHER,
  screen,
} from '../a-run.ts';

const text = (state: RunState, columns: number, verbs: Iterable<string> = ALL_VERBS, more: Partial<Screen> = {}): string =>
  `${summaryText(state, { ...screen(columns, more), commands: new Set(verbs) })}\n`;

/** Whatever may have to be said. */
const hardRun = aRun(
  [
    ended(
      'dark',
      { changes: [3, 120, 14], costUsd: 1.2 },
      {
        checks: [check('test', 'failed', '2 of 48 fail', 'failed'), check('types', 'passed')],
        heldBack: [
          { path: '.env', why: 'secret-name', by: null },
          { path: 'vendor/lib', why: 'nested-repository', by: null },
        ],
        notes: ['The check test left coverage/ behind; it is not committed.'],
      },
    ),
    ended(
      'light',
      { outcome: 'limited', reason: 'The account’s rate limit was reached.' },
      {
        attempts: [
          anAttempt({
            limitedUntil: at(3600),
            denials: [
              { tool: 'Bash', input: 'npm install zod', count: 2, allow: 'Bash(npm install *)' },
              { tool: 'WebFetch', input: 'https://example.com/a', count: 1, allow: 'WebFetch(domain:example.com)' },
            ],
            verdict: aVerdict({ costUsd: 0.2 }),
          }),
          anAttempt({
            attempt: 2,
            limitedUntil: at(3600),
            denials: [{ tool: 'Bash', input: 'npm install zod', count: 1, allow: 'Bash(npm install *)' }],
          }),
        ],
      },
    ),
    ended(
      'blocked',
      { outcome: 'blocked', reason: 'Nothing changed; 1 call was denied.' },
      {
        attempts: [anAttempt({ denials: [{ tool: 'Bash', input: 'npm install zod', count: 1, allow: 'Bash(npm install *)' }] })],
      },
    ),
    ended('idle', { outcome: 'no-changes' }),
    ended('docs', { outcome: 'skipped', reason: 'Its need light did not succeed.' }, { needs: ['light'] }),
    ended('parked', { changes: [1, 1, 1] }, { commit: { commit: OTHER, tree: 't', parked: 'refs/copse/v1/parked/ui/parked' } }),
    aVariant('late'),
  ],
  {
    phase: { kind: 'finished', ending: 'stopped', fatal: null, reason: 'You stopped it.', at: at(900) },
    baseChecks: [check('test', 'failed')],
    refChanges: [
      { variant: 'dark', ref: 'refs/heads/main', before: COMMIT, after: OTHER },
      { variant: 'dark', ref: 'refs/heads/$(touch x)', before: COMMIT, after: null },
      { variant: 'light', ref: 'refs/tags/v9', before: null, after: OTHER },
    ],
    notes: ['A clock was extended by 2h: the machine slept.'],
  },
);

test.each([120, 80, 60, 20])('the end of a run at %i columns', async (columns) => {
  await expect(text(finishedRun, columns)).toMatchFileSnapshot(`../screens/summary-${columns}.txt`);
});

test.each([120, 80, 60, 20])('a hard one at %i columns', async (columns) => {
  await expect(text(hardRun, columns)).toMatchFileSnapshot(`../screens/summary-hard-${columns}.txt`);
});

test('without Unicode', async () => {
  await expect(text(hardRun, 80, ALL_VERBS, { unicode: false })).toMatchFileSnapshot('../screens/summary-ascii.txt');
});

test('names only verbs that exist', () => {
  expect(text(hardRun, 80, [])).not.toMatch(/copse (?!did)/);
  const some = text(finishedRun, 80, ['retry', 'logs', 'exec']);
  expect(some).toContain('copse retry light -m "fix the failing check test"');
  expect(some).toContain('copse exec dark -- git show');
  expect(some).not.toContain('merge');
  expect(some).not.toContain('compare');
});

test('where the plan says how variants are shown running, to look is to serve them', () => {
  const shown = (verbs: readonly string[]): string =>
    summaryText(finishedRun, { ...screen(80), commands: new Set(verbs), serves: true });
  expect(shown(['serve', 'exec'])).toMatch(/Look +copse serve\n/);
  expect(shown(['serve', 'exec'])).not.toContain('copse exec');
  expect(shown(['exec'])).toContain('copse exec dark -- git show');
});

test('names refs that moved and how to look at them, and suggests nothing that destroys', () => {
  const shown = text(hardRun, 80);
  expect(shown).toContain(`git log --oneline --left-right ${COMMIT}...${OTHER}`);
  expect(shown).not.toMatch(/update-ref|branch -[dD]|reset --/);
  const change = { variant: 'dark', before: COMMIT, after: OTHER };
  const refChanges = Array.from({ length: 157 }, (_, n) => ({ ...change, ref: `refs/heads/b${n}` }));
  const how = { message: 'commit: \u001b[31mmine', checkout: '/app' };
  const many = text({ ...hardRun, refChanges: [{ ...change, ref: 'refs/heads/main', how }, ...refChanges] }, 80);
  expect(many.match(/^ {2}While dark ran/gm)).toHaveLength(6);
  expect(many).toContain('… 152 more');
  expect(many).toMatch(/refs\/heads\/main moved \S+ → \S+ \(in \/app, commit: .*mine\)/);
  expect(many).not.toContain('\u001b[31m');
});

test('commands are never cut or wrapped', () => {
  const commands = (columns: number): string[] =>
    [...text(hardRun, columns).matchAll(/(?:copse|git) .*$/gm)].map((m) => m[0]).filter((c) => !c.startsWith('copse did'));
  expect(commands(20)).toEqual(commands(200));
});

test('a fatal ending says what to do', () => {
  const state = aRun([ended('dark', { outcome: 'failed', reason: 'Invalid API key.' })], {
    phase: { kind: 'finished', ending: 'fatal', fatal: 'key-rejected', reason: 'The service rejected the key twice.', at: at(9) },
  });
  expect(text(state, 100)).toContain(
    'Ended early: The service rejected the key twice.\n  Set a key that the service accepts, then: copse retry',
  );
});

test('where no check can run, what follows tries the checks and spends nothing', () => {
  const reason = 'The check test cannot run, not even on the base: mocha: not found';
  const state = aRun([ended('dark', { outcome: 'stopped', reason: '' })], {
    phase: { kind: 'finished', ending: 'fatal', fatal: 'checks-cannot-run', reason, at: at(9) },
  });
  expect(text(state, 100)).toContain(`Ended early: ${reason}\n  Install what the check needs, or add the command`);
  expect(text(state, 100)).toContain('copse plan --check\n');
  expect(text(state, 100)).not.toContain('copse retry');
});

test('lands a variant together with what it needs', () => {
  const state = aRun([ended('docs', { changes: [1, 1, 0] }, { needs: ['adaptive'] }), ended('adaptive', { changes: [1, 1, 0] })]);
  expect(text(state, 80)).toContain('copse merge adaptive docs');
});

test('says that the checkout was not touched, and not more than is true', () => {
  expect(text(finishedRun, 80)).toMatch(/Your checkout was not touched\.\n$/);
  expect(text(hardRun, 80)).not.toContain('was not touched');
});

test('fault 36: agents’ words are stripped', () => {
  const hostile = 'a\u001b]52;c;eA==\u0007\u001b[2Jb';
  const state = aRun([
    ended(
      'dark',
      { outcome: 'failed', reason: hostile },
      {
        notes: [hostile],
        heldBack: [{ path: hostile, why: 'secret-name', by: null }],
        checks: [check(hostile, 'failed', hostile)],
        attempts: [anAttempt({ denials: [{ tool: hostile, input: hostile, count: 1, allow: hostile }] })],
      },
    ),
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be there
  expect(text(state, 80)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('the log of what failed is what to read next', () => {
  const failed = finishedRun.variants.find(({ name }) => name === 'light') ?? aVariant('light');
  const read = (parts: Partial<VariantState>): string | undefined =>
    /Read +(copse .*)/.exec(text({ ...finishedRun, variants: [{ ...failed, ...parts }] }, 80))?.[1];
  const phase = { kind: 'finished', outcome: 'failed', reason: 'Its set-up failed: npm ci: no lock file', at: at(60) } as const;
  expect(read({})).toBe('copse logs light --check test');
  expect(read({ phase, checks: [] })).toBe('copse logs light');
  const created = { start: COMMIT, nonce: 'n', port: null };
  expect(read({ phase, checks: [], attempts: [], created })).toBe('copse logs light --setup');
  expect(read({ phase, checks: [], attempts: [], created: null })).toBeUndefined();
});

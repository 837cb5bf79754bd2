import { describe, expect, it, test } from 'vitest';
import type { PruneFacts, PruneLook, PruneOutcome, PruneRow, PruneVerdict } from '../../../../src/model/reports/prune-report.ts';
import { displayWidth } from '../../../../src/view/kit/width.ts';
import { pruneOutcomeText, pruneQuestion, pruneText, trashText } from '../../../../src/view/landing/prune-text.ts';

const FACTS: PruneFacts = {
  owner: { run: 'ui', variant: 'dark' },
  rest: { kind: 'at-rest', outcome: 'succeeded' },
  worktree: '/w/ui-dark',
  folder: 'there',
  branch: { name: 'ui/dark', commit: 'c0ffee' },
  landed: { kind: 'squashed', on: 'main', commit: null },
  looseHead: false,
  inside: { uncommitted: 0, untracked: 0, operation: null, bytes: 320_000_000, disposableBytes: 300_000_000 },
  unreadable: null,
  blocked: null,
  served: false,
  neededBy: [],
  idleMs: 0,
};
const clean = { uncommitted: 0, untracked: 0, operation: null, bytes: 12_000_000, disposableBytes: 0 };

function row(name: string, facts: Partial<PruneFacts>, verdict: PruneVerdict): PruneRow {
  return { name, facts: { ...FACTS, ...facts }, verdict };
}

const GOES = { kind: 'goes', why: 'squashed into main', losing: [], keepsBranch: false } as const;
const look: PruneLook = {
  rows: [
    row('ui/dark', {}, GOES),
    row(
      'ui/light',
      { inside: { ...clean, untracked: 2 }, landed: { kind: 'not-landed' } },
      { ...GOES, losing: ['not landed', '2 files untracked'] },
    ),
    row('ui/adaptive', { landed: { kind: 'not-landed' }, inside: clean }, { kind: 'kept', why: 'not landed', name: true }),
    row(
      'ui-2/dark',
      { rest: { kind: 'running' }, inside: null, landed: { kind: 'empty' } },
      { kind: 'kept', why: 'running', name: false },
    ),
    row(
      'feature/\u001b[31mred',
      { owner: null, landed: { kind: 'merged', on: 'origin/main' }, rest: { kind: 'at-rest', outcome: null }, inside: clean },
      { kind: 'kept', why: 'A process works in it: node, pid 4711. Stop it first, or leave that folder.', name: false },
    ),
  ],
  notes: ['origin could not be fetched: no answer within 60 s'],
};
const screen = { columns: 80, rows: 24, colour: false, unicode: true };

test('what goes, what stays, and why', async () => {
  await expect(`${pruneText(look, screen)}\n`).toMatchFileSnapshot('../screens/prune.txt');
});

test('of one that is served it says that its server is stopped first', () => {
  expect(pruneText({ rows: [row('ui/dark', { served: true }, GOES)], notes: [] }, screen).split('\n')[2]).toBe(
    '      Served: its server is stopped first.',
  );
});

describe('the line below a row', () => {
  const of = (facts: Partial<PruneFacts>, verdict: PruneVerdict, columns = 80): string[] =>
    pruneText({ rows: [row('ui/dark', facts, verdict)], notes: [] }, { ...screen, columns })
      .split('\n\n')[0]
      ?.split('\n')
      .slice(1)
      .map((line) => line.trim()) ?? [];
  const kept = (why: string): PruneVerdict => ({ kind: 'kept', why, name: true });

  test('says nothing again that the row says', () => {
    const reverted = { landed: { kind: 'reverted', on: 'main', commit: 'c' } } as const;
    expect(of({ ...reverted, inside: clean }, kept('reverted on main'))).toEqual([
      '· ui/dark  succeeded  reverted on main  12 MB',
    ]);
    const dirty = { inside: { ...clean, untracked: 1, operation: 'rebase' } };
    expect(of(dirty, kept('a rebase is unfinished there, 1 file untracked'))).toEqual([
      '· ui/dark  succeeded  squashed into main  12 MB  rebase open, 1 untracked',
    ]);
    expect(of({ ...dirty, landed: { kind: 'not-landed' } }, { ...GOES, losing: ['not landed', '1 file untracked'] })).toEqual([
      '✔ ui/dark  succeeded  not landed  12 MB  rebase open, 1 untracked',
      'Only undo can restore this.',
    ]);
  });

  test('says what a narrow row has no room for', () => {
    const dirty = { inside: { ...clean, untracked: 1 }, landed: { kind: 'not-landed' } } as const;
    expect(of(dirty, kept('not landed'), 30)).toEqual(['· ui/dark  not landed', '1 file untracked']);
    expect(of(dirty, { ...GOES, losing: ['not landed', '1 file untracked'] }, 30).join(' ')).toBe(
      '✔ ui/dark  not landed Only undo can restore: 1 file untracked',
    );
  });

  test('keeps a sentence whole', () => {
    const why = 'A process works in it: node, pid 4711. End it first.';
    expect(of({ inside: clean }, kept(why))[1]).toBe(why);
  });

  test('tells of a folder that is gone that the branch stays', () => {
    const gone = { folder: 'missing', inside: null, landed: { kind: 'not-landed' } } as const;
    const verdict = { kind: 'goes', why: 'its folder is gone', losing: [], keepsBranch: true } as const;
    expect(of(gone, verdict)).toEqual(['✔ ui/dark  succeeded  not landed  folder is gone; branch is kept']);
    expect(of(gone, verdict, 30).join(' ')).toBe('✔ ui/dark  not landed folder is gone; branch is kept');
  });

  test('tells which branch is without it where it landed on another one', () => {
    const landed = { kind: 'landed', on: 'next', commit: 'c', missingOn: 'main' } as const;
    expect(of({ landed, inside: clean }, GOES)).toEqual([
      '✔ ui/dark  succeeded  landed on next  12 MB',
      'You merged it into next, so it is done; main does not have it.',
    ]);
    expect(of({ landed: { ...landed, on: 'main', missingOn: null }, inside: clean }, GOES)).toHaveLength(1);
  });
});

test('asks with what it comes to', () => {
  expect(pruneQuestion(look)).toBe('Remove 2 worktrees and 2 branches (332 MB, 300 MB freed at once)? [y/N] ');
});

it.each([40, 60, 100])('fits %d columns', (columns) => {
  for (const line of pruneText(look, { ...screen, columns }).split('\n')) {
    if (!line.includes('copse ')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  }
});

test('says what is in the trash', () => {
  expect(trashText({ worktrees: 5 })).toBe('5 worktrees in the trash. See them: copse undo --list');
  expect(trashText({ worktrees: 1 })).toBe('1 worktree in the trash. See it: copse undo --list');
});

describe('afterwards', () => {
  const outcome: PruneOutcome = {
    operation: '01m7xewe5s0000fgrbqys1gp1j',
    removed: [{ name: 'ui/dark', worktree: '/w/ui-dark', branch: 'ui/dark' }],
    kept: [],
    freedBytes: 300_000_000,
    retainedBytes: 20_000_000,
    purged: false,
    keptUntil: '2026-12-04T00:00:00.000Z',
    notes: [],
  };
  test('what is free, what is kept and until when, how it comes back', () => {
    expect(pruneOutcomeText(outcome, screen)).toBe(
      'Removed 1 worktree and 1 branch. 300 MB freed.\n20 MB in the trash until 2026-12-04. Delete it now: copse prune --purge\nRestore it: copse undo 01m7xewe5s',
    );
  });
  test('nothing is promised back that is gone', () => {
    expect(pruneOutcomeText({ ...outcome, purged: true, freedBytes: 320_000_000, retainedBytes: 0 }, screen)).toBe(
      'Removed 1 worktree and 1 branch. 320 MB freed.',
    );
  });
});

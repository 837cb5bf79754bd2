import { describe, expect, it } from 'vitest';
import type { LandedHow, PruneChoice, PruneFacts } from '../../../src/model/reports/prune-report.ts';
import { decide } from '../../../src/prune/decide.ts';

const MERGED: LandedHow = { kind: 'merged', on: 'main' };
const OPEN: LandedHow = { kind: 'not-landed' };
const EMPTY: LandedHow = { kind: 'empty' };
const CLEAN = { uncommitted: 0, untracked: 0, operation: null, bytes: 10, disposableBytes: 0 };
const SWEPT: PruneChoice = { chosen: 'swept', olderMs: null };
const NAMED: PruneChoice = { chosen: 'named', olderMs: null };
const HOUR = 3_600_000;

function facts(more: Partial<PruneFacts> = {}): PruneFacts {
  return {
    owner: { run: 'ui', variant: 'dark' },
    rest: { kind: 'at-rest', outcome: 'succeeded' },
    worktree: '/w/ui-dark',
    folder: 'there',
    branch: { name: 'ui/dark', commit: 'c0ffee' },
    landed: MERGED,
    looseHead: false,
    inside: CLEAN,
    unreadable: null,
    blocked: null,
    served: false,
    neededBy: [],
    idleMs: HOUR,
    ...more,
  };
}

const goes = (why: string, losing: readonly string[] = [], keepsBranch = false) => ({ kind: 'goes', why, losing, keepsBranch });
const kept = (why: string, name = true) => ({ kind: 'kept', why, name });

describe('by itself', () => {
  it.each<[string, Partial<PruneFacts>, object]>([
    ['merged', {}, goes('merged into main')],
    ['squashed', { landed: { kind: 'squashed', on: 'main', commit: 'c' } }, goes('squashed into main')],
    [
      'landed, then changed there',
      { landed: { kind: 'landed-then-changed', on: 'main', commit: 'c' } },
      goes('landed on main, then changed there'),
    ],
    [
      'landed where the person put it, elsewhere than its run was to',
      { landed: { kind: 'landed', on: 'next', commit: 'c', missingOn: 'main' } },
      goes('landed on next'),
    ],
    ['a merged pull request', { landed: { kind: 'pull-request', number: 412 } }, goes('landed through #412')],
    ['no commits of its own', { landed: EMPTY }, goes('no commits of its own')],
    ['not landed', { landed: OPEN }, kept('not landed')],
    ['reverted', { landed: { kind: 'reverted', on: 'main', commit: 'c' } }, kept('reverted on main')],
    ['no history in common', { landed: { kind: 'unknown', why: 'no history in common' } }, kept('no history in common')],
    ['landed and dirty', { inside: { ...CLEAN, uncommitted: 2 } }, kept('2 files not committed')],
    ['landed with one untracked file', { inside: { ...CLEAN, untracked: 1 } }, kept('1 file untracked')],
    ['landed in the middle of a rebase', { inside: { ...CLEAN, operation: 'rebase' } }, kept('a rebase is unfinished there')],
    ['landed, HEAD elsewhere', { looseHead: true }, kept('its HEAD is on commits of no branch')],
    ['landed and unreadable', { inside: null, unreadable: 'git says no' }, kept('cannot be read: git says no')],
    ['empty and dirty', { landed: EMPTY, inside: { ...CLEAN, uncommitted: 1 } }, kept('1 file not committed')],
    ['running', { rest: { kind: 'running' } }, kept('running', false)],
    ['interrupted', { rest: { kind: 'interrupted' } }, kept('its run was interrupted', false)],
    ['blocked', { blocked: 'A process works in it.' }, kept('A process works in it.', false)],
    ['needed', { neededBy: ['docs'] }, kept('docs starts from it', false)],
    ['its folder gone, not landed', { folder: 'missing', inside: null, landed: OPEN }, goes('its folder is gone', [], true)],
    ['its folder gone, landed', { folder: 'missing', inside: null }, goes('merged into main')],
    [
      'its folder gone, HEAD on lost commits',
      { folder: 'missing', inside: null, landed: OPEN, looseHead: true },
      kept('not landed'),
    ],
    ["somebody's branch without commits", { owner: null, landed: EMPTY }, kept('no commits of its own')],
    ["somebody's detached worktree without commits", { owner: null, landed: EMPTY, branch: null }, goes('no commits of its own')],
    ["somebody's merged branch", { owner: null }, goes('merged into main')],
  ])('%s', (_, more, verdict) => {
    expect(decide(facts(more), SWEPT)).toEqual(verdict);
  });
});

describe('named', () => {
  it.each<[string, Partial<PruneFacts>, object]>([
    ['landed', {}, goes('merged into main')],
    ['not landed', { landed: OPEN }, goes('you named it', ['not landed'])],
    ['reverted', { landed: { kind: 'reverted', on: 'main', commit: 'c' } }, goes('you named it', ['reverted on main'])],
    [
      'dirty, untracked, mid-merge',
      { inside: { ...CLEAN, uncommitted: 1, untracked: 2, operation: 'merge' } },
      goes('you named it', ['a merge is unfinished there', '1 file not committed', '2 files untracked']),
    ],
    ['running', { rest: { kind: 'running' } }, kept('running', false)],
    ['needed', { neededBy: ['docs', 'site'] }, kept('docs, site start from it', false)],
    ['blocked', { blocked: 'You stand in it.' }, kept('You stand in it.', false)],
  ])('%s', (_, more, verdict) => {
    expect(decide(facts(more), NAMED)).toEqual(verdict);
  });
});

describe('--older', () => {
  it.each<[string, number | null, string]>([
    ['as old as asked', 2 * HOUR, 'goes'],
    ['used since', HOUR, 'kept'],
    ['nobody knows', null, 'kept'],
  ])('%s', (_, idleMs, kind) => {
    expect(decide(facts({ idleMs }), { ...SWEPT, olderMs: 2 * HOUR }).kind).toBe(kind);
    expect(decide(facts({ idleMs }), { ...NAMED, olderMs: 2 * HOUR }).kind).toBe(kind);
  });
});

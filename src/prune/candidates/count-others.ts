import type { Repository } from '../../git/spawn/repository.ts';
import { landedHow } from '../landed-how.ts';
import { defaultBranch, readBranches } from './branch-tips.ts';
import type { Candidate, RunAtHand } from './candidate.ts';
import { otherCandidates } from './other-candidates.ts';
import { registeredWorktrees } from './registered.ts';

/**
 * How many worktrees there are that copse did not create, and how many of them have landed; null if there are fewer than `least`,
 * which a few small files show. Reads no worktree's files.
 */
export async function countOthers(o: {
  readonly repository: Repository;
  /** Counted only if there are that many. */
  readonly runs: () => Promise<readonly RunAtHand[]>;
  readonly least: number;
  readonly signal: AbortSignal;
}): Promise<{ readonly count: number; readonly landed: number } | null> {
  const registered = (await registeredWorktrees(o.repository.commonDir)).filter(({ record }) => record === null);
  if (registered.length < o.least) return null;
  const runs = await o.runs();
  const branches = await readBranches(o.repository);
  const target = await defaultBranch(o.repository, branches);
  const found = await otherCandidates({
    repository: o.repository,
    scope: { named: [], namedOthers: [], run: null, all: false, others: true, olderMs: null },
    registered,
    branches,
    ours: {
      gitDirs: new Set(),
      branches: new Set(runs.flatMap(({ state }) => state.variants.map(({ branch }) => branch))),
    },
    targets: new Set(target === null ? [] : [target]),
    target,
    disposable: [],
  });
  const candidates = found.filter((candidate: Candidate) => candidate.worktree !== null);
  if (candidates.length < o.least) return null;
  const { found: landed } = await landedHow({ ...o, candidates, branches, fetch: false, environment: {} });
  const done = landed.filter(
    ({ how, looseHead }) => !looseHead && ['merged', 'squashed', 'landed-then-changed'].includes(how.kind),
  );
  return { count: candidates.length, landed: done.length };
}

import type { Repository } from '../../git/spawn/repository.ts';
import type { Clock } from '../../model/clock.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { Store } from '../../store/layout.ts';
import { readBranches } from '../candidates/branch-tips.ts';
import type { RunAtHand } from '../candidates/candidate.ts';
import { registeredWorktrees } from '../candidates/registered.ts';
import { leftHalfMade, leftJournals, leftLocks, leftPorts, leftScratch, leftShadows } from './left-state.ts';
import { leftWorktrees } from './left-worktrees.ts';
import type { Leftover } from './leftover.ts';

/**
 * Leftovers of crashes and users in copse's own state: open journals, incomplete worktrees, moved and missing folders, branches without
 * worktree and the reverse, locks, scratch worktrees, ports, git directories. Only looks; nothing but copse's own is among them.
 */
export async function findLeftovers(o: {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  readonly runs: readonly RunAtHand[];
  readonly portRegistry: AbsolutePath;
}): Promise<readonly Leftover[]> {
  const [registered, branches] = await Promise.all([registeredWorktrees(o.repository.commonDir), readBranches(o.repository)]);
  const looks = [
    // First: an interrupted operation may be the cause of the others.
    leftJournals(o),
    leftHalfMade(o),
    leftWorktrees({ ...o, registered, branches }),
    leftLocks(o),
    leftScratch(o),
    leftPorts(o),
    leftShadows(o),
  ];
  return (await Promise.all(looks)).flat();
}

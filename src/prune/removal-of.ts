import type { LookedInside } from '../model/reports/prune.ts';
import type { Removal } from '../trash/removing/removal.ts';
import type { Candidate } from './candidates/candidate.ts';
import type { Inside } from './look-inside.ts';

/** What is asked of the trash for one candidate; a teardown comes when it is acted on. */
export function removalOf(
  candidate: Candidate,
  inside: Inside | null,
  o: { readonly why: string; readonly keepBranch: boolean },
): Removal {
  const { variant, worktree, branch } = candidate;
  const looked = inside?.looked ?? null;
  return {
    owner: variant === null ? null : { run: variant.run.state.id, variant: variant.state.name },
    worktree: worktree === null ? null : { path: worktree.path, gitDir: worktree.gitDir, nonce: worktree.nonce },
    branch: o.keepBranch ? null : branch,
    disposable: inside?.disposable ?? [],
    why: o.why,
    teardown: null,
    clean: looked !== null && isClean(looked),
    bytes: looked?.bytes == null ? null : looked.bytes - looked.disposableBytes,
  };
}

function isClean({ uncommitted, untracked, hidden = [], operation }: LookedInside): boolean {
  return uncommitted === 0 && untracked === 0 && hidden.length === 0 && operation === null;
}

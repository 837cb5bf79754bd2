import { type Git, QUIET } from './git-in.ts';
import { gitEnvironment, spawnGit } from './spawn-git.ts';

/**
 * git on the refs and reflogs of one worktree by copse's record of their paths: an agent may have rewritten the worktree's
 * `commondir`, which GIT_COMMON_DIR overrides. For plumbing on refs only: it reads the repository's configuration as it is now, in
 * which ref updates find hooks (switched off) and a promisor remote (no protocol is allowed) as the only things that run.
 */
export function recordGit(commonDir: string, gitDir: string): Git {
  return {
    cwd: commonDir,
    run(args, run = {}) {
      const env = gitEnvironment({ GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir, GIT_ALLOW_PROTOCOL: 'none', ...run.env });
      return spawnGit([...QUIET, ...args], { ...run, cwd: commonDir, env });
    },
  };
}

import { GitError, type SimpleGit, simpleGit } from 'simple-git';
import { QUIET } from './door.ts';
import { gitEnvironment, ownGitDir } from './spawn-git.ts';

/**
 * simple-git for looking at places the person owns, off the hot paths, with what 4.0.2 needs to be trusted:
 *
 * - it waits 50 ms for output whenever git prints nothing: one empty chunk on stdout ends the wait
 * - it resolves on exit 1 without stderr and when git is killed: anything but exit 0 rejects
 * - its own environment would be the ambient one: it gets ours, whose `GIT_*` are all our own
 */
export function simpleGitIn(cwd: string): SimpleGit {
  const { GIT_EDITOR: _editor, GIT_PAGER: _pager, ...env } = gitEnvironment({ ...ownGitDir(cwd), GIT_OPTIONAL_LOCKS: '0' });
  return simpleGit({
    baseDir: cwd,
    config: QUIET.filter((arg) => arg.includes('=')),
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith('GIT_')),
    unsafe: { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true, allowUnsafeConfigPaths: true },
    errors: (error, result) => {
      if (result.exitCode === 0) return undefined;
      return error ?? new SilentFailure(result.exitCode, Buffer.concat(result.stdErr).toString('utf8'));
    },
  })
    .outputHandler((_command, stdout) => {
      // In a moment: the listener that waits for it is attached after this handler ran.
      queueMicrotask(() => stdout.emit('data', Buffer.alloc(0)));
    })
    .env(env);
}

/** Must be a GitError of theirs: anything else comes out as text. */
class SilentFailure extends GitError {
  constructor(exitCode: number | null, stderr: string) {
    super(undefined, stderr.trim() === '' ? `git ended with ${exitCode ?? 'a signal'}` : stderr.trim());
  }
}

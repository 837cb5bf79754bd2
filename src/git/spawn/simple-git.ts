import { GitError, type SimpleGit, simpleGit } from 'simple-git';
import type { Environment } from '../../system/environment.ts';
import { QUIET } from './git-in.ts';
import { gitEnvironment } from './spawn-git.ts';

/**
 * simple-git for ordinary commands in places the person owns, off the hot paths: remotes, fetching, logs. Load this
 * file when it is needed, the library takes as long to load as four git processes take to run. With the guards that 4.0.2 needs:
 *
 * - it waits 50 ms for output whenever git prints nothing: one empty chunk on stdout ends the wait
 * - it resolves on exit 1 without stderr and when git is killed: anything but exit 0 rejects
 * - its own environment would be the ambient one: it gets copse's, with only copse's own `GIT_*`. Variables in it that simple-git refuses (askpass,
 *   ssh command, PREFIX) are the person's, not a stranger's.
 */
export function simpleGitIn(
  cwd: string,
  o: {
    /** Beside what every git gets. */
    readonly env?: Environment;
    readonly signal?: AbortSignal;
    /** git is ended after that long, whatever it printed. */
    readonly timeoutMs?: number;
  } = {},
): SimpleGit {
  const { GIT_EDITOR: _editor, GIT_PAGER: _pager, ...all } = gitEnvironment({ GIT_OPTIONAL_LOCKS: '0', ...o.env });
  // It refuses settings from the environment; what it is used for here runs none of those that agents planted (`fetchQuietly`).
  const env = Object.fromEntries(
    Object.entries(all).filter(([name]) => !name.startsWith('GIT_CONFIG_COUNT') && !/^GIT_CONFIG_(KEY|VALUE)_/.test(name)),
  );
  return simpleGit({
    baseDir: cwd,
    config: QUIET.filter((arg) => arg.includes('=')),
    allowEnvironment: Object.keys(env),
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeAskPass: true,
      allowUnsafeSshCommand: true,
    },
    ...(o.signal === undefined ? {} : { abort: o.signal }),
    ...(o.timeoutMs === undefined ? {} : { timeout: { block: o.timeoutMs, stdOut: false, stdErr: false } }),
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

import { GitPluginError } from 'simple-git';
import { ambientEnvironment, type Environment } from '../../system/environment.ts';
import { shortLine } from '../../text/plain-text.ts';
import { plantedNow } from '../guard/git-guard.ts';
import { simpleGitIn } from '../spawn/simple-git.ts';

const PATIENCE_MS = 60_000;

/** The remote that `branch` tracks, else `origin`, else the first; null: there is none. */
export async function remoteFor(cwd: string, branch: string | null): Promise<string | null> {
  const git = simpleGitIn(cwd);
  if (branch !== null) {
    const tracked = (await git.raw('config', '--default', '', '--get', `branch.${branch}.remote`)).trim();
    if (tracked !== '' && tracked !== '.') return tracked;
  }
  const remotes = (await git.getRemotes()).map(({ name }) => name);
  return remotes.includes('origin') ? 'origin' : (remotes[0] ?? null);
}

/** `git fetch` with these arguments, without any prompt. null: done; else why not. Rejects when the signal aborts. */
export async function fetchQuietly(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  // Where a remote leads, and what is run on the way there, is not asked of an agent.
  const moved = plantedNow().find(({ kind, name }) => kind === 'setting' && !/^(filter|diff|merge)\./.test(name));
  if (moved !== undefined) return `${moved.name} changed while agents worked. See why: copse doctor`;
  try {
    await simpleGitIn(cwd, { env: withoutQuestions(), signal, timeoutMs: PATIENCE_MS }).fetch(['--quiet', '--no-tags', ...args]);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    if (error instanceof GitPluginError && error.plugin === 'timeout') return `no answer within ${PATIENCE_MS / 1000} s`;
    return shortLine(error.message.trim().split('\n').at(-1) ?? '');
  }
}

/** The person's own way to reach the remote, but nothing that waits for an answer. */
function withoutQuestions(): Environment {
  const ssh = ambientEnvironment()['GIT_SSH_COMMAND'];
  return { SSH_ASKPASS_REQUIRE: 'never', ...(ssh === undefined ? {} : { GIT_SSH_COMMAND: ssh }) };
}

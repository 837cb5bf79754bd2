import { gitIn } from '../git/door/door.ts';
import type { Repository } from '../git/door/repository.ts';
import { gitEnvironment } from '../git/door/spawn-git.ts';
import { ambientEnvironment } from '../system/environment.ts';
import { runCommand } from '../system/processes/run-command.ts';
import { shortLine } from '../text/plain-text.ts';

const PATIENCE_MS = 60_000;

/**
 * Brings the remote-tracking branches of the remote that `branch` tracks (else `origin`) up to date, `--prune`ing nothing. The one
 * place of prune that uses the network. null: done; else why not, one sentence. Rejects when the signal aborts.
 */
export async function fetchRemote(repository: Repository, branch: string | null, signal: AbortSignal): Promise<string | null> {
  const remote = await remoteOf(repository, branch);
  if (remote === null) return 'There is no remote to fetch from.';
  const result = await runNetworkGit(repository, ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', remote], signal);
  return result === null ? null : `${remote} could not be fetched: ${result}`;
}

/**
 * Brings single commits that are not here yet, as far as the remote has them; nothing is said where it has not. Rejects when the
 * signal aborts.
 */
export async function fetchPullRequests(
  repository: Repository,
  branch: string | null,
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  const remote = await remoteOf(repository, branch);
  if (remote === null) return;
  const refs = numbers.map((number) => `refs/pull/${number}/head`);
  await runNetworkGit(repository, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', remote, ...refs], signal);
}

/** null: it went well; else the last thing it said. */
async function runNetworkGit({ root }: Repository, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false'];
  const env = { ...gitEnvironment(), ...withoutQuestions() };
  const result = await runCommand('git', [...quiet, ...args], { cwd: root, env, timeoutMs: PATIENCE_MS, signal });
  signal.throwIfAborted();
  if (result.exitCode === 0) return null;
  if (result.timedOut) return `no answer within ${PATIENCE_MS / 1000} s`;
  const said = result.stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
  return shortLine(said === '' ? (result.startError ?? 'git does not say why') : said);
}

/** The person's own way to reach the remote, but nothing that waits for an answer. */
function withoutQuestions(): Record<string, string> {
  const own = ambientEnvironment();
  const ssh = own['GIT_SSH_COMMAND'];
  return {
    GIT_TERMINAL_PROMPT: '0',
    SSH_ASKPASS_REQUIRE: 'never',
    ...(ssh === undefined ? {} : { GIT_SSH_COMMAND: ssh }),
  };
}

async function remoteOf({ root }: Repository, branch: string | null): Promise<string | null> {
  const git = gitIn(root, { reads: true });
  if (branch !== null) {
    const { text } = await git.run(['config', '--get', `branch.${branch}.remote`], { ok: [0, 1] });
    if (text !== '' && text !== '.') return text;
  }
  const { text } = await git.run(['remote']);
  const remotes = text.split('\n').filter((name) => name !== '');
  return remotes.includes('origin') ? 'origin' : (remotes[0] ?? null);
}

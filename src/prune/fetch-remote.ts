import type { Repository } from '../git/spawn/repository.ts';

/**
 * Brings the remote-tracking branches of the remote that `branch` tracks (else `origin`) up to date, `--prune`ing nothing. The one
 * place of prune that uses the network. null: done; else why not, one sentence. Rejects when the signal aborts.
 */
export async function fetchRemote({ root }: Repository, branch: string | null, signal: AbortSignal): Promise<string | null> {
  const { fetchQuietly, remoteFor } = await import('../git/refs/remotes.ts');
  const remote = await remoteFor(root, branch);
  if (remote === null) return 'There is no remote to fetch from.';
  const result = await fetchQuietly(root, ['--no-recurse-submodules', remote], signal);
  return result === null ? null : `${remote} could not be fetched: ${result}`;
}

/**
 * Fetches single missing commits, as far as the remote has them; the others are silently left out. Rejects when the
 * signal aborts.
 */
export async function fetchPullRequests(
  { root }: Repository,
  branch: string | null,
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  const { fetchQuietly, remoteFor } = await import('../git/refs/remotes.ts');
  const remote = await remoteFor(root, branch);
  if (remote === null) return;
  const refs = numbers.map((number) => `refs/pull/${number}/head`);
  await fetchQuietly(root, ['--no-write-fetch-head', remote, ...refs], signal);
}

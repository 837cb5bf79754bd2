import { isAncestor } from '../git/objects/is-ancestor.ts';
import { knownCommits } from '../git/objects/known-objects.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { BranchName, CommitId } from '../model/ids.ts';
import { baseEnvironment, type Environment } from '../system/environment.ts';
import { runCommand } from '../system/processes/run-command.ts';
import { shortLine } from '../text/plain-text.ts';
import { fetchPullRequests } from './fetch-remote.ts';

interface PullRequest {
  readonly number: number;
  readonly head: CommitId;
  readonly branch: string;
}

const PATIENCE_MS = 30_000;
const MOST = 300;
/** The environment of `gh`: account, host, settings. */
const GH_NAMES = /^(GH_|GITHUB_)/;

/**
 * For each branch the merged pull request into `target` whose head holds its tip, asked of GitHub's `gh` if that is on PATH and
 * logged in. `note`: why it could not be asked; null if it was, or `gh` is missing. Rejects when the signal aborts.
 */
export async function mergedPullRequests(o: {
  readonly repository: Repository;
  readonly target: BranchName | null;
  readonly tips: readonly { readonly branch: BranchName | null; readonly tip: CommitId }[];
  readonly environment: Environment;
  readonly signal: AbortSignal;
}): Promise<{ readonly through: ReadonlyMap<CommitId, number>; readonly note: string | null }> {
  const through = new Map<CommitId, number>();
  if (o.tips.length === 0) return { through, note: null };
  const listed = await askGh(o);
  if (typeof listed === 'string') return { through, note: listed };
  if (listed === null) return { through, note: null };

  const tips = new Set(o.tips.map(({ tip }) => tip));
  for (const { head, number } of listed) if (tips.has(head)) through.set(head, number);
  // A head with further own commits: known here, or the remote still has it under the pull request's number.
  const branches = new Set(o.tips.filter(({ tip }) => !through.has(tip)).map(({ branch }) => branch));
  const others = listed.filter(({ branch, head }) => branches.has(branch) && !tips.has(head));
  const git = gitIn(o.repository.root, { reads: true });
  const known = await knownCommits(
    git,
    others.map(({ head }) => head),
  );
  const missing = others.filter(({ head }) => !known.has(head));
  if (missing.length > 0) {
    await fetchPullRequests(
      o.repository,
      o.target,
      missing.map(({ number }) => number),
      o.signal,
    );
  }
  for (const { branch, tip } of o.tips) {
    if (through.has(tip)) continue;
    for (const { number, head } of others.filter((one) => one.branch === branch)) {
      if (await isAncestor(git, tip, head, { gone: 'no' })) through.set(tip, number);
    }
  }
  return { through, note: null };
}

/** null: there is no `gh`, or no remote that it knows; a text: why it does not answer. */
async function askGh({
  repository,
  target,
  environment,
  signal,
}: {
  readonly repository: Repository;
  readonly target: BranchName | null;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}): Promise<readonly PullRequest[] | string | null> {
  const own = Object.fromEntries(Object.entries(environment).filter(([name]) => GH_NAMES.test(name)));
  const fields = ['--json', 'number,headRefOid,headRefName', '--limit', String(MOST)];
  const base = target === null ? [] : ['--base', target];
  const result = await runCommand('gh', ['pr', 'list', '--state', 'merged', ...base, ...fields], {
    cwd: repository.root,
    env: { ...baseEnvironment(environment), ...own, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' },
    timeoutMs: PATIENCE_MS,
    signal,
  });
  signal.throwIfAborted();
  if (result.startError !== null) return null;
  if (result.exitCode !== 0) {
    const said = shortLine(result.stderr.toString('utf8').trim().split('\n')[0] ?? '');
    return `gh did not list the merged pull requests${result.timedOut ? ' in time' : said === '' ? '' : `: ${said}`}`;
  }
  return parse(result.stdout.toString('utf8')) ?? 'gh answered something that is no list of pull requests.';
}

function parse(text: string): PullRequest[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: an alias or another program of that name.
    return null;
  }
  if (!Array.isArray(value)) return null;
  return value.flatMap((one: { number?: unknown; headRefOid?: unknown; headRefName?: unknown }) =>
    typeof one?.number === 'number' &&
    typeof one.headRefOid === 'string' &&
    /^[0-9a-f]{40,64}$/.test(one.headRefOid) &&
    typeof one.headRefName === 'string'
      ? [{ number: one.number, head: one.headRefOid, branch: one.headRefName }]
      : [],
  );
}

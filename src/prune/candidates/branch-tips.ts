import { type Head, readHead } from '../../git/refs/head.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { BranchName, CommitId, RefName } from '../../model/ids.ts';

export interface BranchTip {
  readonly name: BranchName;
  readonly commit: CommitId;
  /** Ref of the remote that it tracks; null: none. It may not exist. */
  readonly upstream: RefName | null;
  /** When its commit was made, ms since 1970; 0: it is no commit, or older than time. */
  readonly at: number;
}

export interface Branches {
  readonly local: ReadonlyMap<BranchName, BranchTip>;
  readonly remote: ReadonlyMap<RefName, CommitId>;
  /** The default branch of each remote: `refs/remotes/origin/HEAD` → `refs/remotes/origin/main`. */
  readonly remoteHeads: readonly RefName[];
}

/** Local and remote-tracking branches. One git process. */
export async function readBranches(repository: Repository): Promise<Branches> {
  const format = '%(objectname)%00%(committerdate:unix)%00%(upstream)%00%(symref)%00%(refname)';
  const { text } = await gitIn(repository.root, { reads: true }).run([
    'for-each-ref',
    `--format=${format}`,
    'refs/heads/',
    'refs/remotes/',
  ]);
  const local = new Map<BranchName, BranchTip>();
  const remote = new Map<RefName, CommitId>();
  const remoteHeads: RefName[] = [];
  for (const line of text.split('\n')) {
    const [commit = '', at = '', upstream = '', symref = '', ref = ''] = line.split('\0');
    if (ref.startsWith('refs/heads/')) {
      // Only another name for a branch: nothing of its own to remove.
      if (symref !== '') continue;
      const name = ref.slice('refs/heads/'.length);
      local.set(name, { name, commit, upstream: upstream === '' ? null : upstream, at: Number(at) * 1000 });
    } else if (ref.startsWith('refs/remotes/')) {
      if (symref !== '') remoteHeads.push(symref);
      else remote.set(ref, commit);
    }
  }
  return { local, remote, remoteHeads };
}

/** A branch and what it tracks, as the refs that work may have landed on; those that exist. */
export function targetRefs(branches: Branches, name: BranchName | null): readonly RefName[] {
  const branch = name === null ? undefined : branches.local.get(name);
  const upstream = branch === undefined ? `refs/remotes/origin/${name}` : branch.upstream;
  return [
    ...(branch === undefined ? [] : [`refs/heads/${branch.name}`]),
    ...(upstream !== null && branches.remote.has(upstream) ? [upstream] : []),
  ];
}

/** The main branch: by the remote's HEAD, else git's setting, else by name, else the current one. */
export async function defaultBranch(repository: Repository, branches: Branches): Promise<BranchName | null> {
  const origin = branches.remoteHeads.find((ref) => ref.startsWith('refs/remotes/origin/')) ?? branches.remoteHeads[0];
  if (origin !== undefined) return origin.split('/').slice(3).join('/');
  const { text } = await gitIn(repository.root, { reads: true }).run(['config', '--get', 'init.defaultBranch'], { ok: [0, 1] });
  return [text, 'main', 'master'].find((name) => branches.local.has(name)) ?? (await mainHead(repository)).branch;
}

/** HEAD of the main worktree, whatever the current directory. */
function mainHead({ commonDir }: Repository): Promise<Head> {
  return readHead(commonDir, commonDir);
}

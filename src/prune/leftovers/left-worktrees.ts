import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { updateRefs } from '../../git/refs/refs.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import { readRegular } from '../../git/spawn/read-regular.ts';
import { replaceUnsynced } from '../../git/spawn/replace-unsynced.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import { freePlace, moveOwn, ownWorktree } from '../../git/worktree/own-path.ts';
import type { Clock } from '../../model/clock.ts';
import type { AbsolutePath, CommitId } from '../../model/ids.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import type { Store } from '../../store/layout.ts';
import { withLock } from '../../store/lock.ts';
import { exists } from '../../system/files.ts';
import { findWorkingIn } from '../../system/processes/process-identity.ts';
import { shortCommit } from '../../text/amounts.ts';
import { shellWord } from '../../text/shell-word.ts';
import { movedFolder } from '../../trash/removing/moved-folder.ts';
import { takeAway } from '../../trash/removing/take-away.ts';
import type { Branches } from '../candidates/branch-tips.ts';
import type { RunAtHand } from '../candidates/candidate.ts';
import type { Registered } from '../candidates/registered.ts';
import { BY_FIX, type Leftover } from './leftover.ts';

interface Options {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  readonly runs: readonly RunAtHand[];
  readonly registered: readonly Registered[];
  readonly branches: Branches;
}

/** Variants at rest whose folder, git's entry and branch do not fit together any more. */
export async function leftWorktrees(o: Options): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const { state, alive } of o.runs) {
    if (alive || state.phase.kind !== 'finished') continue;
    for (const variant of state.variants) {
      if (variant.created === null || variant.removed !== null) continue;
      found.push(...(await leftOf(o, `${state.id}/${variant.name}`, variant)));
    }
  }
  return found;
}

async function leftOf(o: Options, name: string, variant: VariantState): Promise<Leftover[]> {
  const entry = o.registered.find(({ record }) => record !== null && record.nonce === variant.created?.nonce);
  const tip = o.branches.local.get(variant.branch)?.commit ?? null;
  if (entry === undefined) return unregistered(name, variant, tip);
  // Another path than at its creation is fine if git knows it: its registration has the path of a worktree.
  if (!entry.there) {
    const now = await movedFolder(o.repository, entry.path, entry.gitDir);
    return [now === null ? gone(o, name, entry, variant) : moved(o, name, entry, now)];
  }
  if (tip === null && entry.head.branch === variant.branch) return [await branchless(o, name, entry, variant)];
  return [];
}

async function unregistered(name: string, variant: VariantState, tip: CommitId | null): Promise<Leftover[]> {
  if (await exists(join(variant.worktree, '.git'))) {
    const found = `git no longer knows the worktree of ${name} at ${variant.worktree}: its entry was removed.`;
    return [{ found, fix: `Take from it what you need, then delete it yourself: cd ${shellWord(variant.worktree)}`, mend: null }];
  }
  if (tip === null) return [];
  const found = `${name} has its branch ${variant.branch} but no worktree.`;
  return [{ found, fix: `Remove the branch too, landed or not: copse prune ${name}`, mend: null }];
}

function moved(o: Options, name: string, entry: Registered, now: AbsolutePath): Leftover {
  const wanted = entry.path;
  return {
    found: `The worktree of ${name} was moved from ${wanted} to ${now}, and git was not told.`,
    fix: `Move it back: ${BY_FIX}. Or leave it there: git worktree repair ${shellWord(now)}`,
    mend: () =>
      withLock(o.store.lock, { purpose: BY_FIX, clock: o.clock }, async () => {
        if (await exists(wanted)) return `${wanted} is taken by something else; ${name} stays at ${now}.`;
        const [user] = await findWorkingIn(now);
        if (user !== undefined)
          return `A process works in ${now} (pid ${user.pid}); ${name} stays there. Stop it, then: ${BY_FIX}`;
        if ((await lstat(now)).isDirectory() !== true) return `${now} is not a folder any more.`;
        // Only to where worktrees of this repository are, or beside where it is: git's entry can name any place.
        const beside = [`${o.repository.root}.worktrees`, dirname(now)].includes(dirname(wanted));
        if (!beside) return `${name} stays at ${now}. Tell git: git worktree repair ${shellWord(now)}`;
        const from = await ownWorktree(o.repository, { path: now, gitDir: entry.gitDir }, [wanted]);
        // The rename first: an entry that names a missing path is the state before.
        await moveOwn(from, await freePlace(o.repository, wanted));
        await replaceUnsynced(join(entry.gitDir, 'gitdir'), `${wanted}/.git\n`);
        return `Moved the worktree of ${name} back to ${wanted}.`;
      }),
  };
}

function gone(o: Options, name: string, entry: Registered, variant: VariantState): Leftover {
  const { path, gitDir, record } = entry;
  return {
    found: `The worktree of ${name} at ${path} is gone; git still has an entry for it.`,
    fix: `Remove the entry; branch ${variant.branch} is kept: ${BY_FIX}`,
    mend: async () => {
      const [run = '', ...rest] = name.split('/');
      const operation = await takeAway({
        ...o,
        command: BY_FIX,
        removals: [
          {
            owner: { run, variant: rest.join('/') },
            worktree: { path, gitDir, nonce: record?.nonce ?? null },
            branch: null,
            disposable: [],
            why: 'its folder is gone',
            teardown: null,
          },
        ],
      });
      const [item] = operation.items;
      if (item?.step === 'kept') return `The entry of ${name} is kept. ${item.kept ?? ''}`.trim();
      return `Removed git's entry of ${name}. If the folder reappears: copse undo ${operation.id}`;
    },
  };
}

/** git itself does not delete a branch that is checked out: something else did. */
async function branchless(o: Options, name: string, entry: Registered, variant: VariantState): Promise<Leftover> {
  const found = `Branch ${variant.branch}, which is checked out in the worktree of ${name}, is gone.`;
  const last = await lastCommit(entry.gitDir);
  const commit = last ?? variant.commit?.commit ?? variant.created?.start ?? null;
  const git = gitIn(o.repository.commonDir);
  const known = commit !== null && (await git.run(['cat-file', '-e', `${commit}^{commit}`], { ok: [0, 1, 128] })).exitCode === 0;
  if (!known) return { found, fix: `Its commits are gone as well. Look: cd ${shellWord(entry.path)}`, mend: null };
  return {
    found,
    fix: `Create it again at ${shortCommit(commit)}, its last commit: ${BY_FIX}`,
    mend: async () => {
      const made = { ref: `refs/heads/${variant.branch}`, to: commit, from: null };
      await withLock(o.store.lock, { purpose: BY_FIX, clock: o.clock }, () => updateRefs(git, [made], BY_FIX));
      return `Created branch ${variant.branch} again at ${shortCommit(commit)}.`;
    },
  };
}

/** The last commit of the worktree's HEAD, by its reflog. */
async function lastCommit(gitDir: AbsolutePath): Promise<CommitId | null> {
  const log = (await readRegular(join(gitDir, 'logs/HEAD'), { large: true })) ?? '';
  return /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) /.exec(log.trimEnd().split('\n').at(-1) ?? '')?.[1] ?? null;
}

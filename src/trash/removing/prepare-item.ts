import { join } from 'node:path';
import { knownObjects } from '../../git/objects/known-objects.ts';
import type { BranchConfig } from '../../git/refs/branch-config.ts';
import { readHead } from '../../git/refs/head.ts';
import { objectsGit } from '../../git/spawn/git-in.ts';
import { readRegularSync } from '../../git/spawn/read-regular.ts';
import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import type { OperationId, TrashedBranch, TrashedItem, TrashedWorktree } from '../../model/operation.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { pinsFor } from '../pins.ts';
import { savedEntryPath, trashPathOf, trashRootOf } from '../trash-place.ts';
import { addIds, idsNamedIn, wholeAmong } from './named-objects.ts';
import type { Removal, TakeAwayOptions } from './removal.ts';
import { identityOf } from './worktree-identity.ts';
import { NOTHING_TO_SNAP, type Snapshot, snapshotIndex, snapshotWorktree } from './worktree-snapshot.ts';

export interface PrepareOptions extends TakeAwayOptions {
  readonly operation: OperationId;
  readonly checkouts: readonly AbsolutePath[];
  readonly configs: ReadonlyMap<BranchName, BranchConfig>;
  /** For each removal why it is kept; null: it is removed. */
  readonly kept: readonly (string | null)[];
}

interface Drawn {
  readonly item: TrashedItem;
  readonly snapshot: Snapshot;
  readonly named: readonly (readonly [what: string, id: string | null])[];
  readonly others: ReadonlySet<string>;
}

/** The journal's entry of each removal before anything happens: current and new paths, and the objects to keep. */
export async function prepareItems(o: PrepareOptions): Promise<TrashedItem[]> {
  const taken = new Set<string>();
  const drafts: TrashedItem[] = [];
  for (const [n, removal] of o.removals.entries()) drafts.push(await draft(o, n, removal, taken));
  const stashed = await stashEntries(o.repository.commonDir);
  const drawn: Drawn[] = [];
  await forEachAtMost(
    4,
    drafts.map((item, n) => ({ item, n })),
    async ({ item, n }) => {
      drawn[n] = await draw(o, item, o.removals[n]?.clean === true, stashed);
    },
  );
  const kinds = await knownObjects(
    objectsGit(o.repository.commonDir),
    drawn.flatMap(({ named, others }) => [...named.flatMap(([, id]) => id ?? []), ...others]),
  );
  const { commonDir } = o.repository;
  const heads = new Set(drawn.flatMap(({ named }) => named.flatMap(([, id]) => id ?? [])));
  const loose = new Set(drawn.flatMap(({ others }) => [...others]).filter((id) => kinds.has(id) && !heads.has(id)));
  const whole = await wholeAmong(commonDir, [...loose]);
  const items: TrashedItem[] = [];
  for (const [n, { item, named, others: all }] of drawn.entries()) {
    const others = [...all].filter((id) => heads.has(id) || whole.has(id));
    const pins = item.step === 'kept' ? [] : await pinsFor({ commonDir, operation: o.operation, n, named, others, kinds });
    items.push({ ...item, pins });
  }
  return items;
}

async function draft(o: PrepareOptions, n: number, removal: Removal, taken: Set<string>): Promise<TrashedItem> {
  const { owner, why } = removal;
  const kept = o.kept[n] ?? null;
  const item = { owner, why, pins: [], worktree: null, branch: null };
  if (kept !== null) return { ...item, step: 'kept', kept };
  const branch = removal.branch === null ? null : await branchNow(o, removal.branch);
  if (removal.worktree === null) return { ...item, branch, step: 'intended' };
  const identity = await identityOf(o.repository, removal.worktree);
  if (identity.kind === 'wrong') return { ...item, step: 'kept', kept: identity.why };
  const { path, gitDir } = removal.worktree;
  const root = trashRootOf({ repository: o.repository, checkouts: o.checkouts, trashRoot: o.trashRoot ?? null }, path);
  const missing = identity.kind === 'missing';
  const trashPath = missing ? savedEntryPath(o.store, o.operation, n) : trashPathOf(root, o.operation, path, taken);
  taken.add(trashPath);
  const worktree: TrashedWorktree = {
    path,
    trashPath,
    gitDir,
    head: readRegularSync(join(gitDir, 'HEAD')) ?? '',
    headCommit: (await readHead(o.repository.commonDir, gitDir)).commit,
    locked: readRegularSync(join(gitDir, 'locked')),
    pointers: { gitdir: identity.gitdir, gitFile: missing ? null : identity.gitFile },
    missing,
    bytes: removal.bytes ?? null,
    disposed: [],
  };
  return { ...item, worktree, branch, step: 'intended' };
}

async function branchNow(o: PrepareOptions, branch: NonNullable<Removal['branch']>): Promise<TrashedBranch> {
  const reflog = readRegularSync(join(o.repository.commonDir, 'logs/refs/heads', branch.name), { large: true });
  return { ...branch, config: o.configs.get(branch.name) ?? [], reflog };
}

async function draw(o: PrepareOptions, item: TrashedItem, clean: boolean, stashed: readonly StashEntry[]): Promise<Drawn> {
  const { worktree, branch } = item;
  const others = new Set<string>();
  if (item.step === 'kept') return { item, snapshot: NOTHING_TO_SNAP, named: [], others };
  addIds(branch?.reflog ?? '', others);
  if (worktree !== null) for (const id of await idsNamedIn(worktree.gitDir)) others.add(id);
  for (const { id, branch: made } of stashed) if (made === null ? worktree !== null : made === branch?.name) others.add(id);
  const snapshot = await snapshotOf(o, worktree, clean);
  const named: Drawn['named'] = [
    ['branch', branch?.commit ?? null],
    ['head', worktree?.headCommit ?? null],
    ['index', snapshot.index],
    ['files', snapshot.files],
  ];
  return { item, snapshot, named, others };
}

async function snapshotOf(o: PrepareOptions, worktree: TrashedWorktree | null, clean: boolean): Promise<Snapshot> {
  if (worktree === null) return NOTHING_TO_SNAP;
  const { commonDir } = o.repository;
  const { gitDir, path, headCommit } = worktree;
  const place = { commonDir, gitDir, path, headCommit };
  if (worktree.missing) return snapshotIndex(place);
  return clean ? NOTHING_TO_SNAP : snapshotWorktree(place);
}

interface StashEntry {
  readonly id: string;
  /** null: made on a detached HEAD. */
  readonly branch: BranchName | null;
}

/** All worktrees share the stash; each entry's message names the branch that it was made on. */
async function stashEntries(commonDir: AbsolutePath): Promise<StashEntry[]> {
  const log = readRegularSync(join(commonDir, 'logs/refs/stash'), { large: true }) ?? '';
  return [...log.matchAll(/^[0-9a-f]+ ([0-9a-f]+) [^\t\n]*\t(?:WIP on|On) (\(no branch\)|[^\s:]+)/gm)].map(
    ([, id = '', on = '']) => ({
      id,
      branch: on === '(no branch)' ? null : on,
    }),
  );
}

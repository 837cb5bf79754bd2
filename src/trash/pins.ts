import { OUR_IDENTITY } from '../git/commit/author-identity.ts';
import { commitTree } from '../git/merging/merge-tree.ts';
import type { ObjectKind } from '../git/objects/known-objects.ts';
import { type RefUpdate, updateRefs } from '../git/refs/refs.ts';
import { type Git, objectsGit } from '../git/spawn/git-in.ts';
import type { AbsolutePath, RefName } from '../model/ids.ts';
import type { OperationId, TrashedItem } from '../model/operation.ts';

export type Pin = TrashedItem['pins'][number];

/** As many are pinned one by one; more become parents of one commit. */
const SINGLY = 6;

/** All refs that keep an operation's removed objects are below this. */
export function pinPrefix(operation: OperationId): string {
  return `refs/copse/v1/trash/${operation}/`;
}

/**
 * Refs that keep these objects. `named`: what each is, for people (`head`, `index`); `others`: everything else to keep. An object
 * that is missing cannot be pinned and is left out.
 */
export async function pinsFor(o: {
  readonly commonDir: AbsolutePath;
  readonly operation: OperationId;
  readonly n: number;
  readonly named: readonly (readonly [what: string, id: string | null])[];
  readonly others: Iterable<string>;
  readonly kinds: ReadonlyMap<string, ObjectKind>;
}): Promise<Pin[]> {
  const ref = (what: string): RefName => `${pinPrefix(o.operation)}${o.n}/${what}`;
  const pins: Pin[] = [];
  const seen = new Set<string>();
  for (const [what, id] of o.named) {
    if (id === null || seen.has(id) || !o.kinds.has(id)) continue;
    seen.add(id);
    pins.push({ ref: ref(what), id });
  }
  const rest = [...new Set(o.others)].filter((id) => !seen.has(id) && o.kinds.has(id));
  const commits = rest.filter((id) => o.kinds.get(id) === 'commit');
  const single = commits.length > SINGLY ? rest.filter((id) => o.kinds.get(id) !== 'commit') : rest;
  for (const [i, id] of single.entries()) pins.push({ ref: ref(`object-${i + 1}`), id });
  if (commits.length > SINGLY) pins.push({ ref: ref('objects'), id: await knot(objectsGit(o.commonDir), commits) });
  return pins;
}

/** One commit that reaches all of these. */
function knot(git: Git, commits: readonly string[]): Promise<string> {
  return commitTree(git, {
    tree: `${commits[0] ?? ''}^{tree}`,
    parents: commits,
    message: 'Kept by copse\n',
    identity: OUR_IDENTITY,
  });
}

/** The changes that make these refs; refused where one exists. */
export function creations(pins: readonly Pin[]): RefUpdate[] {
  return pins.map(({ ref, id }) => ({ ref, to: id, from: null }));
}

/** Pins of an operation that exist now. One git process. */
export async function pinsNow(git: Git, operation: OperationId): Promise<Pin[]> {
  const { text } = await git.run(['for-each-ref', '--format=%(objectname) %(refname)', pinPrefix(operation)]);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ ref: line.slice(line.indexOf(' ') + 1), id: line.slice(0, line.indexOf(' ')) }));
}

/** Deletes all pins of these items, given by their positions, in one transaction. */
export async function unpin(git: Git, operation: OperationId, items: readonly number[]): Promise<void> {
  if (items.length === 0) return;
  const prefixes = items.map((n) => `${pinPrefix(operation)}${n}/`);
  const going = (await pinsNow(git, operation)).filter(({ ref }) => prefixes.some((prefix) => ref.startsWith(prefix)));
  await updateRefs(
    git,
    going.map(({ ref, id }) => ({ ref, to: null, from: id })),
    'copse: unpin',
  );
}

/** Places of the items that are like this. */
export function placesOf(items: readonly TrashedItem[], like: (item: TrashedItem) => boolean): number[] {
  return items.flatMap((item, n) => (like(item) ? [n] : []));
}

import type { CommitId, TreeId } from '../../model/ids.ts';
import type { Git } from '../door/door.ts';
import { blobOf, type Entry, type EntryChange } from '../objects/entries.ts';
import { AS_COMMITTED, INERT_DIFF, pairLines } from '../objects/file-changes.ts';
import { type DiffHunk, hunksOfTrees } from '../objects/hunks.ts';
import { type RawPath, split } from '../worktree/working-changes.ts';

/** A change that is in the target's history. */
export interface LandedChange {
  readonly changes: readonly EntryChange[];
  /** The commit that has it. */
  readonly after: CommitId;
}

interface Suspect {
  readonly at: number;
  readonly change: EntryChange;
  readonly now: Entry;
}

/**
 * Whether the target took a change back, wholly or in part: a path is again as it was before, or, within a file that was edited
 * since, all of what the change did there is undone, or old text that it replaced is back. What was only edited again is not taken
 * back, nor a file that moved on to another name. `now`: what the target has.
 */
export async function takenBack(
  git: Git,
  target: CommitId,
  now: (path: RawPath) => Entry,
  landed: readonly LandedChange[],
): Promise<boolean[]> {
  const back = landed.map(() => false);
  const gone: Suspect[] = [];
  const edited: Suspect[] = [];
  landed.forEach(({ changes }, at) => {
    for (const change of changes) {
      const { before, after } = change;
      const suspect = { at, change, now: now(change.path) };
      if (suspect.now === after) continue;
      if (suspect.now === before && before !== '') back[at] = true;
      else if (suspect.now === before) gone.push(suspect);
      else if ([suspect.now, before, after].every((entry) => blobOf(entry) !== null)) edited.push(suspect);
    }
  });
  const open = ({ at }: Suspect): boolean => back[at] !== true;
  for (const { at } of await neverMoved(git, target, landed, gone.filter(open))) back[at] = true;
  for (const { at } of await undoneWithin(git, edited.filter(open))) back[at] = true;
  return back;
}

/** Files that the target has under no other name either. */
async function neverMoved(
  git: Git,
  target: CommitId,
  landed: readonly LandedChange[],
  gone: readonly Suspect[],
): Promise<Suspect[]> {
  if (gone.length === 0) return [];
  const asked = [...new Set(gone.map(({ at }) => landed[at]?.after ?? ''))];
  const { stdout } = await git.run(
    ['diff-tree', '--stdin', '--always', '-r', '-z', '--raw', '-M', '--diff-filter=R', ...INERT_DIFF],
    { input: pairLines(asked.map((from) => ({ from, to: target }))), env: AS_COMMITTED },
  );
  const moved: Set<RawPath>[] = [];
  const fields = split(stdout);
  for (let i = 0; i < fields.length; i += 1) {
    // A record of a rename has two names; anything else starts the next pair.
    if (fields[i]?.startsWith(':') === true) {
      moved.at(-1)?.add(fields[i + 1] ?? '');
      i += 2;
    } else moved.push(new Set());
  }
  return gone.filter(({ at, change }) => moved[asked.indexOf(landed[at]?.after ?? '')]?.has(change.path) !== true);
}

/** All files in trees of their own, named by number, so that git compares these and nothing else. */
async function undoneWithin(git: Git, edited: readonly Suspect[]): Promise<Suspect[]> {
  if (edited.length === 0) return [];
  const sides = [
    edited.map(({ change }) => change.after),
    edited.map(({ change }) => change.before),
    edited.map(({ now }) => now),
  ];
  const [after = '', before = '', now = ''] = await makeTrees(git, sides);
  const [back = [], since = []] = await hunksOfTrees(git, [
    { from: after, to: before },
    { from: after, to: now },
  ]);
  return edited.filter((_, i) => isUndone(hunksAt(back, i), hunksAt(since, i)));
}

async function makeTrees(git: Git, sides: readonly (readonly Entry[])[]): Promise<TreeId[]> {
  const tree = (entries: readonly Entry[]): string =>
    entries.map((entry, i) => `${entry.replace(' ', ' blob ')}\t${i}\n`).join('');
  const { text } = await git.run(['mktree', '--batch', '--missing'], { input: sides.map(tree).join('\n') });
  return text.split('\n');
}

function hunksAt(hunks: readonly DiffHunk[], file: number): DiffHunk[] {
  return hunks.filter(({ path }) => path === String(file));
}

/** Both lists start from the file as it landed: `back` leads to what stood before, `since` to what stands now. */
function isUndone(back: readonly DiffHunk[], since: readonly DiffHunk[]): boolean {
  if (back.length === 0) return false;
  const undone = back.filter((hunk) => since.some((later) => undoes(hunk, later)));
  return undone.length === back.length || undone.some(({ added }) => added.some((line) => /\w/.test(line)));
}

function undoes(hunk: DiffHunk, later: DiffHunk): boolean {
  const [from, to] = range(hunk);
  const [laterFrom, laterTo] = range(later);
  if (from < laterFrom || to > laterTo) return false;
  if (hunk.added.length === 0) return later.added.length === 0;
  return later.added.some((_, at) => hunk.added.every((line, i) => later.added[at + i] === line));
}

/** Half-open, in lines counted from 0. */
function range({ line, count }: DiffHunk): readonly [number, number] {
  return count === 0 ? [line, line] : [line - 1, line - 1 + count];
}

import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { readBlobs } from '../objects/blobs.ts';
import { blobOf, type Entry } from '../objects/entries.ts';
import { INERT_DIFF } from '../objects/file-changes.ts';
import { GitError } from '../spawn/git-error.ts';
import type { Git } from '../spawn/git-in.ts';
import { makeTrees } from './file-trees.ts';

/** The versions of a file, and the lines to find in each. */
export interface LineCourse {
  readonly entries: readonly Entry[];
  readonly lines: readonly string[];
}

/** The changes of one version against the one before, as lines; null: not known, a binary file or a very large one. */
type LineStep = { readonly removed: readonly string[]; readonly added: readonly string[] } | null;

/** So few files are read as they are. Of more, only what changed from one to the next. */
const FEW_FILES = 500;
/** Files in one comparison; its output is in memory at once. */
const PORTION = 2_000;
const MOST_BYTES = 256 * 1024 * 1024;
const PROCESSES = 2;

interface Options {
  readonly signal?: AbortSignal;
}

/**
 * Of each version which lines it has, as a digit a line: `101`; null: not known. A file that everybody writes to has a thousand versions of
 * many lines, which git compares in a fraction of the time that reading them takes here.
 */
export async function linesAt(git: Git, courses: readonly LineCourse[], o: Options = {}): Promise<(string | null)[][]> {
  const files = new Set(courses.flatMap(({ entries }) => entries.flatMap(idsOf)));
  return files.size <= FEW_FILES ? inFiles(git, courses, files, o) : inSteps(git, courses, o);
}

/** The object of an entry, if it is a file. */
export function idsOf(entry: Entry): string[] {
  const id = blobOf(entry);
  return id === null ? [] : [id];
}

async function inFiles(git: Git, courses: readonly LineCourse[], ids: ReadonlySet<string>, o: Options) {
  const blobs = await readBlobs(git, ids, o);
  const texts = new Map([...blobs].map(([id, content]) => [id, `\n${content.toString('latin1')}\n`]));
  return courses.map(({ entries, lines }) =>
    entries.map((entry) => {
      const text = texts.get(blobOf(entry) ?? '');
      return text === undefined ? null : digits(lines, (line) => text.includes(`\n${line}\n`));
    }),
  );
}

async function inSteps(git: Git, courses: readonly LineCourse[], o: Options) {
  const firsts = await readBlobs(
    git,
    courses.flatMap(({ entries: [first = ''] }) => idsOf(first)),
    o,
  );
  const pairs = new Map<string, readonly [Entry, Entry]>();
  for (const { entries } of courses)
    for (const [i, after] of entries.entries()) {
      const before = entries[i - 1];
      if (before !== undefined && before !== after && isText(before) && isText(after))
        pairs.set(`${before} ${after}`, [before, after]);
    }
  const list = [...pairs.values()];
  const steps = await lineSteps(git, list, o);
  const stepOf = new Map([...pairs.keys()].map((key, i) => [key, steps[i] ?? null]));
  return courses.map((course) => along(course, firsts, stepOf));
}

function isText(entry: Entry): boolean {
  return entry === '' || blobOf(entry) !== null;
}

function along(
  { entries, lines }: LineCourse,
  firsts: ReadonlyMap<string, Buffer>,
  stepOf: ReadonlyMap<string, LineStep>,
): (string | null)[] {
  const first = entries[0] === '' ? '' : firsts.get(blobOf(entries[0] ?? '') ?? '')?.toString('latin1');
  if (first === undefined) return entries.map(() => null);
  const counts = new Map(lines.map((line) => [line, 0]));
  const add = (some: readonly string[], by: number): void => {
    for (const line of some) {
      const known = counts.get(line);
      if (known !== undefined) counts.set(line, known + by);
    }
  };
  add(first.split('\n'), 1);
  let isLost = false;
  return entries.map((after, i) => {
    const before = entries[i - 1];
    if (before !== undefined && before !== after) {
      const step = stepOf.get(`${before} ${after}`) ?? null;
      isLost ||= step === null;
      add(step?.removed ?? [], -1);
      add(step?.added ?? [], 1);
    }
    return isLost ? null : digits(lines, (line) => (counts.get(line) ?? 0) > 0);
  });
}

function digits(lines: readonly string[], has: (line: string) => boolean): string {
  return lines.map((line) => (has(line) ? '1' : '0')).join('');
}

async function lineSteps(git: Git, pairs: readonly (readonly [Entry, Entry])[], o: Options): Promise<LineStep[]> {
  const steps: LineStep[] = pairs.map(() => null);
  const share = Math.min(PORTION, Math.ceil(pairs.length / PROCESSES));
  const portions = Array.from({ length: Math.ceil(pairs.length / Math.max(1, share)) }, (_, n) => n * share);
  await forEachAtMost(PROCESSES, portions, async (from) => {
    const some = pairs.slice(from, from + share);
    (await compared(git, some, o)).forEach((step, i) => {
      steps[from + i] = step;
    });
  });
  return steps;
}

async function compared(git: Git, pairs: readonly (readonly [Entry, Entry])[], o: Options): Promise<LineStep[]> {
  const [before = '', after = ''] = await makeTrees(git, [pairs.map(([from]) => from), pairs.map(([, to]) => to)]);
  try {
    const { stdout } = await git.run([...COMPARE, before, after], { ...o, maxBytes: MOST_BYTES });
    return parseSteps(stdout.toString('latin1'), pairs.length);
  } catch (error) {
    // More than fits: nothing is known of these, and they are merged to tell.
    if (!(error instanceof GitError)) throw error;
    return pairs.map(() => null);
  }
}

/** A file of more than two megabytes counts as binary. */
const COMPARE: readonly string[] = [
  ...['-c', 'core.bigFileThreshold=2m', 'diff-tree', '-r', '-p', '-U0', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/'],
  ...INERT_DIFF,
];

/** By the number that is each file's name. */
function parseSteps(output: string, count: number): LineStep[] {
  const steps: (LineStep | undefined)[] = Array.from({ length: count });
  let removed: string[] = [];
  let added: string[] = [];
  let left = [0, 0];
  let at = -1;
  for (const line of output.split('\n')) {
    const [olds = 0, news = 0] = left;
    if (olds > 0 && line.startsWith('-')) {
      removed.push(line.slice(1));
      left = [olds - 1, news];
    } else if (news > 0 && line.startsWith('+')) {
      added.push(line.slice(1));
      left = [olds, news - 1];
    } else if (line.startsWith('@@ ')) {
      const [, from = '1', to = '1'] = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? [];
      left = [Number(from), Number(to)];
    } else if (line.startsWith('diff --git ')) {
      at = Number(/(\d+)$/.exec(line)?.[1] ?? -1);
      removed = [];
      added = [];
      steps[at] = { removed, added };
    } else if (line.startsWith('Binary files ')) steps[at] = null;
  }
  // A file that differs in its mode alone has a header, too.
  return steps.map((step) => step ?? null);
}

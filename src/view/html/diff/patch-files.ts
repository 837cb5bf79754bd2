import { parsePatch, type StructuredPatch } from 'diff';

/** One line of a hunk. Numbers count from 1; null: the line is not on that side. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
  /** The side's last line, without a newline at its end. */
  readonly noNewline: boolean;
}

export interface FileDiff {
  readonly path: string;
  /** Its former path; null: the same. */
  readonly from: string | null;
  /** Its other changes, in words: `new file`, `binary`, `mode 100644 → 100755`. */
  readonly facts: readonly string[];
  readonly hunks: readonly (readonly DiffLine[])[];
  readonly added: number;
  readonly removed: number;
  /** Characters of its part of the patch. */
  readonly size: number;
  /** Too big to be read: `hunks` is empty, though it has some. */
  readonly unread: boolean;
}

/** Each starts at `diff --git `: no other line of a patch can, since lines of a file have a sign before them. */
function sections(patch: string): string[] {
  return patch.split(/^(?=diff --git )/m).filter((text) => text.startsWith('diff --git '));
}

/** The size up to which files are read, so that all read ones together have at most about `most` characters. */
export function readableSize(patches: readonly string[], most: number): number {
  let rest = most;
  let largest = 0;
  for (const size of patches.flatMap((patch) => sections(patch).map(({ length }) => length)).sort((a, b) => a - b)) {
    rest -= size;
    if (rest < 0) return largest;
    largest = size;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * The files of a patch as git prints it with the prefixes `a/` and `b/`. Of one over `upTo` characters only the head is read: its
 * lines would take ten times their size in memory. A file that the parser does not take (never seen of git) is there without lines
 * and says so.
 */
export function patchFiles(patch: string, upTo = Number.POSITIVE_INFINITY): FileDiff[] {
  return sections(patch).map((text) => {
    const unread = text.length > upTo;
    try {
      const [file] = parsePatch(unread ? text.slice(0, text.indexOf('\n@@ ') + 1 || text.length) : text);
      if (file === undefined) return unreadable(text);
      return unread ? { ...fileDiff(file, text.length), ...signs(text), unread } : fileDiff(file, text.length);
    } catch {
      // The parser is strict, and one odd file must not take the report away.
      return unreadable(text);
    }
  });
}

function unreadable(text: string): FileDiff {
  const [head = ''] = text.split('\n', 1);
  const path = head.slice('diff --git '.length);
  return { path, from: null, facts: ['cannot be shown'], hunks: [], added: 0, removed: 0, size: text.length, unread: false };
}

/** Counts lines by their sign, from the first hunk on. */
function signs(text: string): { added: number; removed: number } {
  const counts = { added: 0, removed: 0 };
  for (let at = text.indexOf('\n@@ '); at >= 0; at = text.indexOf('\n', at + 1)) {
    const sign = text.charAt(at + 1);
    if (sign === '+') counts.added += 1;
    else if (sign === '-') counts.removed += 1;
  }
  return counts;
}

const bare = (name: string | undefined): string | null =>
  name === undefined || name === '/dev/null' ? null : name.replace(/^[ab]\//, '');

function fileDiff(file: StructuredPatch, size: number): FileDiff {
  const before = bare(file.oldFileName);
  const path = bare(file.newFileName) ?? before ?? '';
  const hunks = file.hunks.map(({ oldStart, newStart, lines }) => numbered(lines, oldStart, newStart));
  const all = hunks.flat();
  return {
    path,
    from: before === null || before === path ? null : before,
    facts: factsOf(file),
    hunks,
    added: all.filter(({ kind }) => kind === 'added').length,
    removed: all.filter(({ kind }) => kind === 'removed').length,
    size,
    unread: false,
  };
}

function numbered(lines: readonly string[], oldStart: number, newStart: number): DiffLine[] {
  let before = oldStart;
  let after = newStart;
  return lines.flatMap((line, i): DiffLine[] => {
    const sign = line.charAt(0);
    const rest = { text: line.slice(1), noNewline: lines[i + 1]?.startsWith('\\') === true };
    if (sign === '\\') return [];
    if (sign === '+') return [{ kind: 'added', ...rest, before: null, after: after++ }];
    if (sign === '-') return [{ kind: 'removed', ...rest, before: before++, after: null }];
    return [{ kind: 'same', ...rest, before: before++, after: after++ }];
  });
}

const SUBMODULE = '160000';
const LINK = '120000';

function factsOf(file: StructuredPatch): string[] {
  const facts: string[] = [];
  const { oldMode, newMode } = file;
  if (file.isCreate === true) facts.push('new file');
  if (file.isDelete === true) facts.push('deleted');
  if (file.isRename === true) facts.push('renamed');
  if (file.isCopy === true) facts.push('copied');
  if (oldMode !== undefined && newMode !== undefined) facts.push(`mode ${oldMode} → ${newMode}`);
  const mode = newMode ?? oldMode;
  if (mode === SUBMODULE) facts.push('submodule');
  else if (mode === LINK) facts.push('symbolic link');
  else if (newMode === '100755' && oldMode === undefined) facts.push('executable');
  if (file.isBinary === true) facts.push('binary');
  return facts;
}

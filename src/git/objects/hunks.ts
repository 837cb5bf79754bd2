import type { TreeId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';
import { AS_COMMITTED, type CommitPair, INERT_DIFF, pairLines } from './file-changes.ts';

/** One place that changed, without context. Lines as text without their line ends. */
export interface DiffHunk {
  readonly path: string;
  /** First line of what it replaces, counted from 1; where `count` is 0, the line after which it inserts. */
  readonly line: number;
  readonly count: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Hunks of each pair, in one git process for all pairs. A binary file, a mode or a bare rename has none. */
export function hunksOf(git: Git, pairs: readonly CommitPair[]): Promise<DiffHunk[][]> {
  return hunksOfLines(git, pairs, pairLines(pairs));
}

/** The same for trees. git takes two of them in the order of time, unlike commits, and names both. */
export function hunksOfTrees(git: Git, pairs: readonly { readonly from: TreeId; readonly to: TreeId }[]): Promise<DiffHunk[][]> {
  return hunksOfLines(git, pairs, pairs.map(({ from, to }) => `${from} ${to}\n`).join(''));
}

async function hunksOfLines(git: Git, pairs: readonly unknown[], input: string): Promise<DiffHunk[][]> {
  if (pairs.length === 0) return [];
  const { stdout } = await git.run(
    ['-c', 'core.quotePath=false', 'diff-tree', '--stdin', '--always', '-r', '-p', '-U0', '-M', ...PREFIXES, ...INERT_DIFF],
    { input, env: AS_COMMITTED },
  );
  const parsed = parseHunks(stdout.toString('utf8'));
  if (parsed.length !== pairs.length) throw new Error(`git answered ${parsed.length} of ${pairs.length} pairs`);
  return parsed;
}

const PREFIXES: readonly string[] = ['--src-prefix=a/', '--dst-prefix=b/'];

/** The patches of all pairs in one git process, in their order. */
export async function patchesOf(
  git: Git,
  pairs: readonly CommitPair[],
  o: { readonly context?: number } = {},
): Promise<string[]> {
  if (pairs.length === 0) return [];
  const args = ['diff-tree', '--stdin', '--always', '-r', '-p', `-U${o.context ?? 3}`, '-M', ...PREFIXES, ...INERT_DIFF];
  const { stdout } = await git.run(['-c', 'core.quotePath=false', ...args], { input: pairLines(pairs), env: AS_COMMITTED });
  // Every line of a patch starts with a word or a sign; a bare object id can only be the next pair's.
  const patches = stdout.toString('utf8').split(/^[0-9a-f]{40}(?:[0-9a-f]{24})?\n/m);
  return patches.slice(1);
}

/** Output of `diff-tree --stdin --always -p -U0`. */
function parseHunks(output: string): DiffHunk[][] {
  const pairs: DiffHunk[][] = [];
  const lines = output.split('\n');
  let before = '';
  let path = '';
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (hunk !== null) {
      const count = Number(hunk[2] ?? 1);
      const removed = take(lines, i + 1, count);
      const added = take(lines, removed.next, Number(hunk[3] ?? 1));
      pairs.at(-1)?.push({ path, line: Number(hunk[1]), count, removed: removed.texts, added: added.texts });
      i = added.next - 1;
    } else if (line.startsWith('--- ')) before = name(line.slice(4));
    else if (line.startsWith('+++ ')) path = name(line.slice(4)) === '' ? before : name(line.slice(4));
    else if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?(?: [0-9a-f]{40,64})?$/.test(line)) pairs.push([]);
  }
  return pairs;
}

/** `count` lines from `at`, without their sign, and past a "\ No newline at end of file", which is part of what they say. */
function take(lines: readonly string[], at: number, count: number): { texts: string[]; next: number } {
  const texts = lines.slice(at, at + count).map((line) => line.slice(1));
  const next = at + count;
  if (count === 0 || lines[next]?.startsWith('\\') !== true) return { texts, next };
  // Two variants that differ in the final line end only did not do the same.
  return { texts: [...texts, lines[next] ?? ''], next: next + 1 };
}

/** A file's name in a header: `a/` or `b/` taken off, quotes undone; empty for /dev/null. */
function name(text: string): string {
  // git ends a name that has spaces with a tab.
  const plain = text.startsWith('"') ? unquote(text) : text.replace(/\t$/, '');
  return plain === '/dev/null' ? '' : plain.slice(2);
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** git's C-style quoting. */
function unquote(text: string): string {
  const inner = text.replace(/^"|"\s*$/g, '');
  return inner.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
}

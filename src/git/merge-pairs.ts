import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CommitId } from '../model/ids.ts';
import { objectsGit } from './door.ts';

/** How two commits merge. `null` in a list of these: it cannot be told, e.g. they have no history in common. */
export interface PairMerge {
  readonly clean: boolean;
  /** Paths that conflict, as git names them; none where it is clean. */
  readonly conflicts: readonly string[];
}

export interface MergePairsOptions {
  readonly commonDir: string;
  /** `ours` first: its `.gitattributes` decide in a real merge. */
  readonly pairs: readonly (readonly [ours: CommitId, theirs: CommitId])[];
  /** Whose `.gitattributes` count (`merge=union`, `-merge`): the target, or what all started from. Null: none. */
  readonly attributesOf: CommitId | null;
  readonly signal?: AbortSignal;
}

/** Two processes keep two cores busy; a third would only compete. */
const PROCESSES = 2;

/**
 * Merges each pair of commits in memory, all pairs in two git processes. Leaves nothing behind: what a merge writes goes into an
 * object store of its own that is deleted. No merge driver that the repository configures runs.
 */
export async function mergePairs(o: MergePairsOptions): Promise<(PairMerge | null)[]> {
  if (o.pairs.length === 0) return [];
  const scratch = await mkdtemp(join(tmpdir(), 'copse-merge-'));
  try {
    const attributes = join(scratch, 'tree');
    await mkdir(attributes);
    await mkdir(join(scratch, 'objects'));
    if (o.attributesOf !== null) await writeAttributes(o.commonDir, o.attributesOf, attributes);
    const share = Math.ceil(o.pairs.length / (o.pairs.length < 8 ? 1 : PROCESSES));
    const parts: (readonly (readonly [CommitId, CommitId])[])[] = [];
    for (let at = 0; at < o.pairs.length; at += share) parts.push(o.pairs.slice(at, at + share));
    const results = await Promise.all(parts.map((pairs) => mergeSome({ ...o, pairs }, scratch, attributes)));
    return results.flat();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function mergeSome(o: MergePairsOptions, scratch: string, tree: string): Promise<(PairMerge | null)[]> {
  const git = objectsGit(o.commonDir, { workTree: tree });
  const results: (PairMerge | null)[] = [];
  while (results.length < o.pairs.length) {
    const input = o.pairs
      .slice(results.length)
      .map(([ours, theirs]) => `${ours} ${theirs}\n`)
      .join('');
    const { stdout, exitCode } = await git.run(['merge-tree', '--write-tree', '--stdin', '--name-only'], {
      input,
      env: {
        GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
        GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(o.commonDir, 'objects')),
      },
      // 128: a pair that cannot be merged at all ends the batch; those before it were answered.
      ok: [0, 128],
      ...(o.signal === undefined ? {} : { signal: o.signal }),
    });
    results.push(...parseMerges(stdout));
    if (results.length < o.pairs.length) {
      if (exitCode === 0) throw new Error(`git answered ${results.length} of ${o.pairs.length} merges`);
      results.push(null);
    }
  }
  return results;
}

/**
 * For each pair: `1\0<tree>\0\0` where it is clean, else `0\0<tree>\0`, conflicted paths, an empty field, messages (`<n>\0`, n paths,
 * type, text), an empty field. Some conflicts (a folder that was split) name their paths in the messages alone.
 */
export function parseMerges(stdout: Buffer): PairMerge[] {
  const fields = stdout.toString('utf8').split('\0');
  const merges: PairMerge[] = [];
  for (let i = 0; i + 2 < fields.length; i += 1) {
    const clean = fields[i] === '1';
    const conflicts = new Set<string>();
    for (i += 2; i < fields.length && fields[i] !== ''; i += 1) conflicts.add(fields[i] ?? '');
    if (!clean) {
      for (i += 1; i < fields.length && fields[i] !== ''; ) {
        const count = Number(fields[i]);
        const type = fields[i + count + 1] ?? '';
        if (type.startsWith('CONFLICT')) for (const path of fields.slice(i + 1, i + 1 + count)) conflicts.add(path);
        i += count + 3;
      }
    }
    merges.push({ clean, conflicts: [...conflicts].sort() });
  }
  return merges;
}

/** git knows the tree without entries by heart, also where no repository holds it. */
const EMPTY_TREE_SHA1 = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const EMPTY_TREE_SHA256 = '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
const SHA1_LENGTH = 40;

/** git looks for attributes in the files of a worktree: one that holds nothing else is made for it. */
async function writeAttributes(commonDir: string, commit: CommitId, folder: string): Promise<void> {
  const git = objectsGit(commonDir);
  // A diff against nothing takes patterns, which spares listing every file of a large tree.
  const none = commit.length === SHA1_LENGTH ? EMPTY_TREE_SHA1 : EMPTY_TREE_SHA256;
  const only = ['--', ':(glob)**/.gitattributes'];
  const { stdout } = await git.run(['diff-tree', '-r', '-z', '--raw', '--abbrev=64', none, commit, ...only]);
  const fields = stdout.toString('utf8').split('\0');
  const files = fields.flatMap((field, i) => {
    const id = /^:000000 100\d{3} 0+ ([0-9a-f]+) A$/.exec(field)?.[1];
    return id === undefined ? [] : [{ id, path: fields[i + 1] ?? '' }];
  });
  for (const { id, path } of files) {
    const { stdout: content } = await git.run(['cat-file', 'blob', id]);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** The list of object stores is cut at colons unless an entry is quoted. */
function quoted(path: string): string {
  return /[:"]/.test(path) ? `"${path.replace(/[\\"]/g, '\\$&')}"` : path;
}

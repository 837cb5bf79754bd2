/**
 * Contents that are only in an index or in files, as objects: so that git keeps them as long as a ref of copse names them, even without the files.
 * With git that distrusts the worktree and runs no filter: each file byte for byte.
 */
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { OUR_IDENTITY } from '../../git/commit/author-identity.ts';
import { commitTree } from '../../git/merging/merge-tree.ts';
import { distrustedGit, type Git } from '../../git/spawn/git-in.ts';
import { unhide } from '../../git/worktree/hidden-changes.ts';
import { withIndexCopy } from '../../git/worktree/index-copy.ts';
import { summarizeIndex } from '../../git/worktree/index-size.ts';
import { pathBytes, type RawPath, split, workingChanges } from '../../git/worktree/working-changes.ts';
import { worktreeStatus } from '../../git/worktree/worktree-status.ts';
import type { AbsolutePath, CommitId, TreeId } from '../../model/ids.ts';
import { exists } from '../../system/files.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';

export interface Snapshot {
  /** Tree of the index; the stages of a conflict are below `copse-stage-<n>/`. null: as HEAD's. */
  readonly index: TreeId | null;
  /** Commit on HEAD with the files as they are, untracked ones too. null: as the index. */
  readonly files: CommitId | null;
  /** Files too large to be put among the objects: they are in the trash as long as the folder is. */
  readonly left: readonly string[];
}

/** Of a worktree whose HEAD has all of it. */
export const NOTHING_TO_SNAP: Snapshot = { index: null, files: null, left: [] };

/** Beyond this an untracked file (a disk image, a video) would only make the repository grow. */
const LARGEST_BYTES = 100 * 1024 * 1024;

interface Place {
  readonly commonDir: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly path: AbsolutePath;
  readonly headCommit: CommitId | null;
}

/** Index and files of a worktree. One git process if nothing differs from HEAD. */
export async function snapshotWorktree(place: Place): Promise<Snapshot> {
  const looking = distrustedGit({ ...place, workTree: place.path, filters: 'none' });
  const { dirty, untracked } = await worktreeStatus(looking, { amongMany: true });
  if (dirty.length === 0 && untracked.length === 0 && !(await mayHide(place))) return NOTHING_TO_SNAP;
  return withIndexCopy(place, async (git) => {
    await unhide(git, place.path);
    const index = await indexTree(place, git);
    const { tree, left } = await filesTree(place, git);
    if (tree === index) return { index, files: null, left };
    const parents = place.headCommit === null ? [] : [place.headCommit];
    const message = `Uncommitted files of ${place.path}\n`;
    return { index, files: await commitTree(git, { tree, parents, message, identity: OUR_IDENTITY }), left };
  });
}

async function mayHide({ gitDir, headCommit }: Place): Promise<boolean> {
  const summary = await summarizeIndex(join(gitDir, 'index'), headCommit?.length === 64 ? 32 : 20);
  return summary === null || summary.mayHide;
}

/** The index alone, for a worktree whose folder is gone. */
export async function snapshotIndex(place: Place): Promise<Snapshot> {
  if (!(await exists(join(place.gitDir, 'index')))) return NOTHING_TO_SNAP;
  return withIndexCopy({ ...place, path: place.commonDir }, async (git) => ({
    ...NOTHING_TO_SNAP,
    index: await indexTree(place, git),
  }));
}

async function indexTree(place: Place, git: Git): Promise<TreeId> {
  const unmerged = split((await git.run(['ls-files', '-z', '--unmerged'])).stdout);
  if (unmerged.length > 0) {
    // "<mode> <id> <stage>\t<path>": a tree has no stages, so each gets its own folder.
    const lines = unmerged.map((line) => {
      const tab = line.indexOf('\t');
      const [mode, id, stage] = line.slice(0, tab).split(' ');
      return { path: line.slice(tab + 1), staged: `${mode} ${id}\tcopse-stage-${stage}/${line.slice(tab + 1)}` };
    });
    const removed = [...new Set(lines.map(({ path }) => removal(place, path)))];
    await updateFrom(git, [...removed, ...lines.map(({ staged }) => staged)]);
  }
  return (await git.run(['write-tree', '--missing-ok'])).text;
}

/** Brings the index that `git` has up to the files, and writes it. */
async function filesTree(place: Place, git: Git): Promise<{ tree: TreeId; left: readonly string[] }> {
  const changes = await workingChanges(git);
  const left: string[] = [];
  const files: RawPath[] = [];
  const lines: string[] = changes.deleted.map((path) => removal(place, path));
  const modes = new Map<RawPath, string>();
  await forEachAtMost(8, [...changes.modified, ...changes.untracked], async (path) => {
    const bytes = pathBytes(place.path, path);
    const stat = await lstat(bytes).catch(() => null); // Gone since git listed it.
    if (stat?.isSymbolicLink() === true) {
      const target = await readlink(bytes, { encoding: 'buffer' });
      lines.push(`120000 ${(await git.run(['hash-object', '-w', '--stdin'], { input: target })).text}\t${path}`);
    } else if (stat?.isFile() === true && stat.size <= LARGEST_BYTES) {
      files.push(path);
      modes.set(path, (stat.mode & 0o100) === 0 ? '100644' : '100755');
    } else if (stat !== null) left.push(path);
  });
  const ids = await hashFiles(git, files, place.path, left);
  for (const [path, id] of ids) lines.push(`${modes.get(path) ?? '100644'} ${id}\t${path}`);
  await updateFrom(git, lines);
  return { tree: (await git.run(['write-tree', '--missing-ok'])).text, left };
}

/** Writes files as they are; one git process, halves if one cannot be read. */
async function hashFiles(git: Git, files: readonly RawPath[], folder: string, left: string[]): Promise<[RawPath, string][]> {
  if (files.length === 0) return [];
  const input = Buffer.concat(files.map((path) => Buffer.concat([quoted(pathBytes(folder, path)), Buffer.from('\n')])));
  const { text, exitCode } = await git.run(['hash-object', '-w', '--no-filters', '--stdin-paths'], { input, ok: [0, 128] });
  const ids = text.split('\n');
  if (exitCode === 0 && ids.length === files.length) return files.map((path, i) => [path, ids[i] ?? '']);
  const [only] = files;
  if (files.length === 1 && only !== undefined) {
    left.push(only);
    return [];
  }
  const middle = Math.ceil(files.length / 2);
  return [
    ...(await hashFiles(git, files.slice(0, middle), folder, left)),
    ...(await hashFiles(git, files.slice(middle), folder, left)),
  ];
}

/** As git quotes a path: one a line, so that line breaks and quotes must be escaped. */
function quoted(path: Buffer): Buffer {
  if (!path.includes(10) && !path.includes(34) && !path.includes(92) && !path.includes(13)) return path;
  const bytes = [...path].map((byte) =>
    byte < 32 || byte === 34 || byte === 92 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte),
  );
  return Buffer.from(`"${bytes.join('')}"`, 'latin1');
}

/** A line of `--index-info` that takes a path out; git wants an id of the repository's length there (64 with SHA-256). */
function removal({ headCommit }: Place, path: RawPath): string {
  return `0 ${'0'.repeat(headCommit?.length ?? 40)}\t${path}`;
}

/** Removals first: a folder may have replaced a file. */
async function updateFrom(git: Git, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const ordered = [...lines].sort((a, b) => Number(b.startsWith('0 ')) - Number(a.startsWith('0 ')));
  const input = Buffer.from(`${ordered.join('\0')}\0`, 'latin1');
  await git.run(['update-index', '--add', '--replace', '-z', '--index-info'], { input });
}

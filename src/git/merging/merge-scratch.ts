import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CommitId } from '../../model/ids.ts';
import type { Environment } from '../../system/environment.ts';
import { isErrno } from '../../system/files.ts';
import { fetchMissing, fetchObjects, unlessMissing } from '../objects/fetch-missing.ts';
import { type Git, type GitResult, objectsGit } from '../spawn/git-in.ts';
import { MERGE_BATCH, type Merged, parseFirst, parseMerges } from './parse-merges.ts';

export type { Merged } from './parse-merges.ts';

/** A place to merge in that leaves nothing behind: a merge writes into its own object store, which is deleted. */
export interface MergeScratch {
  /** Sees the repository's objects and those of the scratch; writes to the scratch. */
  readonly git: Git;
  /** Deleted with the scratch. */
  readonly folder: string;
  /** There will be something to merge: makes ready for it meanwhile. */
  prepare(): void;
  /**
   * Merges each pair in two git processes for all. Null: unknown, e.g. they have no history in common. `union`: if text
   * conflicts, both sides are kept, that of `ours` first.
   */
  merge(pairs: readonly MergePair[], o?: MergeOptions): Promise<(Merged | null)[]>;
}

export interface MergeOptions {
  readonly signal?: AbortSignal;
  readonly union?: boolean;
}

/** `ours` first. */
export type MergePair = readonly [ours: CommitId, theirs: CommitId];

export interface ScratchOptions {
  readonly commonDir: string;
  /** Whose `.gitattributes` count (`merge=union`, `-merge`). Null: none. */
  readonly attributesOf: CommitId | null;
  /**
   * `plain`: as git merges by itself. Neither the person's nor the machine's configuration and attributes count, and a file that is
   * marked for a driver (`merge=ours`, `merge=union`) merges as text, so that a driver's choice is a conflict.
   */
  readonly drivers?: 'plain';
}

/** Two processes keep two cores busy; a third would only compete. */
const PROCESSES = 2;
/** Fewer pairs than this take less than the start of a second process. */
const WORTH_SHARING = 8;

/** No configuration but the repository's data, which `objectsGit` takes care of. */
export const PLAIN: Environment = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_ATTR_NOSYSTEM: '1' };
/** Its default is a file below the person's home, whatever the configuration. */
const NO_ATTRIBUTES_OF_THE_PERSON: readonly string[] = ['-c', 'core.attributesFile=/dev/null'];

/** No merge driver that the repository configures runs. */
export async function withMergeScratch<T>(o: ScratchOptions, use: (scratch: MergeScratch) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'copse-merge-'));
  const tree = join(folder, 'tree');
  await mkdir(tree);
  await mkdir(join(folder, 'objects'));
  const running = new Set<Promise<unknown>>();
  const git = scratchGit(o, folder, tree, running);
  let writing: Promise<void> | null = null;
  // Looking for them reads every folder: only if there is something to merge.
  const prepare = (): Promise<void> => {
    writing ??=
      o.attributesOf === null ? Promise.resolve() : writeAttributes(o.commonDir, o.attributesOf, tree, o.drivers === 'plain');
    // The caller of a merge gets the error.
    writing.catch(() => undefined);
    return writing;
  };
  const written = (): Promise<void> | null => writing;
  try {
    return await use({
      git,
      folder,
      prepare: () => void prepare(),
      async merge(pairs, run = {}) {
        if (pairs.length === 0) return [];
        // Unreachable: merges that need it are unknown, the others are not.
        await fetchMissing(
          o.commonDir,
          pairs.map((sides) => ({ base: null, sides })),
        ).catch(unlessMissing);
        await prepare();
        if (run.union !== true) return mergeAll(git, pairs, run.signal);
        const attributes = join(folder, 'union');
        await writeFile(attributes, '* merge=union\n');
        const union: Git = { ...git, run: (args, o) => git.run(['-c', `core.attributesFile=${attributes}`, ...args], o) };
        return mergeAll(union, pairs, run.signal);
      },
    });
  } finally {
    // Nothing may write there any more, even if one of several parallel merges failed; its caller has the error.
    await written()?.catch(() => undefined);
    while (running.size > 0) await Promise.allSettled(running);
    await removeFolder(folder);
  }
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch (error) {
    // Merges are valid, and so is a pending error: the system will clean up the folder.
    if (!isErrno(error, 'ENOTEMPTY', 'EBUSY', 'EACCES', 'EPERM', 'EIO', 'EROFS')) throw error;
  }
}

/** `running`: each git is in it for as long as it may write. */
function scratchGit(o: ScratchOptions, folder: string, workTree: string, running: Set<Promise<unknown>>): Git {
  const git = objectsGit(o.commonDir, { workTree });
  const env = {
    GIT_OBJECT_DIRECTORY: join(folder, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(o.commonDir, 'objects')),
    ...(o.drivers === 'plain' ? PLAIN : {}),
  };
  const before = o.drivers === 'plain' ? NO_ATTRIBUTES_OF_THE_PERSON : [];
  return {
    cwd: git.cwd,
    async run(args, run = {}): Promise<GitResult> {
      const result = git.run([...before, ...args], { ...run, env: { ...env, ...run.env } });
      running.add(result);
      try {
        return await result;
      } finally {
        running.delete(result);
      }
    },
  };
}

async function mergeAll(git: Git, pairs: readonly MergePair[], signal?: AbortSignal): Promise<(Merged | null)[]> {
  const share = Math.ceil(pairs.length / (pairs.length < WORTH_SHARING ? 1 : PROCESSES));
  const parts: (readonly MergePair[])[] = [];
  for (let at = 0; at < pairs.length; at += share) parts.push(pairs.slice(at, at + share));
  return (await Promise.all(parts.map((part) => mergeSome(git, part, signal)))).flat();
}

async function mergeSome(git: Git, pairs: readonly MergePair[], signal?: AbortSignal): Promise<(Merged | null)[]> {
  const results: (Merged | null)[] = [];
  while (results.length < pairs.length) {
    const open = pairs.slice(results.length);
    const { stdout, exitCode } = await git.run(MERGE_BATCH, {
      input: open.map(([ours, theirs]) => `${ours} ${theirs}\n`).join(''),
      // 128: a pair that cannot be merged at all ends the batch; those before it were answered.
      ok: [0, 128],
      ...(signal === undefined ? {} : { signal }),
    });
    const answers = parseMerges(stdout);
    const isWhole = exitCode === 0 ? answers?.length === open.length : answers !== null && answers.length < open.length;
    if (isWhole) results.push(...(answers ?? []), ...(exitCode === 0 ? [] : [null]));
    // Of one pair the first two fields are the answer, whatever follows.
    else if (open.length === 1) results.push(parseFirst(stdout));
    // An answer cannot be matched to its question: smaller batches find the pair that git says more of than it should.
    else {
      const half = Math.ceil(open.length / 2);
      results.push(...(await mergeSome(git, open.slice(0, half), signal)));
      results.push(...(await mergeSome(git, open.slice(half), signal)));
    }
  }
  return results;
}

/** git knows the empty tree, even if no repository has it. */
const EMPTY_TREE_SHA1 = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const EMPTY_TREE_SHA256 = '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
const SHA1_LENGTH = 40;

/** git looks for attributes in the files of a worktree: one that holds nothing else is made for it. */
async function writeAttributes(commonDir: string, commit: CommitId, folder: string, plain: boolean): Promise<void> {
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
  await fetchObjects(
    commonDir,
    files.map(({ id }) => id),
  );
  for (const { id, path } of files) {
    const { stdout: content } = await git.run(['cat-file', 'blob', id]);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), plain ? withoutDrivers(content) : content);
  }
}

/** `merge` alone is git's own text merge, whatever drivers there are. Files that are not merged (`-merge`, `merge=binary`) stay so. */
function withoutDrivers(attributes: Buffer): Buffer {
  const text = attributes.toString('latin1').replace(/(?<=\s)merge=(?!binary(?:\s|$))\S*/g, 'merge');
  return Buffer.from(text, 'latin1');
}

/** The list of object stores is cut at colons unless an entry is quoted. */
function quoted(path: string): string {
  return /[:"]/.test(path) ? `"${path.replace(/[\\"]/g, '\\$&')}"` : path;
}

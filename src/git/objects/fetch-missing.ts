/**
 * In a partial clone the content of files is fetched when it is needed, one object at a time unless git knows what it will need. A merge in
 * memory runs without a remote (`objectsGit`), so the files it reads are fetched before, all at once and as git itself does it.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { CommitId } from '../../model/ids.ts';
import { storeAt } from '../../store/layout.ts';
import { readTextIfExists } from '../../system/files.ts';
import { GitError } from '../spawn/git-error.ts';
import { objectsGit, QUIET } from '../spawn/git-in.ts';
import { makeShadow, shadowPaths } from '../spawn/shadow-directory.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';
import { captureConfig } from '../spawn/trusted-config.ts';
import { split } from '../worktree/working-changes.ts';

/** Commits that are merged, and from where: null means their merge base. */
export interface Reading {
  readonly base: CommitId | null;
  readonly sides: readonly [CommitId, CommitId];
}

/**
 * Fetches what these merges read and the repository lacks. Does nothing if it is complete. CopseError `objects-missing` (exit 3) if the
 * remote cannot be reached.
 */
export async function fetchMissing(commonDir: string, readings: readonly Reading[]): Promise<void> {
  if (readings.length === 0 || !(await isPartial(commonDir))) return;
  await fetchObjects(commonDir, await contentOf(commonDir, readings));
}

/**
 * As {@link fetchMissing}, for judging what became of branches on a target: the versions of files that they touch on either side since all of
 * them left it. If the remote is unreachable, missing files are unknown, everything else is not.
 */
export async function fetchCourses(commonDir: string, target: CommitId, tips: readonly CommitId[]): Promise<void> {
  if (tips.length === 0 || !(await isPartial(commonDir))) return;
  const git = objectsGit(commonDir);
  const { text: base } = await git.run(['merge-base', '--octopus', target, ...tips], { ok: [0, 1, 128] });
  if (base === '') return;
  const paths = new Set<string>();
  for (const tip of tips)
    for (const path of split((await git.run(['diff-tree', '-r', '-z', '--name-only', '--no-renames', base, tip])).stdout))
      paths.add(path);
  if (paths.size === 0) return;
  const revisions = [target, ...tips, `^${base}`].join('\n');
  const { stdout } = await git.run(
    ['--literal-pathspecs', 'log', '--format=', '-m', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', '--stdin'],
    { input: Buffer.from(`${revisions}\n--\n${[...paths].join('\n')}\n`, 'latin1') },
  );
  await fetchObjects(commonDir, idsIn(stdout)).catch(unlessMissing);
}

/** Continues without files that could not be fetched. */
export function unlessMissing(error: unknown): void {
  if (!(error instanceof CopseError && error.code === 'objects-missing')) throw error;
}

/** As {@link fetchMissing}, of single objects. */
export async function fetchObjects(commonDir: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0 || !(await isPartial(commonDir))) return;
  const missing = await missingOf(commonDir, ids);
  if (missing.length > 0) await fetchAll(commonDir, missing);
}

/** By the file as it is: an ordinary clone costs no git process. */
async function isPartial(commonDir: string): Promise<boolean> {
  return /^\s*(?:promisor|partialclone(?:filter)?)\s*(?:=|$)/im.test((await readTextIfExists(join(commonDir, 'config'))) ?? '');
}

/** Ids of all contents in which a side differs from its base. */
async function contentOf(commonDir: string, readings: readonly Reading[]): Promise<readonly string[]> {
  const git = objectsGit(commonDir);
  const pairs = new Set<string>();
  for (const { base, sides } of readings) {
    const bases = base === null ? (await git.run(['merge-base', '--all', ...sides], { ok: [0, 1, 128] })).text : base;
    for (const one of bases.split('\n').filter((id) => id !== '')) for (const side of sides) pairs.add(`${one} ${side}`);
  }
  const ids = new Set<string>();
  for (const pair of pairs) {
    const { stdout } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', ...pair.split(' ')]);
    for (const id of idsIn(stdout)) ids.add(id);
  }
  return [...ids];
}

/** Contents on both sides of raw differences. */
function idsIn(raw: Buffer): readonly string[] {
  const ids = new Set<string>();
  for (const field of split(raw)) {
    const [, before = '', after = '', from = '', to = ''] = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(field) ?? [];
    // A submodule's commit is none of this repository's objects.
    if (/^1[02]/.test(before)) ids.add(from);
    if (/^1[02]/.test(after)) ids.add(to);
  }
  return [...ids].filter((id) => !/^0+$/.test(id));
}

async function missingOf(commonDir: string, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  // Without a remote git says what is missing instead of fetching it.
  const { text } = await objectsGit(commonDir).run(['cat-file', '--batch-check'], { input: `${ids.join('\n')}\n` });
  return text.split('\n').flatMap((line) => (line.endsWith(' missing') ? [line.slice(0, -' missing'.length)] : []));
}

async function fetchAll(commonDir: string, ids: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'copse-fetch-'));
  const dir = join(folder, 'git');
  const paths = {
    ...shadowPaths(commonDir, commonDir),
    dir,
    config: join(dir, 'config'),
    head: join(dir, 'HEAD'),
    info: join(dir, 'info'),
  };
  try {
    const config = await remoteConfig(commonDir);
    makeShadow(paths, config);
    const git = { cwd: dir, env: gitEnvironment({ GIT_DIR: dir }) };
    const remote = await promisorOf(git);
    const args = [
      'fetch',
      remote,
      '--no-tags',
      '--no-write-fetch-head',
      '--recurse-submodules=no',
      '--filter=blob:none',
      '--stdin',
    ];
    await spawnGit([...QUIET, '-c', 'fetch.negotiationAlgorithm=noop', ...args], { ...git, input: `${ids.join('\n')}\n` });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new CopseError({
      code: 'objects-missing',
      exit: EXIT.precondition,
      what: `${ids.length === 1 ? 'A file' : `${ids.length} files`} that this merge reads ${ids.length === 1 ? 'is' : 'are'} not here: this is a partial clone, and they could not be fetched.`,
      why: error.message,
      hint: 'Repeat the command when the remote can be reached.',
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function promisorOf(git: { cwd: string; env: ReturnType<typeof gitEnvironment> }): Promise<string> {
  const { text } = await spawnGit(['config', '--get-regexp', '^remote\\..*\\.promisor$', '^(true|yes|on|1)$'], {
    ...git,
    ok: [0, 1],
  });
  return /^remote\.(.+)\.promisor /.exec(text)?.[1] ?? 'origin';
}

/** How the remote is reached, as the newest run found it before its first agent; without a run as it is. */
async function remoteConfig(commonDir: string): Promise<string> {
  const { runs } = storeAt(commonDir);
  const files = (await readdir(runs).catch(() => [])).map((run) => join(runs, run, 'git-config')); // No run was ever made.
  const dated = await Promise.all(files.map(async (file) => ({ file, at: (await stat(file).catch(() => null))?.mtimeMs ?? 0 })));
  const newest = dated.sort((a, b) => b.at - a.at)[0];
  const kept = newest === undefined ? null : await readTextIfExists(newest.file);
  return kept ?? (await captureConfig(commonDir));
}

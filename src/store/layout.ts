import { createHash } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AttemptFiles } from '../model/attempt.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, RunId, TreeId, VariantName } from '../model/ids.ts';
import { isErrno, makePrivateDirectory, replaceFile, temporaryBeside } from '../system/files.ts';
import { noSuchRun } from './no-such-run.ts';
import { writeError } from './write-error.ts';

/** Version of everything below `copse/`: folder names, events, snapshots. */
export const SCHEMA = 1;

/** The paths of copse's state for one repository; {@link ensureStore} creates them. */
export interface Store {
  /** `<common dir>/copse`, which may also have the state of older and newer versions. */
  readonly home: AbsolutePath;
  readonly root: AbsolutePath;
  /** The repository lock: id allocation and each change of worktrees and refs. */
  readonly lock: AbsolutePath;
  readonly runs: AbsolutePath;
  readonly operations: AbsolutePath;
  runDir(id: RunId): AbsolutePath;
}

export interface RunPaths {
  readonly run: RunId;
  readonly commonDir: AbsolutePath;
  readonly dir: AbsolutePath;
  /** Held by the process that may write to this run. */
  readonly lock: AbsolutePath;
  readonly plan: AbsolutePath;
  /** Proves that the person's copse wrote the plan. */
  readonly seal: AbsolutePath;
  readonly events: AbsolutePath;
  readonly snapshot: AbsolutePath;
  readonly supervisor: AbsolutePath;
  readonly supervisorLog: AbsolutePath;
  readonly requests: AbsolutePath;
  variantDir(variant: VariantName): AbsolutePath;
  /** `attempt` counts from 1. */
  attempt(variant: VariantName, attempt: number): AttemptFiles;
  setupLog(variant: VariantName, index: number): AbsolutePath;
  /** `variant` null: on the base. */
  checkLog(variant: VariantName | null, check: string, tree: TreeId): AbsolutePath;
}

/** The common git directory whose state this is. */
export function commonDirOf({ home }: Store): AbsolutePath {
  return dirname(home);
}

/** The state of the repository with this common git directory. Pure. */
export function storeAt(commonDir: AbsolutePath): Store {
  const home = join(commonDir, 'copse');
  const root = join(home, `v${SCHEMA}`);
  const runs = join(root, 'runs');
  return {
    home,
    root,
    lock: join(root, 'lock'),
    runs,
    operations: join(root, 'operations'),
    runDir: (id) => join(runs, checkedRunId(id)),
  };
}

/** In a variant's folder: its worktree is set up, and from what. */
export const SETUP_DONE = 'setup.done';

/** Everything of one run. Pure. CopseError `no-such-run` for a text that cannot be a run's id. */
export function runPaths(store: Store, id: RunId): RunPaths {
  const dir = store.runDir(id);
  const variantDir = (variant: VariantName): string => join(dir, variantFolder(variant));
  return {
    run: id,
    commonDir: commonDirOf(store),
    dir,
    lock: join(dir, 'lock'),
    plan: join(dir, 'plan.json'),
    seal: join(dir, 'plan.seal'),
    events: join(dir, 'events.ndjson'),
    snapshot: join(dir, 'run.json'),
    supervisor: join(dir, 'supervisor.json'),
    supervisorLog: join(dir, 'supervisor.log'),
    requests: join(dir, 'requests'),
    variantDir,
    attempt: (variant, attempt) => {
      const file = (ending: string): string => join(variantDir(variant), `${attempt}.${ending}`);
      return {
        prompt: file('prompt'),
        stdout: file('ndjson'),
        stderr: file('stderr'),
        exit: file('exit'),
        extras: file('extras'),
      };
    },
    setupLog: (variant, index) => join(variantDir(variant), 'setup', `setup-${index}.log`),
    checkLog: (variant, check, tree) =>
      join(
        variant === null ? join(dir, BASE_FOLDER) : variantDir(variant),
        'checks',
        `${fileName(check)}.${tree.slice(0, 12)}.log`,
      ),
  };
}

/** Starts with a dot, which no variant's name does. */
const BASE_FOLDER = '.base';
const OWN_FOLDERS = new Set(['lock', 'requests']);

/** Variants are beside copse's own entries; one with such a name gets an ending that no variant's name can have. */
function variantFolder(variant: VariantName): string {
  return OWN_FOLDERS.has(variant) ? `${variant}.variant` : variant;
}

/** Ids come from the command line too: one that is not a single plain name must not reach the file system. */
function checkedRunId(id: RunId): RunId {
  if (isRunId(id)) return id;
  throw noSuchRun(id);
}

/** Whether a text is a single plain name, as every run's id is. */
export function isRunId(text: string): text is RunId {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(text);
}

/** A check's name is free text; as a file name it stays readable and unique. */
function fileName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(name)) return name;
  const readable = name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);
  return `${readable}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** The size of a small run's first records; without even that a run had better not start. */
const PROBE_BYTES = 16 * 1024;

/**
 * Makes the store's folders and proves that they can be written, before anything is spent. CopseErrors (exit 3):
 * `newer-state`, `state-not-writable`, `no-space`.
 */
export async function ensureStore(store: Store): Promise<void> {
  await refuseNewerStore(store);
  const probe = temporaryBeside(join(store.root, 'probe'));
  try {
    for (const folder of [store.home, store.root, store.runs, store.operations]) await makePrivateDirectory(folder);
    // Permissions alone do not tell: root may do anything but on a read-only mount, and a full disk has them all.
    await replaceFile(probe, new Uint8Array(PROBE_BYTES));
    await unlink(probe);
  } catch (error) {
    throw writeError(error, store.root);
  }
}

/** A newer copse keeps its state beside this one's. Two versions at work on one repository would not see each other's locks. */
export async function refuseNewerStore(store: Store): Promise<void> {
  let names: string[];
  try {
    names = await readdir(store.home);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  const newer = names.find((name) => /^v\d+$/.test(name) && Number(name.slice(1)) > SCHEMA);
  if (newer !== undefined) throw newerState(join(store.home, newer));
}

/** The refusal of anything that a newer copse wrote: reading it wrongly could cost work. */
export function newerState(path: string): CopseError {
  return new CopseError({
    code: 'newer-state',
    exit: EXIT.precondition,
    what: `A newer copse wrote ${path}.`,
    why: 'This version cannot read it, so it changes nothing.',
    hint: 'Use the newer version: npm install --global copse@latest',
  });
}

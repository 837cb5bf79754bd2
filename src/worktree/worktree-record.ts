import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegular } from '../git/spawn/read-regular.ts';
import { replaceUnsynced } from '../git/spawn/replace-unsynced.ts';
import type { AbsolutePath, RunId, VariantName } from '../model/ids.ts';
import { commonDirOf, isRunId, type Store } from '../store/layout.ts';
import { isPlainPath } from '../store/record.ts';
import { replaceFile } from '../system/files.ts';

/**
 * copse's record of its worktree. It is in the worktree's git directory once that is complete (`copse.json`), and under
 * `<store>/creating/` from the reservation of git's entry until then, so that a crash leaves a record of what to roll back.
 */
export interface WorktreeRecord {
  readonly schema: 1;
  readonly run: RunId;
  readonly variant: VariantName;
  readonly path: AbsolutePath;
  readonly branch: string;
  readonly start: string;
  /** Its branch's commit when it replaced a missing worktree: that branch must not be rolled back. */
  readonly tip?: string;
  /** Proves later that this is the very worktree. */
  readonly nonce: string;
  readonly gitDir: AbsolutePath;
  readonly port: number | null;
  readonly copied: readonly string[];
  /** Filters that could not run when it was made; set-up is to unlock them. */
  readonly unfilled?: readonly string[];
}

const NAME = 'copse.json';

/** Why git's entry is locked while a variant is made or works there: by it the entry is known as this variant's. */
export function lockReason({ run, variant }: Pick<WorktreeRecord, 'run' | 'variant'>): string {
  return `copse: ${run}/${variant} works here`;
}

/** null: not a worktree of copse, or not a complete one. */
export async function readRecord(gitDir: AbsolutePath): Promise<WorktreeRecord | null> {
  return parse(await readRegular(join(gitDir, NAME), { large: true }));
}

export async function writeRecord(record: WorktreeRecord): Promise<void> {
  await replaceFile(join(record.gitDir, NAME), `${JSON.stringify(record)}\n`);
}

export async function readIntent(store: Store, run: RunId, variant: VariantName): Promise<WorktreeRecord | null> {
  return intentOf(store, `${run}.${variant}.json`);
}

/** A file with another name than its contents say, or with an entry of another repository, is not copse's intent. */
async function intentOf(store: Store, name: string): Promise<WorktreeRecord | null> {
  const record = parse(await readRegular(join(store.root, 'creating', name), { large: true }));
  const same = record !== null && `${record.run}.${record.variant}.json` === name;
  return same && dirname(record.gitDir) === join(commonDirOf(store), 'worktrees') ? record : null;
}

export async function writeIntent(store: Store, record: WorktreeRecord): Promise<void> {
  await mkdir(join(store.root, 'creating'), { recursive: true, mode: 0o700 });
  await replaceUnsynced(intentPath(store, record.run, record.variant), `${JSON.stringify(record)}\n`);
}

export async function removeIntent(store: Store, run: RunId, variant: VariantName): Promise<void> {
  await rm(intentPath(store, run, variant), { force: true });
}

/** Creations that were begun and neither finished nor taken back; some may be under way right now. */
export async function listIntents(store: Store): Promise<WorktreeRecord[]> {
  const names = await readdir(join(store.root, 'creating')).catch(() => []); // Nothing was ever created here.
  const records = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => intentOf(store, name)));
  return records.filter((record) => record !== null);
}

function intentPath(store: Store, run: RunId, variant: VariantName): string {
  return join(store.root, 'creating', `${run}.${variant}.json`);
}

function parse(text: string | null): WorktreeRecord | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    // Truncated by a full disk, or overwritten: it proves nothing then, as if it were missing.
    return null;
  }
}

// By hand: this is on the way of commands that must be there at once, and the schema library takes longer to load than they.
function isRecord(value: unknown): value is WorktreeRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  return (
    fields.get('schema') === 1 &&
    [fields.get('path'), fields.get('gitDir')].every(isPlainPath) &&
    ['run', 'variant', 'branch', 'start'].every((name) => typeof fields.get(name) === 'string') &&
    isNonce(fields.get('nonce')) &&
    isRunId(String(fields.get('run'))) &&
    isRunId(String(fields.get('variant'))) &&
    (fields.get('port') === null || typeof fields.get('port') === 'number') &&
    Array.isArray(fields.get('copied'))
  );
}

/** Processes are found by it: anything shorter might be in the environment of another's. */
export function isNonce(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

import { join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { readTextIfExists, replaceFile } from '../system/files.ts';

/** What is known of one scratch worktree; `<store>/scratch/<slot>.json`. */
export interface ScratchRecord {
  readonly schema: 1;
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly nonce: string;
  /** false: its making was begun. */
  readonly whole: boolean;
  /** What copy and set-up were done for; null: not done, or begun. */
  readonly setupKey: string | null;
  /** Untracked paths that stood there right after set-up; folders end in a slash. */
  readonly keep: readonly string[];
}

export function scratchFile(store: Store, slot: string): AbsolutePath {
  return join(store.root, 'scratch', `${slot}.json`);
}

export async function readScratch(store: Store, slot: string): Promise<ScratchRecord | null> {
  const text = await readTextIfExists(scratchFile(store, slot));
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    // Written over by somebody: it proves nothing then, as if it were not there.
    return null;
  }
}

export async function writeScratch(store: Store, slot: string, record: ScratchRecord): Promise<void> {
  await replaceFile(scratchFile(store, slot), `${JSON.stringify(record)}\n`);
}

function isRecord(value: unknown): value is ScratchRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  return (
    fields.get('schema') === 1 &&
    ['path', 'gitDir', 'nonce'].every((name) => typeof fields.get(name) === 'string') &&
    typeof fields.get('whole') === 'boolean' &&
    Array.isArray(fields.get('keep'))
  );
}

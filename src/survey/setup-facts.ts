import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runPaths, SETUP_DONE, type Store } from '../store/layout.ts';
import { listRunIds } from '../store/run-folders.ts';
import { setUpTook } from '../worktree/set-up-state.ts';

/** Runs that are looked at, from the newest. */
const NEWEST = 5;

/** Bytes that the same set-up took in one worktree of an earlier run, the most of the newest that had it; null: none is on record. */
export async function setUpBytes(store: Store, setup: readonly string[]): Promise<number | null> {
  if (setup.length === 0) return null;
  for (const run of (await listRunIds(store)).slice(-NEWEST).reverse()) {
    const { dir } = runPaths(store, run);
    const folders = await readdir(dir).catch(() => []); // Of a run that was just removed.
    const known = await Promise.all(folders.map((folder) => setUpTook(join(dir, folder, SETUP_DONE)).catch(() => null)));
    const bytes = known.flatMap((one) =>
      one !== null && JSON.stringify(one.setup) === JSON.stringify(setup) ? [one.bytes] : [],
    );
    if (bytes.length > 0) return Math.max(...bytes);
  }
  return null;
}

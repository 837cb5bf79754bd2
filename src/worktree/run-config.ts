import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filterCommands, localFilters } from '../git/spawn/filter-drivers.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { gitEnvironment } from '../git/spawn/spawn-git.ts';
import { captureConfig } from '../git/spawn/trusted-config.ts';
import type { RunId } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { readTextIfExists, replaceFile } from '../system/files.ts';

export interface RunConfig {
  /** Text of a configuration file. */
  readonly text: string;
  /** Filter drivers that run files of the repository, which in a variant may be an agent's. */
  readonly localFilters: readonly string[];
}

/** By run directory, for the life of this process: later changes on disk do not matter to it. */
const captured = new Map<string, Promise<RunConfig>>();

/**
 * The repository's configuration as it was when the run created its first worktree, which is before an agent of this run could write
 * to it. Kept with the run for a supervisor that takes over.
 */
export function runConfig(repository: Repository, store: Store, run: RunId | null): Promise<RunConfig> {
  // Without a run there is none of its agents yet, and no place to keep it.
  if (run === null) return look(repository, null);
  const dir = store.runDir(run);
  const known = captured.get(dir);
  if (known !== undefined) return known;
  const reading = look(repository, dir);
  captured.set(dir, reading);
  // A failed look (an unreadable config) must not be kept.
  reading.catch(() => captured.delete(dir));
  return reading;
}

async function look(repository: Repository, dir: string | null): Promise<RunConfig> {
  const [text, filters] = await Promise.all([
    dir === null ? captureConfig(repository.here) : readOrCapture(repository.here, dir),
    filterCommands(repository.here, gitEnvironment()),
  ]);
  return { text, localFilters: localFilters(filters, repository.here) };
}

async function readOrCapture(here: string, dir: string): Promise<string> {
  const path = join(dir, 'git-config');
  const kept = await readTextIfExists(path);
  if (kept !== null) return kept;
  const config = await captureConfig(here);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await replaceFile(path, config);
  return config;
}

import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import { readTextIfExists } from '../../system/files.ts';
import { parseConfigRecords, splitKey } from '../spawn/git-config.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';

/** Keys in full with their values, in the order of the file. */
export type BranchConfig = readonly (readonly [key: string, value: string])[];

/** The repository's configuration of each branch. No git process if it has no section of any branch. */
export async function branchConfigs(commonDir: AbsolutePath): Promise<ReadonlyMap<BranchName, BranchConfig>> {
  const file = `${commonDir}/config`;
  if (!/\[\s*branch/i.test((await readTextIfExists(file)) ?? '')) return new Map();
  const { stdout } = await config(file, ['--no-includes', '--list', '-z']);
  const found = new Map<BranchName, (readonly [string, string])[]>();
  for (const [key, value] of parseConfigRecords(stdout)) {
    const { section, subsection } = splitKey(key);
    if (section !== 'branch' || subsection === null) continue;
    // A key without a value is a yes.
    found.set(subsection, [...(found.get(subsection) ?? []), [key, value ?? 'true']]);
  }
  return found;
}

/** Takes a branch's section out. git's own lock on the file is waited for. */
export async function removeBranchConfig(commonDir: AbsolutePath, branch: BranchName): Promise<void> {
  // 128: there is none (any more).
  await config(`${commonDir}/config`, ['--remove-section', `branch.${branch}`], [0, 128]);
}

/** Adds missing settings, so that doing it again changes nothing. `branch`: the name it goes by now. */
export async function addBranchConfig(commonDir: AbsolutePath, branch: BranchName, entries: BranchConfig): Promise<void> {
  const there = (await branchConfigs(commonDir)).get(branch) ?? [];
  for (const [key, value] of entries) {
    const renamed = `branch.${branch}.${splitKey(key).name}`;
    if (there.some(([other, same]) => other === renamed && same === value)) continue;
    await config(`${commonDir}/config`, ['--add', renamed, value]);
  }
}

function config(file: string, args: readonly string[], ok: readonly number[] = [0]): ReturnType<typeof spawnGit> {
  return spawnGit(['config', '--file', file, ...args], { cwd: '/', env: gitEnvironment(), ok });
}

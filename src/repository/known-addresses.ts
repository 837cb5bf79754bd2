import { readFileSync } from 'node:fs';
import { type NearbyRepository, nearbyRepository } from '../git/spawn/nearby-repository.ts';
import type { RunId } from '../model/ids.ts';
import { runPaths, type Store, storeAt } from '../store/layout.ts';
import { listRunIds } from '../store/run-folders.ts';

/** More are not offered at a Tab. */
const NEWEST = 20;

/** Ids of the runs here, newest first. */
export async function knownRuns(commonDir: string): Promise<readonly RunId[]> {
  return [...(await listRunIds(storeAt(commonDir)))].reverse().slice(0, NEWEST);
}

/** Variants of the newest runs; if the typed text begins like a run's id, also as `ui-2/dark`. */
export async function knownAddresses(
  commonDir: string,
  typed: string,
): Promise<readonly (readonly [address: string, about: string])[]> {
  const store = storeAt(commonDir);
  const runs = await knownRuns(commonDir);
  const variants = runs.map((run) => variantNames(store, run));
  const latest = new Map<string, string>();
  const full: [string, string][] = [];
  runs.forEach((run, index) => {
    for (const name of variants[index] ?? []) {
      if (!latest.has(name)) latest.set(name, run);
      if (typed !== '' && `${run}/`.startsWith(typed.slice(0, run.length + 1))) full.push([`${run}/${name}`, `run ${run}`]);
    }
  });
  return [...[...latest].map(([name, run]): [string, string] => [name, `run ${run}`]), ...full];
}

/** Of `plan.json`, which is there from the first moment of a run; nothing of an incomplete plan or another version. */
function variantNames(store: Store, run: RunId): readonly string[] {
  try {
    const plan: unknown = JSON.parse(readFileSync(runPaths(store, run).plan, 'utf8'));
    const variants =
      typeof plan === 'object' && plan !== null && 'variants' in plan && Array.isArray(plan.variants) ? plan.variants : [];
    return variants.map((variant: { name?: unknown }) => variant.name).filter((name): name is string => typeof name === 'string');
  } catch {
    return [];
  }
}

/** The repository around `cwd`, or null; without starting git. */
export function repositoryNear(cwd: string): NearbyRepository | null {
  return nearbyRepository(cwd);
}

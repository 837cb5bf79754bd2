import { join } from 'node:path';
import { knownAddresses, knownRuns, repositoryNear } from '../../repository/known-addresses.ts';

/** Names with a word about each, for completion. */
export type KnownName = readonly [name: string, about: string];

/** The names of variants and runs here. Reads a few small files and starts no process: a shell waits for it at each Tab. */
export async function knownNames(
  kind: 'variants' | 'runs' | 'declared',
  typed: string,
  cwd: string,
): Promise<readonly KnownName[]> {
  const repository = repositoryNear(cwd);
  if (repository === null) return [];
  if (kind === 'runs') return (await knownRuns(repository.commonDir)).map((run) => [run, 'run']);
  if (kind === 'variants') return knownAddresses(repository.commonDir, typed);
  return declared(repository.root);
}

async function declared(root: string): Promise<readonly KnownName[]> {
  const { loadVariantsFile } = await import('../../config/variants/load-variants-file.ts');
  const loaded = await loadVariantsFile(join(root, 'variants.yaml'), { root });
  return loaded.ok ? loaded.file.variants.map((variant) => [variant.name, 'variant']) : [];
}

import { findOnPath } from '../agent/find-on-path.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import type { Environment } from '../system/environment.ts';

/** Programs of command runners that PATH does not have. Those named by a path are looked up in the worktree, later. */
export async function missingRunners(file: VariantsFile, environment: Environment): Promise<readonly string[]> {
  const runners = [file.defaults.runner, ...file.variants.map((variant) => variant.runner)];
  const programs = new Set(runners.flatMap((runner) => (typeof runner === 'object' ? runner.command.slice(0, 1) : [])));
  const named = [...programs].filter((program) => !program.includes('/'));
  const found = await Promise.all(named.map((program) => findOnPath(program, environment)));
  return named.filter((_program, index) => found[index] === null);
}

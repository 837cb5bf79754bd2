import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import type { Environment } from '../system/environment.ts';

/** Where PATH finds a program, or null. Relative entries of PATH are left out: in a worktree they would find what an agent wrote. */
export async function findProgram(name: string, environment: Environment): Promise<AbsolutePath | null> {
  for (const folder of (environment['PATH'] ?? '').split(':')) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return null;
}

async function isExecutable(path: AbsolutePath): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Not there or not ours to run: the next entry of PATH may have it.
    return false;
  }
}

/** Programs of command runners that PATH does not have. Those named by a path are looked up in the worktree, later. */
export async function missingRunners(file: VariantsFile, environment: Environment): Promise<readonly string[]> {
  const runners = [file.defaults.runner, ...file.variants.map((variant) => variant.runner)];
  const programs = new Set(runners.flatMap((runner) => (typeof runner === 'object' ? runner.command.slice(0, 1) : [])));
  const named = [...programs].filter((program) => !program.includes('/'));
  const found = await Promise.all(named.map((program) => findProgram(program, environment)));
  return named.filter((_program, index) => found[index] === null);
}

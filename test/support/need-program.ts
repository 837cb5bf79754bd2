import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

/** Whether a program of this name is on PATH. */
export function hasOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      // Not in this folder, or not to be executed.
      return false;
    }
  });
}

/** Skips the test, counted, if a program is missing; in CI, where everything is meant to be there, it fails. */
export function needProgram(context: TestContext, name: string): void {
  if (hasOnPath(name)) return;
  const { CI } = process.env;
  if (CI !== undefined && CI !== '' && CI !== 'false')
    throw new Error(`${name} is not installed, and CI must not skip this test`);
  context.skip(`${name} is not installed`);
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface SourceRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs copse from its source, without a terminal, so that a test of one room needs no bundle. */
export function copseFromSource(
  args: readonly string[],
  o: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<SourceRun> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd: o.cwd, env: o.env, encoding: 'utf8' },
      (error, stdout, stderr) => {
        resolve({ exit: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { ProcessIdentity } from '../../src/model/attempt.ts';
import { identityOf } from '../../src/system/processes/process-identity.ts';

export interface Started {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
}

/** A child of the test in its own session, killed with the test if it still lives; resolves once it prints a line. */
export async function startChild(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const [file, ...args] = command;
  const path = process.env['PATH'] ?? '';
  const child = spawn(file, args, { env: { PATH: path, ...env }, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  const identity = child.pid === undefined ? null : await identityOf(child.pid);
  if (identity === null) throw new Error(`${file} ended at once`);
  return { child, identity };
}

/** Whether a child has neither exited nor been killed. */
export function lives(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Resolves once the condition holds. The test's own time-out is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

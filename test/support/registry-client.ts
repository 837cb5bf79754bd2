import { execFile } from 'node:child_process';
import type { TestContext } from 'vitest';
import { hasOnPath } from './need-program.ts';

/** Output of clients if the registry cannot be reached, or is one that does not have the package. */
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E40[34]\b|\b40[34] (Forbidden|Not Found)|no such host|dial tcp|i\/o timeout|NewConnectionError|ConnectTimeout|Network is unreachable|timed out|SELF_SIGNED|certificate/i;
const AT_MOST_MS = 60_000;

/** Runs a registry's own client and returns what it prints. If the program or the registry is missing, the test is skipped and counted. */
export async function fromRegistry(
  context: TestContext,
  command: readonly [program: string, ...args: string[]],
  o: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const [program, ...args] = command;
  if (!hasOnPath(program)) return context.skip(`${program} is not installed`);
  const env = { ...process.env, ...o.env };
  const { stdout, failure } = await new Promise<{ stdout: string; failure: string | null }>((resolve) => {
    execFile(program, args, { cwd: o.cwd, env, timeout: AT_MOST_MS, maxBuffer: 2 ** 26 }, (error, out, err) =>
      resolve({ stdout: out, failure: error === null ? null : error.killed === true ? 'timed out' : `${out}\n${err}` }),
    );
  });
  if (failure === null) return stdout;
  if (UNREACHABLE.test(failure)) return context.skip(`${program} cannot reach its registry`);
  throw new Error(`${command.join(' ')}: ${failure}`);
}

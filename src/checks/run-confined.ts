import type { AbsolutePath } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { Environment } from '../system/environment.ts';
import { type LoggedOptions, type LoggedResult, runLogged } from '../system/processes/run-logged.ts';
import { makeTemporary, removeTemporary, temporaryVariables } from '../system/temporary-folders.ts';
import { sandboxed } from './sandbox.ts';

export interface ConfinedOptions extends LoggedOptions {
  readonly cwd: AbsolutePath;
  /** Of one command at a time: its temporary folder is found by it too, and emptied where one before was killed. */
  readonly marker: string;
  readonly isolation: Isolation;
  /** The person's, whole: says where temporary folders are. */
  readonly person: Environment;
  /** Outside of the sandbox. */
  readonly before?: readonly string[];
}

/** Runs a check's or metric's command in its worktree, in the isolation of the run, with a temporary folder of its own. */
export async function runConfined(command: readonly string[], o: ConfinedOptions): Promise<LoggedResult> {
  const temporary = await makeTemporary(o.person, o.marker);
  try {
    const inSandbox = o.isolation === 'sandbox';
    const argv = inSandbox ? sandboxed(command, { worktree: o.cwd, temporary }) : command;
    const variables = temporaryVariables(inSandbox ? '/tmp' : temporary);
    return await runLogged([...(o.before ?? []), ...argv], { ...o, env: { ...o.env, ...variables } });
  } finally {
    await removeTemporary(o.person, o.marker);
  }
}

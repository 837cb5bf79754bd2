import type { AbsolutePath } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { Environment } from '../system/environment.ts';
import { type LoggedOptions, type LoggedResult, runLogged } from '../system/processes/run-logged.ts';
import { sandboxed } from '../system/sandbox/sandboxed.ts';
import { makeTemporary, removeTemporary, temporaryVariables } from '../system/temporary-folders.ts';

export interface ConfinedOptions extends LoggedOptions {
  readonly cwd: AbsolutePath;
  /** For one command at a time: its temporary folder is found by it too, and emptied if an earlier command was killed. */
  readonly marker: string;
  readonly isolation: Isolation;
  /** Of the repository. */
  readonly commonDir: AbsolutePath;
  /** The person's, whole: says where temporary folders are. */
  readonly person: Environment;
  /** Outside of the sandbox. */
  readonly before?: readonly string[];
}

/** Runs a check's or metric's command in its worktree, in the isolation of the run, with its own temporary folder. */
export async function runConfined(command: readonly string[], o: ConfinedOptions): Promise<LoggedResult> {
  const temporary = await makeTemporary(o.person, o.marker);
  try {
    const inSandbox = o.isolation === 'sandbox';
    const env = { ...o.env, ...temporaryVariables(inSandbox ? '/tmp' : temporary) };
    const place = { worktree: o.cwd, commonDir: o.commonDir, temporary, env };
    const argv = inSandbox ? await sandboxed(command, place) : command;
    return await runLogged([...(o.before ?? []), ...argv], { ...o, env });
  } finally {
    await removeTemporary(o.person, o.marker);
  }
}

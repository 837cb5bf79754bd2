import type { Clock } from '../model/clock.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { ServeRecord } from '../model/reports/served.ts';
import type { Store } from '../store/layout.ts';
import { listServing, removeServing, serveFolder, serveOutput } from '../store/serving.ts';
import { ulid } from '../store/ulid.ts';
import type { Environment } from '../system/environment.ts';
import { makePrivateDirectory, readTail } from '../system/files.ts';
import { isRunning } from '../system/processes/process-identity.ts';
import { spawnDetached } from '../system/processes/spawn-detached.ts';

const LOOK_EVERY_MS = 30;
/** Of what it said: a few servers, each with its last words. */
const LAST_LINES = 10;

/** A detached process that serves, and its identity. */
export interface DetachedServing {
  /** Its present state; null: it has no record yet. Rejects with its output if it has ended. */
  look(): Promise<ServeRecord | null>;
}

/** Starts `copse serve` in the background: `args` as for the foreground, `--as <id>` is added. */
export async function startDetached(o: {
  readonly store: Store;
  readonly self: readonly [string, ...string[]];
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Environment;
  readonly clock: Clock;
}): Promise<DetachedServing> {
  const id = ulid(o.clock);
  await makePrivateDirectory(serveFolder(o.store));
  const output = serveOutput(o.store, id);
  const child = await spawnDetached([...o.self, 'serve', ...o.args, '--as', id], {
    cwd: o.cwd,
    env: o.environment,
    stdin: null,
    stdout: output,
    stderr: output,
  });
  const recorded = async (): Promise<ServeRecord | null> =>
    (await listServing(o.store)).find(({ record }) => record.id === id)?.record ?? null;
  return {
    look: async () => {
      // In this order: its output before the end is complete.
      const running = await isRunning(child);
      if (!running) {
        const said = await readTail(output, 4_000);
        await removeServing(o.store, id, { output: 'removed' });
        throw ended(said);
      }
      return recorded();
    },
  };
}

/** Waits until each of them is up or has failed. */
export async function untilSettled(
  detached: DetachedServing,
  o: { readonly clock: Clock; readonly onLook: (record: ServeRecord) => void },
): Promise<ServeRecord> {
  for (;;) {
    const record = await detached.look();
    if (record !== null) {
      o.onLook(record);
      if (record.servers.every(({ state }) => state !== 'starting' && state !== 'restarting')) return record;
    }
    await o.clock.sleep(LOOK_EVERY_MS);
  }
}

function ended(said: string): CopseError {
  return new CopseError({
    code: 'not-served',
    exit: EXIT.failed,
    what: 'Nothing is served: the command has ended.',
    // Its lines as they are: joined, the servers' outputs would be mixed up.
    why: said.trim() === '' ? 'It printed no reason.' : ['It printed:', ...said.trim().split('\n').slice(-LAST_LINES)].join('\n'),
    hint: 'Run it in the foreground: copse serve',
  });
}

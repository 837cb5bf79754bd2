import type { Here } from '../../repository/current-repository.ts';
import type { RunReport } from '../../repository/read-runs.ts';
import { runNow } from '../../repository/run-now.ts';
import { briefJson } from '../../view/run/brief-json.ts';
import type { Context } from '../command.ts';

/** One line of JSON with what an agent needs to know of these runs. */
export async function printBrief(here: Here, runs: readonly RunReport[], context: Context): Promise<void> {
  const git = new Map(await Promise.all(runs.map(async ({ state }) => [state.id, await runNow(here, state)] as const)));
  context.stdout.write(`${JSON.stringify(briefJson(runs, { commands: context.verbs, git }))}\n`);
}

import * as z from 'zod/mini';
import { EXIT } from '../model/exit-code.ts';
import { findVariants } from '../run/address.ts';
import { ask } from '../run/ask.ts';
import { openHere } from '../run/here.ts';
import { launcherOf } from '../run/launcher.ts';
import { latestRun, readRun } from '../run/runs.ts';
import { stopTargets } from '../run/stop-targets.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  description:
    'Stops variants, or a whole run. What they did until now is committed on their branches; retry goes on from there.',
  examples: [
    { line: 'copse stop dark', does: 'one variant' },
    { line: 'copse stop', does: 'the latest run, all of it' },
    { line: 'copse stop --run ui-2', does: 'this run' },
  ],
  arguments: { variant: 'variants to stop; without one the whole run' },
  options: {
    run: { kind: 'text', summary: 'the run to stop' },
    force: { kind: 'flag', summary: 'kill at once, without asking the agents to end' },
  },
  schema: z.strictObject({ variant: z.array(z.string()), run: z.optional(z.string()), force: z.boolean() }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    const targets =
      options.variant.length > 0
        ? await findVariants(here.store, options.variant)
        : [{ run: options.run === undefined ? await latestRun(here.store) : await readRun(here.store, options.run), names: [] }];
    for (const { run, names } of targets) {
      const { state, paths } = run;
      if (!stopTargets(run, names)) {
        context.stderr.write(`${names.length === 0 ? `Run ${state.id}` : names.join(', ')} has ended already.\n`);
        continue;
      }
      const answer = await ask(
        here.store,
        paths,
        state.id,
        { kind: 'stop', variants: names, force: options.force },
        launcherOf(context),
      );
      context.stderr.write(`${state.id}: ${answer.detail}\n`);
    }
    return EXIT.ok;
  },
});

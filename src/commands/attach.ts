import * as z from 'zod/mini';
import { openHere } from '../repository/current-repository.ts';
import { latestRun, readRun } from '../repository/read-runs.ts';
import { ensureSupervisor } from '../run/watch/ensure-supervisor.ts';
import { needsSettling } from '../run/watch/needs-settling.ts';
import { defineCommand, JSON_OPTION } from './command.ts';
import { watchRun } from './run/watch-run.ts';

export const command = defineCommand({
  description:
    'Shows the live view of a run again. Ctrl-C only leaves the view. If the supervisor of the run died, a new one follows running agents and settles finished ones; it starts nothing new.',
  examples: [
    { line: 'copse attach', does: 'the latest run' },
    { line: 'copse attach ui-2', does: 'this one' },
  ],
  arguments: { run: 'the run (default: the latest)' },
  options: { json: { ...JSON_OPTION, summary: 'print events as JSON lines' } },
  schema: z.strictObject({ run: z.optional(z.string()), json: z.boolean() }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    const report = options.run === undefined ? await latestRun(here.store) : await readRun(here.store, options.run);
    const { paths, state } = report;
    if (needsSettling(report)) await ensureSupervisor(here.store, paths, state.id, 'adopt', context);
    return watchRun({ here, run: state.id, owner: false, json: options.json }, context);
  },
});

import * as z from 'zod/mini';
import { requireClosed } from '../driver/require-closed.ts';
import { EXIT } from '../model/exit-code.ts';
import { openHere } from '../repository/current-repository.ts';
import { planOf } from '../repository/plan-of.ts';
import { latestRun, readRun } from '../repository/read-runs.ts';
import { recoverFirst } from '../repository/recover-first.ts';
import { requireApproval } from '../run/approval.ts';
import { ask } from '../run/watch/ask-supervisor.ts';
import { startedJson } from '../view/run/started-json.ts';
import { defineCommand, JSON_OPTION } from './command.ts';
import { STOP_ON_EXIT, watchRun } from './run/watch-run.ts';

export const command = defineCommand({
  description:
    'Starts what is still queued after the supervisor died, and continues what a rate limit ended, once it has been reset.',
  examples: [
    { line: 'copse resume', does: 'the latest run' },
    { line: 'copse resume ui --detach', does: 'this one, in the background' },
  ],
  arguments: { run: 'the run (default: the latest)' },
  options: {
    detach: { kind: 'flag', summary: 'start it in the background and return' },
    'stop-on-exit': STOP_ON_EXIT,
    json: { ...JSON_OPTION, summary: 'print events as JSON lines; with --detach one line' },
  },
  schema: z.strictObject({ run: z.optional(z.string()), detach: z.boolean(), 'stop-on-exit': z.boolean(), json: z.boolean() }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    await recoverFirst(here, context);
    const report = options.run === undefined ? await latestRun(here.store) : await readRun(here.store, options.run);
    const { state, paths } = report;
    const waiting = state.variants.filter(({ phase }) => phase.kind !== 'finished' || phase.outcome === 'limited');
    const names = waiting.map(({ name }) => name);
    if (names.length === 0) {
      context.stderr.write(`Run ${state.id} has nothing left to start. To try a variant again: copse retry\n`);
      return EXIT.ok;
    }
    await requireApproval(await planOf(paths), context.environment);
    await requireClosed(paths, names);
    const answer = await ask(here.store, paths, state.id, { kind: 'resume' }, context);
    if (!options.json) context.stderr.write(`${state.id}: ${answer.detail}\n`);
    if (options.detach) {
      const started = startedJson(state.id, names, state.totalBudgetUsd);
      context.stdout.write(options.json ? `${JSON.stringify(started)}\n` : `${state.id}\n`);
      return EXIT.ok;
    }
    return watchRun(
      { here, run: state.id, owner: true, stopOnExit: options['stop-on-exit'], json: options.json, afterSeq: state.lastSeq },
      context,
    );
  },
});

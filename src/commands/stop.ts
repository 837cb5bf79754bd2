import * as z from 'zod/mini';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { type Here, openHere } from '../repository/current-repository.ts';
import { findVariants } from '../repository/find-variant.ts';
import { latestRun, readRun } from '../repository/read-runs.ts';
import { ask } from '../run/watch/ask-supervisor.ts';
import { stopTargets } from '../run/watch/stop-targets.ts';
import { stopAllServing, stopServed } from '../serve/stop-all.ts';
import * as say from '../view/serve/serve-words.ts';
import { type Context, defineCommand } from './command.ts';

export const command = defineCommand({
  description: 'Stops variants, or a whole run. Their work so far is committed on their branches; retry continues from there.',
  examples: [
    { line: 'copse stop dark', does: 'one variant' },
    { line: 'copse stop', does: 'the whole latest run' },
    { line: 'copse stop ui-2', does: 'this run' },
    { line: 'copse stop --serve', does: 'the servers that copse serve started' },
  ],
  arguments: { variant: 'variants or runs to stop (default: the whole latest run)' },
  options: {
    run: { kind: 'text', summary: 'the run to stop' },
    serve: { kind: 'flag', summary: 'stop servers of copse serve; no names: all of them' },
    force: { kind: 'flag', summary: 'kill at once, without asking the agents to end' },
  },
  schema: z.strictObject({ variant: z.array(z.string()), run: z.optional(z.string()), serve: z.boolean(), force: z.boolean() }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    if (options.serve) return stopServers(here, options, context);
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
      const answer = await ask(here.store, paths, state.id, { kind: 'stop', variants: names, force: options.force }, context);
      context.stderr.write(`${state.id}: ${answer.detail}\n`);
    }
    return EXIT.ok;
  },
});

async function stopServers(
  here: Here,
  { variant, force }: { readonly variant: readonly string[]; readonly force: boolean },
  context: Context,
): Promise<ExitCode> {
  const chosen = variant.length === 0 ? null : await findVariants(here.store, variant);
  const { labels, survivors } =
    chosen === null
      ? await stopAllServing(here.store, { force, clock: context.clock })
      : await stopServed(
          here.store,
          chosen.flatMap(({ run: { state }, names }) =>
            (names.length === 0 ? state.variants.map(({ name }) => name) : names).map((name) => ({
              run: state.id,
              variant: name,
            })),
          ),
          { force },
        );
  context.stderr.write(`${labels.length === 0 ? say.nothingServed : say.stopped(labels)}\n`);
  if (survivors.length === 0) return EXIT.ok;
  context.stderr.write(`${say.survivors(survivors)}\n`);
  return EXIT.failed;
}

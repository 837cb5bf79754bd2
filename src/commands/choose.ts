import * as z from 'zod/mini';
import { decisionAbout, recordChoice } from '../compare/choose.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { openHere } from '../repository/current-repository.ts';
import { findVariant } from '../repository/find-variant.ts';
import { latestRun, type RunReport, readRun } from '../repository/read-runs.ts';
import { decisionJson } from '../view/compare/decision-json.ts';
import { decisionText } from '../view/compare/decision-text.ts';
import { defineCommand, JSON_OPTION } from './command.ts';

export const command = defineCommand({
  description:
    'Records which variant was chosen, and why. compare, status, the page and the report show it with the votes. Choose another to change it; nothing is merged.',
  examples: [
    { line: 'copse choose dark', does: 'dark is chosen' },
    { line: 'copse choose dark -m "reads best at night"', does: 'with the reason' },
    { line: 'copse choose', does: 'what is chosen in the latest run' },
    { line: 'copse choose --none', does: 'take the choice back' },
  ],
  arguments: { variant: 'dark, or ui-2/dark; with --none: a run (default: the latest)' },
  options: {
    message: { kind: 'text', alias: 'm', summary: 'why it was chosen' },
    none: { kind: 'flag', summary: 'take the choice back' },
    json: JSON_OPTION,
  },
  schema: z.strictObject({
    variant: z.optional(z.string()),
    message: z.optional(z.string()),
    none: z.boolean(),
    json: z.boolean(),
  }),
  async run(options, context) {
    const here = await openHere(context.cwd);
    const { variant: named, none } = options;
    if (options.message !== undefined && (named === undefined || none)) throw whyWhat();
    const record = (run: RunReport, variant: string | null) =>
      recordChoice({ ...here, state: run.state, variant, why: options.message ?? '', now: context.clock.now() });
    const runOf = (): Promise<RunReport> => (named === undefined ? latestRun(here.store) : readRun(here.store, named));
    const choose = async (address: string) => {
      const { run, variant } = await findVariant(here.store, address);
      return { run, decision: await record(run, variant.name) };
    };
    const look = async () => {
      const run = await runOf();
      return { run, decision: none ? await record(run, null) : await decisionAbout(here.store, run.state) };
    };
    const { run, decision } = await (named === undefined || none ? look() : choose(named));
    if (options.json) context.stdout.write(`${JSON.stringify(decisionJson(run.state.id, decision))}\n`);
    else {
      const landed = run.state.variants.some(({ name, landed: at }) => name === decision.chosen && at !== null);
      const merge = context.verbs.has('merge') && !landed;
      context.stdout.write(`${decisionText(run.state.id, decision, { merge, ...context.screen('stdout') })}\n`);
    }
    return EXIT.ok;
  },
});

function whyWhat(): CopseError {
  return new CopseError({
    code: 'usage',
    exit: EXIT.usage,
    what: '--message needs a variant to be chosen.',
    hint: 'For example: copse choose dark -m "reads best at night"',
  });
}

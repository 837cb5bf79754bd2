import * as z from 'zod/mini';
import { askJudge } from '../compare/ask-judge.ts';
import { checkedByRun } from '../compare/checked.ts';
import { gatherEvidence } from '../compare/gather-evidence.ts';
import { type Criterion, RANK_ORDER } from '../compare/rank.ts';
import type { CompareTarget } from '../compare/targets.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Evidence } from '../model/evidence.ts';
import { type Here, openHere } from '../run/here.ts';
import { compareJson } from '../view/compare-json.ts';
import { compareMarkdown } from '../view/compare-markdown.ts';
import { compareText } from '../view/compare-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { compareTargets } from './compare-targets.ts';
import { dollars, someText } from './option-values.ts';

const DEFAULT_JUDGE_USD = 1;

const schema = z.strictObject({
  variant: z.array(z.string()),
  fresh: z.boolean(),
  judge: z.optional(z.enum(['1', '2'], '1 or 2 rounds')),
  'judge-model': z.optional(someText('a model')),
  'judge-budget-usd': z.optional(dollars()),
  order: z.array(z.enum(RANK_ORDER, `words of ${RANK_ORDER.join(', ')}`)),
  md: z.boolean(),
  json: z.boolean(),
});
type Options = z.infer<typeof schema>;

export const command = defineCommand({
  description:
    'Lays the evidence side by side: does it work, what did it change, what does it cost, does it merge, where do the variants agree and clash. Runs the checks that are missing; changes nothing else.',
  examples: [
    { line: 'copse compare', does: 'the latest run' },
    { line: 'copse compare dark light', does: 'these two' },
    { line: 'copse compare ui/dark ui-2/dark', does: 'across runs' },
    { line: 'copse compare --judge=2', does: 'ask a blind judge, twice' },
  ],
  arguments: { variant: 'runs or variants; without one the latest run' },
  options: {
    fresh: { kind: 'flag', summary: 'run all checks and metrics again' },
    judge: { kind: 'text', alone: '1', summary: 'ask Claude to judge, blind; =2: again in reversed order', choices: ['1', '2'] },
    'judge-model': { kind: 'text', summary: 'model of the judge' },
    'judge-budget-usd': { kind: 'text', summary: 'most that the judge may cost (default 1)' },
    order: { kind: 'list', summary: 'what to rank by, first to last', choices: RANK_ORDER },
    md: { kind: 'flag', summary: 'print Markdown, e.g. for a pull request' },
    json: JSON_OPTION,
  },
  schema,
  async run(options, context) {
    const here = await openHere(context.cwd);
    const targets = await compareTargets(here, options.variant);
    const evidence = await gather(here, targets, options, context);
    if (options.json) context.stdout.write(`${JSON.stringify(compareJson(evidence))}\n`);
    else if (options.md) context.stdout.write(`${compareMarkdown(evidence)}\n`);
    else context.stdout.write(`${compareText(evidence, { ...context.screen('stdout'), commands: context.verbs })}\n`);
    return EXIT.ok;
  },
});

/** The evidence of the targets, with what the options ask for. */
export function gather(
  here: Here,
  targets: readonly CompareTarget[],
  options: Pick<Options, 'fresh' | 'judge' | 'judge-model' | 'judge-budget-usd' | 'order'>,
  context: Context,
): Promise<Evidence> {
  const { repository } = here;
  const rounds = options.judge === undefined ? null : options.judge === '2' ? 2 : 1;
  return gatherEvidence({
    repository,
    targets,
    now: context.now(),
    ...(options.order.length === 0 ? {} : { order: options.order as readonly Criterion[] }),
    checked: async (compared) => compared.map(({ variant }) => checkedByRun(variant)),
    ...(rounds === null
      ? {}
      : {
          judge: (variants, task) =>
            askJudge({
              repository,
              task,
              variants,
              rounds,
              model: options['judge-model'] ?? null,
              budgetUsd: options['judge-budget-usd'] ?? DEFAULT_JUDGE_USD,
              environment: context.environment,
            }),
        }),
  });
}

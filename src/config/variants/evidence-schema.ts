import * as z from 'zod/mini';
import type { PlannedJudge, PlannedMetric } from '../../model/plan.ts';
import { command, count, dollars, pathWithin, text, word } from './fields.ts';
import { nameProblem } from './names.ts';
import { HIDING_CHARACTERS } from './restricted.ts';

/* Keys that say how variants are held against each other besides `verify`. */

export const protect = () =>
  z
    .array(pathWithin('a path or glob within the repository like test/**'), 'a list of paths within the repository')
    .check(
      z.describe(
        "Files and folders for which checks and metrics use the base's version, so that no variant can weaken them. A folder includes everything in it.",
      ),
      z.meta({ examples: [['test/**']] }),
    );

/** `$.size`, `$.total["gzip size"]`, `$[0].bytes`: names and places, nothing that searches. */
const METRIC_PATH = /^\$(?:\.[A-Za-z_][\w-]*|\[\d+\]|\["[^"\\]+"\])*$/;

const PERCENT = /^\d+(?:\.\d+)?%$/;
const TOLERANCE_WANTED = 'an amount like 0.5 or a share like 2%';

const metric = () =>
  z.strictObject({
    run: command().check(z.describe('The command; a line for sh.')),
    goal: z.optional(
      z.enum(['min', 'max'], 'min or max').check(z.describe('Which values are better. Without a goal, the value is only shown.')),
    ),
    unit: z.optional(oneWord('a unit like kB').check(z.describe('Shown after the number.'))),
    path: z.optional(
      z.string('a path like $.size').check(
        z.refine((value) => METRIC_PATH.test(value), 'a path into JSON like $.size or $.files[0].bytes'),
        z.describe('Path to the value if the command prints JSON. Default: the last number in the output.'),
      ),
    ),
    tolerance: z.optional(
      z
        .union([z.number().check(z.nonnegative()), z.string().check(z.regex(PERCENT))], TOLERANCE_WANTED)
        .check(
          z.describe("Differences up to this are ties: an amount in the metric's unit, or a percentage of the value like 2%."),
          z.meta({ examples: [0.5, '2%'] }),
        ),
    ),
    repeat: z.optional(
      count(1, 100).check(
        z.describe('How often to measure. The median counts, and differences within the spread are ties. Default 1.'),
      ),
    ),
  });

export const metrics = () =>
  z.record(z.string(), z.union([command(), metric()], 'a command, or a map with run'), 'a map of names to commands').check(
    z.check((context) => {
      for (const name of Object.keys(context.value)) {
        const why = nameProblem(name);
        if (why === null) continue;
        const message = `The metric ${JSON.stringify(name)} ${why}.`;
        context.issues.push({ code: 'custom', input: name, path: [name], message });
      }
    }),
    z.describe(
      'Metrics by name: commands that print a number to compare. Measured in every variant and on the base, while no agent and no check runs.',
    ),
    z.meta({ examples: [{ bundle: { run: 'npm run -s size', goal: 'min', unit: 'kB' } }] }),
  );

export const judge = () =>
  z
    .union(
      [
        z.literal(true),
        z.strictObject({
          model: z.optional(word('a model like opus').check(z.describe("The judge's model. Default: Claude Code's."))),
          criteria: z.optional(
            z.array(text('a criterion'), 'a list of criteria').check(
              z.minLength(1, 'at least one criterion'),
              z.maxLength(12, 'at most 12 criteria'),
              z.refine((value) => new Set(value).size === value.length, 'criteria that differ'),
              z.refine(
                (value) => value.every((one) => one.length <= 80 && !HIDING_CHARACTERS.test(one) && !one.includes('\n')),
                'criteria of one line',
              ),
              z.describe('What to score from 0 to 10, e.g. readability. Default: solves the task, correctness, clarity, upkeep.'),
            ),
          ),
          budgetUsd: z.optional(dollars().check(z.describe('Maximum cost of all rounds together, in US dollars. Default 1.'))),
          rounds: z.optional(
            z
              .union([z.literal(1), z.literal(2)], '1 or 2')
              .check(z.describe('2 asks again in reversed order and shows where the answers disagree. Default 1.')),
          ),
        }),
      ],
      'true, or a map with model, criteria, budgetUsd or rounds',
    )
    .check(
      z.describe(
        'Lets Claude score the variants in each comparison. It sees the task, diffs and check results without names, and changes nothing. Costs extra.',
      ),
    );

const oneWord = (wanted: string) =>
  z.string(wanted).check(z.refine((value) => /^\S{1,12}$/.test(value) && !HIDING_CHARACTERS.test(value), wanted));

const DEFAULT_JUDGE: PlannedJudge = { model: null, criteria: null, budgetUsd: 1, rounds: 1 };

/** In the order of the file. */
export function toMetrics(names: readonly string[], input: z.infer<ReturnType<typeof metrics>>): PlannedMetric[] {
  return names.flatMap((name) => {
    const said = input[name];
    if (said === undefined) return [];
    const one: z.infer<ReturnType<typeof metric>> = typeof said === 'string' ? { run: said } : said;
    const { run, goal = null, unit = null, path = null, repeat = 1, tolerance } = one;
    return [{ name, run, goal, unit, path, repeat, tolerance: toTolerance(tolerance) }];
  });
}

function toTolerance(said: number | string | undefined): PlannedMetric['tolerance'] {
  if (said === undefined) return null;
  return typeof said === 'number' ? { amount: said, percent: false } : { amount: Number(said.slice(0, -1)), percent: true };
}

export function toJudge(input: z.infer<ReturnType<typeof judge>>): PlannedJudge {
  if (input === true) return DEFAULT_JUDGE;
  return {
    model: input.model ?? DEFAULT_JUDGE.model,
    criteria: input.criteria ?? DEFAULT_JUDGE.criteria,
    budgetUsd: input.budgetUsd ?? DEFAULT_JUDGE.budgetUsd,
    rounds: input.rounds ?? DEFAULT_JUDGE.rounds,
  };
}

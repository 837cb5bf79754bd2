import * as z from 'zod/mini';
import { readConfiguration, readSettings } from '../../config/read-configuration.ts';
import { variantsFileToYaml, variantsFromFlags } from '../../config/variants/variants-from-flags.ts';
import { CopseError, type Problem } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { PlanFacts } from '../../model/facts.ts';
import type { RunId } from '../../model/ids.ts';
import { ISOLATIONS } from '../../model/outcome.ts';
import type { Plan } from '../../model/plan.ts';
import type { Settings, SourcedSettings } from '../../model/settings.ts';
import type { VariantsFile } from '../../model/variants-file.ts';
import { makePlan, type PlanResult } from '../../plan/make-plan.ts';
import type { PlanFlags } from '../../plan/plan-flags.ts';
import { problemsError } from '../../plan/problems-error.ts';
import { type Here, openHere } from '../../repository/here.ts';
import { gatherFacts } from '../../survey/gather-facts.ts';
import type { Context, OptionSpec } from '../command.ts';
import { dollars, duration, someText, wholeNumber } from '../option-values.ts';

/** What `plan` and `run` take alike: where the variants come from, and what overrides them. */
export const PLANNING_OPTIONS = {
  file: { kind: 'text', alias: 'f', summary: 'the variants file (default: variants.yaml)', file: true },
  prompt: { kind: 'text', alias: 'p', summary: 'no file: one task for several variants', group: 'Without a file' },
  count: { kind: 'text', summary: 'how many variants (default 3)', group: 'Without a file' },
  models: { kind: 'list', summary: 'one variant per model, e.g. opus,sonnet,haiku', group: 'Without a file' },
  name: { kind: 'text', summary: 'id of the run and prefix of its branches' },
  base: { kind: 'text', summary: 'commit or branch that all start from' },
  target: { kind: 'text', summary: 'branch that the winner lands on' },
  isolation: { kind: 'text', summary: 'what agents may do', choices: ISOLATIONS },
  concurrency: { kind: 'text', alias: 'j', summary: 'how many work at a time' },
  model: { kind: 'text', summary: 'model of all variants' },
  effort: { kind: 'text', summary: 'effort level of all variants' },
  'budget-usd': { kind: 'text', summary: 'most that one variant may cost' },
  'total-budget-usd': { kind: 'text', summary: 'most that the run may cost' },
  timeout: { kind: 'text', summary: 'wall clock of one attempt, e.g. 45m' },
  'idle-timeout': { kind: 'text', summary: 'silence that counts as stalled, e.g. 10m' },
  'max-turns': { kind: 'text', summary: 'most turns of one attempt' },
  retries: { kind: 'text', summary: 'new attempts after a transient failure' },
  'allowed-tools': { kind: 'list', summary: 'tools to allow besides, e.g. "Bash(npm install *)"' },
} as const satisfies Record<string, OptionSpec>;

/** What {@link PLANNING_OPTIONS} are once they are read; a new one for each command, which adds its own. */
export const planningShape = () => ({
  variant: z.array(z.string()),
  file: z.optional(someText('a path')),
  prompt: z.optional(someText('a text that is not empty')),
  count: z.optional(wholeNumber({ min: 1, max: 50 })),
  models: z.array(z.string()),
  name: z.optional(someText('a name')),
  base: z.optional(someText('a commit or branch')),
  target: z.optional(someText('a branch')),
  isolation: z.optional(z.enum(ISOLATIONS, `one of ${ISOLATIONS.join(', ')}`)),
  concurrency: z.optional(wholeNumber({ min: 1, max: 100 })),
  model: z.optional(someText('a model')),
  effort: z.optional(someText('an effort level')),
  'budget-usd': z.optional(dollars()),
  'total-budget-usd': z.optional(dollars()),
  timeout: z.optional(duration()),
  'idle-timeout': z.optional(duration()),
  'max-turns': z.optional(wholeNumber({ min: 1 })),
  retries: z.optional(wholeNumber({ min: 0, max: 10 })),
  'allowed-tools': z.array(z.string()),
});

const PLANNING = z.object(planningShape());
export type PlanningOptions = z.infer<typeof PLANNING>;

/** What it takes when nothing was said. */
export const NO_PLANNING_OPTIONS: PlanningOptions = { variant: [], models: [], 'allowed-tools': [] };

/** A plan, what it was made from, and a way to make it again for an id that is reserved by now. */
export interface DrawnUp {
  readonly here: Here;
  readonly file: VariantsFile;
  /** What `-2`, `-3` … are put after where an id is taken: the name that was typed, else the file's. */
  readonly name: string;
  readonly settings: SourcedSettings;
  readonly facts: PlanFacts;
  readonly result: PlanResult;
  /** With facts looked up anew. */
  again(run: RunId): Promise<PlanResult>;
}

/** Reads variants file and settings, looks at the repository, makes the plan. Throws `CopseError` for what cannot be read. */
export async function drawUp(options: PlanningOptions, context: Context): Promise<DrawnUp> {
  const here = await openHere(context.cwd);
  const { repository, store } = here;
  const flags = planFlags(options);
  const { file, settings } = await readFiles(options, here, context);
  const environment = context.environment;
  const look = (): Promise<PlanFacts> => gatherFacts({ repository, store, file, settings, environment, flags });
  const facts = await look();
  const plan = (found: PlanFacts, run?: RunId): PlanResult =>
    makePlan({ file, settings, facts: found, only: options.variant, flags, ...(run === undefined ? {} : { run }) });
  const name = options.name ?? file.name;
  return { here, file, name, settings, facts, result: plan(facts), again: async (run) => plan(await look(), run) };
}

async function readFiles(
  options: PlanningOptions,
  { repository }: Here,
  context: Context,
): Promise<{ readonly file: VariantsFile; readonly settings: SourcedSettings }> {
  const { cwd, environment } = context;
  const flags = settingFlags(options);
  const { prompt, count, models, name } = options;
  if (prompt === undefined) {
    if (count !== undefined || models.length > 0) throw usage('--count and --models need a --prompt.');
    return readConfiguration({ ...placesOf(repository), cwd, file: options.file ?? null, environment, flags });
  }
  if (options.file !== undefined) throw usage('--prompt and --file do not go together.');
  const settings = await readSettings({ root: repository.here, environment, flags });
  const made = { prompt, models, ...(count === undefined ? {} : { count }), ...(name === undefined ? {} : { name }) };
  return { file: variantsFromFlags(made), settings };
}

/** Where the variants file is looked for. */
export function placesOf({ here, root, bare }: Here['repository']): { root: string; mainRoot: string; bare: boolean } {
  return { root: here, mainRoot: root, bare };
}

/** The file on the fly as people write it, for `run --save`. */
export function asYaml(file: VariantsFile): string {
  return variantsFileToYaml(file);
}

function planFlags(o: PlanningOptions): PlanFlags {
  const flags = {
    name: o.name,
    base: o.base,
    target: o.target,
    isolation: o.isolation,
    concurrency: o.concurrency,
    model: o.model,
    effort: o.effort,
    budgetUsd: o['budget-usd'],
    totalBudgetUsd: o['total-budget-usd'],
    timeoutMs: o.timeout,
    idleTimeoutMs: o['idle-timeout'],
    maxTurns: o['max-turns'],
    retries: o.retries,
    allowedTools: o['allowed-tools'].length === 0 ? undefined : o['allowed-tools'],
  };
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

/** The flags that are settings too, so that `config` and the plan name their source alike. */
function settingFlags(o: PlanningOptions): Partial<Settings> {
  const { name: _, totalBudgetUsd: __, allowedTools: ___, ...flags } = planFlags(o);
  return flags;
}

function usage(what: string): CopseError {
  return new CopseError({ code: 'usage', exit: EXIT.usage, what, hint: 'See what goes together: copse run --help' });
}

/** The plan where nothing is in the way; else throws all that is, with the most telling exit code. */
export function soundPlan({ plan, problems }: { readonly plan: Plan | null; readonly problems: readonly Problem[] }): Plan {
  if (plan !== null && problems.length === 0) return plan;
  throw problemsError(problems);
}

import * as z from 'zod/mini';
import { readConfiguration, readSettings, variantsFilePath } from '../../config/read-configuration.ts';
import { SHARED_FLAGS } from '../../config/shared-options.ts';
import { withLentChecks, withTypedChecks } from '../../config/variants/lend-checks.ts';
import { loadVariantsFile } from '../../config/variants/load-variants-file.ts';
import { variantsFileToYaml, variantsFromFlags } from '../../config/variants/variants-from-flags.ts';
import { CopseError, type Problem } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { RunId } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { PlanFacts } from '../../model/plan-facts.ts';
import type { Settings, SourcedSettings } from '../../model/settings.ts';
import type { VariantsFile } from '../../model/variants-file.ts';
import { makePlan, type PlanResult } from '../../plan/make-plan.ts';
import type { PlanFlags } from '../../plan/plan-flags.ts';
import { problemsError } from '../../plan/problems-error.ts';
import { type Here, openHere } from '../../repository/current-repository.ts';
import { gatherFacts } from '../../survey/gather-facts.ts';
import type { Context, OptionSpec } from '../command.ts';
import { dollars, someText, wholeNumber } from '../option-values.ts';
import { sharedFlagShape, sharedFlags } from './shared-flags.ts';

/** The options that `plan` and `run` share: where the variants come from, and what overrides them. */
export const PLANNING_OPTIONS = {
  file: { kind: 'text', alias: 'f', summary: 'the variants file (default: variants.yaml)', file: true },
  prompt: { kind: 'text', alias: 'p', summary: 'without a file: one task for several variants', group: 'Without a file' },
  count: { kind: 'text', summary: 'how many variants (default 3)', group: 'Without a file' },
  models: { kind: 'list', summary: 'one variant per model, e.g. opus,sonnet,haiku', group: 'Without a file' },
  verify: { kind: 'list', summary: 'a check, e.g. "npm test" (default: those of variants.yaml)', group: 'Without a file' },
  name: { kind: 'text', summary: 'id of the run and prefix of its branches' },
  base: { kind: 'text', summary: 'commit or branch to start from' },
  target: { kind: 'text', summary: 'branch to merge into' },
  ...sharedFlags(),
  concurrency: { kind: 'text', alias: 'j', summary: 'how many variants run at a time' },
  'total-budget-usd': { kind: 'text', summary: 'maximum cost of the run' },
  'allowed-tools': { kind: 'list', summary: 'more tools to allow, e.g. "Bash(npm install *)"' },
} as const satisfies Record<string, OptionSpec>;

/** What {@link PLANNING_OPTIONS} are once they are read; a new one for each command, which adds its own. */
export const planningShape = () => ({
  variant: z.array(z.string()),
  file: z.optional(someText('a path')),
  prompt: z.optional(someText('a text that is not empty')),
  count: z.optional(wholeNumber({ min: 1, max: 50 })),
  models: z.array(z.string()),
  verify: z.array(someText('a command')),
  name: z.optional(someText('a name')),
  base: z.optional(someText('a commit or branch')),
  target: z.optional(someText('a branch')),
  ...sharedFlagShape(),
  concurrency: z.optional(wholeNumber({ min: 1, max: 100 })),
  'total-budget-usd': z.optional(dollars()),
  'allowed-tools': z.array(z.string()),
});

const PLANNING = z.object(planningShape());
export type PlanningOptions = z.infer<typeof PLANNING> & {
  /** Of `run`: nobody watches it. */
  readonly detach?: boolean;
  readonly unattended?: boolean;
};

/** The defaults. */
export const NO_PLANNING_OPTIONS: PlanningOptions = { variant: [], models: [], verify: [], 'allowed-tools': [] };

/** A plan, what it was made from, and a way to make it again for an id that is reserved by now. */
export interface DrawnUp {
  readonly here: Here;
  readonly file: VariantsFile;
  /** What `-2`, `-3` … are appended to if an id is taken: the name that was typed, else the file's. */
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
    if (options.verify.length > 0) throw usage('--verify needs a --prompt. Checks of a file are under `verify:`.');
    return readConfiguration({ ...placesOf(repository), cwd, file: options.file ?? null, environment, flags });
  }
  if (options.file !== undefined) throw usage('--prompt cannot be combined with --file.');
  const settings = await readSettings({ root: repository.here, environment, flags });
  const made = { prompt, models, ...(count === undefined ? {} : { count }), ...(name === undefined ? {} : { name }) };
  const file = variantsFromFlags(made);
  const lender = await repositoryFile(repository.here, settings, context);
  const lent = lender === null ? file : withLentChecks(file, lender);
  if (options.verify.length === 0) return { file: lent, settings };
  const isAgent = (environment['CLAUDECODE'] ?? '') !== '';
  return { file: { ...withTypedChecks(lent, options.verify), ...(isAgent ? { lent: true } : {}) }, settings };
}

/** The repository's variants file, if there is one that can be read. One that cannot is no reason to start nothing. */
async function repositoryFile(root: string, settings: SourcedSettings, context: Context): Promise<VariantsFile | null> {
  const path = await variantsFilePath(root, context.cwd, null, settings);
  const loaded = path === null ? null : await loadVariantsFile(path, { root });
  if (loaded === null || loaded.ok) return loaded?.file ?? null;
  context.stderr.write('variants.yaml has problems, so its checks are not used. See them: copse plan\n');
  return null;
}

/** The folder that is searched for the variants file. */
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
    concurrency: o.concurrency,
    totalBudgetUsd: o['total-budget-usd'],
    unattended: o.detach === true || o.unattended === true ? true : undefined,
    ...Object.fromEntries(SHARED_FLAGS.map(({ name, holds }) => [holds, o[name]])),
    allowedTools: o['allowed-tools'].length === 0 ? undefined : o['allowed-tools'],
  };
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

/** The flags that are settings too, so that `config` and the plan name their source alike. */
function settingFlags(o: PlanningOptions): Partial<Settings> {
  const { name: _, totalBudgetUsd: __, allowedTools: ___, unattended: ____, ...flags } = planFlags(o);
  return flags;
}

function usage(what: string): CopseError {
  return new CopseError({ code: 'usage', exit: EXIT.usage, what, hint: 'See the options: copse run --help' });
}

/** The plan, if it has no problems; else throws all of them, with the most specific exit code. */
export function soundPlan({ plan, problems }: { readonly plan: Plan | null; readonly problems: readonly Problem[] }): Plan {
  if (plan !== null && problems.length === 0) return plan;
  throw problemsError(problems);
}

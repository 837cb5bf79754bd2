import { isAbsolute, relative } from 'node:path';
import { variantsFilePath } from '../../config/read-configuration.ts';
import { loadSettings } from '../../config/settings/load-settings.ts';
import { planTrust } from '../../config/trust/plan-approval.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { RunId, VariantName } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { ChecksFrom } from '../../model/reports/check-changes.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { problemsError } from '../../plan/problems-error.ts';
import { checkChanges, withChecks } from '../../plan/with-checks.ts';
import type { Here } from '../../repository/current-repository.ts';
import { shellWord } from '../../text/shell-word.ts';
import { checkChangesText } from '../../view/plan/check-changes-text.ts';
import type { Context, OptionSpec } from '../command.ts';
import { type DrawnUp, drawUp, NO_PLANNING_OPTIONS } from '../run/planning.ts';
import { requireTrust } from '../run/require-trust.ts';

/** What `compare` and `merge` take alike. */
export const CHECKS_OPTIONS = {
  checks: { kind: 'flag', summary: 'use the checks and metrics of the current variants file, not of the run' },
  file: { kind: 'text', alias: 'f', summary: 'with --checks: another variants file', file: true },
  trust: { kind: 'text', summary: 'with --checks: approve what the variants file runs, by the hash shown' },
} as const satisfies Record<string, OptionSpec>;

export interface ChecksOptions {
  readonly checks: boolean;
  readonly file?: string | undefined;
  readonly trust?: string | undefined;
}

/** A run whose variants are to be checked anew. */
export interface CheckedAnew {
  readonly plan: Plan;
  readonly names: readonly VariantName[];
}

export interface CurrentChecks {
  /** By run: its plan with the checks of the variants file. */
  readonly plans: ReadonlyMap<RunId, Plan>;
  readonly from: ChecksFrom;
}

/** The options that select these checks again; empty: those of the run. */
export function checkWords({ checks, file }: ChecksOptions): readonly string[] {
  return checks ? ['--checks', ...(file === undefined ? [] : ['-f', file])] : [];
}

/** Keys, or sentences that begin with one, whose mistakes concern checks; that an agent is not logged in, or a name is taken, does not. */
const KEYS = /^(?:settings\.)?(?:copy|setup|verify|metrics|protect|env|commandTimeout)\b/;

/**
 * The checks of the variants file as it is now for runs that have others, shown beside those, and approved; null: not requested.
 * `typed`: the command with its variants. Throws `CopseError` if the file or a variant is gone, or approval is missing.
 */
export async function currentChecks(
  here: Here,
  runs: readonly CheckedAnew[],
  options: ChecksOptions,
  typed: string,
  context: Context,
): Promise<CurrentChecks | null> {
  if (!options.checks) {
    const stray = options.file !== undefined ? '--file' : options.trust !== undefined ? '--trust' : null;
    if (stray !== null) throw usage(`${stray} needs --checks.`, `${typed} --checks`);
    return null;
  }
  const words = checkWords(options);
  const line = [typed, ...words.map(shellWord)].join(' ');
  const drawn = new Map<string | undefined, DrawnUp>();
  const plans = new Map<RunId, Plan>();
  const approved = new Set<string>();
  let shown = '';
  for (const { plan, names } of runs) {
    const file = options.file ?? (await fileOf(plan, here, context));
    const found = drawn.get(file) ?? (await drawUp({ ...NO_PLANNING_OPTIONS, ...(file === undefined ? {} : { file }) }, context));
    drawn.set(file, found);
    const now = planNow(found, plan.run);
    shown = shownPath(now.file ?? '', here);
    const missing = names.filter((name) => !now.variants.some((variant) => variant.name === name));
    if (missing.length > 0) throw noVariant(shown, plan.run, missing);
    const changes = checkChanges(plan, now, names);
    context.stderr.write(`${checkChangesText({ file: shown, run: plan.run, changes }, context.screen('stderr'))}\n`);
    if (!approved.has(now.trust.hash)) await requireTrust(now, options.trust, line, context);
    approved.add(now.trust.hash);
    const checked = withChecks(plan, now);
    // The run itself may be of another copse: then it is asked for whole.
    await requireTrust({ ...checked, trust: await planTrust(checked, context.environment) }, options.trust, line, context);
    plans.set(plan.run, checked);
  }
  return { plans, from: { file: shown, words } };
}

/** Under the run's own name, which its variables may hold. */
function planNow({ file, settings, facts }: DrawnUp, run: RunId): Plan {
  // Its branches and worktrees exist already, which would be a problem for a new run.
  const free = { ...facts, branches: [], takenPaths: [], takenRuns: [] };
  const { plan, problems } = makePlan({ file, settings, facts: free, flags: {}, run });
  const own = problems.filter(({ path, what }) => KEYS.test(path ?? what));
  if (plan === null || own.length > 0) throw problemsError(own.length > 0 ? own : problems);
  return plan;
}

/** What `-f` would name: the file that the run came from; undefined: the usual one. */
async function fileOf(plan: Plan, { repository }: Here, { cwd, environment }: Context): Promise<string | undefined> {
  const { settings } = await loadSettings({ root: repository.here, environment, flags: {} });
  const usual = await variantsFilePath(repository.here, cwd, null, settings);
  if (plan.file === null || plan.file === usual) {
    if (usual !== null) return undefined;
    throw noFile(`Run ${plan.run} was made without a variants file, and there is none now.`);
  }
  if ((await variantsFilePath(repository.here, cwd, plan.file, settings)) !== null) return plan.file;
  throw noFile(`${shownPath(plan.file, { repository })}, the variants file of run ${plan.run}, no longer exists.`);
}

function shownPath(path: string, { repository }: Pick<Here, 'repository'>): string {
  const inside = relative(repository.here, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

function noFile(what: string): CopseError {
  const hint = 'Name the file with the checks:\n  copse compare --checks -f variants.yaml';
  return new CopseError({ code: 'no-variants-file', exit: EXIT.usage, what, hint });
}

function noVariant(file: string, run: RunId, missing: readonly VariantName[]): CopseError {
  return new CopseError({
    code: 'no-such-variant',
    exit: EXIT.usage,
    what: `${file} has no variant ${missing.join(', ')}, which run ${run} has.`,
    why: 'A check gets its environment from its variant.',
    hint: 'Put it back into the file, or name only variants that are in it.',
  });
}

function usage(what: string, hint: string): CopseError {
  return new CopseError({ code: 'usage', exit: EXIT.usage, what, hint });
}

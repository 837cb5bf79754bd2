import { withVariantsFile } from '../config/effective.ts';
import { SHARED_KEYS } from '../config/shared-options.ts';
import { trustHash, trustItems } from '../config/trust/trust-items.ts';
import { nameProblem, slugOf } from '../config/variants/names.ts';
import type { Problem } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { BranchName, RunId, VariantName } from '../model/ids.ts';
import type { CopyPlan, Plan, PlannedVariant } from '../model/plan.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { Sourced, SourcedSettings } from '../model/settings.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import { parseSize } from '../text/sizes.ts';
import { chooseVariants } from './choose-variants.ts';
import { loosest } from './decide-isolation.ts';
import { baseProblems, filterProblems, machineProblems, protectProblems } from './fact-problems.ts';
import { factWarnings, filterWarnings } from './fact-warnings.ts';
import { clashesWithin, nameRun } from './name-run.ts';
import { placeProblems, placeWarnings } from './place-problems.ts';
import type { PlanFlags } from './plan-flags.ts';
import { planHash } from './plan-hash.ts';
import { planVariant } from './plan-variant.ts';

export interface PlanInput {
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  readonly facts: PlanFacts;
  /** Variants to run; none or absent: all. Their needs are included. */
  readonly only?: readonly VariantName[];
  readonly flags: PlanFlags;
  /** An id that is reserved for this plan already. */
  readonly run?: RunId;
}

/** `plan` is null if none can be made at all. One with problems is for looking at: it must not be executed. */
export interface PlanResult {
  readonly plan: Plan | null;
  readonly problems: readonly Problem[];
}

/**
 * The plan of a variants file in this repository now, and all problems at once. Pure.
 * Missing approval is not a problem here: `plan.trust` has it, and a person may give it.
 */
export function makePlan(o: PlanInput): PlanResult {
  const { file, facts, flags } = o;
  const settings = withFlags(o.settings, flags);
  const chosen = chooseVariants(file, o.only ?? []);
  const problems: Problem[] = [...chosen.problems, ...baseProblems(facts)];

  const name = o.run ?? flags.name ?? file.name;
  const nameFault = flags.name === undefined ? null : nameProblem(flags.name);
  if (nameFault !== null) {
    problems.push({
      what: `--name ${JSON.stringify(name)} ${nameFault}.`,
      fix: `For example: ${slugOf(flags.name ?? '') ?? 'ui-b'}.`,
    });
    return { plan: null, problems };
  }
  const mode = o.run !== undefined ? 'reserved' : flags.name !== undefined ? 'exact' : 'first-free';
  const naming = nameRun({ name, mode, variants: chosen.variants, settings, facts });
  problems.push(...naming.problems);
  // If the id is taken, the other problems are found anyway, under the wanted names.
  const names =
    naming.names ?? nameRun({ name, mode: 'reserved', variants: chosen.variants, settings, facts: emptied(facts) }).names;
  if (names === null) return { plan: null, problems };
  problems.push(...clashesWithin(names), ...placeProblems(settings, facts, names), ...protectProblems(file, facts));

  const planned = chosen.variants.flatMap((variant) => {
    const own = names.variants.get(variant.name);
    return own === undefined
      ? []
      : [
          planVariant({
            file,
            variant,
            settings,
            extraTools: flags.allowedTools ?? [],
            repo: facts.repository.name,
            run: names.run,
            names: own,
          }),
        ];
  });
  const variants = planned.map((one) => one.variant);
  const shared = withVariantsFile(settings, file);
  const target = targetOf(shared.target.value, facts);
  problems.push(...planned.flatMap((one) => one.problems), ...target.problems, ...machineProblems(facts, variants));
  problems.push(...filterProblems(facts, shared.setup.value));
  if (variants.length === 0 && problems.length === 0) {
    problems.push({ what: 'There are no variants.', fix: 'Name at least one under variants.', path: 'variants' });
  }
  if (facts.base === null || naming.names === null || variants.length === 0) return { plan: null, problems };

  const items = trustItems(file, settings, { worktreeInclude: facts.worktreeInclude });
  const hash = trustHash(facts.repository.commonDir, items);
  const plan: Omit<Plan, 'hash'> = {
    schema: 1,
    run: names.run,
    name: file.name,
    file: file.path,
    repository: { commonDir: facts.repository.commonDir, root: facts.repository.root },
    base: facts.base,
    target: target.branch,
    isolation: loosest(variants.map((variant) => variant.isolation)),
    concurrency: shared.concurrency.value,
    totalBudgetUsd: flags.totalBudgetUsd ?? file.totalBudgetUsd ?? sumOfBudgets(variants),
    ...((file.onLimit ?? (flags.unattended === true ? 'resume' : 'stop')) === 'resume' ? { onLimit: 'resume' } : {}),
    copy: copyPlan(facts.copy),
    setup: shared.setup.value,
    verify: file.verify ?? [],
    protect: file.protect ?? [],
    metrics: file.metrics ?? [],
    judge: file.judge ?? null,
    serve: file.serve ?? null,
    teardown: file.teardown ?? [],
    commandTimeoutMs: shared.commandTimeoutMs.value,
    disposable: shared.disposable.value,
    commit: plannedCommit(file),
    trust: { needed: items.length > 0, hash, approved: items.length === 0 || facts.trustApproved(hash), items },
    notUsed: variants.some((variant) => variant.runner.kind === 'claude') ? facts.notUsed : [],
    disk: diskOf(facts),
    warnings: [
      ...chosen.warnings,
      ...names.warnings,
      ...target.warnings,
      ...factWarnings(facts),
      ...filterWarnings(facts, shared.setup.value),
      ...placeWarnings(facts, names),
      ...planned.flatMap((one) => one.warnings),
    ],
    variants,
  };
  return { plan: { ...plan, hash: planHash(plan) }, problems };
}

function diskOf({ copy, disk: { freeBytes, trackedBytes, reflinks, setupBytes } }: PlanFacts): Plan['disk'] {
  return {
    freeBytes,
    trackedBytes,
    // Without copies nothing was tried.
    ...(copy.bytes > 0 ? { reflinks } : {}),
    ...(setupBytes === null ? {} : { setupBytes }),
  };
}

/** Named target, else the base if that is a branch, else the current branch. */
function targetOf(
  named: BranchName | null,
  facts: PlanFacts,
): { readonly branch: BranchName | null; readonly problems: readonly Problem[]; readonly warnings: readonly string[] } {
  const isBranch = (name: string): boolean => facts.branches.some((branch) => branch.name === name);
  if (named !== null) {
    const problem = {
      what: `There is no branch ${named} to merge into.`,
      fix: `Name another target, or create it: git branch -- ${named}`,
      path: 'target',
      exit: EXIT.precondition,
    };
    return { branch: named, problems: isBranch(named) ? [] : [problem], warnings: [] };
  }
  if (facts.base !== null && isBranch(facts.base.ref)) return { branch: facts.base.ref, problems: [], warnings: [] };
  const warnings =
    facts.repository.headBranch === null ? ['HEAD is detached and no target is named: there is no branch to merge into.'] : [];
  return { branch: facts.repository.headBranch, problems: [], warnings };
}

/** In whole cents, so that 0.1 + 0.2 is 0.3. */
function sumOfBudgets(variants: readonly PlannedVariant[]): number {
  return Math.round(variants.reduce((sum, variant) => sum + variant.limits.budgetUsd, 0) * 100) / 100;
}

/** The same repository with every name free. */
function emptied(facts: PlanFacts): PlanFacts {
  return { ...facts, branches: [], takenPaths: [], takenRuns: [] };
}

const KEYS = ['target', 'concurrency', ...SHARED_KEYS] as const;

/** Settings with the flags of a plan on top, as if they had been loaded with them. */
function withFlags(settings: SourcedSettings, flags: PlanFlags): SourcedSettings {
  const said = KEYS.flatMap((key): [string, Sourced<unknown>][] =>
    flags[key] === undefined ? [] : [[key, { value: flags[key], source: 'flag', file: null }]],
  );
  return { ...settings, ...Object.fromEntries(said) };
}

function copyPlan({ problems: _, ...plan }: PlanFacts['copy']): CopyPlan {
  return plan;
}

function plannedCommit({ commit }: VariantsFile): Plan['commit'] {
  const sizes = { maxBytes: parseSize(commit?.maxBytes ?? ''), maxTotalBytes: parseSize(commit?.maxTotalBytes ?? '') };
  return {
    message: commit?.message ?? null,
    allow: commit?.allow ?? [],
    ...(sizes.maxBytes === null ? {} : { maxBytes: sizes.maxBytes }),
    ...(sizes.maxTotalBytes === null ? {} : { maxTotalBytes: sizes.maxTotalBytes }),
  };
}

import type { Problem } from '../../model/errors.ts';
import type { CheckStatus } from '../../model/evidence/check.ts';
import { type Limits, modelOf, type Plan, type PlannedVariant, type TrustPlan } from '../../model/plan.ts';
import { type BaseLook, isStuck, type LookedCheck } from '../../model/reports/base-look.ts';
import { oneLine, shortLine } from '../../text/plain-text.ts';

export interface PlanVariantJson {
  readonly name: string;
  readonly branch: string;
  readonly worktree: string;
  /** Its beginning, unless `--full` asks for all of it. */
  readonly prompt: string;
  /** null: Claude Code's default, or a runner without models. */
  readonly model: string | null;
  readonly needs: readonly string[];
  /** Program and arguments of the first attempt; values that only a run knows are in angle brackets. */
  readonly argv: readonly string[];
  readonly limits: Limits;
  readonly isolation: string;
  /** Likewise. */
  readonly preamble: string;
  readonly expect: 'changes' | 'answer';
  readonly allowedTools: readonly string[];
  readonly disallowedTools: readonly string[];
}

export interface ProblemJson {
  readonly variant: string | null;
  readonly what: string;
  readonly why: string | null;
  readonly fix: string | null;
  readonly path: string | null;
  readonly position: { readonly file: string; readonly line: number; readonly column: number } | null;
}

export interface BaseCheckJson {
  readonly name: string;
  readonly status: CheckStatus;
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** Why it did not pass. */
  readonly detail: string | null;
  /** From an earlier look at the same files; it did not run again. */
  readonly known: boolean;
  /** The program that is not installed. */
  readonly missing: string | null;
  /** File with its output; null: it did not run. */
  readonly log: string | null;
}

export interface BaseLookJson {
  /** Set-up and each check can run, or the check is a script that the variants may be meant to write. */
  readonly canRun: boolean;
  /** Why set-up failed on the base. */
  readonly setupFailure: string | null;
  readonly checks: readonly BaseCheckJson[];
}

export interface PlanJson {
  readonly schema: 1;
  /** null, like everything else but `problems`, if there is no plan. */
  readonly name: string | null;
  readonly run: string | null;
  readonly hash: string | null;
  readonly base: { readonly ref: string; readonly commit: string } | null;
  readonly target: string | null;
  readonly isolation: string | null;
  readonly concurrency: number | null;
  readonly totalBudgetUsd: number | null;
  readonly trust: TrustPlan | null;
  readonly problems: readonly ProblemJson[];
  readonly warnings: readonly string[];
  readonly notUsed: readonly string[];
  readonly copy: Plan['copy'] | null;
  readonly disk: {
    readonly freeBytes: number;
    readonly trackedBytes: number;
    readonly reflinks: boolean | null;
    readonly setupBytes: number | null;
  } | null;
  readonly setup: readonly string[];
  readonly verify: Plan['verify'];
  readonly protect: Plan['protect'];
  readonly metrics: Plan['metrics'];
  readonly judge: Plan['judge'];
  readonly serve: Plan['serve'];
  readonly teardown: readonly string[];
  readonly variants: readonly PlanVariantJson[];
  /** Of `--check`: the results of set-up and checks on the base; null: not checked. */
  readonly baseChecks: BaseLookJson | null;
}

/** Enough to recognise it by. */
const CHARACTERS = 200;

/** The answer of `plan --json`. Every key is always there; unknown values are null. `full`: prompts, whatever their length. */
export function planJson(
  plan: Plan | null,
  problems: readonly Problem[],
  argvOf: (variant: PlannedVariant) => readonly string[],
  { look = null, full = false }: { readonly look?: BaseLook | null; readonly full?: boolean } = {},
): PlanJson {
  const said = (text: string): string => (full ? text : shortLine(text, CHARACTERS));
  return {
    schema: 1,
    name: plan?.name ?? null,
    run: plan?.run ?? null,
    hash: plan?.hash ?? null,
    base: plan?.base ?? null,
    target: plan?.target ?? null,
    isolation: plan?.isolation ?? null,
    concurrency: plan?.concurrency ?? null,
    totalBudgetUsd: plan?.totalBudgetUsd ?? null,
    trust: plan?.trust ?? null,
    problems: problems.map(problemJson),
    warnings: plan?.warnings ?? [],
    notUsed: plan?.notUsed ?? [],
    copy: plan?.copy ?? null,
    disk: plan === null ? null : { ...plan.disk, reflinks: plan.disk.reflinks ?? null, setupBytes: plan.disk.setupBytes ?? null },
    setup: plan?.setup ?? [],
    verify: plan?.verify ?? [],
    protect: plan?.protect ?? [],
    metrics: plan?.metrics ?? [],
    judge: plan?.judge ?? null,
    serve: plan?.serve ?? null,
    teardown: plan?.teardown ?? [],
    variants: (plan?.variants ?? []).map((variant) => ({
      name: variant.name,
      branch: variant.branch,
      worktree: variant.worktree,
      prompt: said(variant.prompt),
      model: modelOf(variant.runner),
      needs: variant.needs,
      argv: argvOf(variant).map((word) => (word.length <= CHARACTERS ? word : said(word))),
      limits: variant.limits,
      isolation: variant.isolation,
      preamble: said(variant.preamble),
      expect: variant.expect,
      allowedTools: variant.allowedTools,
      disallowedTools: variant.disallowedTools,
    })),
    baseChecks:
      look === null
        ? null
        : {
            canRun: !isStuck(look),
            setupFailure: look.failure === '' ? null : oneLine(look.failure),
            checks: look.checks.map((check) => baseCheckJson(check, look.failure === '')),
          },
  };
}

function baseCheckJson({ result, known, missing, log }: LookedCheck, ran: boolean): BaseCheckJson {
  const { name, status, exitCode, durationMs } = result;
  const detail = result.detail === '' ? null : oneLine(result.detail);
  return { name, status, exitCode, durationMs, detail, known, missing, log: ran ? log : null };
}

function problemJson(problem: Problem): ProblemJson {
  return {
    variant: problem.variant ?? null,
    what: problem.what,
    why: problem.why ?? null,
    fix: problem.fix ?? null,
    path: problem.path ?? null,
    position: problem.position ?? null,
  };
}

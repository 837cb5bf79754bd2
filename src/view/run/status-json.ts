import { allowLine, besideSentences } from '../../model/evidence/beside-words.ts';
import type { Instant } from '../../model/ids.ts';
import type { Changes, Isolation, Outcome, Tokens } from '../../model/outcome.ts';
import type { ServeRecord } from '../../model/reports/served.ts';
import { retryHelps } from '../../model/run-state/run-choice.ts';
import { landingOf, runCost, variantTotals } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantPhaseKind, VariantState } from '../../model/run-state/state.ts';
import { oneLine } from '../../text/plain-text.ts';
import { bounded, type CheckFactsJson, checkFactsJson } from '../check-json.ts';
import { denialsOf, isFinished } from '../kit/variant-facts.ts';
import { type ServeJson, serveJson } from '../serve/serve-json.ts';
import { nextFor } from './next-commands.ts';
import { type RunWord, runWord, type StatusRun } from './run-word.ts';

export interface VariantJson {
  readonly name: string;
  readonly state: VariantPhaseKind;
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly branch: string;
  readonly worktree: string;
  readonly attempts: number;
  readonly sessionId: string | null;
  readonly model: string | null;
  readonly turns: number;
  readonly tokens: Tokens;
  readonly costUsd: number;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly activity: string | null;
  readonly changes: Changes;
  /** Its checks so far, compared with the base. */
  readonly checks: readonly CheckFactsJson[];
  /** Denied calls, the first few; `allow` is the line of the variants file that allows it, null: no sensible line would. */
  readonly denials: readonly {
    readonly tool: string;
    readonly input: string;
    readonly count: number;
    readonly allow: string | null;
  }[];
  /** Work in its worktree that is not in its commit: why, by which rule or in which submodule, and the same as a sentence. */
  readonly notInCommit: readonly {
    readonly path: string;
    readonly why: string;
    readonly by: string | null;
    readonly text: string;
  }[];
  /** The line of the variants file that keeps such files in later runs; null: there are none, or no line can. */
  readonly toKeep: string | null;
  /** The branch and commit of its copse merge; null: not merged, or undone. */
  readonly landed: { readonly on: string; readonly commit: string; readonly operation: string } | null;
  /** The prune that removed it, and whether its files are deleted; null: not removed, or restored. */
  readonly removed: { readonly operation: string; readonly purged: boolean } | null;
  /** Whether a retry could help, rather than fail in the same way. null: not finished, or nothing is wrong. */
  readonly retryHelps: boolean | null;
  /** Command that continues it; null: nothing to do. */
  readonly next: string | null;
}

export interface RunJson {
  readonly id: string;
  readonly state: RunWord;
  /** How it ended; null while it has not. */
  readonly ending: 'completed' | 'stopped' | 'fatal' | null;
  readonly base: { readonly ref: string; readonly commit: string };
  readonly target: string | null;
  readonly isolation: Isolation;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly costUsd: number;
  readonly totalBudgetUsd: number;
  /** Name of the variant that people chose; null: none. Of `status` alone. */
  readonly chosen: string | null;
  readonly supervisor: { readonly pid: number | null; readonly alive: boolean };
  readonly variants: readonly VariantJson[];
}

export interface StatusJson {
  readonly schema: 1;
  readonly runs: readonly RunJson[];
  /** What `copse serve` serves at present; of `status` alone. */
  readonly serving?: readonly ServingJson[];
}

export interface ServingJson extends Omit<ServeJson, 'schema'> {
  readonly pid: number;
  readonly detached: boolean;
  readonly startedAt: Instant;
}

/** Sums of cents in floating point grow tails such as 0.30000000000000004. */
const money = (usd: number): number => Math.round(usd * 1e6) / 1e6;

/** Longer texts are for people. */
const LISTED = 50;

function variantJson(variant: VariantState, state: RunState): VariantJson {
  const { phase } = variant;
  const last = variant.attempts.at(-1);
  const totals = variantTotals(variant);
  const landed = landingOf(variant);
  const activity = isFinished(variant) ? '' : oneLine(last?.activity ?? '');
  return {
    name: variant.name,
    state: phase.kind,
    outcome: phase.kind === 'finished' ? phase.outcome : null,
    reason: phase.kind === 'finished' && phase.reason !== '' ? oneLine(phase.reason) : null,
    branch: variant.branch,
    worktree: variant.worktree,
    attempts: variant.attempts.length,
    sessionId: last?.verdict?.sessionId ?? last?.sessionId ?? null,
    model: last?.verdict?.model ?? last?.model ?? variant.model,
    turns: totals.turns,
    tokens: totals.tokens,
    costUsd: money(totals.costUsd),
    startedAt: variant.startedAt,
    finishedAt: phase.kind === 'finished' ? phase.at : null,
    activity: activity === '' ? null : activity,
    changes: {
      files: variant.changes.files,
      insertions: variant.changes.insertions,
      deletions: variant.changes.deletions,
      commits: variant.changes.commits,
    },
    checks: variant.checks.map(checkFactsJson),
    denials: denialsOf(variant)
      .slice(0, LISTED)
      .map(({ tool, input, count, allow }) => ({
        tool: oneLine(tool),
        input: bounded(input),
        count,
        allow: allow === null ? null : `allowedTools: [${JSON.stringify(allow)}]`,
      })),
    notInCommit: variant.heldBack.slice(0, LISTED).map((held) => ({ ...held, text: oneLine(besideSentences([held]).join(' ')) })),
    toKeep: allowLine(variant.heldBack.slice(0, LISTED)),
    landed: landed === null ? null : { on: landed.target, commit: landed.commit, operation: landed.operation },
    removed: variant.removed === null ? null : { operation: variant.removed.operation, purged: variant.removed.purged },
    retryHelps: retryHelps(variant, state),
    next: nextFor(variant, state),
  };
}

function servingJson(record: ServeRecord): ServingJson {
  const { schema: _, ...served } = serveJson(record);
  return { pid: record.owner.pid, detached: record.detached, startedAt: record.startedAt, ...served };
}

/** The answer of `status --json`. Every key is always there; unknown values are null. */
export function statusJson(runs: readonly StatusRun[], serving?: readonly ServeRecord[]): StatusJson {
  return {
    schema: 1,
    ...(serving === undefined ? {} : { serving: serving.map(servingJson) }),
    runs: runs.map((run) => {
      const { state, alive } = run;
      return {
        id: state.id,
        state: runWord(run),
        ending: state.phase.kind === 'finished' ? state.phase.ending : null,
        base: { ref: state.base.ref, commit: state.base.commit },
        target: state.target,
        isolation: state.isolation,
        startedAt: state.createdAt,
        finishedAt: state.phase.kind === 'finished' ? state.phase.at : null,
        costUsd: money(runCost(state)),
        totalBudgetUsd: state.totalBudgetUsd,
        chosen: run.decision?.chosen ?? null,
        supervisor: { pid: state.supervisor?.pid ?? null, alive },
        variants: state.variants.map((variant) => variantJson(variant, state)),
      };
    }),
  };
}

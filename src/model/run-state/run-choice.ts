import { endedWell, type Weighed } from '../evidence/best.ts';
import type { CheckResult } from '../evidence/check.ts';
import { standingOf } from '../evidence/check.ts';
import { isOutdone, rank } from '../evidence/rank.ts';
import type { VariantName } from '../ids.ts';
import { canSpend, isGood, landingOf } from './run-facts.ts';
import type { RunState, VariantState } from './state.ts';
import { timesOf } from './worked-ms.ts';

/* What to do next with the variants of a run, from its state alone and the facts of git now. One rule for all that propose a command. */

/** Facts about a run's variants that only git knows. */
export interface RunNow {
  /** Their branch no longer exists. */
  readonly gone: ReadonlySet<VariantName>;
  /** Their work is on the target, however it got there. */
  readonly contained: ReadonlySet<VariantName>;
  /** They do not merge into the target as it is now. */
  readonly conflicting: ReadonlySet<VariantName>;
  /** A later run has variants as well: commands name these with their run. */
  readonly isOlder: boolean;
}

export const NOTHING_MOVED: RunNow = { gone: new Set(), contained: new Set(), conflicting: new Set(), isOlder: false };

/** A variant by what its run knows: metrics and judges are compare's. */
export function weighed(variant: VariantState): Weighed {
  const { name, phase, checks, changes, attempts } = variant;
  return {
    label: name,
    outcome: phase.kind === 'finished' ? phase.outcome : null,
    checks: checks.map((check) => ({ ...check, changedFiles: check.changedFiles ?? [] })),
    metrics: [],
    changes,
    costUsd: attempts.reduce((sum, { verdict, costUsd }) => sum + Math.max(0, verdict?.costUsd ?? costUsd), 0),
    agentMs: timesOf(variant, null).agentMs,
  };
}

/** Finished variants, the best first, as `compare` ranks them. */
export function ranked(variants: readonly VariantState[]): readonly VariantState[] {
  const places = new Map(rank(variants.map(weighed)).map(({ label }, place) => [label, place]));
  return variants.toSorted((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0));
}

/**
 * Those that can be merged next, the best first: changed something, nothing known against them, not on the target yet, and with whatever they
 * need there or at hand. A variant with worse checks than one that is on the target already is no longer a choice.
 */
export function mergeable(state: RunState, now: RunNow): readonly VariantState[] {
  const landed = state.variants.filter((variant) => landingOf(variant) !== null || now.contained.has(variant.name)).map(weighed);
  return ranked(
    state.variants.filter(
      (variant) => isAtHand(variant, now) && needsOf(variant, state, now) !== null && !isOutdone(weighed(variant), landed),
    ),
  );
}

function isAtHand(variant: VariantState, { gone, contained, conflicting }: RunNow): boolean {
  const { name, changes, removed, commit } = variant;
  if (landingOf(variant) !== null || removed !== null || commit?.parked != null) return false;
  return changes.files > 0 && endedWell(weighed(variant)) && ![gone, contained, conflicting].some((names) => names.has(name));
}

/** The variants to merge before it, in order; null: one of them cannot be merged. */
export function needsOf(
  { name, needs }: VariantState,
  state: RunState,
  now: RunNow,
  seen: readonly VariantName[] = [],
): readonly VariantName[] | null {
  const before: VariantName[] = [];
  for (const need of needs) {
    const other = state.variants.find((variant) => variant.name === need);
    if (other === undefined || seen.includes(need)) return null;
    if (landingOf(other) !== null || now.contained.has(need) || other.changes.files === 0) continue;
    if (!isAtHand(other, now)) return null;
    const further = needsOf(other, state, now, [...seen, name]);
    if (further === null) return null;
    before.push(...further, need);
  }
  return [...new Set(before)];
}

/** A check that could not run, here or on the base: another attempt would not change that. */
function cannotRun(check: CheckResult): boolean {
  return check.status === 'could-not-run' || check.onBase === 'could-not-run';
}

/**
 * Whether a retry could achieve more than the attempt before; null: it is not finished, or nothing is wrong with it. Not if the same
 * would happen again: denied calls under the same rules, a need that failed, no money left, checks that cannot run, a missing login.
 */
export function retryHelps(variant: VariantState, state: RunState): boolean | null {
  const { phase, removed, checks } = variant;
  if (phase.kind !== 'finished' || isGood(variant)) return null;
  if (removed !== null || !canSpend(variant, state) || phase.outcome === 'skipped' || phase.outcome === 'blocked') return false;
  if (state.phase.kind === 'finished' && state.phase.fatal !== null) return false;
  if (phase.outcome !== 'succeeded' && phase.outcome !== 'no-changes') return true;
  const against = checks.filter((check) => standingOf(check) === 'broke' || standingOf(check) === 'unknown');
  return against.some((check) => !cannotRun(check) && check.status !== 'skipped');
}

/** Checks that the base could not run: nothing is known of any variant by them. */
export function checksThatCannotRun({ baseChecks }: RunState): readonly CheckResult[] {
  return baseChecks.filter(({ status }) => status === 'could-not-run');
}

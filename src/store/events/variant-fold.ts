import type { CheckResult } from '../../model/evidence/check.ts';
import type { OperationId } from '../../model/operation.ts';
import { type HeldBack, NO_CHANGES } from '../../model/outcome.ts';
import type { RunEvent } from '../../model/run-state/events.ts';
import {
  type AttemptState,
  type Before,
  CAME_TO_NOTHING,
  type Landing,
  type Removed,
  type VariantState,
} from '../../model/run-state/state.ts';
import { applyToAttempt, startedAttempt } from './attempt-fold.ts';
import { variantTransition } from './variant-transition.ts';

/** The variant after one of its own events. Throws a plain Error (a bug) if phase and event do not fit. */
export function applyToVariant(variant: VariantState, event: RunEvent): VariantState {
  const phase = variantTransition(variant.phase, event);
  switch (event.type) {
    case 'variant.preparing':
      return { ...variant, phase, startedAt: event.at };
    case 'worktree.created':
      return {
        ...variant,
        phase,
        worktree: event.path,
        branch: event.branch,
        created: { start: event.start, nonce: event.nonce, port: event.port },
        // Also when it is taken back to its start: then what was committed is not on the branch any more.
        commit: event.tip === undefined ? null : variant.commit,
        changes: event.tip === undefined ? NO_CHANGES : variant.changes,
        removed: null,
      };
    case 'attempt.started': {
      if (event.attempt !== variant.attempts.length + 1) {
        throw new Error(`event ${event.seq} starts attempt ${event.attempt} of ${variant.name} after ${variant.attempts.length}`);
      }
      return { ...variant, phase, requested: null, attempts: [...variant.attempts, startedAttempt(event)] };
    }
    case 'attempt.session':
    case 'attempt.activity':
    case 'attempt.usage':
    case 'attempt.denied':
    case 'attempt.retrying':
    case 'attempt.limited':
      return { ...variant, phase, attempts: withLastAttempt(variant.attempts, event) };
    case 'attempt.finished': {
      const notes =
        event.survivors.length === 0
          ? variant.notes
          : [...variant.notes, `Processes that could not be stopped: ${event.survivors.join(', ')}.`];
      return { ...variant, phase, attempts: withLastAttempt(variant.attempts, event), notes };
    }
    case 'commit.created': {
      const { commit, tree, parked, heldBack } = event;
      return { ...variant, phase, commit: { commit, tree, parked }, heldBack: withRules(heldBack) };
    }
    case 'setup.finished':
      return { ...variant, phase, setupMs: variant.setupMs + event.durationMs };
    case 'check.finished':
      return {
        ...variant,
        phase,
        checks: withCheck(variant.checks, event.check),
        checksMs: variant.checksMs + event.check.durationMs,
      };
    case 'variant.finished':
      if (event.cameToNothing === true && variant.before != null) {
        const { heldBack, checks, notes, startedAt } = variant.before;
        return {
          ...variant,
          phase,
          before: null,
          cameToNothing: true,
          heldBack,
          checks,
          startedAt,
          notes: [...notes, ...event.notes],
        };
      }
      return {
        ...variant,
        phase,
        before: null,
        changes: event.changes,
        heldBack: withRules(event.heldBack),
        notes: [...variant.notes, ...event.notes],
      };
    case 'variant.requeued':
      // Commit and changes are still on the branch; the facts about them are not true of the next attempt.
      return {
        ...variant,
        phase,
        before: knownBefore(variant),
        cameToNothing: false,
        requested: { kind: event.kind, message: event.message },
        startedAt: null,
        heldBack: [],
        checks: [],
        notes: [],
      };
    case 'variant.amended': {
      const { amendment, seal } = event;
      return {
        ...variant,
        phase,
        amendments: [...(variant.amendments ?? []), { amendment, seal }],
        budgetUsd: amendment.budgetUsd ?? variant.budgetUsd,
        model: amendment.model ?? variant.model,
      };
    }
    case 'merge.landed': {
      const { operation, target, tip, as, from, to, at } = event;
      const landed = { operation, target, tip, commit: to, from, as, at };
      return { ...variant, phase, landed, landedBefore: others(landingsOf(variant), operation) };
    }
    case 'merge.undone': {
      const standing = others(landingsOf(variant), event.operation);
      return { ...variant, phase, landed: standing.at(-1) ?? null, landedBefore: standing.slice(0, -1) };
    }
    case 'prune.removed': {
      const { operation, worktree, branch, at } = event;
      const removed = { operation, worktree, branch, purged: false, at };
      return { ...variant, phase, removed, removedBefore: others(removalsOf(variant), operation) };
    }
    case 'prune.purged': {
      const away = removalsOf(variant).map((one) => (one.operation === event.operation ? { ...one, purged: true } : one));
      return { ...variant, phase, removed: away.at(-1) ?? null, removedBefore: away.slice(0, -1) };
    }
    case 'undo.restored': {
      const away = others(removalsOf(variant), event.operation);
      return {
        ...variant,
        phase,
        worktree: event.path ?? variant.worktree,
        branch: event.branch ?? variant.branch,
        removed: away.at(-1) ?? null,
        removedBefore: away.slice(0, -1),
      };
    }
    default:
      return phase === variant.phase ? variant : { ...variant, phase };
  }
}

/** Requeued while it was prepared: earlier facts are still true. */
function knownBefore({ phase, before, attempts, commit, heldBack, checks, notes, startedAt }: VariantState): Before | null {
  if (phase.kind !== 'finished') return before ?? null;
  const { outcome, reason } = phase;
  return {
    outcome,
    reason,
    attempts: attempts.length,
    commit: commit?.commit,
    heldBack,
    checks,
    startedAt,
    notes: notes.filter((note) => !note.startsWith(CAME_TO_NOTHING)),
  };
}

/** Records of earlier versions name no rule. */
function withRules(heldBack: readonly HeldBack[]): readonly HeldBack[] {
  return heldBack.map((held) => ({ ...held, by: held.by ?? null }));
}

function withLastAttempt(attempts: readonly AttemptState[], event: RunEvent): readonly AttemptState[] {
  const last = attempts.at(-1);
  return last === undefined ? attempts : attempts.with(-1, applyToAttempt(last, event));
}

/** The result of a check, in the place of an earlier one of the same name. */
export function withCheck(checks: readonly CheckResult[], check: CheckResult): readonly CheckResult[] {
  const at = checks.findIndex((known) => known.name === check.name);
  return at === -1 ? [...checks, check] : checks.with(at, check);
}

/** All commits with which it landed, oldest first. */
export function landingsOf({ landed, landedBefore }: VariantState): readonly Landing[] {
  return landed === null ? landedBefore : [...landedBefore, landed];
}

/** All that took something of it away that is still away, oldest first. */
export function removalsOf({ removed, removedBefore }: VariantState): readonly Removed[] {
  return removed === null ? removedBefore : [...removedBefore, removed];
}

function others<T extends { readonly operation: OperationId }>(all: readonly T[], operation: OperationId): readonly T[] {
  return all.filter((one) => one.operation !== operation);
}

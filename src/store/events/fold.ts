import { CopseError } from '../../model/errors.ts';
import type { CheckResult } from '../../model/evidence/check.ts';
import { EXIT } from '../../model/exit-code.ts';
import { NO_CHANGES } from '../../model/outcome.ts';
import type { EventOf, RunEvent } from '../../model/run-state/events.ts';
import type { RefChange, RunState, VariantState } from '../../model/run-state/state.ts';
import { runTransition } from './run-transition.ts';
import { applyToVariant, withCheck } from './variant-fold.ts';

/*
 * The state of a run is a pure fold over its events, so that supervisor, adopter and every reader see the same.
 * Events of a generation older than the last adoption's are ignored: a superseded supervisor may have written them.
 */

/** Newest notes kept: the log has them all, and copying an ever longer list with each would be quadratic. */
const NOTES_KEPT = 100;

/** State after all events, in order. CopseError `broken-log` when the first is not `run.created`. */
export function foldEvents(events: readonly RunEvent[]): RunState {
  const [first] = events;
  if (first?.type !== 'run.created') {
    throw new CopseError({
      code: 'broken-log',
      exit: EXIT.precondition,
      what:
        first === undefined
          ? 'The event log of this run is empty.'
          : 'The event log of this run does not begin with its creation.',
      why: 'Its supervisor died before it had started, or the log was changed.',
      hint: 'Start a new run: copse run',
    });
  }
  return continueFold(createdRun(first), events);
}

/** State after further events; those that it already contains (by `seq`) change nothing. */
export function continueFold(state: RunState, events: readonly RunEvent[]): RunState {
  let current = state;
  for (const event of events) current = applyEvent(current, event);
  return current;
}

/**
 * State after one more event; the given one is left as it is. An event that the state contains already, or one of an older
 * generation, changes nothing. Throws a plain Error (a bug) where state and event do not fit.
 */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  if (event.seq <= state.lastSeq || event.gen < state.generation) return state;
  const phase = runTransition(state.phase, event);
  const next = { ...state, phase, lastSeq: event.seq };
  switch (event.type) {
    case 'run.started':
      return { ...next, supervisor: event.supervisor, generation: event.gen, launches: true };
    case 'run.adopted':
      return { ...next, supervisor: event.supervisor, generation: event.gen, launches: event.launches };
    case 'run.resumed':
      return { ...next, launches: true };
    case 'request.acknowledged':
      return event.kind === 'resume' && event.accepted ? { ...next, launches: true } : next;
    case 'run.noted':
      return { ...next, notes: [...state.notes.slice(1 - NOTES_KEPT), event.note] };
    case 'ref.changed':
      return { ...next, refChanges: withRefChange(state.refChanges, event) };
    case 'variant.amended':
      return {
        ...next,
        totalBudgetUsd: state.totalBudgetUsd + moreOf(state, event),
        variants: withVariant(state.variants, event.variant, event),
      };
    case 'check.started':
      return event.variant === null ? next : { ...next, variants: withVariant(state.variants, event.variant, event) };
    case 'check.finished':
      return event.variant === null
        ? withBaseCheck(next, event.check)
        : { ...next, variants: withVariant(state.variants, event.variant, withStatusOnBase(state, event)) };
    default:
      return 'variant' in event ? { ...next, variants: withVariant(state.variants, event.variant, event) } : next;
  }
}

/** US dollars that a variant may spend in addition, which the run may too. */
function moreOf({ variants }: RunState, { variant, amendment }: EventOf<'variant.amended'>): number {
  const before = variants.find(({ name }) => name === variant)?.budgetUsd ?? 0;
  return Math.max(0, (amendment.budgetUsd ?? before) - before);
}

/** Whichever ends first, the variant's check knows how it ended on the base. */
function withBaseCheck(state: RunState, check: CheckResult): RunState {
  const { name, status } = check;
  const known = status === 'skipped' ? null : status;
  const variants = state.variants.map((variant) =>
    variant.checks.some((own) => own.name === name && own.onBase === null)
      ? { ...variant, checks: variant.checks.map((own) => (own.name === name ? { ...own, onBase: own.onBase ?? known } : own)) }
      : variant,
  );
  return { ...state, baseChecks: withCheck(state.baseChecks, check), variants };
}

function withStatusOnBase(state: RunState, event: EventOf<'check.finished'>): EventOf<'check.finished'> {
  const base = state.baseChecks.find(({ name }) => name === event.check.name);
  if (event.check.onBase !== null || base === undefined || base.status === 'skipped') return event;
  return { ...event, check: { ...event.check, onBase: base.status } };
}

function createdRun(event: EventOf<'run.created'>): RunState {
  return {
    schema: 1,
    id: event.run,
    planHash: event.planHash,
    base: event.base,
    target: event.target,
    isolation: event.isolation,
    concurrency: event.concurrency,
    totalBudgetUsd: event.totalBudgetUsd,
    createdAt: event.at,
    phase: { kind: 'created' },
    supervisor: null,
    generation: event.gen,
    launches: true,
    lastSeq: event.seq,
    variants: event.variants.map(
      (variant): VariantState => ({
        ...variant,
        phase: { kind: 'queued' },
        created: null,
        requested: null,
        attempts: [],
        startedAt: null,
        setupMs: 0,
        checksMs: 0,
        commit: null,
        changes: NO_CHANGES,
        heldBack: [],
        checks: [],
        notes: [],
        landed: null,
        landedBefore: [],
        removed: null,
        removedBefore: [],
      }),
    ),
    baseChecks: [],
    refChanges: [],
    notes: [],
  };
}

function withVariant(variants: readonly VariantState[], name: string, event: RunEvent): readonly VariantState[] {
  const at = variants.findIndex((variant) => variant.name === name);
  const variant = variants[at];
  if (variant === undefined)
    throw new Error(`event ${event.seq} ${event.type} names variant ${name}, which the run does not have`);
  return variants.with(at, applyToVariant(variant, event));
}

/** A ref that changed several times, whichever supervisor recorded it, is one change from where it first was to where it is now: none, if that is the same. */
function withRefChange(changes: readonly RefChange[], event: EventOf<'ref.changed'>): readonly RefChange[] {
  const { ref, after } = event;
  const at = changes.findIndex((change) => change.ref === ref);
  const { variant, before } = changes[at] ?? event;
  const rest = at === -1 ? changes : changes.toSpliced(at, 1);
  if (before === after) return rest;
  const { how } = event;
  return [...rest, { variant, ref, before, after, ...(how === undefined ? {} : { how }) }];
}

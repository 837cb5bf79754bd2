import { describe, expect, test } from 'vitest';
import type { RunEvent, RunEventType } from '../../../../src/model/run-state/events.ts';
import type { RunPhase, VariantPhase, VariantPhaseKind } from '../../../../src/model/run-state/state.ts';
import { EVENT_TYPES } from '../../../../src/store/events/event-decoder.ts';
import { runTransition } from '../../../../src/store/events/run-transition.ts';
import { variantTransition } from '../../../../src/store/events/variant-transition.ts';
import { eventOf, SAMPLE_BODIES } from '../../../support/sample-events.ts';

const VARIANT_PHASES: { readonly [K in VariantPhaseKind]: VariantPhase } = {
  queued: { kind: 'queued' },
  preparing: { kind: 'preparing', step: 'worktree' },
  running: { kind: 'running', attempt: 1 },
  retrying: { kind: 'retrying', attempt: 1, at: '2026-01-01T00:00:00.000Z' },
  committing: { kind: 'committing' },
  verifying: { kind: 'verifying', check: 'types' },
  finished: { kind: 'finished', outcome: 'failed', reason: '', at: '2026-01-01T00:00:00.000Z' },
};

/** Where each event takes a variant from each phase; what is not here is a bug. `same`: it stays as it is. */
const VARIANT_TABLE: { readonly [T in RunEventType]?: { readonly [K in VariantPhaseKind]?: VariantPhaseKind | 'same' } } = {
  'variant.preparing': { queued: 'preparing' },
  'worktree.created': { preparing: 'same' },
  'setup.started': { preparing: 'preparing' },
  'setup.finished': { preparing: 'same' },
  'attempt.started': { preparing: 'running', retrying: 'running' },
  'attempt.session': { running: 'same' },
  'attempt.activity': { running: 'same' },
  'attempt.usage': { running: 'same' },
  'attempt.denied': { running: 'same' },
  'attempt.retrying': { running: 'same' },
  'attempt.limited': { running: 'same' },
  'attempt.finished': { running: 'committing' },
  'commit.created': { committing: 'committing', retrying: 'committing' },
  'check.started': { committing: 'verifying', verifying: 'verifying' },
  'check.finished': { committing: 'verifying', verifying: 'verifying' },
  'variant.finished': {
    queued: 'finished',
    preparing: 'finished',
    retrying: 'finished',
    committing: 'finished',
    verifying: 'finished',
  },
  'variant.requeued': { finished: 'queued', preparing: 'queued' },
  'variant.amended': { finished: 'same', queued: 'same' },
  'merge.landed': { finished: 'same', queued: 'same' },
  'merge.undone': { finished: 'same', queued: 'same' },
  'prune.removed': { finished: 'same', queued: 'same' },
  'prune.purged': { finished: 'same', queued: 'same' },
  'undo.restored': { finished: 'same', queued: 'same' },
};

/** Say nothing about a variant's phase. */
const ANY_TIME: ReadonlySet<RunEventType> = new Set([
  'ref.changed',
  'run.created',
  'run.started',
  'run.paused',
  'run.resumed',
  'run.stopping',
  'run.finished',
  'run.adopted',
  'run.noted',
  'request.acknowledged',
]);

function sample(type: RunEventType): RunEvent {
  return eventOf(SAMPLE_BODIES[type], 9);
}

describe('a variant', () => {
  for (const type of EVENT_TYPES) {
    for (const phase of Object.values(VARIANT_PHASES)) {
      const expected = ANY_TIME.has(type) ? 'same' : VARIANT_TABLE[type]?.[phase.kind];
      test(`${phase.kind} + ${type} = ${expected ?? 'a bug'}`, () => {
        const act = (): VariantPhase => variantTransition(phase, sample(type));
        if (expected === undefined) expect(act).toThrow(`${type} cannot come while a variant is ${phase.kind}`);
        else if (expected === 'same') expect(act()).toBe(phase);
        else expect(act().kind).toBe(expected);
      });
    }
  }

  test('waits for a retry where its attempt says when', () => {
    const event = eventOf({ ...SAMPLE_BODIES['attempt.finished'], retryAt: '2026-01-01T00:01:00.000Z' }, 9);
    expect(variantTransition(VARIANT_PHASES.running, event)).toEqual({
      kind: 'retrying',
      attempt: 1,
      at: '2026-01-01T00:01:00.000Z',
    });
  });

  test('does not take the events of another attempt', () => {
    const late = eventOf({ ...SAMPLE_BODIES['attempt.finished'], attempt: 2 }, 9);
    expect(() => variantTransition(VARIANT_PHASES.running, late)).toThrow('attempt.finished cannot come');
  });

  test('cannot succeed before an agent worked on it', () => {
    const event = eventOf({ ...SAMPLE_BODIES['variant.finished'], outcome: 'succeeded' }, 9);
    expect(() => variantTransition(VARIANT_PHASES.queued, event)).toThrow('variant.finished cannot come');
    expect(variantTransition(VARIANT_PHASES.committing, event).kind).toBe('finished');
  });

  test('checks of the base do not concern it', () => {
    const event = eventOf({ ...SAMPLE_BODIES['check.finished'], variant: null }, 9);
    expect(variantTransition(VARIANT_PHASES.queued, event)).toBe(VARIANT_PHASES.queued);
  });
});

const RUN_PHASES: { readonly [K in RunPhase['kind']]: RunPhase } = {
  created: { kind: 'created' },
  running: { kind: 'running' },
  paused: { kind: 'paused', reason: '', until: null },
  stopping: { kind: 'stopping', reason: '', fatal: null },
  finished: { kind: 'finished', ending: 'completed', fatal: null, reason: '', at: '2026-01-01T00:00:00.000Z' },
};

const RUN_TABLE: { readonly [T in RunEventType]?: { readonly [K in RunPhase['kind']]?: RunPhase['kind'] | 'same' } } = {
  'run.created': {},
  'run.started': { created: 'running' },
  'run.paused': { running: 'paused', paused: 'paused' },
  'run.resumed': { running: 'running', paused: 'running' },
  'run.stopping': { created: 'stopping', running: 'stopping', paused: 'stopping', stopping: 'stopping' },
  'run.finished': { created: 'finished', running: 'finished', paused: 'finished', stopping: 'finished' },
  'run.adopted': { created: 'running', running: 'same', paused: 'same', stopping: 'same', finished: 'running' },
  'variant.requeued': { running: 'same', paused: 'same', stopping: 'same', finished: 'running' },
};

describe('a run', () => {
  for (const type of EVENT_TYPES) {
    for (const phase of Object.values(RUN_PHASES)) {
      const row = RUN_TABLE[type];
      const expected = row === undefined ? 'same' : row[phase.kind];
      test(`${phase.kind} + ${type} = ${expected ?? 'a bug'}`, () => {
        const act = (): RunPhase => runTransition(phase, sample(type));
        if (expected === undefined) expect(act).toThrow(type);
        else if (expected === 'same') expect(act()).toBe(phase);
        else expect(act().kind).toBe(expected);
      });
    }
  }
});

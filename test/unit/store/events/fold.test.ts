import { describe, expect, test } from 'vitest';
import type { RunEvent, RunEventBody } from '../../../../src/model/run-state/events.ts';
import { reservedUsd, runCost, variantTotals } from '../../../../src/model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../../../../src/model/run-state/state.ts';
import { applyEvent, foldEvents } from '../../../../src/store/events/fold.ts';
import { eventOf, GOOD_VERDICT, logOf, SAMPLE_BODIES, WHOLE_RUN } from '../../../support/sample-events.ts';

const FINISHED_RUN: readonly RunEventBody[] = [...WHOLE_RUN, SAMPLE_BODIES['run.finished']];

function fold(...bodies: readonly RunEventBody[]): RunState {
  return foldEvents(logOf(...bodies));
}

function dark(state: RunState): VariantState {
  const [variant] = state.variants;
  if (variant === undefined) throw new Error('the sample run has a variant');
  return variant;
}

function upTo(type: RunEventBody['type']): readonly RunEventBody[] {
  return WHOLE_RUN.slice(0, WHOLE_RUN.findIndex((body) => body.type === type) + 1);
}

describe('foldEvents', () => {
  test('follows a variant to its end and leaves the other alone', () => {
    const state = fold(...FINISHED_RUN);
    expect(state.phase).toMatchObject({ kind: 'finished', ending: 'completed' });
    expect(dark(state)).toMatchObject({
      phase: { kind: 'finished', outcome: 'succeeded' },
      created: { nonce: 'n', port: 41_000 },
      commit: { parked: null },
      checks: [{ name: 'test', status: 'passed' }],
    });
    expect(dark(state).attempts).toMatchObject([
      { attempt: 1, model: 'sonnet', turns: 3, costUsd: 0.25, activity: '', denials: [{ input: 'npm install zod' }] },
    ]);
    expect(state.variants[1]).toMatchObject({ name: 'light', phase: { kind: 'queued' }, attempts: [] });
    expect(state.lastSeq).toBe(FINISHED_RUN.length);
  });

  test('refuses a log that does not begin with the creation of its run', () => {
    expect(() => foldEvents([])).toThrow(expect.objectContaining({ code: 'broken-log' }));
    expect(() => fold(SAMPLE_BODIES['run.started'])).toThrow(expect.objectContaining({ code: 'broken-log' }));
  });

  test('folds 20,000 events of 50 variants without copying ever longer lists', () => {
    const variants = Array.from({ length: 50 }, (_, index) => ({
      name: `v${index}`,
      branch: 'b',
      worktree: '/w',
      needs: [],
      model: null,
      budgetUsd: 1,
    }));
    const notes = Array.from({ length: 20_000 }, (_, index): RunEventBody => ({ type: 'run.noted', note: `${index}` }));
    const state = fold({ ...SAMPLE_BODIES['run.created'], variants }, ...notes);
    expect(state.notes).toHaveLength(100);
    expect(state.notes.at(-1)).toBe('19999');
  });
});

describe('applyEvent', () => {
  test('leaves the given state as it was', () => {
    let state = fold(SAMPLE_BODIES['run.created']);
    for (const event of logOf(...FINISHED_RUN).slice(1)) {
      const before = structuredClone(state);
      const after = applyEvent(state, event);
      expect(state).toEqual(before);
      expect(after).not.toEqual(before);
      state = after;
    }
  });

  test('ignores an event that the state contains already', () => {
    const state = fold(...FINISHED_RUN);
    for (const event of logOf(...FINISHED_RUN)) expect(applyEvent(state, event)).toBe(state);
  });

  test('ignores what a superseded supervisor still wrote', () => {
    const adopted = applyEvent(fold(...upTo('attempt.started')), eventOf(SAMPLE_BODIES['run.adopted'], 20, 2));
    expect(adopted).toMatchObject({ generation: 2, launches: false });
    const late = eventOf({ ...SAMPLE_BODIES['variant.finished'], outcome: 'lost' }, 21, 1);
    expect(applyEvent(adopted, late)).toBe(adopted);
  });

  test('names the event where log and state do not fit', () => {
    const state = fold(SAMPLE_BODIES['run.created']);
    expect(() => applyEvent(state, eventOf({ ...SAMPLE_BODIES['variant.preparing'], variant: 'x' }, 7))).toThrow(
      'event 7 variant.preparing names variant x',
    );
    expect(() =>
      applyEvent(fold(...upTo('setup.finished')), eventOf({ ...SAMPLE_BODIES['attempt.started'], attempt: 2 }, 7)),
    ).toThrow('event 7 starts attempt 2 of dark after 0');
  });

  test('a finished run runs again once it is adopted, or a variant is requeued', () => {
    const finished = fold(...FINISHED_RUN);
    expect(applyEvent(finished, eventOf(SAMPLE_BODIES['run.adopted'], 99, 2)).phase).toEqual({ kind: 'running' });
    const requeued = applyEvent(finished, eventOf(SAMPLE_BODIES['variant.requeued'], 99));
    expect(requeued.phase).toEqual({ kind: 'running' });
    expect(dark(requeued)).toMatchObject({
      phase: { kind: 'queued' },
      requested: { kind: 'correction', message: 'smaller header' },
      checks: [],
      startedAt: null,
    });
    expect(dark(requeued).attempts).toHaveLength(1);
  });

  test('the next attempt takes what the retry asked for', () => {
    const again: RunEvent[] = [
      eventOf(SAMPLE_BODIES['variant.requeued'], 30),
      eventOf(SAMPLE_BODIES['variant.preparing'], 31),
      eventOf({ ...SAMPLE_BODIES['attempt.started'], attempt: 2, kind: 'correction' }, 32),
    ];
    const state = again.reduce(applyEvent, fold(...FINISHED_RUN));
    expect(dark(state)).toMatchObject({ phase: { kind: 'running', attempt: 2 }, requested: null });
  });

  test('an adopted run launches again once a person says resume', () => {
    const adopted = applyEvent(fold(...upTo('run.started')), eventOf(SAMPLE_BODIES['run.adopted'], 20, 2));
    expect(adopted.launches).toBe(false);
    expect(applyEvent(adopted, eventOf(SAMPLE_BODIES['request.acknowledged'], 21, 2)).launches).toBe(true);
    expect(applyEvent(adopted, eventOf({ ...SAMPLE_BODIES['request.acknowledged'], accepted: false }, 21, 2)).launches).toBe(
      false,
    );
  });

  test('counts the same denied call once, with its number', () => {
    const denied = SAMPLE_BODIES['attempt.denied'];
    const other = { ...denied, denial: { ...denied.denial, input: 'npm test' } };
    const state = fold(...upTo('attempt.started'), denied, other, denied);
    expect(dark(state).attempts[0]?.denials).toMatchObject([
      { input: 'npm install zod', count: 2 },
      { input: 'npm test', count: 1 },
    ]);
  });

  test('a ref that changed twice changed from its first to its last commit', () => {
    const changed = SAMPLE_BODIES['ref.changed'];
    const state = fold(...upTo('run.started'), { ...changed, after: 'b' }, { ...changed, before: 'b', after: 'd' });
    expect(state.refChanges).toEqual([{ variant: 'dark', ref: 'refs/heads/main', before: changed.before, after: 'd' }]);
  });

  test('keeps the result of a check on the base apart from the variants', () => {
    const state = fold(...upTo('run.started'), { ...SAMPLE_BODIES['check.finished'], variant: null });
    expect(state.baseChecks).toMatchObject([{ name: 'test' }]);
    expect(dark(state).checks).toEqual([]);
  });

  test('says which processes could not be stopped', () => {
    const state = fold(...upTo('attempt.denied'), { ...SAMPLE_BODIES['attempt.finished'], survivors: [12, 13] });
    expect(dark(state).notes).toEqual(['Processes that could not be stopped: 12, 13.']);
  });
});

describe('money', () => {
  const running = fold(...upTo('attempt.usage'));

  test('a running attempt reserves what it may still spend', () => {
    expect(runCost(running)).toBeCloseTo(0.1);
    expect(reservedUsd(running)).toBeCloseTo(1.9);
    expect(variantTotals(dark(running)).estimated).toBe(true);
  });

  test('a finished attempt reserves nothing and costs what its verdict says', () => {
    const state = fold(...WHOLE_RUN);
    expect(reservedUsd(state)).toBe(0);
    expect(variantTotals(dark(state))).toEqual({ turns: 3, tokens: GOOD_VERDICT.tokens, costUsd: 0.25, estimated: false });
  });

  test('an overspent attempt reserves nothing, a nonsensical figure counts nothing', () => {
    const usage = SAMPLE_BODIES['attempt.usage'];
    expect(reservedUsd(fold(...upTo('attempt.started'), { ...usage, costUsd: 3 }))).toBe(0);
    expect(runCost(fold(...upTo('attempt.started'), { ...usage, costUsd: Number.NaN }))).toBe(0);
    expect(runCost(fold(...upTo('attempt.started'), { ...usage, costUsd: -1 }))).toBe(0);
  });
});

describe('what became of the work afterwards', () => {
  const ended = [
    SAMPLE_BODIES['run.created'],
    SAMPLE_BODIES['run.started'],
    { ...SAMPLE_BODIES['variant.finished'], outcome: 'skipped' as const },
  ];
  const variantAfter = (...bodies: readonly RunEventBody[]) => foldEvents(logOf(...ended, ...bodies)).variants[0];

  test('stands with the variant until it is undone', () => {
    const landed = SAMPLE_BODIES['merge.landed'];
    expect(variantAfter(landed)?.landed).toMatchObject({ operation: 'm', target: 'main', as: 'squash' });
    expect(variantAfter(landed, SAMPLE_BODIES['merge.undone'])?.landed).toBeNull();
    expect(variantAfter(landed, { ...SAMPLE_BODIES['merge.undone'], operation: 'other' })?.landed).not.toBeNull();
  });

  test('stands where it landed before, once the last landing is undone', () => {
    const landed = SAMPLE_BODIES['merge.landed'];
    const undone = SAMPLE_BODIES['merge.undone'];
    const aside = { ...landed, operation: 'n', target: 'side' };
    expect(variantAfter(landed, aside)).toMatchObject({ landed: { target: 'side' }, landedBefore: [{ target: 'main' }] });
    expect(variantAfter(landed, aside, { ...undone, operation: 'n' })).toMatchObject({
      landed: { target: 'main' },
      landedBefore: [],
    });
    // Undone out of order: the last one is valid, and nothing is restored with it.
    expect(variantAfter(landed, aside, undone)).toMatchObject({ landed: { target: 'side' }, landedBefore: [] });
    expect(variantAfter(landed, aside, undone, { ...undone, operation: 'n' })?.landed).toBeNull();
  });

  test('is away as long as anything of it is: first its worktree went, later its branch', () => {
    const worktree = { ...SAMPLE_BODIES['prune.removed'], branch: false };
    const branch = { ...worktree, operation: 'q', worktree: false, branch: true };
    const back = { ...SAMPLE_BODIES['undo.restored'], path: null, branch: null };
    expect(variantAfter(worktree, branch)).toMatchObject({ removed: { operation: 'q' }, removedBefore: [{ operation: 'p' }] });
    expect(variantAfter(worktree, branch, { ...back, operation: 'q' })).toMatchObject({
      removed: { operation: 'p', worktree: true },
      removedBefore: [],
    });
    const first = [worktree, branch, SAMPLE_BODIES['undo.restored']];
    expect(variantAfter(...first)).toMatchObject({ removed: { operation: 'q' }, removedBefore: [], worktree: '/w/ui-dark-2' });
    expect(variantAfter(...first, { ...back, operation: 'q' })?.removed).toBeNull();
    expect(variantAfter(worktree, branch, SAMPLE_BODIES['prune.purged'])).toMatchObject({
      removed: { operation: 'q', purged: false },
      removedBefore: [{ operation: 'p', purged: true }],
    });
  });

  test('knows what is in the trash, and where it came back', () => {
    const removed = SAMPLE_BODIES['prune.removed'];
    expect(variantAfter(removed)?.removed).toMatchObject({ operation: 'p', worktree: true, branch: true, purged: false });
    expect(variantAfter(removed, SAMPLE_BODIES['prune.purged'])?.removed?.purged).toBe(true);
    expect(variantAfter(removed, SAMPLE_BODIES['undo.restored'])).toMatchObject({
      removed: null,
      worktree: '/w/ui-dark-2',
      branch: 'ui/dark-2',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { isPaused, limitedUntil, nextStep } from '../../../../src/run/decisions/schedule.ts';
import { RunSketch } from '../../../support/run-state.ts';
import { verdict } from '../../../support/verdict.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const step = (sketch: RunSketch, o: { held?: string[]; active?: string[]; obstacle?: string } = {}) =>
  nextStep({ state: sketch.state, held: new Set(o.held), active: new Set(o.active), now: NOW, obstacle: o.obstacle ?? null });

describe('nextStep', () => {
  it('launches in the order of the file', () => {
    const sketch = new RunSketch([{ name: 'dark' }, { name: 'light' }]);
    expect(step(sketch)).toMatchObject({ kind: 'launch', variant: 'dark', budgetUsd: 5 });
    expect(step(sketch, { active: ['dark'] })).toMatchObject({ kind: 'launch', variant: 'light' });
  });

  it('keeps the limit of concurrency', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b' }, { name: 'c' }], { concurrency: 2 });
    expect(step(sketch, { active: ['a', 'b'] })).toBeNull();
  });

  it('waits for needs, then launches', () => {
    const sketch = new RunSketch([{ name: 'docs', needs: ['api'] }, { name: 'api' }]).running('api');
    expect(step(sketch, { active: ['api'] })).toBeNull();
    expect(step(sketch.finished('api'))).toMatchObject({ kind: 'launch', variant: 'docs' });
  });

  it('skips what needs a failed one, also transitively', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b', needs: ['a'] }, { name: 'c', needs: ['b'] }]).running('a');
    sketch.finished('a', { outcome: 'failed', reason: 'no' });
    expect(step(sketch)).toEqual({ kind: 'end', variant: 'b', outcome: 'skipped', reason: 'It needs a, which ended failed.' });
    sketch.push({
      type: 'variant.finished',
      variant: 'b',
      outcome: 'skipped',
      reason: '',
      changes: { files: 0, insertions: 0, deletions: 0, commits: 0 },
      heldBack: [],
      notes: [],
    });
    expect(step(sketch)).toMatchObject({ kind: 'end', variant: 'c', outcome: 'skipped' });
  });

  it('skips what needs one whose check fails here and not on the base', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b', needs: ['a'] }]).running('a');
    sketch.push({
      type: 'attempt.finished',
      variant: 'a',
      attempt: 1,
      verdict: verdict(),
      exitCode: 0,
      retryAt: null,
      survivors: [],
    });
    sketch.push({ type: 'check.started', variant: 'a', name: 'test' });
    const check = { name: 'test', status: 'failed', exitCode: 1, durationMs: 1, detail: '', onBase: 'passed' } as const;
    sketch.push({ type: 'check.finished', variant: 'a', check, tree: 't', log: '/l' });
    sketch.push({
      type: 'variant.finished',
      variant: 'a',
      outcome: 'succeeded',
      reason: '',
      changes: { files: 1, insertions: 1, deletions: 0, commits: 1 },
      heldBack: [],
      notes: [],
    });
    expect(step(sketch)).toMatchObject({ kind: 'end', variant: 'b', reason: 'It needs a, whose check test fails.' });
  });

  it('launches nothing that is held', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b' }]);
    expect(step(sketch, { held: ['a'] })).toMatchObject({ kind: 'launch', variant: 'b' });
    expect(step(sketch, { held: ['a', 'b'] })).toBeNull();
  });

  it('launches nothing while a rate limit pauses the run, and goes on after its reset', () => {
    const sketch = new RunSketch([{ name: 'a' }]);
    sketch.push({ type: 'run.paused', reason: 'limit', until: '2026-01-01T13:00:00.000Z' });
    expect(step(sketch)).toBeNull();
    const later = new Date('2026-01-01T13:00:01Z');
    expect(nextStep({ state: sketch.state, held: new Set(), active: new Set(), now: later, obstacle: null })).toMatchObject({
      kind: 'launch',
    });
  });

  it('ends the variants of a model that one of them found missing, and no others', () => {
    const sketch = new RunSketch([
      { name: 'a', model: 'gone' },
      { name: 'b', model: 'gone' },
      { name: 'c', model: 'there' },
    ]).running('a');
    sketch.finished('a', { outcome: 'failed', reason: 'model', modelNotFound: true });
    expect(step(sketch)).toMatchObject({ kind: 'end', variant: 'b', outcome: 'failed' });
    expect(step(sketch, { active: ['b'] })).toMatchObject({ kind: 'launch', variant: 'c' });
  });

  it('skips what is queued if no check can run, also what an adoption queued, but not what a person asked for', () => {
    const obstacle = 'The check test cannot run.';
    const skipped = { kind: 'end', variant: 'a', outcome: 'skipped', reason: obstacle };
    expect(step(new RunSketch([{ name: 'a' }]), { obstacle })).toEqual(skipped);
    const adopted = new RunSketch([{ name: 'a' }]).push({ type: 'variant.preparing', variant: 'a' });
    adopted.push({ type: 'variant.requeued', variant: 'a', reason: 'adoption', kind: 'first', message: null });
    expect(step(adopted, { obstacle })).toEqual(skipped);
    const asked = new RunSketch([{ name: 'a' }]).running('a').finished('a');
    asked.push({ type: 'variant.requeued', variant: 'a', reason: 'retry', kind: 'continue', message: null });
    expect(step(asked, { obstacle })).toMatchObject({ kind: 'launch', variant: 'a' });
  });

  it('starts nothing while the run is stopping, and ends what is queued, held or not', () => {
    const sketch = new RunSketch([{ name: 'a' }]).push({ type: 'run.stopping', reason: '', fatal: null });
    expect(step(sketch, { held: ['a'] })).toEqual({ kind: 'end', variant: 'a', outcome: 'stopped', reason: '' });
    expect(step(sketch, { active: ['a'] })).toBeNull();
  });
});

describe('money', () => {
  it('reserves what is left of the variant, but no more than total − spent − reserved', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b' }], { totalBudgetUsd: 8 }).running('a', 5);
    expect(step(sketch, { active: ['a'] })).toMatchObject({ kind: 'launch', variant: 'b', budgetUsd: 3 });
  });

  it('counts what is about to start: nothing has been reserved yet while worktrees are made and set up', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b' }, { name: 'c' }], { totalBudgetUsd: 8 });
    expect(step(sketch, { active: ['a'] })).toMatchObject({ kind: 'launch', variant: 'b', budgetUsd: 3 });
    sketch.push({ type: 'variant.preparing', variant: 'a' });
    expect(step(sketch, { active: ['a'] })).toMatchObject({ kind: 'launch', variant: 'b', budgetUsd: 3 });
    expect(step(sketch, { active: ['a', 'b'] })).toBeNull();
  });

  it('keeps what a variant needs that waits to try again after a transient failure', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b' }], { totalBudgetUsd: 6 }).running('a', 5);
    const failed = verdict({ outcome: 'failed', transient: true, costUsd: 1 });
    const retryAt = '2026-01-01T12:01:00.000Z';
    sketch.push({ type: 'attempt.finished', variant: 'a', attempt: 1, verdict: failed, exitCode: 1, retryAt, survivors: [] });
    expect(step(sketch, { active: ['a'] })).toBeNull();
  });

  it('waits rather than start with a scrap while others hold the rest', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b' }], { totalBudgetUsd: 6 }).running('a', 5);
    expect(step(sketch, { active: ['a'] })).toBeNull();
    expect(step(sketch.finished('a', { costUsd: 2 }))).toMatchObject({ kind: 'launch', variant: 'b', budgetUsd: 4 });
  });

  it('ends what comes after the run has spent everything', () => {
    const sketch = new RunSketch([{ name: 'a' }, { name: 'b' }], { totalBudgetUsd: 5 }).running('a', 5);
    sketch.finished('a', { costUsd: 5 });
    expect(step(sketch)).toEqual({ kind: 'end', variant: 'b', outcome: 'over-budget', reason: "The run's budget is used up." });
  });
});

describe('isPaused and limitedUntil', () => {
  it('holds a pause without an end until a person acts', () => {
    const sketch = new RunSketch([{ name: 'a' }]).push({ type: 'run.paused', reason: 'x', until: null });
    expect(isPaused({ state: sketch.state, now: NOW })).toBe(true);
  });

  it('finds the latest reset that is still ahead', () => {
    const sketch = new RunSketch([{ name: 'a' }]).running('a');
    sketch.push({ type: 'attempt.limited', variant: 'a', attempt: 1, resetsAt: '2026-01-01T15:00:00.000Z' });
    expect(limitedUntil(sketch.state, NOW)).toBe('2026-01-01T15:00:00.000Z');
    expect(limitedUntil(sketch.state, new Date('2026-01-02T00:00:00Z'))).toBeNull();
  });
});

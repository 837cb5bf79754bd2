import type { RunEvent, RunEventBody } from '../../src/model/run-state/events.ts';
import type { RunState } from '../../src/model/run-state/state.ts';
import { foldEvents } from '../../src/store/events/fold.ts';
import { verdict } from './verdict.ts';

export interface VariantSketch {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly model?: string;
  readonly budgetUsd?: number;
}

/** Builds a run's state through its events, as the program does: no state that the fold could not reach. */
export class RunSketch {
  readonly #events: RunEvent[] = [];

  constructor(variants: readonly VariantSketch[], o: { readonly concurrency?: number; readonly totalBudgetUsd?: number } = {}) {
    this.push({
      type: 'run.created',
      run: 'ui',
      planHash: 'hash',
      base: { ref: 'main', commit: '1'.repeat(40) },
      target: 'main',
      isolation: 'guarded',
      concurrency: o.concurrency ?? 3,
      totalBudgetUsd: o.totalBudgetUsd ?? 100,
      variants: variants.map(({ name, needs, model, budgetUsd }) => ({
        name,
        branch: `ui/${name}`,
        worktree: `/w/ui-${name}`,
        needs: needs ?? [],
        model: model ?? null,
        budgetUsd: budgetUsd ?? 5,
      })),
    });
    this.push({ type: 'run.started', supervisor: { pid: 1, startTime: '1', bootId: 'b' } });
  }

  push(body: RunEventBody): this {
    const seq = this.#events.length + 1;
    this.#events.push({ seq, at: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(), gen: 1, ...body });
    return this;
  }

  /** Takes a variant into `running`, with a reservation. */
  running(variant: string, reservedUsd = 5): this {
    this.push({ type: 'variant.preparing', variant });
    this.push({
      type: 'worktree.created',
      variant,
      path: `/w/ui-${variant}`,
      branch: `ui/${variant}`,
      start: '1'.repeat(40),
      nonce: 'n',
      port: null,
    });
    return this.push({
      type: 'attempt.started',
      variant,
      attempt: 1,
      kind: 'first',
      sessionId: 's',
      process: { pid: 2, startTime: '2', bootId: 'b' },
      marker: 'm',
      reservedUsd,
      model: null,
      sessionCostUsd: 0,
    });
  }

  /** Takes a running variant to its end. */
  finished(variant: string, parts: Parameters<typeof verdict>[0] = {}): this {
    const ended = verdict(parts);
    this.push({ type: 'attempt.finished', variant, attempt: 1, verdict: ended, exitCode: 0, retryAt: null, survivors: [] });
    const changes = { files: 1, insertions: 1, deletions: 0, commits: 1 };
    return this.push({
      type: 'variant.finished',
      variant,
      outcome: ended.outcome,
      reason: ended.reason,
      changes,
      heldBack: [],
      notes: [],
    });
  }

  /** The events, as a writer of its log would append them. */
  get bodies(): readonly RunEventBody[] {
    return this.#events;
  }

  get state(): RunState {
    return foldEvents(this.#events);
  }
}

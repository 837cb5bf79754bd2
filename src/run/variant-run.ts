import { join } from 'node:path';
import { backendFor } from '../agent/backend-for.ts';
import { approvalLine, planTrust } from '../config/trust/plan-approval.ts';
import type { AttemptVerdict } from '../model/attempt.ts';
import { CopseError } from '../model/errors.ts';
import type { Changes, HeldBack, Outcome } from '../model/outcome.ts';
import type { PlannedVariant } from '../model/plan.ts';
import { isAskedFor } from '../model/run-state/run-facts.ts';
import type { AttemptState, VariantState } from '../model/run-state/state.ts';
import { writeError } from '../store/write-error.ts';
import { failpoint } from '../system/failpoint.ts';
import { makePrivateDirectory } from '../system/files.ts';
import type { WorktreeHandle } from '../worktree/create-worktree.ts';
import { amendedVariant } from './amend.ts';
import { type AttemptAsk, adoptAttempt, couldNotStart, type RunningAttempt, startAttempt } from './attempt/start-attempt.ts';
import { checkWork } from './check-work.ts';
import { commitWork, measureChanges, rememberUntracked, WORKTREE_GONE } from './commit-work.ts';
import { decideOutcome, isWorthChecking } from './decide-outcome.ts';
import { ending, hasNewWork } from './ending.ts';
import { nextReservation } from './next-reservation.ts';
import { prepareWorktree, reopenWorktree, startFresh } from './prepare-worktree.ts';
import { retryDelayMs } from './retry-delay.ts';
import type { RunContext } from './run-context.ts';
import { setUp } from './set-up.ts';
import { startOf } from './start-commit.ts';

type StopAsk = { readonly force: boolean };

/**
 * One variant from its slot to `finished`: worktree, set-up, attempts, commit, checks. Everything it learns is logged
 * before the next step relies on it, so that a successor can continue from any point.
 */
export class VariantRun {
  readonly #context: RunContext;
  /** As it is to run now: a retry may have amended its plan. */
  #variant: PlannedVariant;
  readonly #notes: string[] = [];
  readonly #aborted = new AbortController();
  #running: RunningAttempt | null = null;
  #stop: StopAsk | null = null;

  constructor(context: RunContext, variant: PlannedVariant) {
    this.#context = context;
    this.#variant = variant;
  }

  /**
   * Stops it wherever it is, and what it did is committed. Its outcome is `stopped`, unless its agent was done already: then that holds,
   * and checks that were not finished are not run.
   */
  stop(force: boolean): void {
    this.#stop = { force: force || this.#stop?.force === true };
    this.#aborted.abort();
    this.#running?.watch.stop('stopped', force);
  }

  /** The whole way, for a queued variant that got a slot. */
  async launch(budgetUsd: number): Promise<void> {
    const { log } = this.#context;
    const { name } = this.#variant;
    const requested = log.variant(name).requested;
    await this.#amend();
    await makePrivateDirectory(this.#context.paths.variantDir(name));
    await log.record({ type: 'variant.preparing', variant: name });
    // Asked anew each time: a run lives for hours, and the person may have thought better of it.
    const trust = await planTrust(this.#context.plan, this.#context.environment);
    if (!trust.approved) {
      const look = approvalLine(this.#context.plan, trust);
      return this.#finish('stopped', `The commands of its run are no longer approved. Review them: ${look}`, null);
    }
    const asked = isAskedFor(log.variant(name));
    // In parallel with the variant's set-up, which takes as long.
    if (!asked) this.#context.baseChecks.start();
    const worktree = await this.#prepare(requested?.kind === 'fresh', asked);
    if (worktree === null) return;
    if (this.#stop !== null) return this.#finish('stopped', '', worktree);
    const obstacle = asked ? null : await this.#obstacle();
    if (this.#stop !== null) return this.#finish('stopped', '', worktree);
    if (obstacle !== null) return this.#finish('skipped', obstacle, worktree);
    const kind = requested?.kind ?? (log.variant(name).attempts.length === 0 ? 'first' : 'continue');
    await this.#attempts(worktree, { kind, message: requested?.message ?? null, budgetUsd });
  }

  /** Why no agent is worth its money: no check could tell what it did. Ends the run if nothing has been spent yet. */
  async #obstacle(): Promise<string | null> {
    const { baseChecks, log, onFatal } = this.#context;
    await baseChecks.firstLook(this.#aborted.signal);
    if (this.#stop !== null) return null;
    const { obstacle } = baseChecks;
    if (obstacle !== null && log.state.variants.every(({ attempts }) => attempts.length === 0))
      onFatal('checks-cannot-run', obstacle);
    return obstacle;
  }

  /** Continues where an earlier supervisor stopped; nothing new is launched. */
  async adopt(): Promise<void> {
    const state = this.#state();
    await this.#amend();
    const worktree = await reopenWorktree(this.#context, state);
    switch (state.phase.kind) {
      case 'running': {
        const attempt = state.attempts.at(-1);
        if (attempt === undefined) throw new Error(`running variant ${state.name} has no attempt`);
        return this.#adoptAttempt(attempt, worktree);
      }
      case 'committing':
      case 'verifying': {
        const verdict = state.attempts.at(-1)?.verdict;
        if (verdict === undefined || verdict === null)
          throw new Error(`${state.phase.kind} variant ${state.name} has no verdict`);
        if (verdict.fatal !== null) this.#context.onFatal(verdict.fatal, verdict.reason);
        return this.#settle(worktree, verdict);
      }
      default:
        throw new Error(`nothing to adopt in phase ${state.phase.kind}`);
    }
  }

  async #amend(): Promise<void> {
    this.#variant = await amendedVariant(this.#variant, this.#state().amendments, this.#context);
  }

  #state(): VariantState {
    return this.#context.log.variant(this.#variant.name);
  }

  /** Null if it could not be prepared: then the variant is finished. */
  async #prepare(fresh: boolean, asked: boolean): Promise<WorktreeHandle | null> {
    const start = await startOf(this.#context, this.#variant);
    if (start.kind === 'conflict') {
      await this.#finish('skipped', start.reason, null);
      return null;
    }
    try {
      const worktree = await prepareWorktree(this.#context, this.#variant, start.commit, this.#aborted.signal);
      if (fresh) await startFresh(this.#context, this.#variant, worktree);
      const failure = await setUp(this.#context, this.#variant, worktree, this.#aborted.signal);
      if (failure === null) return worktree;
      // Of a stop the reason is no more than that.
      if (this.#stop !== null) {
        await this.#finish('stopped', '', worktree);
        return null;
      }
      // If it fails on the base too, the run ends with that.
      if (!asked) await this.#obstacle();
      if (this.#stop !== null) await this.#finish('stopped', '', worktree);
      else await this.#finish('failed', failure, worktree);
    } catch (error) {
      if (this.#stop !== null && (error instanceof CopseError || error === this.#aborted.signal.reason)) {
        await this.#finish('stopped', '', null);
        return null;
      }
      // A failure of git or the disk ends this variant, not the run.
      const refused = writeError(error, this.#variant.worktree);
      if (!(refused instanceof CopseError)) throw error;
      await this.#finish('failed', [refused.message, refused.why].filter(Boolean).join(' '), null);
    }
    return null;
  }

  async #attempts(worktree: WorktreeHandle, first: AttemptAsk): Promise<void> {
    let ask = first;
    for (;;) {
      const started = await this.#startAttempt(worktree, ask);
      if (!('watch' in started)) return this.#finish('failed', started.reason, worktree);
      const again = await this.#follow(started, worktree);
      if (again === null) return;
      // A message that the agent has not received yet is sent again.
      ask = this.#state().attempts.at(-1)?.verdict?.turns === 0 ? { ...again, message: ask.message } : again;
    }
  }

  /** If its files cannot be written, that ends this variant; if records cannot, recording that ends the run. */
  async #startAttempt(worktree: WorktreeHandle, ask: AttemptAsk): Promise<RunningAttempt | AttemptVerdict> {
    try {
      await this.#before(worktree);
      return await startAttempt(this.#context, this.#variant, worktree, ask);
    } catch (error) {
      const refused = writeError(error, this.#context.paths.variantDir(this.#variant.name));
      if (refused instanceof CopseError) return couldNotStart(refused);
      throw error;
    }
  }

  async #before(worktree: WorktreeHandle): Promise<void> {
    const number = this.#state().attempts.length + 1;
    const dir = this.#context.paths.variantDir(this.#variant.name);
    await rememberUntracked(this.#context, this.#variant, worktree);
    await this.#context.refs.remember(join(dir, `${number}.refs.json`));
  }

  /** Waits for the end of an attempt. Returns the next one's ask if a transient failure deserves it, else null: it is settled. */
  async #follow(running: RunningAttempt, worktree: WorktreeHandle | null): Promise<AttemptAsk | null> {
    const { log, paths, clock } = this.#context;
    const { name } = this.#variant;
    this.#running = running;
    // The stop may have come between the slot and the process.
    if (this.#stop !== null) running.watch.stop('stopped', this.#stop.force);
    const { verdict, exitCode, survivors } = await running.end;
    this.#running = null;
    failpoint('attempt-ended');
    const delayMs = this.#stop === null ? retryDelayMs(this.#state(), verdict, this.#variant.limits) : null;
    const retryAt = delayMs === null ? null : new Date(clock.now().getTime() + delayMs).toISOString();
    await log.record({
      type: 'attempt.finished',
      variant: name,
      attempt: running.number,
      verdict,
      exitCode,
      retryAt,
      survivors,
    });
    failpoint('attempt-settled');
    if (verdict.fatal !== null) this.#context.onFatal(verdict.fatal, verdict.reason);
    if (survivors.length > 0) this.#notes.push(`Processes that survived SIGKILL: ${survivors.join(', ')}.`);
    await this.#context.refs.report(name, join(paths.variantDir(name), `${running.number}.refs.json`));
    if (delayMs === null || worktree === null) {
      await this.#settle(worktree, verdict);
      return null;
    }
    await clock.sleep(delayMs, this.#aborted.signal);
    return this.#again(worktree, verdict);
  }

  /** The ask of a new attempt after a transient failure; null: there is none, and the variant is settled. */
  async #again(worktree: WorktreeHandle, verdict: AttemptVerdict): Promise<AttemptAsk | null> {
    const next = await nextReservation(this.#context, this.#variant.name, this.#aborted.signal);
    if (next.kind === 'granted') return { kind: 'transient-retry', message: null, budgetUsd: next.usd };
    const ending =
      next.kind === 'aborted'
        ? ({ outcome: 'stopped', reason: '' } as const)
        : ({ outcome: 'over-budget', reason: `${next.reason} ${verdict.reason}`.trim() } as const);
    await this.#settle(worktree, { ...verdict, ...ending });
    return null;
  }

  async #adoptAttempt(attempt: AttemptState, worktree: WorktreeHandle | null): Promise<void> {
    // A transient failure without a supervisor is settled, not retried: nothing new is launched.
    const running = adoptAttempt(this.#context, this.#variant, attempt);
    this.#running = running;
    if (this.#stop !== null) running.watch.stop('stopped', this.#stop.force);
    const { verdict, exitCode, survivors } = await running.end;
    this.#running = null;
    const { log, paths } = this.#context;
    const { name } = this.#variant;
    await log.record({
      type: 'attempt.finished',
      variant: name,
      attempt: attempt.attempt,
      verdict,
      exitCode,
      retryAt: null,
      survivors,
    });
    if (verdict.fatal !== null) this.#context.onFatal(verdict.fatal, verdict.reason);
    await this.#context.refs.report(name, join(paths.variantDir(name), `${attempt.attempt}.refs.json`));
    await this.#settle(worktree, verdict);
  }

  /** Commit, changes, checks, outcome. Runs again from the start after a crash: each step finds what is already done. */
  async #settle(worktree: WorktreeHandle | null, verdict: AttemptVerdict): Promise<void> {
    if (worktree === null) {
      return this.#finish('lost', 'Its worktree is gone; its branch has what was committed.', null);
    }
    const { log } = this.#context;
    const { name } = this.#variant;
    await backendFor(this.#variant.runner).tidy(worktree.path);
    const work = await commitWork(this.#context, this.#variant, worktree, verdict);
    failpoint('work-committed');
    this.#notes.push(...work.notes);
    if (work.commit !== null) {
      await log.record({ type: 'commit.created', variant: name, ...work.commit, heldBack: work.heldBack });
      failpoint('commit-recorded');
    }
    const changes = await measureChanges(this.#context, this.#variant, worktree);
    const decided =
      work.failure === null
        ? decideOutcome(verdict, changes, this.#variant.expect, { named: work.heldBack, more: work.beside?.more ?? 0 })
        : work.failure;
    if (this.#context.approved && isWorthChecking(decided.outcome)) {
      const signal = AbortSignal.any([this.#aborted.signal, this.#context.stopping]);
      this.#notes.push(...(await checkWork(this.#context, this.#variant, worktree, work, signal)));
    }
    await this.#record(decided.outcome, decided.reason, changes, work.heldBack);
  }

  async #finish(outcome: Outcome, reason: string, worktree: WorktreeHandle | null): Promise<void> {
    const changes = worktree === null ? this.#state().changes : await measureChanges(this.#context, this.#variant, worktree);
    await this.#record(outcome, reason, changes, []);
  }

  async #record(outcome: Outcome, reason: string, changes: Changes, heldBack: readonly HeldBack[]): Promise<void> {
    const notes = [...this.#notes];
    // That the folder is gone is new, however little the agent said.
    const newWork = reason === WORKTREE_GONE || hasNewWork(this.#state(), this.#variant.runner.kind === 'command');
    await this.#context.log.record(ending(this.#state(), newWork, { outcome, reason, changes, heldBack, notes }));
    failpoint('variant-finished');
  }
}

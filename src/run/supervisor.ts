import { plantedSentence } from '../git/guard/differences.ts';
import { agentsEnded, guardGit } from '../git/guard/git-guard.ts';
import type { Fatal } from '../model/attempt.ts';
import { BEAT_MS } from '../model/beat.ts';
import { unreachable } from '../model/errors.ts';
import type { VariantName } from '../model/ids.ts';
import type { RunRequest } from '../model/run-state/run-request.ts';
import type { VariantPhaseKind } from '../model/run-state/state.ts';
import { removeRequest, takeRequests } from '../store/request-files.ts';
import { failpoint } from '../system/failpoint.ts';
import { findByMarker } from '../system/processes/process-identity.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';
import { dueAfterReset, waitsForReset } from './after-limit.ts';
import { unsealed } from './amend.ts';
import { DiskWatch } from './attempt/disk-watch.ts';
import { attemptMarker } from './attempt/marker.ts';
import { RefWatch } from './attempt/ref-watch.ts';
import { BaseChecks } from './base-checks.ts';
import { ending } from './ending.ts';
import { handleRequest } from './handle-request.ts';
import { unlockWorktrees } from './prepare-worktree.ts';
import type { RunContext } from './run-context.ts';
import { isPaused, limitedUntil, nextStep } from './schedule.ts';
import { VariantRun } from './variant-run.ts';

/** Phases in which a supervisor that came later finds work to settle. */
const SETTLED_BY_ADOPTION: ReadonlySet<VariantPhaseKind> = new Set(['running', 'committing', 'verifying']);

/**
 * Looks after one run: gives out slots, follows attempts, answers requests, ends when nothing is left to do.
 *
 * Invariants: one per run (its lock is held for life); every change is an event first; a variant is in `#active` from its slot
 * to `variant.finished`. After a crash a successor rebuilds all of this from the events: live attempts are followed, ended
 * ones settled, queued ones *held* until a command asks for them.
 */
export class Supervisor {
  readonly #context: RunContext;
  readonly #active = new Map<VariantName, { readonly run: VariantRun; readonly done: Promise<void> }>();
  readonly #held = new Set<VariantName>();
  readonly #abort: AbortController;
  readonly #disk: DiskWatch;
  #diskFull: string | null = null;
  /** The user stopped a variant: the rest of the base's checks may be useless. */
  #stoppedOne = false;
  #failure: { readonly error: unknown } | null = null;
  #fatal: { readonly fatal: Fatal; readonly reason: string } | null = null;

  constructor(context: Omit<RunContext, 'onFatal' | 'onFailure' | 'stopping' | 'baseChecks' | 'refs'>) {
    this.#abort = new AbortController();
    this.#disk = new DiskWatch(context.paths.dir, context.clock);
    const whole: Omit<RunContext, 'baseChecks'> = {
      ...context,
      refs: new RefWatch(context),
      stopping: this.#abort.signal,
      onFatal: (fatal, reason) => {
        this.#fatal ??= { fatal, reason };
      },
      onFailure: (error) => {
        this.#failure ??= { error };
      },
    };
    this.#context = { ...whole, baseChecks: new BaseChecks(whole) };
  }

  /** A new run. */
  async start(): Promise<void> {
    await this.#loop();
  }

  /** A run whose supervisor died: settles what ran. `launches`: also starts what is queued. */
  async adopt(launches: boolean): Promise<void> {
    const { log } = this.#context;
    const { phase } = log.state;
    // The reason that ended the run still ends it, with the same exit code.
    if (phase.kind === 'stopping' && phase.fatal !== null) this.#fatal = { fatal: phase.fatal, reason: phase.reason };
    for (const variant of log.state.variants) {
      const kind = variant.phase.kind;
      if (SETTLED_BY_ADOPTION.has(kind)) {
        this.#begin(variant.name, (run) => run.adopt());
      } else if (kind === 'preparing' || kind === 'retrying') {
        await this.#stopUnrecorded(variant.name, variant.attempts.length + 1);
        const attempt = kind === 'retrying' ? 'transient-retry' : (variant.requested?.kind ?? 'first');
        const message = variant.requested?.message ?? null;
        await log.record({ type: 'variant.requeued', variant: variant.name, reason: 'adoption', kind: attempt, message });
        if (!launches) this.#held.add(variant.name);
      } else if (kind === 'queued' && !launches) {
        this.#held.add(variant.name);
      }
    }
    await this.#loop();
  }

  /** The predecessor may have started an attempt, or set-up, and died before it could say so. */
  async #stopUnrecorded(variant: VariantName, attempt: number): Promise<void> {
    const { paths, clock, log } = this.#context;
    for (const marker of [attemptMarker(paths, variant, attempt), attemptMarker(paths, variant, 'setup')]) {
      if ((await findByMarker(marker)).length === 0) continue;
      const survivors = await stopProcesses({ root: null, marker, clock });
      if (survivors.length > 0) await log.note(`Processes that survived SIGKILL: ${survivors.join(', ')}.`);
    }
  }

  async #loop(): Promise<void> {
    const { clock, log } = this.#context;
    try {
      for (;;) {
        await this.#answerRequests();
        await this.#react();
        if (!this.#abort.signal.aborted && this.#fatal === null) await this.#schedule();
        if (this.#stoppedOne && log.state.variants.every(({ phase }) => phase.kind === 'finished'))
          this.#context.baseChecks.cancel();
        if (this.#active.size === 0 && !this.#context.baseChecks.busy && (await this.#isOver())) break;
        await clock.sleep(BEAT_MS);
      }
    } catch (error) {
      // From here on the agents' work cannot be recorded: they must not keep spending unseen.
      await this.#stopAll(true);
      throw error;
    }
    await log.close();
  }

  async #answerRequests(): Promise<void> {
    const { paths, log } = this.#context;
    for (const request of await this.#requests()) {
      const answer = await this.#answer(request);
      await log.record({ type: 'request.acknowledged', request: request.id, kind: request.kind, ...answer });
      failpoint('request-acknowledged');
      await removeRequest(paths, request.id);
    }
  }

  /** While the run stops only `stop` is answered; other commands find no supervisor and start a successor that answers. */
  async #requests(): Promise<readonly RunRequest[]> {
    const requests = await takeRequests(this.#context.paths);
    return this.#abort.signal.aborted ? requests.filter((request) => request.kind === 'stop') : requests;
  }

  async #answer(request: RunRequest): Promise<{ accepted: boolean; detail: string }> {
    if (request.kind === 'stop') this.#stoppedOne = true;
    return handleRequest(request, {
      log: this.#context.log,
      stopRun: (force) => this.#stopRun('You asked to stop.', null, force),
      stopVariant: (name, force) => this.#active.get(name)?.run.stop(force),
      isActive: (name) => this.#active.has(name),
      release: (name) => this.#held.delete(name),
      unsealed: (asked) => unsealed(asked, this.#context),
      reopen: () => this.#reopen(),
    });
  }

  #reopen(): void {
    this.#fatal = null;
  }

  /** Reacts to events of the variants since the last tick. */
  async #react(): Promise<void> {
    if (this.#failure !== null) throw this.#failure.error;
    const { log, clock } = this.#context;
    if (!this.#abort.signal.aborted) {
      this.#diskFull = await this.#disk.full();
      if (this.#diskFull !== null) await this.#stopRun(this.#diskFull, null, false);
    }
    if (this.#fatal !== null && !this.#abort.signal.aborted) {
      await this.#stopRun(this.#fatal.reason, this.#fatal.fatal, false);
    }
    const limit = log.state.phase.kind === 'running' ? limitedUntil(log.state, clock.now()) : null;
    if (limit !== null) await log.record({ type: 'run.paused', reason: 'A rate limit is reached.', until: limit });
    if (log.state.phase.kind === 'paused' && !isPaused({ state: log.state, now: clock.now() })) {
      await log.record({ type: 'run.resumed' });
    }
    if (this.#context.plan.onLimit === 'resume' && !this.#abort.signal.aborted) await this.#continueLimited();
  }

  /** At the reset of its limit a variant goes on by itself, where nobody watches. */
  async #continueLimited(): Promise<void> {
    const { log, clock } = this.#context;
    for (const variant of dueAfterReset(log.state, clock.now()))
      await log.record({ type: 'variant.requeued', variant, reason: 'resume', kind: 'continue', message: null });
  }

  async #stopRun(reason: string, fatal: Fatal | null, force: boolean): Promise<void> {
    const { log } = this.#context;
    if (log.state.phase.kind !== 'stopping') await log.record({ type: 'run.stopping', reason, fatal });
    this.#abort.abort();
    for (const { run } of this.#active.values()) run.stop(force);
    for (const variant of log.state.variants) {
      if (variant.phase.kind === 'queued' && !this.#active.has(variant.name))
        await this.#finishQueued(variant.name, 'stopped', '');
    }
  }

  async #stopAll(force: boolean): Promise<void> {
    this.#abort.abort();
    for (const { run } of this.#active.values()) run.stop(force);
    await Promise.allSettled([...this.#active.values()].map(({ done }) => done));
  }

  async #schedule(): Promise<void> {
    const { log, clock } = this.#context;
    for (;;) {
      const active = new Set(this.#active.keys());
      const step = nextStep({
        state: log.state,
        held: this.#held,
        active,
        now: clock.now(),
        obstacle: this.#context.baseChecks.obstacle,
      });
      if (step === null) return;
      switch (step.kind) {
        case 'launch':
          this.#begin(step.variant, (run) => run.launch(step.budgetUsd));
          break;
        case 'end':
          await this.#finishQueued(step.variant, step.outcome, step.reason);
          break;
        default:
          unreachable(step);
      }
    }
  }

  async #finishQueued(
    variant: VariantName,
    outcome: 'stopped' | 'skipped' | 'over-budget' | 'failed',
    reason: string,
  ): Promise<void> {
    const state = this.#context.log.variant(variant);
    const { changes, heldBack } = state;
    await this.#context.log.record(ending(state, false, { outcome, reason, changes, heldBack, notes: [] }));
    this.#held.delete(variant);
  }

  #begin(name: VariantName, act: (run: VariantRun) => Promise<void>): void {
    const planned = this.#context.plan.variants.find((variant) => variant.name === name);
    if (planned === undefined) throw new Error(`the plan has no variant ${name}`);
    const run = new VariantRun(this.#context, planned);
    const done = act(run).then(
      () => {
        this.#active.delete(name);
      },
      (error: unknown) => {
        this.#active.delete(name);
        this.#context.onFailure(error);
      },
    );
    this.#active.set(name, { run, done });
  }

  /** Nothing is active: the run is finished, or what is queued is held, or it waits for a pause to end. */
  async #isOver(): Promise<boolean> {
    const { log } = this.#context;
    const { state } = log;
    const queued = state.variants.filter((variant) => variant.phase.kind === 'queued');
    if (queued.some((variant) => !this.#held.has(variant.name))) return false;
    const isResuming = this.#context.plan.onLimit === 'resume' && this.#fatal === null && !this.#abort.signal.aborted;
    if (isResuming && waitsForReset(state).length > 0) return false;
    if ((await this.#requests()).length > 0) return false;
    if (queued.length > 0) {
      const names = queued.map((variant) => variant.name).join(', ');
      await log.record({
        type: 'run.paused',
        reason: `Still queued: ${names}. Start them: copse resume ${state.id}`,
        until: null,
      });
      return true;
    }
    const fatal = this.#fatal?.fatal ?? null;
    const ending = fatal !== null ? 'fatal' : this.#abort.signal.aborted ? 'stopped' : 'completed';
    await unlockWorktrees(this.#context);
    // Whoever hears of the end may change things by hand at once.
    await agentsEnded(this.#context.repository, this.#context.plan.run);
    const planted = plantedSentence(await guardGit(this.#context.repository));
    if (planted !== null) await log.note(planted);
    await log.record({ type: 'run.finished', ending, fatal, reason: this.#fatal?.reason ?? this.#diskFull ?? '' });
    failpoint('run-finished');
    return true;
  }
}

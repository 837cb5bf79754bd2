import type { BaseResult } from '../checks/base-result.ts';
import { type KnownReport, NO_REPORT } from '../checks/cache.ts';
import { checkBase } from '../checks/check-base.ts';
import { missingProgram } from '../checks/missing-program.ts';
import { isWatcher } from '../checks/watcher.ts';
import { CopseError } from '../model/errors.ts';
import type { CheckResult } from '../model/evidence/check.ts';
import { writeError } from '../store/write-error.ts';
import type { BaseFacts, RunContext } from './run-context.ts';

/** A missing program shows soon after the check has started; npm alone takes some seconds on a machine that is busy. */
const FIRST_LOOK_MS = 5_000;

/**
 * Set-up and checks on the base, once per run, beside the first set-ups: so that a variant's check can be compared with the base, and so that
 * nothing is spent if no check could run at all.
 *
 *   not begun ─▶ looking (agents wait) ─▶ open (agents start; the rest of the checks runs beside them)
 *                      │                   │
 *                      └───────────────────┴─▶ closed: set-up fails or a check's program is missing; `obstacle` says why, and no agent
 *                                              is started any more, unless a person asks for it
 *
 * Anything else that keeps the base from being checked is a note, never the run's failure.
 */
export class BaseChecks implements BaseFacts {
  readonly #context: Omit<RunContext, 'baseChecks'>;
  readonly #opened = Promise.withResolvers<void>();
  readonly #reports = new Map<string, KnownReport>();
  readonly #ended = new Map<string, PromiseWithResolvers<void>>();
  #running: Promise<void> | null = null;
  #cancelled = new AbortController();
  #busy = false;
  #obstacle: string | null = null;

  constructor(context: Omit<RunContext, 'baseChecks'>) {
    this.#context = context;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Why checks cannot judge an agent's work; null: no reason is known. */
  get obstacle(): string | null {
    return this.#obstacle;
  }

  start(): void {
    void this.#begin();
  }

  /** The check on the base, once that is known; null: it did not run there, or `signal` ended the waiting. */
  async resultOf(name: string, signal: AbortSignal): Promise<BaseResult | null> {
    await orAborted(Promise.race([this.#begin(), this.#endOf(name).promise]), signal);
    const check = this.#context.log.state.baseChecks.find((known) => known.name === name);
    return check === undefined ? null : { check, ...(this.#reports.get(name) ?? NO_REPORT) };
  }

  /** Resolves when a short look is over, or the signal aborts. Afterwards {@link obstacle} counts. */
  async firstLook(signal: AbortSignal): Promise<void> {
    const ended = this.#begin();
    await orAborted(Promise.race([ended, this.#opened.promise]), signal);
  }

  /** They are no longer needed. Requested again, they start again. */
  cancel(): void {
    this.#cancelled.abort();
  }

  /** Resolves when this check has been recorded, also while later ones still run. */
  #endOf(name: string): PromiseWithResolvers<void> {
    const known = this.#ended.get(name) ?? Promise.withResolvers<void>();
    this.#ended.set(name, known);
    return known;
  }

  #begin(): Promise<void> {
    if (this.#running === null) {
      this.#busy = true;
      this.#running = this.#run()
        .catch((error: unknown) => this.#context.onFailure(error))
        .finally(() => {
          this.#busy = false;
          if (!this.#cancelled.signal.aborted) return;
          this.#cancelled = new AbortController();
          this.#running = null;
          this.#ended.clear();
        });
    }
    return this.#running;
  }

  async #run(): Promise<void> {
    const { plan, log, paths, repository, store, environment, portRegistry, approved } = this.#context;
    const signal = AbortSignal.any([this.#context.stopping, this.#cancelled.signal]);
    const reporting = new Set(plan.verify.filter(({ report }) => report !== null).map(({ name }) => name));
    // For those that name their tests, only the cache has the names.
    const done = new Set(
      log.state.baseChecks.filter((check) => isKnown(check) && !reporting.has(check.name)).map(({ name }) => name),
    );
    if (!approved || signal.aborted || plan.verify.every(({ name }) => done.has(name))) return;
    try {
      const { failure } = await checkBase({
        plan: { ...plan, verify: plan.verify.filter(({ name }) => !done.has(name)) },
        repository,
        store,
        environment,
        portRegistry,
        signal,
        logOf: (name, tree) => paths.checkLog(null, name, tree),
        onStart: async (name) => {
          await log.record({ type: 'check.started', variant: null, name });
          this.#openSoon();
        },
        onEnd: async ({ check, report, flakyTests }, file, tree) => {
          this.#judge(check);
          if (report !== null) this.#reports.set(check.name, { report, flakyTests });
          await log.record({ type: 'check.finished', variant: null, check, tree, log: file });
          this.#endOf(check.name).resolve();
        },
      });
      if (failure !== '') this.#obstacle ??= `The checks cannot run, not even on the base. ${failure}`;
    } catch (error) {
      if (signal.aborted) return;
      const refused = writeError(error, store.root);
      // A log that cannot be written ends the run; that git or the disk refuse a scratch worktree does not.
      if (!(refused instanceof CopseError)) throw error;
      await log.note(`The checks could not run on the base. ${refused.message}`);
    }
  }

  /** The agents wait for the first seconds of a suite that takes an hour, no longer. */
  #openSoon(): void {
    void this.#context.clock.sleep(FIRST_LOOK_MS, this.#context.stopping).then(() => this.#opened.resolve());
  }

  #judge(check: CheckResult): void {
    const planned = this.#context.plan.verify.find(({ name }) => name === check.name);
    if (planned === undefined || (missingProgram(planned, check) === null && !isWatcher(check))) return;
    this.#obstacle ??= `The check ${check.name} cannot run, not even on the base: ${check.detail}`;
  }
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const aborted = Promise.withResolvers<void>();
  const onAbort = (): void => aborted.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([work, aborted.promise]);
  signal.removeEventListener('abort', onAbort);
}

function isKnown({ status }: CheckResult): boolean {
  return status !== 'skipped' && status !== 'could-not-run';
}

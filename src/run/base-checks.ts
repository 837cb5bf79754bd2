import { checkBase } from '../checks/check-base.ts';
import { CopseError } from '../model/errors.ts';
import type { CheckStatus } from '../model/outcome.ts';
import { writeError } from '../store/write-error.ts';
import type { RunContext } from './context.ts';

/**
 * The checks on the base, once per run, beside the agents: so that a failing check of a variant can be told from one that failed
 * before. They begin with the first attempt, or when somebody asks. That they could not run is a note, never the run's failure.
 */
export class BaseChecks {
  readonly #context: Omit<RunContext, 'baseChecks'>;
  #running: Promise<void> | null = null;
  #busy = false;

  constructor(context: Omit<RunContext, 'baseChecks'>) {
    this.#context = context;
  }

  get busy(): boolean {
    return this.#busy;
  }

  start(): void {
    void this.#begin();
  }

  /** How a check ended on the base, once that is known; null: it did not run there. */
  async statusOf(name: string): Promise<CheckStatus | null> {
    await this.#begin();
    const known = this.#context.log.state.baseChecks.find((check) => check.name === name);
    return known === undefined || known.status === 'skipped' ? null : known.status;
  }

  #begin(): Promise<void> {
    if (this.#running === null) {
      this.#busy = true;
      this.#running = this.#run()
        .catch((error: unknown) => this.#context.onFailure(error))
        .finally(() => {
          this.#busy = false;
        });
    }
    return this.#running;
  }

  async #run(): Promise<void> {
    const { plan, log, paths, repository, store, environment, portRegistry, stopping, approved } = this.#context;
    const done = new Set(log.state.baseChecks.filter(({ status }) => status !== 'skipped').map(({ name }) => name));
    if (!approved || stopping.aborted || plan.verify.every(({ name }) => done.has(name))) return;
    try {
      const { failure } = await checkBase({
        plan: { ...plan, verify: plan.verify.filter(({ name }) => !done.has(name)) },
        repository,
        store,
        environment,
        portRegistry,
        signal: stopping,
        logOf: (name, tree) => paths.checkLog(null, name, tree),
        onStart: (name) => log.record({ type: 'check.started', variant: null, name }),
        onEnd: (check, file, tree) => log.record({ type: 'check.finished', variant: null, check, tree, log: file }),
      });
      if (failure !== '') await log.note(`The checks could not run on the base. ${failure}`);
    } catch (error) {
      if (stopping.aborted) return;
      const refused = writeError(error, store.root);
      // A log that cannot be written ends the run; that git or the disk refuse a scratch worktree does not.
      if (!(refused instanceof CopseError)) throw error;
      await log.note(`The checks could not run on the base. ${refused.message}`);
    }
  }
}

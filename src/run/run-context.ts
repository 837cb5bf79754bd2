import type { BaseResult } from '../checks/base-result.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { Fatal } from '../model/attempt.ts';
import type { Clock } from '../model/clock.ts';
import type { AbsolutePath, CommitId, RefName, VariantName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { RunPaths, Store } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import type { RunLog } from './run-log.ts';

/** Results of the checks on the commit that all start from (`base-checks.ts`). */
export interface BaseFacts {
  readonly busy: boolean;
  readonly obstacle: string | null;
  start(): void;
  firstLook(signal: AbortSignal): Promise<void>;
  resultOf(name: string, signal: AbortSignal): Promise<BaseResult | null>;
  /** Stops the checks on the base: nothing waits for them any more. */
  cancel(): void;
}

/** Which refs changed while an attempt ran (`attempt/ref-watch.ts`). */
export interface RefFacts {
  remember(file: AbsolutePath): Promise<void>;
  report(variant: VariantName, file: AbsolutePath): Promise<void>;
}

/** Shared by everything inside one supervisor. */
export interface RunContext {
  readonly plan: Plan;
  readonly paths: RunPaths;
  readonly store: Store;
  readonly repository: Repository;
  readonly log: RunLog;
  readonly clock: Clock;
  /** The person's environment, whole: backends and commands take from it what may pass. */
  readonly environment: Environment;
  /** Registry of leased ports, one per person. */
  readonly portRegistry: string;
  /** The commits that this supervisor set branches to; such a move is not reported as another program's. */
  readonly ownRefs: Map<RefName, CommitId>;
  readonly refs: RefFacts;
  /** Whether the person's approval of the plan's commands is still valid; without it checks do not run. */
  readonly approved: boolean;
  readonly baseChecks: BaseFacts;
  /** Aborted when the run stops: set-up and checks end with it. */
  readonly stopping: AbortSignal;
  /** Called with a reason to end the whole run before more is spent. */
  readonly onFatal: (fatal: Fatal, reason: string) => void;
  /** Called if something fails that is not awaited (the log cannot be written): the supervisor stops everything and reports it. */
  readonly onFailure: (error: unknown) => void;
}

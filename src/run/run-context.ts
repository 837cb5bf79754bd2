import type { BaseResult } from '../checks/base-result.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { Fatal } from '../model/attempt.ts';
import type { Clock } from '../model/clock.ts';
import type { AbsolutePath, CommitId, RefName, VariantName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { RunPaths, Store } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import type { RunLog } from './run-log.ts';

/** What the checks say about the commit that all start from (`base-checks.ts`). */
export interface BaseFacts {
  readonly busy: boolean;
  readonly obstacle: string | null;
  start(): void;
  firstLook(signal: AbortSignal): Promise<void>;
  resultOf(name: string, signal: AbortSignal): Promise<BaseResult | null>;
  /** Ends what runs on the base: nobody waits for it any more. */
  cancel(): void;
}

/** Which refs changed while an attempt ran (`attempt/ref-watch.ts`). */
export interface RefFacts {
  remember(file: AbsolutePath): Promise<void>;
  report(variant: VariantName, file: AbsolutePath): Promise<void>;
}

/** What everything inside one supervisor shares. */
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
  /** Where we put a branch ourselves since the supervisor started; such a move is nobody else's. */
  readonly ownRefs: Map<RefName, CommitId>;
  readonly refs: RefFacts;
  /** Whether the person's approval of the plan's commands still stands; without it checks do not run. */
  readonly approved: boolean;
  readonly baseChecks: BaseFacts;
  /** Aborted when the run stops: set-up and checks end with it. */
  readonly stopping: AbortSignal;
  /** Somebody found what ends the whole run before more is spent. */
  readonly onFatal: (fatal: Fatal, reason: string) => void;
  /** Something failed that nobody awaits (the log cannot be written): the supervisor stops everything and says so. */
  readonly onFailure: (error: unknown) => void;
}

import type { CommitId, Instant, VariantName } from './ids.ts';

/** Whether votes are taken. */
export type Voting = 'open' | 'closed';

/** What people settled on. */
export interface Choice {
  readonly variant: VariantName;
  /** Empty: nobody said. */
  readonly why: string;
  readonly at: Instant;
  /** Tip of its branch when it was chosen; null: unknown. */
  readonly commit: CommitId | null;
}

/** What a meeting decided about a run. Changeable at any time; no other command acts on it. */
export interface Decision {
  readonly voting: Voting;
  readonly choice: Choice | null;
}

export const UNDECIDED: Decision = { voting: 'open', choice: null };

import type { CommitId, Instant, VariantName } from './ids.ts';

/** Whether votes are taken. */
export type Voting = 'open' | 'closed';

/** What people settled on. */
export interface Choice {
  readonly variant: VariantName;
  /** Empty: no one said. */
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

/** What is decided about a run, and how many votes each of its variants has. */
export interface RunDecision {
  readonly chosen: VariantName | null;
  readonly why: string;
  readonly at: Instant | null;
  readonly voting: Voting;
  readonly tally: readonly Tally[];
}

/** Votes of one variant. */
export interface Tally {
  readonly label: string;
  readonly votes: number;
}

export const UNDECIDED: Decision = { voting: 'open', choice: null };

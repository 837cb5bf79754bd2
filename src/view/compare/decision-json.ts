import type { RunDecision, Voting } from '../../model/decision.ts';
import type { Instant } from '../../model/ids.ts';
import { plainText } from '../../text/plain-text.ts';

export interface DecisionJson {
  readonly schema: 1;
  readonly run: string;
  /** null: nothing is chosen. */
  readonly chosen: string | null;
  readonly why: string | null;
  readonly at: Instant | null;
  readonly voting: Voting;
  readonly votes: readonly { readonly name: string; readonly votes: number }[];
}

/** The answer of `choose --json`. */
export function decisionJson(run: string, decision: RunDecision): DecisionJson {
  return {
    schema: 1,
    run,
    chosen: decision.chosen,
    why: decision.why === '' ? null : plainText(decision.why),
    at: decision.at,
    voting: decision.voting,
    votes: decision.tally.map(({ label, votes }) => ({ name: label, votes })),
  };
}

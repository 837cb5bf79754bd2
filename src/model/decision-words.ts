import { count } from '../text/amounts.ts';
import type { Tally, Voting } from './decision.ts';

/** `Chosen: light, 7 of 12`: of all votes, those for it. */
export function chosenLine(label: string, tally: readonly Tally[]): string {
  const all = tally.reduce((sum, { votes }) => sum + votes, 0);
  const own = tally.find((one) => one.label === label)?.votes ?? 0;
  return `Chosen: ${label}${all === 0 ? '' : `, ${own} of ${all}`}`;
}

/** `12 votes: light 7, dark 5`, the most first. */
export function tallyLine(tally: readonly Tally[]): string {
  const all = tally.reduce((sum, { votes }) => sum + votes, 0);
  if (all === 0) return 'No votes';
  const parts = tally
    .filter(({ votes }) => votes > 0)
    .toSorted((a, b) => b.votes - a.votes)
    .map(({ label, votes }) => `${label} ${votes}`);
  return `${count(all, 'vote')}: ${parts.join(', ')}`;
}

/** What is settled, in one line; empty: votes are still taken, and nothing is chosen. */
export function resultLine(o: {
  readonly chosen: string | null;
  readonly voting: Voting;
  readonly tally: readonly Tally[];
}): string {
  if (o.chosen !== null) return chosenLine(o.chosen, o.tally);
  return o.voting === 'closed' ? `Voting is closed. ${tallyLine(o.tally)}` : '';
}

import { isGood } from '../../model/run-state/run-facts.ts';
import type { RunState } from '../../model/run-state/state.ts';

/** The keys and what they do now, for the live view's last line. */
export function hints(owner: boolean, stopsAsked: number): readonly string[] {
  if (!owner) return ['d or Ctrl-C leaves it running'];
  if (stopsAsked === 0) return ['d leaves it running', 'Ctrl-C stops'];
  return stopsAsked === 1 ? ['stopping', 'Ctrl-C again kills'] : ['stopping at once'];
}

export const goesOn = (run: string): string => `${run} keeps running in the background. See it again: copse attach ${run}`;

export const abandoned = (run: string, lastWords: string | null): string =>
  `The supervisor of run ${run} is gone${lastWords === null ? '.' : `: ${lastWords}`} Its agents may still be working. Collect their work: copse attach ${run}`;

export const ending = (state: RunState): string =>
  `${state.variants.filter(isGood).length} of ${state.variants.length} succeeded`;

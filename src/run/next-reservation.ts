import type { VariantName } from '../model/ids.ts';
import { reserve } from './reserve-budget.ts';
import type { RunContext } from './run-context.ts';
import { isPaused } from './schedule.ts';

/** How often a variant asks whether its new attempt may start. */
const AGAIN_MS = 500;

export type NextReservation =
  | { readonly kind: 'granted'; readonly usd: number }
  | { readonly kind: 'used-up'; readonly reason: string }
  | { readonly kind: 'aborted' };

/** Waits until a variant that kept its slot may start a new attempt: no rate limit pauses the run, and there is money for it. */
export async function nextReservation(
  { log, clock }: Pick<RunContext, 'log' | 'clock'>,
  name: VariantName,
  aborted: AbortSignal,
): Promise<NextReservation> {
  while (!aborted.aborted) {
    // Others that wait for a new attempt as we do are not counted: each would wait for the other.
    const preparing = log.state.variants.filter(({ phase }) => phase.kind === 'preparing').map((variant) => variant.name);
    const reservation = reserve(log.state, log.variant(name), new Set(preparing));
    if (reservation.kind === 'used-up') {
      return { kind: 'used-up', reason: `${reservation.of === 'run' ? "The run's budget" : 'Its budget'} is used up.` };
    }
    if (reservation.kind === 'granted' && !isPaused({ state: log.state, now: clock.now() })) return reservation;
    await clock.sleep(AGAIN_MS, aborted);
  }
  return { kind: 'aborted' };
}

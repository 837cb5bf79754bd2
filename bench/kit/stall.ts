import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the event loop was kept from anything else at most while `act` ran, ms. */
export async function longestStall(act: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await act();
  delay.disable();
  return delay.max / 1e6;
}

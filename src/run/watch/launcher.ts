import { type Clock, systemClock } from '../../system/clock.ts';
import type { Environment } from '../../system/environment.ts';
import { notify } from '../../system/notify.ts';
import type { Launcher } from './ensure-supervisor.ts';

/** What commands hand to whatever may have to start a supervisor. */
export function launcherOf(o: { readonly self: readonly [string, ...string[]]; readonly environment: Environment }): Launcher {
  return { self: o.self, environment: o.environment, clock: systemClock };
}

export const clock: Clock = systemClock;

/** Bell and OSC 9 on the terminal of whoever watches: the run ended, or needs a person. */
export async function ring(stream: NodeJS.WriteStream, run: string, body: string): Promise<void> {
  await notify({ title: `copse: ${run}`, body, desktop: false, stream });
}

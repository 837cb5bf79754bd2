import { ownIdentity } from '../../system/processes/process-identity.ts';
import type { GuardedPlace } from './git-facts.ts';
import { agentsBegin, agentsEnded } from './git-guard.ts';

/** For a command that runs what agents wrote: checks, servers. What changes meanwhile is not the person's. */
export async function whileAgentsWork<T>(place: GuardedPlace, act: () => Promise<T>): Promise<T> {
  const { pid, startTime, bootId } = await ownIdentity();
  const id = `process ${pid} ${bootId} ${startTime}`;
  await agentsBegin(place, id, new Date());
  try {
    return await act();
  } finally {
    await agentsEnded(place, id);
  }
}

/** Sentences around `copse serve`. */

import { count } from '../../text/amounts.ts';

export const hint = (stopsAsked: number): string =>
  stopsAsked === 0 ? 'Ctrl-C stops all of them' : stopsAsked === 1 ? 'Stopping; Ctrl-C again kills them' : 'Killing them';
export const noWorktree = (label: string): string => `${label} has no worktree, so it is not served.`;
export const outsideSandbox = (labels: readonly string[]): string =>
  `${labels.join(', ')}: the agent worked in a sandbox; the server runs what it wrote outside of it, with your rights.`;
export const lanWarning = (count: number, until: 'this command ends' | 'copse stop --serve'): string =>
  `Anyone on this network with ${count === 1 ? 'this link' : 'one of these links'} can use these apps, until ${until}.`;
export const goesOn = 'Running in the background. Stop them: copse stop --serve';
export const noBrowser = 'No browser could be opened; the address is above.';
export const allFailed = 'None of them is ready.';
export const cleared = (run: string, votes: number): string => `${run}: ${count(votes, 'vote')} removed.`;
export const scan = 'Scan to open the page on a phone:';
export const survivors = (pids: readonly number[]): string =>
  `These processes did not end: ${pids.join(', ')}. Look at them: ps -p ${pids.join(',')}`;
export const stopped = (labels: readonly string[]): string => `Stopped: ${labels.join(', ')}.`;
export const nothingServed = 'Nothing is served.';
export const status = (o: {
  readonly labels: readonly string[];
  readonly page: string | null;
  readonly detached: boolean;
}): string =>
  `Served${o.detached ? ' in the background' : ''}: ${o.labels.length === 0 ? 'none is ready' : o.labels.join(', ')}${o.page === null ? '' : `  ${o.page}`}`;
export const statusStop = 'Stop them: copse stop --serve';

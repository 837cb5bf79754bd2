/** Sentences of the page of `copse serve`. Those of its script are in the script. */
import type { ServerState } from '../../model/reports/served-page.ts';

export const titleOf = (title: string): string => (title === '' ? 'Side by side' : `${title} side by side`);
export const blind = 'Names are hidden until you have voted.';
export const noScript = 'This page needs JavaScript: it watches the servers and moves the frames.';
export const entranceTitle = 'copse serve';
export const entrance = 'One moment …';

export const stateWords: Readonly<Record<ServerState, string>> = {
  starting: 'starting',
  ready: 'ready',
  restarting: 'restarting',
  failed: 'failed to start',
  stopped: 'stopped',
};

export const keys: readonly (readonly [key: string, does: string])[] = [
  ['1 – 9', 'one variant alone'],
  ['Shift + 1 – 9', 'show this one beside the first'],
  ['← →', 'previous or next variant'],
  ['0', 'all variants'],
  ['/', 'edit the route'],
  ['r', 'reload the frames'],
  ['f', 'vote for the first one shown'],
  ['?', 'show these keys'],
];
export const keysNote = 'While you type in a frame, its app has the keyboard: click outside it first.';
export const followNote =
  'With “Follow links”, a link that loads a page in one frame opens in the others too. Navigation without a page load stays in its frame.';

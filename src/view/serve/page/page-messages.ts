/** Sentences of the page of `copse serve`. Those that its script says appear in the script. */
import type { ServerState, Tag, WorkState } from '../../../model/reports/served-page.ts';

export const titleOf = (title: string): string => (title === '' ? 'Side by side' : `${title} side by side`);
export const blind = 'Names, cost and checks are hidden until you have voted.';
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
  ['w', 'the next width: fit, phone, tablet, laptop'],
  ['b', 'before and after, if the base is served'],
  ['p', 'present: names, apps and votes only'],
  ['f', 'vote for the variant shown alone'],
  ['?', 'show these keys'],
];
export const keysNote = 'While you type in a frame, its app has the keyboard: click outside it first.';
export const followNote =
  'With “Follow links”, a link clicked in one frame opens in the others too, also if the app handles it by script. If an app’s policy forbids copse’s script, only links that load a page are followed; its tile says so.';
export const shareTitle = 'Open this page on other screens';
export const shareNote = 'Anyone on this network with the link can use the apps, until copse serve ends.';
export const splitLabel = 'How much of the variant covers the base';
export const widths = [
  ['fit', 'Fit'],
  ['phone', 'Phone 390'],
  ['tablet', 'Tablet 820'],
  ['laptop', 'Laptop 1440'],
] as const;
export const zooms = [
  ['auto', 'Fit'],
  ['50', '50 %'],
  ['75', '75 %'],
  ['100', '100 %'],
] as const;

export const workTags: Readonly<Record<WorkState, Tag>> = {
  working: { tone: 'warn', text: 'working' },
  'working-again': { tone: 'warn', text: 'working again' },
  merged: { tone: 'good', text: 'merged' },
  removed: { tone: 'open', text: 'removed' },
};
export const removed = 'Its worktree was removed. Restore it: copse undo';

/** Sentences of the page of `copse serve`. Those that its script says stand in the script. */
import type { ServerState } from '../../model/reports/serve-page.ts';

export const titleOf = (title: string): string => (title === '' ? 'Side by side' : `${title} side by side`);
export const blind = 'Names are hidden until you have chosen a favourite.';
export const noScript = 'This page needs scripts: it asks the servers how they are and moves the frames.';
export const entranceTitle = 'copse serve';
export const entrance = 'One moment …';

export const stateWords: Readonly<Record<ServerState, string>> = {
  starting: 'starting',
  ready: 'ready',
  restarting: 'restarting',
  failed: 'does not run',
  stopped: 'stopped',
};

export const keys: readonly (readonly [key: string, does: string])[] = [
  ['1 – 9', 'one variant alone'],
  ['Shift + 1 – 9', 'put this one beside the first'],
  ['← →', 'the variant before, the next one'],
  ['0', 'all variants'],
  ['/', 'type a route'],
  ['r', 'load the frames anew'],
  ['f', 'favour the first that is shown'],
  ['?', 'these keys'],
];
export const keysNote = 'While you type within a frame, its app has the keyboard: click beside it first.';
export const followNote =
  'With “Follow links”: where a link in one frame loads a page, the others go there too. What an app does without loading one stays in its frame.';

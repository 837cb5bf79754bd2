import { MEETING_SCRIPT } from './script-meeting.ts';
import { STAGE_SCRIPT } from './script-stage.ts';
import { TILES_SCRIPT } from './script-tiles.ts';
import { VIEW_SCRIPT } from './script-view.ts';

/**
 * Script of the page of `copse serve`. The server reports over server-sent events how things are; this makes elements from that, as
 * elements and text alone, and moves the frames. A frame's content is another origin: its address can be set and never read. Documents that
 * take copse's script report where they are (`serve/page/own-script.ts`).
 */
export const SERVE_SCRIPT = `
'use strict';
(() => {
const one = (selector, root) => (root ?? document).querySelector(selector);
const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const button = (className, text, act) => {
  const element = make('button', className, text);
  element.type = 'button';
  if (act) element.addEventListener('click', act);
  return element;
};
const set = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const say = (text) => set(one('#said'), text);
const post = async (path, body) => {
  try {
    const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) say(await answer.text());
    return answer.ok;
  } catch {
    say('copse serve does not answer: nothing was saved.');
    return false;
  }
};
const main = one('#tiles'), tabs = one('#tabs'), field = one('#route'), keys = one('#keys');
const tiles = new Map();
let state = null;
${VIEW_SCRIPT}
${STAGE_SCRIPT}
${TILES_SCRIPT}
${MEETING_SCRIPT}
})();
`;

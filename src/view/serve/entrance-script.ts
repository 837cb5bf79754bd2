/**
 * Goes on to the page's name where the browser finds it, else to this address with frames on ports. The key stays in the address bar's
 * query, which nobody else sees, and leaves it with the page.
 */
export const ENTRANCE_SCRIPT = `
'use strict';
(() => {
const { probe } = document.querySelector('main').dataset;
const go = (to) => location.replace(to + location.hash);
const stay = () => go('/' + location.search + '&here=1');
fetch(probe + '/probe', { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(3000) })
  .then(() => go(probe + '/' + location.search), stay);
})();
`;

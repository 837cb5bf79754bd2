import { expect, it } from 'vitest';
import { displayWidth } from '../../../../src/view/kit/width.ts';
import { type ShownServer, serveLine, serveList } from '../../../../src/view/serve/serve-list.ts';

const SERVERS: readonly ShownServer[] = [
  { label: 'dark', state: 'ready', url: 'http://localhost:41010/', detail: '', tail: ['up'] },
  { label: 'light', state: 'starting', url: 'http://localhost:41011/', detail: 'Its worktree is being set up.', tail: [] },
  {
    label: 'ui-2/adaptive',
    state: 'failed',
    url: 'http://localhost:41012/',
    detail: 'It ended with exit code 1, also after 3 restarts: no such table: users',
    tail: ['> dev', '\u001b]0;owned\u0007no such table: users'],
  },
];

it('lists servers, with what is wrong and the last lines of one that failed', () => {
  expect(serveList(SERVERS, { columns: 80, rows: 24, colour: false, unicode: true, frame: 0 }).join('\n')).toMatchInlineSnapshot(`
    "  ✔ dark           ready     http://localhost:41010/
      ⠋ light          starting  http://localhost:41011/
        Its worktree is being set up.
      ✘ ui-2/adaptive  failed
        It ended with exit code 1, also after 3 restarts: no such table: users
        | > dev
        | no such table: users"
  `);
});

it.each([20, 40, 60, 120])('fits %i columns, but for words that are longer', (columns) => {
  const lines = serveList(SERVERS, { columns, rows: 24, colour: false, unicode: true, frame: 0 });
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(columns, 24));
});

it('says in a line how one stands, and lets nothing through that steers a terminal', () => {
  expect(SERVERS.map(serveLine)).toEqual([
    'dark: ready  http://localhost:41010/',
    'light: starting  Its worktree is being set up.',
    'ui-2/adaptive: failed  It ended with exit code 1, also after 3 restarts: no such table: users',
  ]);
  const hostile = { label: 'a\u001b[2Jb', state: 'failed', url: '', detail: 'x\u202ey\nz', tail: [] } as const;
  expect(serveLine(hostile)).toBe('ab: failed  xy z');
});

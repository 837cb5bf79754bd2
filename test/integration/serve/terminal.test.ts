import { expect, it, type TestContext } from 'vitest';
import { MAIN, type Person } from '../../support/person.ts';
import { Terminal } from '../../support/tmux.ts';
import { nothingServed, SERVER, servedPerson } from './served-person.ts';

function open(
  context: TestContext,
  person: Person,
  o: { args?: readonly string[]; columns?: number; rows?: number } = {},
): Terminal {
  const { args = [], ...size } = o;
  return Terminal.open(context, [process.execPath, MAIN, 'serve', ...args], { cwd: person.repo, env: person.env, ...size });
}

const DEAF = `process.on('SIGINT', () => {}); process.on('SIGTERM', () => {});\n${SERVER}`;

it('fault 67: one Ctrl-C stops all servers, and what stood on the screen stays readable', async (context) => {
  const person = await servedPerson();
  const terminal = open(context, person);
  const live = await terminal.shows(/(ready\s+http:\/\/localhost:\d+\/[\s\S]*){3}/);
  expect(live).toMatch(/http:\/\/localhost:\d+\/\?t=[\w-]{43}/);
  expect(live).toContain('Ctrl-C stops all of them');
  terminal.press('C-c');
  await terminal.shows(/exit=0/);
  expect(terminal.screen().match(/stopped/g)).toHaveLength(3);
  expect(terminal.screen()).not.toContain('Ctrl-C');
  expect(await person.processesInWorktrees()).toEqual([]);
});

it('fault 67: the second Ctrl-C kills servers that take no signal', async (context) => {
  const person = await servedPerson({ files: { 'server.mjs': DEAF } });
  const terminal = open(context, person);
  await terminal.shows(/(ready\s+http[\s\S]*){3}/);
  terminal.press('C-c');
  await terminal.shows(/Ctrl-C again kills them/);
  terminal.press('C-c');
  await terminal.shows(/exit=130/);
  await nothingServed(person);
});

it('fault 68: the terminal closes: the servers end with it', async (context) => {
  const person = await servedPerson();
  const terminal = open(context, person);
  await terminal.shows(/(ready\s+http[\s\S]*){3}/);
  terminal.close();
  await nothingServed(person);
});

it('fault 66: in 20 columns no line is broken', async (context) => {
  const person = await servedPerson();
  const terminal = open(context, person, { columns: 20, rows: 30 });
  await terminal.shows(/✔ wide/);
  const lines = terminal.screen().split('\n');
  for (const name of ['dark', 'light', 'wide']) expect(lines.filter((line) => line.includes(name))).toHaveLength(1);
  terminal.press('C-c');
  await terminal.shows(/exit=0/);
});

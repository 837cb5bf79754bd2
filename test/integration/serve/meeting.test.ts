/** A meeting through the command line: the same link each time, votes, the choice, and what other commands change meanwhile. */
import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { expect, it, vi } from 'vitest';
import type { PageState } from '../../../src/model/reports/served-page.ts';
import { storeAt } from '../../../src/store/layout.ts';
import { readVotes, votesFor } from '../../../src/store/votes.ts';
import type { CompareJson } from '../../../src/view/compare/compare-json.ts';
import type { Person } from '../../support/person.ts';
import { servedPerson, serving } from './served-person.ts';

const store = (person: Person) => storeAt(`${person.repo}/.git`);

async function vote(person: Person, voter: string, variant: string, note = ''): Promise<void> {
  const variants = new Map([[variant, { run: 'ui', variant }]]);
  const votes = votesFor({ store: store(person), variants, now: () => new Date() });
  await votes.cast({ voter, label: variant, note, name: '', commit: null, blind: false });
}

/** Comes with the link, and hears each state of the page. */
async function watchPage(link: string) {
  const entered = await fetch(`${link}&here=1`);
  const cookie = entered.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const states: PageState[] = [];
  const request = get(new URL('/events', link), { headers: { cookie } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) if (event.startsWith('event: state')) states.push(JSON.parse(event.split('\ndata: ')[1] ?? ''));
    });
  });
  request.on('error', () => {
    // The server has ended.
  });
  return { cookie, latest: () => states.at(-1), close: () => request.destroy() };
}

const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 50 });

it('one link for a run, also for some of its variants and after a crash; --clear-votes removes a rehearsal', async () => {
  const person = await servedPerson();
  const first = await serving(person);
  await vote(person, 'aaaaaaaaaaaa', 'dark');
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await serving(person, ['dark']);
  expect(second.json.page).toBe(first.json.page);
  expect(await readVotes(store(person), 'ui')).toHaveLength(1);
  second.child.kill('SIGINT');
  await second.ended;
  const third = await serving(person, ['dark', '--clear-votes']);
  expect(third.json.page).toBe(first.json.page);
  expect(await readVotes(store(person), 'ui')).toEqual([]);
  third.child.kill('SIGINT');
  expect((await third.ended).stderr).toContain('ui: 1 vote removed.');
});

it('what a repository brings along does not know the keys of the page', async () => {
  const [one, other] = [await servedPerson(), await servedPerson()];
  const links: string[] = [];
  for (const person of [one, other]) {
    const { json, child, ended } = await serving(person, ['dark']);
    links.push(new URL(json.page ?? '').searchParams.get('t') ?? '');
    child.kill('SIGINT');
    await ended;
  }
  expect(links[0]).toHaveLength(43);
  expect(links[0]).not.toBe(links[1]);
});

it('choose records the choice; page, status, compare and the report show it; it is changed and taken back', async () => {
  const person = await servedPerson();
  const { json, child, ended } = await serving(person);
  const page = await watchPage(json.page ?? '');
  await vote(person, 'aaaaaaaaaaaa', 'light', 'calm');
  await vote(person, 'bbbbbbbbbbbb', 'light');
  await vote(person, 'cccccccccccc', 'dark');
  await eventually(() => expect(page.latest()?.total).toBe(3));

  const chosen = await person.copse(['choose', 'light', '-m', 'reads best']);
  expect([chosen.exit, chosen.stdout]).toEqual([0, 'Chosen: light, 2 of 3\n  reads best\nMerge it: copse merge ui/light\n']);
  await eventually(() => expect(page.latest()).toMatchObject({ result: 'Chosen: light, 2 of 3', why: 'reads best' }));
  expect((await person.copse(['status'])).stdout).toContain('\n  Chosen: light, 2 of 3\n');
  expect((await person.copse(['compare'])).stdout).toContain('\nChosen: light, 2 of 3\n  reads best\n');
  expect((await person.copse(['compare', '--md'])).stdout).toContain('**Chosen: light, 2 of 3** · reads best');
  const { decision } = JSON.parse((await person.copse(['compare', '--json'])).stdout) as CompareJson;
  expect(decision).toMatchObject({ chosen: 'light', why: 'reads best', votes: 2, of: 3, changed: false });

  // Made when it is opened, with what is known then.
  const report = async () => (await fetch(new URL('/report', json.page ?? ''), { headers: { cookie: page.cookie } })).text();
  expect(await report()).toContain('<strong>Chosen: light, 2 of 3</strong>');
  await vote(person, 'dddddddddddd', 'light');
  expect(await report()).toContain('<strong>Chosen: light, 3 of 4</strong>');

  expect((await person.copse(['choose', 'dark'])).stdout).toContain('Chosen: dark, 1 of 4\n');
  expect((await person.copse(['choose'])).stdout).toContain('Chosen: dark, 1 of 4\n');
  const json2 = JSON.parse((await person.copse(['choose', '--json'])).stdout) as unknown;
  expect(json2).toMatchObject({ schema: 1, run: 'ui', chosen: 'dark', why: null });
  expect((await person.copse(['choose', '--none'])).stdout).toBe('Nothing is chosen in ui. 4 votes: light 3, dark 1.\n');
  await eventually(() => expect(page.latest()?.result).toBe(''));
  expect((await person.copse(['choose', '-m', 'why'])).exit).toBe(2);
  expect((await person.copse(['choose', 'nobody'])).exit).toBe(2);

  // What other commands do to the variants meanwhile is seen, too.
  expect((await person.copse(['merge', 'light'])).exit).toBe(0);
  await eventually(() => expect(page.latest()?.tiles.find(({ name }) => name === 'light')?.work?.text).toBe('merged'));
  expect((await person.copse(['prune', 'wide', '--yes'])).exit).toBe(0);
  await eventually(() => expect(page.latest()?.tiles.find(({ name }) => name === 'wide')?.work?.text).toBe('removed'));
  page.close();
  child.kill('SIGINT');
  expect((await ended).exit).toBe(0);
});

it('a server that has failed is started again from the page, and its log is shown', async () => {
  const person = await servedPerson({
    serve:
      'if [ $COPSE_VARIANT = dark ] && [ ! -e fixed ]; then echo "DATABASE_URL is not set" >&2; exit 127; fi; exec node server.mjs',
  });
  const { json, child, ended } = await serving(person);
  const page = await watchPage(json.page ?? '');
  await eventually(() => expect(page.latest()?.tiles.find(({ name }) => name === 'dark')).toMatchObject({ canStart: true }));
  const ask = (path: string, body?: unknown) =>
    fetch(new URL(path, json.page ?? ''), {
      headers: { cookie: page.cookie, 'content-type': 'application/json', origin: new URL(json.page ?? '').origin },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  expect(await (await ask('/log?key=dark')).text()).toContain('DATABASE_URL is not set');
  const { variants } = await person.state();
  await writeFile(`${variants.find(({ name }) => name === 'dark')?.worktree ?? ''}/fixed`, '');
  expect((await ask('/start', { key: 'dark' })).status).toBe(204);
  await eventually(() => expect(page.latest()?.tiles.find(({ name }) => name === 'dark')?.ready).toBe(true));
  page.close();
  child.kill('SIGINT');
  expect((await ended).exit).toBe(0);
});

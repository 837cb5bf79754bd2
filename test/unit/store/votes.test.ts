import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runPaths, type Store, storeAt } from '../../../src/store/layout.ts';
import { keptNote, NOTE_CHARACTERS, readVotes, VOTES_PER_RUN, votesFor } from '../../../src/store/votes.ts';

let store: Store;
beforeEach(async () => {
  store = storeAt(await mkdtemp(join(tmpdir(), 'votes-')));
  for (const run of ['ui', 'ui-2']) await mkdir(runPaths(store, run).dir, { recursive: true });
});

const NOW = new Date('2026-03-01T10:00:00Z');
const variants = new Map([
  ['ui/dark', { run: 'ui', variant: 'dark' }],
  ['ui/light', { run: 'ui', variant: 'light' }],
  ['ui-2/dark', { run: 'ui-2', variant: 'dark' }],
]);
const votes = () => votesFor({ store, variants, now: () => NOW });
const NOBODY = { name: '', commit: null };
const file = (run: string): string => join(runPaths(store, run).dir, 'votes.json');

test('kept with the run, one a voter, the last one counts, across runs too', async () => {
  const all = votes();
  expect(all.has('base')).toBe(false);
  expect(await all.read()).toEqual([]);
  await all.cast({ voter: 'a', label: 'ui/dark', note: 'calm', name: '', commit: null, blind: true });
  await all.cast({ voter: 'b', label: 'ui/dark', note: '', name: '', commit: null, blind: false });
  await all.cast({ voter: 'a', label: 'ui-2/dark', note: 'calmer', name: '', commit: null, blind: false });
  expect(await all.read()).toEqual([
    { voter: 'b', run: 'ui', variant: 'dark', label: 'ui/dark', note: '', ...NOBODY, at: NOW.toISOString(), blind: false },
    {
      voter: 'a',
      run: 'ui-2',
      variant: 'dark',
      label: 'ui-2/dark',
      note: 'calmer',
      ...NOBODY,
      at: NOW.toISOString(),
      blind: false,
    },
  ]);
  // Another process sees the same.
  expect(await votes().read()).toEqual(await all.read());
  await all.withdraw('a');
  expect((await all.read()).map(({ voter }) => voter)).toEqual(['b']);
  expect((await stat(file('ui'))).mode & 0o777).toBe(0o600);
});

test('many at once all count', async () => {
  const all = votes();
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      all.cast({ voter: `v${i}`, label: 'ui/light', note: '', name: '', commit: null, blind: false }),
    ),
  );
  expect(await readVotes(store, 'ui')).toHaveLength(30);
});

test('a note is plain, short and without keys', () => {
  expect(keptNote(' a\u001b[31mb\u202e\r\nc ')).toBe('ab\nc');
  expect(keptNote('x'.repeat(5_000))).toHaveLength(NOTE_CHARACTERS);
  expect(keptNote('my key is sk-ant-abcdefghijklmnop')).toBe('my key is [redacted]');
});

test('the file stays small', async () => {
  const many = Array.from({ length: VOTES_PER_RUN }, (_, i) => ({
    voter: `v${i}`,
    variant: 'dark',
    note: '',
    at: NOW.toISOString(),
    blind: false,
  }));
  await writeFile(file('ui'), JSON.stringify({ schema: 1, votes: many }));
  await votes().cast({ voter: 'new', label: 'ui/dark', note: '', name: '', commit: null, blind: false });
  const kept = await readVotes(store, 'ui');
  expect(kept).toHaveLength(VOTES_PER_RUN);
  expect(kept[0]?.voter).toBe('v1');
  expect(kept.at(-1)?.voter).toBe('new');
});

test('a broken file counts as none, and is set aside before the next vote', async () => {
  await writeFile(file('ui'), '{"schema":1,"votes":[{');
  expect(await readVotes(store, 'ui')).toEqual([]);
  await votes().cast({ voter: 'a', label: 'ui/dark', note: '', name: '', commit: null, blind: false });
  expect(await readVotes(store, 'ui')).toHaveLength(1);
  expect((await readdir(runPaths(store, 'ui').dir)).sort()).toEqual(['votes.json', 'votes.json.broken']);
  expect(await readFile(`${file('ui')}.broken`, 'utf8')).toBe('{"schema":1,"votes":[{');
});

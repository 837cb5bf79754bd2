import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { Person } from '../support/person.ts';
import { treeOf } from '../support/tree-of.ts';

const ID = '01k00000000000000000000000';
const OLD = '2020-01-01T00:00:00.000Z';
const COMMIT = 'a'.repeat(40);
const NONCE = '4b3f1a52-9c1e-4c55-8d1e-0f8a1f1f1f1f';
const RUN = ['run', '--prompt', 'x', '--count', '1', '--name', 'again', '--detach'];
const VERBS = [
  ['prune', '--dry-run'],
  ['prune', '--yes'],
  ['prune', '--purge', '--yes'],
  ['undo'],
  ['undo', ID],
  RUN,
  ['doctor', '--fix'],
];

interface Place {
  readonly person: Person;
  readonly store: string;
  readonly worktrees: string;
  /** Beside the repository; nothing of copse is there. */
  readonly victim: string;
}

interface Plant {
  readonly title: string;
  arrange(place: Place): void;
}

function put(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

/** git's entry, as an archive can bring it: it leads wherever it likes. */
function entry({ person }: Place, name: string, leads: string, locked: string): string {
  const gitDir = join(person.repo, '.git/worktrees', name);
  put(join(gitDir, 'gitdir'), `${leads}/.git\n`);
  put(join(gitDir, 'commondir'), '../..\n');
  put(join(gitDir, 'HEAD'), `${COMMIT}\n`);
  put(join(gitDir, 'locked'), `${locked}\n`);
  return gitDir;
}

function pruned(place: Place, o: { state: string; step: string; path: string; trashPath: string; missing?: boolean }): void {
  const gitDir = entry(place, 'victim', o.trashPath, 'copse: in the trash');
  put(join(place.store, 'operations', `${ID}.json`), {
    ...{ schema: 1, id: ID, at: OLD, kind: 'prune', state: o.state, command: 'copse prune', undoneBy: null },
    items: [
      {
        owner: null,
        worktree: {
          ...{ path: o.path, trashPath: o.trashPath, gitDir, head: `${COMMIT}\n`, headCommit: COMMIT, locked: null },
          ...{ pointers: { gitdir: `${o.path}/.git\n`, gitFile: `gitdir: ${gitDir}\n` }, missing: o.missing ?? false },
          ...{ bytes: 1, disposed: [] },
        },
        ...{ branch: null, pins: [], why: 'landed', step: o.step },
      },
    ],
  });
}

/** What `.git/copse` holds, without the git directory that git is asked with, which is a cache. */
function recordsOf(person: Person): Readonly<Record<string, string>> {
  const all = Object.entries(treeOf(join(person.repo, '.git/copse')));
  return Object.fromEntries(all.filter(([path]) => !/^\/v1\/worktrees\/(?:@objects\/.*)?$/.test(path)));
}

function scratch(place: Place, more: Readonly<Record<string, unknown>> = {}): void {
  const gitDir = entry(place, 'copse-base-0', place.victim, 'copse: checks run here');
  put(join(place.store, 'scratch/base-0.json'), {
    ...{ schema: 1, path: place.victim, gitDir, folder: '', nonce: NONCE, whole: true, setupKey: null, keep: [], installed: '' },
    ...more,
  });
}

function half(place: Place, more: Readonly<Record<string, unknown>> = {}): void {
  const gitDir = entry(place, 'again-1', place.victim, 'copse: old/dark works here');
  put(join(place.store, 'creating/old.dark.json'), {
    ...{ schema: 1, run: 'old', variant: 'dark', path: place.victim, branch: 'main', start: COMMIT, nonce: NONCE, gitDir },
    ...{ port: null, copied: [], ...more },
  });
}

const PLANTS: readonly Plant[] = [
  {
    title: 'an open journal of a purge leads out of the trash with ..',
    arrange: (place) => {
      const trashPath = `${place.worktrees}/.copse-trash/${ID}/../../../victim`;
      pruned(place, { state: 'open', step: 'purged', path: place.victim, trashPath });
    },
  },
  {
    title: 'the folder of an operation in the trash is a link',
    arrange: (place) => {
      mkdirSync(join(place.worktrees, '.copse-trash'), { recursive: true });
      symlinkSync(dirname(place.victim), join(place.worktrees, '.copse-trash', ID));
      const trashPath = `${place.worktrees}/.copse-trash/${ID}/victim`;
      pruned(place, { state: 'open', step: 'gone', path: `${place.worktrees}/victim`, trashPath });
    },
  },
  {
    title: 'an expired journal of an entry whose folder was gone names a folder',
    arrange: (place) =>
      pruned(place, { state: 'done', step: 'trashed', path: place.victim, trashPath: place.victim, missing: true }),
  },
  {
    title: 'an open journal brings a folder back to another place',
    arrange: (place) => {
      pruned(place, { state: 'done', step: 'trashed', path: `${place.victim}/new`, trashPath: join(place.victim, 'mine') });
      put(join(place.store, 'operations', `${ID.slice(0, -1)}1.json`), {
        ...{ schema: 1, id: `${ID.slice(0, -1)}1`, at: OLD, kind: 'undo', state: 'open', command: 'copse undo', undoneBy: null },
        ...{ of: ID, merge: null, restored: [{ path: `${place.victim}/moved`, branch: null }] },
      });
    },
  },
  { title: 'a scratch worktree is any folder', arrange: (place) => scratch(place) },
  { title: 'a half-made scratch worktree is any folder', arrange: (place) => scratch(place, { whole: false }) },
  { title: 'a worktree that is being made is any folder', arrange: (place) => half(place) },
  {
    title: 'a worktree that is being made has an entry elsewhere',
    arrange: (place) => half(place, { gitDir: join(place.victim, 'mine') }),
  },
  {
    title: 'the folder of records is a link',
    arrange: (place) => {
      mkdirSync(place.store, { recursive: true });
      symlinkSync(place.victim, join(place.store, 'creating'));
    },
  },
];

describe('fault 110: nothing is deleted, moved or written because a record says so', () => {
  let place: Place;

  beforeAll(async () => {
    const person = await Person.create({ claude: WRITES_A_FILE });
    const store = join(person.repo, '.git/copse/v1');
    place = { person, store, worktrees: `${person.repo}.worktrees`, victim: join(dirname(person.repo), 'victim') };
  }, 60_000);

  it.each(PLANTS)('$title', async ({ arrange }) => {
    const { person, store, worktrees, victim } = place;
    for (const folder of [store, worktrees, victim, join(person.repo, '.git/worktrees')])
      await rm(folder, { recursive: true, force: true });
    await mkdir(join(victim, 'mine'), { recursive: true });
    put(join(victim, 'file.txt'), 'not of copse');
    put(join(victim, 'mine/file.txt'), 'nor this');
    await mkdir(join(victim, 'empty'));
    if ((await person.git('branch', '--list', 'again/v1')) !== '') await person.git('update-ref', '-d', 'refs/heads/again/v1');
    arrange(place);
    const before = treeOf(victim);
    const planted = recordsOf(person);
    for (const verb of VERBS) {
      const ended = await person.copse(verb);
      expect(ended.stderr, verb.join(' ')).not.toContain('bug');
      if (verb === RUN && ended.exit === 0) await person.supervisorGone('again');
      expect(treeOf(victim), `${verb.join(' ')}\n${ended.stdout}${ended.stderr}`).toEqual(before);
      if (verb.includes('--dry-run')) expect(recordsOf(person), 'a dry run').toEqual(planted);
    }
  });
});

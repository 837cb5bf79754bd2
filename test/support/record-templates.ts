import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Repository } from '../../src/git/spawn/repository.ts';
import { freeScratch, takeBackHalfMade } from '../../src/prune/leftovers/tidy.ts';
import { freeExpired } from '../../src/prune/trash-now.ts';
import { runPaths, type Store } from '../../src/store/layout.ts';
import { listOperations } from '../../src/store/operations.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { recoverOperations } from '../../src/trash/recover.ts';
import { bringBack } from '../../src/trash/returning/bring-back.ts';
import { clearDeadServing } from '../../src/worktree/clear-dead-serving.ts';
import type { Sandbox } from './git-repository.ts';

const ID = '01k00000000000000000000000';
const UNDO = '01k00000000000000000000001';
const AT = '2020-01-01T00:00:00.000Z';
const NONCE = '4b3f1a52-9c1e-4c55-8d1e-0f8a1f1f1f1f';

export interface Template {
  readonly path: string;
  readonly record: unknown;
  /** The files beside it, as in an archive. */
  arrange(): void;
}

/** Whole records of each kind, as copse writes them, with entries of git that lead to a folder outside. */
export function templates(o: {
  readonly sandbox: Sandbox;
  readonly store: Store;
  readonly victim: string;
}): Readonly<Record<string, Template>> {
  const { sandbox, store, victim } = o;
  const commit = sandbox.git('rev-parse', 'HEAD');
  const worktrees = `${sandbox.root}.worktrees`;
  const entry = (name: string, leads: string, locked: string): string => {
    const gitDir = join(sandbox.root, '.git/worktrees', name);
    mkdirSync(gitDir, { recursive: true });
    for (const [file, text] of Object.entries({ gitdir: `${leads}/.git`, commondir: '../..', HEAD: commit, locked }))
      writeFileSync(join(gitDir, file), `${text}\n`);
    return gitDir;
  };
  const gitDir = join(sandbox.root, '.git/worktrees/dark');
  const path = join(worktrees, 'ui-dark');
  const worktree = {
    ...{ path, trashPath: join(worktrees, '.copse-trash', ID, 'ui-dark'), gitDir, head: 'ref: refs/heads/ui/dark\n' },
    ...{ headCommit: commit, locked: null, pointers: { gitdir: `${path}/.git\n`, gitFile: `gitdir: ${gitDir}\n` } },
    ...{ missing: false, bytes: 3, disposed: [{ path: 'node_modules', bytes: 3 }] },
  };
  const item = {
    ...{ owner: { run: 'ui', variant: 'dark' }, worktree, why: 'landed', step: 'purged' },
    branch: { name: 'ui/dark', commit, config: [['branch.ui/dark.remote', 'origin']], reflog: null },
    pins: [{ ref: `refs/copse/v1/trash/${ID}/0/branch`, id: commit }],
  };
  const any = { schema: 1, id: ID, at: AT, state: 'open', command: 'copse prune', undoneBy: null };
  const journal = (id: string): string => join(store.operations, `${id}.json`);
  const nothing = (): void => undefined;
  const other = (leads: string, locked: string) => (): void => {
    entry('dark', leads, locked);
  };
  return {
    purge: { path: journal(ID), record: { ...any, kind: 'prune', items: [item] }, arrange: other(victim, 'copse: in the trash') },
    prune: {
      path: journal(ID),
      record: { ...any, kind: 'prune', state: 'done', items: [{ ...item, step: 'trashed' }] },
      arrange: other(join(victim, 'mine'), 'copse: in the trash'),
    },
    undo: {
      path: journal(UNDO),
      record: { ...any, id: UNDO, kind: 'undo', of: ID, merge: null, restored: [{ path, branch: 'ui/dark' }] },
      arrange: () => {
        mkdirSync(store.operations, { recursive: true });
        const done = { ...any, kind: 'prune', state: 'done', items: [{ ...item, step: 'trashed' }] };
        writeFileSync(journal(ID), JSON.stringify(done));
      },
    },
    merge: {
      path: journal(ID),
      record: {
        ...{ ...any, kind: 'merge', target: 'main', from: commit, to: commit, noVerify: false },
        checkouts: [{ path: sandbox.root, gitDir: join(sandbox.root, '.git') }],
        landed: [{ run: 'ui', variant: 'dark', branch: 'ui/dark', tip: commit, as: 'squash', commit }],
      },
      arrange: nothing,
    },
    half: {
      path: join(store.root, 'creating/ui.dark.json'),
      record: {
        schema: 1,
        run: 'ui',
        variant: 'dark',
        path,
        branch: 'ui/dark',
        start: commit,
        nonce: NONCE,
        gitDir,
        port: null,
        copied: [],
      },
      arrange: other(victim, 'copse: ui/dark works here'),
    },
    scratch: {
      path: join(store.root, 'scratch/base-0.json'),
      record: {
        schema: 1,
        path,
        gitDir,
        folder: '',
        nonce: NONCE,
        whole: true,
        setupKey: 'k',
        keep: ['node_modules/'],
        installed: '',
      },
      arrange: other(victim, 'copse: checks run here'),
    },
    serve: {
      path: join(store.root, 'serve/abc.json'),
      record: {
        ...{
          schema: 1,
          id: 'abc',
          owner: { pid: 1, startTime: '0', bootId: 'b' },
          detached: true,
          startedAt: AT,
          page: null,
          lan: [],
        },
        host: { host: 'h', bootId: 'b', pidNamespace: 'n' },
        servers: [
          {
            label: 'dark',
            run: 'ui',
            variant: 'dark',
            port: 1,
            url: '',
            state: 'up',
            detail: '',
            log: '',
            marker: `${'a'.repeat(16)}:dark:serve`,
          },
        ],
      },
      arrange: nothing,
    },
  };
}

/** Everything that acts on records by itself, one after the other. Returns the errors. */
export async function actOnRecords(o: {
  readonly repository: Repository;
  readonly store: Store;
  readonly folder: string;
}): Promise<readonly unknown[]> {
  const { repository, store } = o;
  const all = { repository, store, clock: systemClock, portRegistry: join(o.folder, 'ports') };
  mkdirSync(dirname(store.lock), { recursive: true });
  const errors: unknown[] = [];
  const acts: readonly (() => Promise<unknown>)[] = [
    () => recoverOperations(all),
    () => freeExpired(all, { files: 0, commits: Number.POSITIVE_INFINITY }),
    () => takeBackHalfMade(all, [{ run: 'ui', paths: runPaths(store, 'ui'), alive: false }]),
    () => freeScratch(all),
    () => clearDeadServing(store),
    async () => {
      for (const operation of await listOperations(store))
        if (operation.kind === 'prune') await bringBack({ ...all, command: 'copse undo', operation });
    },
  ];
  for (const act of acts)
    await act().catch((error: unknown) => {
      errors.push(error);
    });
  return errors;
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectWhole, Sandbox, type Worktree, write } from '../../support/git-repository.ts';
import { back, dieAt, expectNoPins, operations, recover, removalOf, take, whole } from '../../support/trash.ts';

async function twoWorktrees(): Promise<{ sandbox: Sandbox; dark: Worktree; light: Worktree; removals: unknown[] }> {
  const sandbox = new Sandbox({ 'a.txt': 'a\n', '.gitignore': 'ignored/\n' });
  const dark = await sandbox.worktree('dark');
  const light = await sandbox.worktree('light');
  dark.write({ 'staged.txt': 'only in the index\n' });
  dark.git('add', 'staged.txt');
  dark.write({ 'staged.txt': 'in the file\n', 'untracked.txt': 'u', 'ignored/x': 'x' });
  light.write({ 'a.txt': 'of light\n' });
  light.git('commit', '-qam', 'Light');
  light.git('config', 'branch.ui/light.description', 'The light one');
  sandbox.git('branch', 'alone');
  const alone = {
    ...removalOf(sandbox, light),
    worktree: null,
    branch: { name: 'alone', commit: sandbox.git('rev-parse', 'alone') },
  };
  return {
    sandbox,
    dark,
    light,
    removals: [removalOf(sandbox, dark, { disposable: ['ignored'] }), removalOf(sandbox, light), alone],
  };
}

const TAKING = [
  ['prune-intended', 0],
  ['prune-pinned', 0],
  ['prune-torn-down', 0],
  ['trash-locked', 0],
  ['trash-detached', 0],
  ['trash-moved', 1],
  ['trash-registered', 1],
  ['trash-locked-1', 1],
  ['trash-detached-1', 1],
  ['trash-moved-1', 2],
  ['trash-registered-1', 2],
  ['branches-deleted', 3],
  ['branch-config-removed', 3],
  ['prune-unpinned', 3],
  ['prune-told', 3],
] as const;

describe('fault 5: killed while taking away', () => {
  test.each(TAKING)('at %s: finished or rolled back, and all of it comes back', async (failpoint, gone) => {
    const { sandbox, dark, light, removals } = await twoWorktrees();
    const before = whole(sandbox, dark.path, light.path);
    // Disposable folders are reported separately: only they are not restored.
    const kept = removals.map((removal) => ({ ...(removal as object), disposable: [] }));
    dieAt(failpoint, sandbox, 'take', kept);
    expect(await recover(sandbox)).toHaveLength(1);
    expect(await recover(sandbox)).toEqual([]);
    const [operation] = await operations(sandbox);
    expect(operation).toMatchObject({ kind: 'prune', state: gone === 0 ? 'rolled-back' : 'done' });
    if (operation?.kind !== 'prune') throw new Error('no prune on record');
    expect(operation.items.filter(({ step }) => step === 'trashed')).toHaveLength(gone);
    expectWhole(sandbox);
    if (gone > 0) await back(sandbox, operation);
    expect(whole(sandbox, dark.path, light.path)).toEqual(before);
    expectNoPins(sandbox);
    expectWhole(sandbox);
  });

  test('at disposable-set-aside: what is being deleted goes, the rest comes back', async () => {
    const { sandbox, dark, removals } = await twoWorktrees();
    dieAt('disposable-set-aside', sandbox, 'take', removals);
    await recover(sandbox);
    const [operation] = await operations(sandbox);
    if (operation?.kind !== 'prune') throw new Error('no prune on record');
    const trash = join(operation.items[0]?.worktree?.trashPath ?? '', '..');
    expect(readdirSync(trash).sort()).toEqual(['ui-dark', 'ui-light']);
    await back(sandbox, operation);
    expect(existsSync(join(dark.path, 'untracked.txt'))).toBe(true);
    expect(existsSync(join(dark.path, 'ignored'))).toBe(false);
  });

  test('and worked on before anybody recovered: a commit made there stays the HEAD', async () => {
    const { sandbox, dark, removals } = await twoWorktrees();
    dieAt('trash-detached', sandbox, 'take', removals);
    dark.git('commit', '-qm', 'On a detached HEAD');
    const commit = dark.git('rev-parse', 'HEAD');
    await recover(sandbox);
    expect(dark.git('rev-parse', 'HEAD')).toBe(commit);
    expectWhole(sandbox);
  });
});

const RETURNING = [
  'undo-intended',
  'undo-moved-0',
  'undo-moved-1',
  'undo-moved',
  'undo-branches-made',
  'undo-branches-whole',
  'undo-registered',
  'undo-told',
  'undo-noted',
  'undo-unpinned',
];

describe('killed while bringing back', () => {
  test.each(RETURNING)('at %s: the next command finishes it', async (failpoint) => {
    const { sandbox, dark, light, removals } = await twoWorktrees();
    const before = whole(sandbox, dark.path, light.path);
    const operation = await take(
      sandbox,
      ...(removals as never[]).map((removal) => ({ ...(removal as object), disposable: [] }) as never),
    );
    dieAt(failpoint, sandbox, 'back', operation.id);
    expect(await recover(sandbox)).toHaveLength(1);
    expect(await recover(sandbox)).toEqual([]);
    expect(whole(sandbox, dark.path, light.path)).toEqual(before);
    expectNoPins(sandbox);
    expectWhole(sandbox);
    expect(await operations(sandbox)).toMatchObject([
      { kind: 'prune', undoneBy: expect.any(String) },
      { kind: 'undo', state: 'done' },
    ]);
  });
});

describe('killed while bringing back, and then somebody made a branch of the same name', () => {
  test('theirs stays as it is, and what ours had stays pinned', async () => {
    const { sandbox, light } = await twoWorktrees();
    const operation = await take(sandbox, removalOf(sandbox, light));
    const tip = operation.items[0]?.branch?.commit ?? '';
    dieAt('undo-intended', sandbox, 'back', operation.id);
    sandbox.git('branch', 'ui/light', 'main');
    expect(await recover(sandbox)).toHaveLength(1);
    expect(sandbox.git('rev-parse', 'ui/light')).toBe(sandbox.git('rev-parse', 'main'));
    expect(light.git('rev-parse', 'HEAD')).toBe(tip);
    expect(light.git('status', '--porcelain')).toBe('');
    expect(light.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('HEAD');
    expect(sandbox.git('rev-parse', `refs/copse/v1/trash/${operation.id}/0/branch`)).toBe(tip);
    const undo = (await operations(sandbox)).at(-1);
    expect(undo).toMatchObject({ state: 'done', restored: [{ branch: null, note: expect.stringContaining(tip) }] });
    expectWhole(sandbox);
  });
});

describe('killed while purging', () => {
  test.each(['purge-intended', 'purge-deleted'])(
    'at %s: the next command finishes it, commits can still come back',
    async (failpoint) => {
      const { sandbox, dark, light, removals } = await twoWorktrees();
      const operation = await take(sandbox, ...(removals as never[]));
      const tip = sandbox.git('rev-parse', `refs/copse/v1/trash/${operation.id}/1/branch`);
      dieAt(failpoint, sandbox, 'purge-files', operation.id);
      await recover(sandbox);
      expect(existsSync(operation.items[0]?.worktree?.trashPath ?? '')).toBe(false);
      expect(readdirSync(join(sandbox.root, '.git/worktrees'))).toEqual([]);
      expectWhole(sandbox);
      const undo = await back(sandbox, operation);
      expect(undo.restored).toMatchObject([
        { path: null, branch: 'ui/dark' },
        { path: null, branch: 'ui/light' },
        { branch: 'alone' },
      ]);
      expect(sandbox.git('rev-parse', 'ui/light')).toBe(tip);
      expect(existsSync(dark.path) || existsSync(light.path)).toBe(false);
      // Uncommitted files are still pinned.
      const files = sandbox.git('for-each-ref', '--format=%(refname)', `refs/copse/v1/trash/${operation.id}/0/files`);
      expect(sandbox.git('show', `${files}:untracked.txt`)).toBe('u');
      expect(sandbox.git('show', `${files}:staged.txt`)).toBe('in the file');
      write(sandbox.root, {});
    },
  );
});

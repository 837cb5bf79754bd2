import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/model/exit-code.ts';
import { ensureStore, runPaths, type Store, storeAt } from '../../../src/store/layout.ts';
import { acquireLock, type LockOwner, lockOwner } from '../../../src/store/lock.ts';
import { reserveRun } from '../../../src/store/run-folders.ts';
import { diagnose } from '../../../src/survey/doctor.ts';
import type { DoctorCheck } from '../../../src/survey/doctor-check.ts';
import { clearStaleLock } from '../../../src/survey/stale-state.ts';
import { hostIdentity } from '../../../src/system/processes/process-identity.ts';
import { appendAll } from '../../support/temporary-run.ts';
import { type TestRepository, testRepository } from './repository.ts';

async function checks(app: TestRepository, name: string, cwd = app.root): Promise<readonly DoctorCheck[]> {
  return (await diagnose({ cwd, environment: app.environment })).filter((check) => check.name === name);
}

async function storeOf(app: TestRepository): Promise<Store> {
  const store = storeAt(join(app.root, '.git'));
  await ensureStore(store);
  return store;
}

/** Leaves a lock behind as a process does that is killed while it holds it. */
async function leaveLock(store: Store, host: Partial<LockOwner['host']> = {}): Promise<void> {
  const here = await hostIdentity();
  const owner: LockOwner = {
    identity: { pid: 2 ** 22 + 1, startTime: '1', bootId: here.bootId },
    host: { ...here, ...host },
    nonce: 'abc',
    purpose: 'copse run ui',
    since: '2026-01-01T00:00:00.000Z',
  };
  symlinkSync(JSON.stringify(owner), store.lock);
}

describe('a machine', () => {
  it('that has everything is found to be well', async () => {
    const app = testRepository();
    const found = await diagnose({ cwd: app.root, environment: app.environment });
    expect(found.filter(({ name }) => name !== 'sandbox').map(({ name, state }) => `${name} ${state}`)).toEqual([
      'git ok',
      'repository ok',
      'claude ok',
      'login ok',
      'settings ok',
      'lock ok',
      'runs ok',
    ]);
    expect(found.find(({ name }) => name === 'claude')?.found).toBe('2.1.329');
  });

  it('without claude is told how to get it', async () => {
    const app = testRepository();
    app.environment['PATH'] = '/nowhere';
    const [claude] = await checks(app, 'claude');
    expect(claude).toMatchObject({
      state: 'failed',
      exit: EXIT.agent,
      fix: 'Install Claude Code: npm install -g @anthropic-ai/claude-code',
    });
    expect(await checks(app, 'login')).toEqual([]);
  });

  it('with an old or a broken claude, or without login, is told what to do', async () => {
    const app = testRepository();
    const claude = join(app.folder, 'bin/claude');
    const says = (script: string): void => writeFileSync(claude, `#!/bin/sh\n${script}\n`);
    says('exit 1');
    expect(await checks(app, 'claude')).toMatchObject([
      { state: 'failed', found: `${claude} failed to start.`, exit: EXIT.agent },
    ]);
    says('echo "1.0.0 (Claude Code)"');
    expect(await checks(app, 'claude')).toMatchObject([{ state: 'failed', fix: 'Update it: claude update', exit: EXIT.agent }]);
    says(
      `case "$1" in --version) echo 2.1.1 ;; --help) printf 'Commands:\\n  auth  x\\n' ;; *) echo '{"loggedIn": false}' ;; esac`,
    );
    expect(await checks(app, 'login')).toMatchObject([{ state: 'failed', exit: EXIT.agent }]);
  });
});

describe('a repository', () => {
  it('need not be one', async () => {
    const app = testRepository();
    expect(await checks(app, 'repository', app.folder)).toMatchObject([{ state: 'warning' }]);
    expect(await checks(app, 'runs', app.folder)).toEqual([]);
  });

  it('without a commit is told what to do (fault 51)', async () => {
    const app = testRepository({ empty: true });
    expect(await checks(app, 'repository')).toMatchObject([
      { state: 'warning', fix: 'Make a first one: git add -A && git commit -m "First commit"' },
    ]);
  });

  it('with broken settings is told where', async () => {
    const app = testRepository();
    app.write('.worktreerc', 'retries: many\n');
    const [settings] = await checks(app, 'settings');
    expect(settings).toMatchObject({ state: 'failed', exit: EXIT.usage });
    expect(settings?.found).toContain('.worktreerc:1');
  });
});

describe('the repository lock', () => {
  it('of the dead is found and cleared, that of the living is not', async () => {
    const app = testRepository();
    const store = await storeOf(app);
    await leaveLock(store);
    expect(await checks(app, 'lock')).toMatchObject([{ state: 'warning', fix: 'Remove it now: copse doctor --fix' }]);
    expect(await clearStaleLock(store)).toBe(true);
    expect(await lockOwner(store.lock)).toBeNull();
    expect(await clearStaleLock(store)).toBe(false);

    const lock = await acquireLock(store.lock, { purpose: 'copse run ui' });
    expect(await checks(app, 'lock')).toMatchObject([{ state: 'ok', found: expect.stringContaining('copse run ui') as string }]);
    expect(await clearStaleLock(store)).toBe(false);
    expect((await lockOwner(store.lock))?.owner.nonce).toBe(lock.nonce);
    await lock.release();
  });

  it('of another machine is left alone (fault 43)', async () => {
    const app = testRepository();
    const store = await storeOf(app);
    await leaveLock(store, { host: 'elsewhere', bootId: 'other', pidNamespace: 'other' });
    expect(await checks(app, 'lock')).toMatchObject([
      { state: 'warning', found: expect.stringContaining('on elsewhere') as string },
    ]);
    expect(await clearStaleLock(store)).toBe(false);
    expect(await lockOwner(store.lock)).not.toBeNull();
  });
});

it('names runs whose supervisor is dead, and what goes on with them', async () => {
  const app = testRepository();
  const store = await storeOf(app);
  const paths = runPaths(store, await reserveRun(store, 'ui'));
  const commit = app.git('rev-parse', 'HEAD');
  const variant = (name: string) => ({
    name,
    branch: `ui/${name}`,
    worktree: join(app.folder, name),
    needs: [],
    model: null,
    budgetUsd: 5,
  });
  await appendAll(paths, [
    {
      type: 'run.created',
      run: 'ui',
      planHash: 'x',
      base: { ref: 'main', commit },
      target: 'main',
      isolation: 'guarded',
      concurrency: 3,
      totalBudgetUsd: 10,
      variants: [variant('dark'), variant('light')],
    },
  ]);
  expect(await checks(app, 'runs')).toMatchObject([
    {
      state: 'warning',
      found: 'ui is not finished and its supervisor is dead: 2 variants open, 2 of them not started.',
      fix: 'Settle finished variants: copse attach ui; also start the rest: copse resume ui',
    },
  ]);
});

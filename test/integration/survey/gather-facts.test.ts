import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trustStore } from '../../../src/config/trust/trust-store.ts';
import { openRepository } from '../../../src/git/spawn/repository.ts';
import type { PlanFacts } from '../../../src/model/plan-facts.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { writePlan } from '../../../src/store/events/run-snapshot.ts';
import { ensureStore, runPaths, storeAt } from '../../../src/store/layout.ts';
import { reserveRun } from '../../../src/store/run-folders.ts';
import { gatherFacts, type SurveyInput } from '../../../src/survey/gather-facts.ts';
import { sampleFile, sampleSettings, sampleVariant } from '../../fixtures/plan-input.ts';
import { appendAll } from '../../support/temporary-run.ts';
import { type TestRepository, testRepository } from './repository.ts';

async function survey(repository: TestRepository, o: Partial<SurveyInput> & { cwd?: string } = {}): Promise<PlanFacts> {
  const opened = await openRepository(o.cwd ?? repository.root);
  return gatherFacts({
    repository: opened,
    store: storeAt(opened.commonDir),
    file: sampleFile({ path: join(repository.root, 'variants.yaml') }),
    settings: sampleSettings(),
    environment: repository.environment,
    ...o,
  });
}

describe('a plain repository', () => {
  it('is described', async () => {
    const app = testRepository();
    const commit = app.git('rev-parse', 'HEAD');
    expect(await survey(app)).toMatchObject({
      repository: {
        root: app.root,
        commonDir: join(app.root, '.git'),
        name: 'app',
        bare: false,
        headBranch: 'main',
        sparse: false,
        submodules: false,
      },
      wantedBase: 'main',
      base: { ref: 'main', commit },
      unborn: false,
      behindRemote: null,
      dirtyCount: 0,
      branches: [{ name: 'main', commit, run: null }],
      takenRuns: [],
      takenPaths: [app.root],
      worktreeRootProblem: null,
      disk: { trackedBytes: 1000, freeBytes: expect.any(Number) as number },
    });
  });

  it('is left as it was', async () => {
    const app = testRepository();
    app.write('app.txt', 'changed');
    const before = [app.git('status', '--porcelain=v2', '--branch'), app.git('for-each-ref')];
    await survey(app);
    expect([app.git('status', '--porcelain=v2', '--branch'), app.git('for-each-ref')]).toEqual(before);
  });

  it('without a commit is unborn (fault 51)', async () => {
    const app = testRepository({ empty: true });
    expect(await survey(app)).toMatchObject({ base: null, unborn: true, branches: [], disk: { trackedBytes: 0 } });
  });

  it('with a detached HEAD has no branch (fault 52)', async () => {
    const app = testRepository();
    const commit = app.git('rev-parse', 'HEAD');
    app.git('checkout', '-q', '--detach');
    expect(await survey(app)).toMatchObject({
      repository: { headBranch: null },
      wantedBase: 'HEAD',
      base: { ref: 'HEAD', commit },
    });
  });

  it('gives the same from a subfolder and a linked worktree (fault 58)', async () => {
    const app = testRepository();
    app.commit('deep/down/file', 'x');
    app.git('worktree', 'add', '-q', '-b', 'topic', join(app.folder, 'linked'));
    const [top, deep, linked] = await Promise.all([
      survey(app),
      survey(app, { cwd: join(app.root, 'deep/down') }),
      survey(app, { cwd: join(app.folder, 'linked') }),
    ]);
    const { trustApproved: _a, disk: _d, ...fromTop } = top;
    const { trustApproved: _b, disk: _e, ...fromDeep } = deep;
    expect(fromDeep).toEqual(fromTop);
    expect(linked).toMatchObject({
      repository: { root: app.root, headBranch: 'topic' },
      wantedBase: 'topic',
      base: { ref: 'topic' },
    });
    expect(linked.takenPaths).toContain(join(app.folder, 'linked'));
  });

  it('shallow and sparse is said to be so (fault 53, fault 57)', async () => {
    const app = testRepository();
    app.commit('a/file', 'x');
    app.commit('b/file', 'x');
    app.git('clone', '-q', '--depth', '1', `file://${app.root}`, join(app.folder, 'clone'));
    const clone: TestRepository = { ...app, root: join(app.folder, 'clone') };
    app.git('-C', clone.root, 'sparse-checkout', 'set', 'a');
    expect(await survey(clone)).toMatchObject({
      repository: { shallow: true, sparse: true, name: 'clone' },
      disk: { trackedBytes: 1002 },
    });
  });

  it('with submodules is said to have some (fault 54)', async () => {
    const app = testRepository();
    const library = testRepository();
    app.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'lib');
    app.git('commit', '-qm', 'Add lib');
    expect((await survey(app)).repository.submodules).toBe(true);
  });

  it('bare is planned beside it (fault 56)', async () => {
    const app = testRepository();
    const root = join(app.folder, 'app.git');
    app.git('clone', '-q', '--bare', app.root, root);
    const facts = await survey(app, { cwd: root });
    expect(facts).toMatchObject({ repository: { root, bare: true, name: 'app' }, dirtyCount: 0, base: { ref: 'main' } });
    const { plan } = makePlan({ file: sampleFile(), settings: sampleSettings(), facts, flags: {} });
    expect(plan?.variants[0]?.worktree).toBe(join(app.folder, 'app.worktrees/ui-dark'));
  });
});

it('counts the bytes of a base that is not checked out here, and of a partial clone without fetching', async () => {
  const app = testRepository();
  app.git('checkout', '-qb', 'bigger');
  app.commit('deep/more.txt', 'x'.repeat(5000));
  app.git('checkout', '-q', 'main');
  expect((await survey(app, { flags: { base: 'bigger' } })).disk.trackedBytes).toBe(6000);
  mkdirSync(join(app.root, 'deep'), { recursive: true });
  expect((await survey(app, { flags: { base: 'bigger' }, cwd: join(app.root, 'deep') })).disk.trackedBytes).toBe(6000);

  app.git('config', 'uploadpack.allowFilter', 'true');
  app.git('clone', '-q', '--filter=blob:none', `file://${app.root}`, join(app.folder, 'partial'));
  const partial: TestRepository = { ...app, root: join(app.folder, 'partial') };
  const objects = (): string => app.git('-C', partial.root, 'count-objects', '-v');
  const before = objects();
  expect((await survey(partial, { flags: { base: 'origin/bigger' } })).disk.trackedBytes).toBe(1000);
  expect(objects()).toBe(before);
});

describe('the base', () => {
  it('is what the flag says, else the file, else the setting', async () => {
    const app = testRepository();
    for (const name of ['by-flag', 'by-file', 'by-setting']) app.git('branch', name);
    const file = sampleFile({ base: 'by-file' });
    const settings = sampleSettings({ base: 'by-setting' });
    expect((await survey(app, { file, settings, flags: { base: 'by-flag' } })).base?.ref).toBe('by-flag');
    expect((await survey(app, { file, settings })).base?.ref).toBe('by-file');
    expect((await survey(app, { settings })).base?.ref).toBe('by-setting');
    expect((await survey(app, { file, settings: sampleSettings({ base: 'by-setting' }, 'flag') })).base?.ref).toBe('by-setting');
  });

  it('is a branch rather than a tag of the same name, and any name of a commit', async () => {
    const app = testRepository();
    const first = app.git('rev-parse', 'HEAD');
    app.git('tag', '-a', '-m', 'One', 'v1');
    app.git('tag', 'next');
    app.git('checkout', '-qb', 'next');
    const second = app.commit('b', 'x');
    app.git('checkout', '-q', 'main');
    expect((await survey(app, { flags: { base: 'next' } })).base).toEqual({ ref: 'next', commit: second });
    expect((await survey(app, { flags: { base: 'v1' } })).base).toEqual({ ref: 'v1', commit: first });
    expect((await survey(app, { flags: { base: first.slice(0, 8) } })).base?.commit).toBe(first);
    expect(await survey(app, { flags: { base: '--all' } })).toMatchObject({ wantedBase: '--all', base: null });
  });

  it('is compared with what was fetched last', async () => {
    const app = testRepository();
    app.git('clone', '-q', app.root, join(app.folder, 'clone'));
    app.commit('b', 'x');
    app.commit('c', 'x');
    const clone: TestRepository = { ...app, root: join(app.folder, 'clone') };
    expect((await survey(clone)).behindRemote).toBeNull();
    app.git('-C', clone.root, 'fetch', '-q');
    expect((await survey(clone)).behindRemote).toEqual({ remote: 'origin/main', commits: 2 });
    app.git('-C', clone.root, 'checkout', '-qb', 'own', '--no-track');
    expect((await survey(clone)).behindRemote).toBeNull();
  });
});

it('lists what is not committed, but not its own files', async () => {
  const app = testRepository();
  app.commit('kept.txt', 'x');
  for (const path of ['kept.txt', 'new.txt', 'variants.yaml', '.worktreerc']) app.write(path, 'y');
  const settings = {
    ...sampleSettings(),
    retries: { value: 3, source: 'repository', file: join(app.root, '.worktreerc') } as const,
  };
  expect(await survey(app, { settings })).toMatchObject({ dirty: ['kept.txt', 'new.txt'], dirtyCount: 2 });
});

describe('names that are taken', () => {
  it('are told apart by who made the branch', async () => {
    const app = testRepository();
    const facts = await survey(app);
    const { plan } = makePlan({ file: sampleFile(), settings: sampleSettings(), facts, flags: {} });
    if (plan === null) throw new Error('no plan');
    const store = storeAt(join(app.root, '.git'));
    await ensureStore(store);
    const paths = runPaths(store, await reserveRun(store, 'ui', () => false));
    await writePlan(paths, plan);
    const { run, hash: planHash, base, target, isolation, concurrency, totalBudgetUsd } = plan;
    await appendAll(paths, [
      { type: 'run.created', run, planHash, base, target, isolation, concurrency, totalBudgetUsd, variants: [] },
    ]);
    app.git('branch', 'ui/dark');
    app.git('checkout', '-qb', 'ui-2/light');
    app.commit('own', 'x');
    app.git('checkout', '-q', 'main');

    const now = new Date(Number(app.git('log', '-1', '--format=%ct', 'ui-2/light')) * 1000 + 7_200_000);
    const again = await survey(app, { now });
    const byName = new Map(again.branches.map((branch) => [branch.name, branch]));
    expect(byName.get('ui/dark')).toMatchObject({ run: 'ui' });
    expect(byName.get('ui-2/light')).toMatchObject({ run: null, work: { commits: 1, lastAgeMs: 7_200_000 } });
    expect(byName.get('main')).not.toHaveProperty('work');

    const { problems } = makePlan({ file: sampleFile(), settings: sampleSettings(), facts: again, flags: {} });
    expect(problems).toEqual([
      {
        what: 'Branch ui-2/light already exists; variant light needs that name.',
        why: 'It is not from a copse run: 1 commit not on main, last one 2h ago.',
        fix: 'Choose another name: copse run --name ui-b',
        variant: 'light',
        exit: 3,
      },
    ]);
  });

  it('are also folders in the way', async () => {
    const app = testRepository();
    mkdirSync(join(app.folder, 'app.worktrees/ui-light'), { recursive: true });
    const facts = await survey(app);
    expect(makePlan({ file: sampleFile(), settings: sampleSettings(), facts, flags: {} }).plan?.run).toBe('ui-2');
  });
});

describe('the place for worktrees', () => {
  it('that is a symlink out of the folder is refused, unless the person chose it (fault 50)', async () => {
    const app = testRepository();
    const elsewhere = testRepository().folder;
    symlinkSync(elsewhere, join(app.folder, 'app.worktrees'));
    expect((await survey(app)).worktreeRootProblem).toBe(
      `${app.folder}/app.worktrees is a symlink to ${elsewhere}, outside of ${app.folder}.`,
    );
    const settings = sampleSettings({ worktree: '../app.worktrees/{run}-{variant}' }, 'person');
    expect((await survey(app, { settings })).worktreeRootProblem).toBeNull();
  });

  it('that leads into the git directory, or is a file, is refused', async () => {
    const app = testRepository();
    symlinkSync(join(app.root, '.git'), join(app.folder, 'app.worktrees'));
    expect((await survey(app)).worktreeRootProblem).toContain("inside of the repository's own folder");
    writeFileSync(join(app.folder, 'flat'), '');
    const settings = sampleSettings({ worktree: '../flat/{run}-{variant}' });
    expect((await survey(app, { settings })).worktreeRootProblem).toBe(
      `${app.folder}/flat is a file; worktrees need a folder there.`,
    );
  });
});

it('measures what is copied, and asks for approval of just that', async () => {
  const app = testRepository();
  app.commit('.gitignore', '.env\ncache\n');
  app.write('.env', 'KEY=1\n');
  app.write('cache/a', 'x'.repeat(500));
  app.commit('.worktreeinclude', '# what it needs\n\n.env\ncache\n');
  const facts = await survey(app);
  expect(facts.copy).toEqual({ entries: ['.env', 'cache'], bytes: 506, files: 2, problems: [] });
  expect(facts.worktreeInclude).toEqual(['.env', 'cache']);

  const plan = async (): Promise<boolean | undefined> =>
    makePlan({ file: sampleFile(), settings: sampleSettings(), facts: await survey(app), flags: {} }).plan?.trust.approved;
  expect(await plan()).toBe(false);
  const { plan: first } = makePlan({ file: sampleFile(), settings: sampleSettings(), facts, flags: {} });
  if (first === null) throw new Error('no plan');
  await trustStore(app.environment).approve({
    hash: first.trust.hash,
    commonDir: first.repository.commonDir,
    items: first.trust.items,
  });
  expect(await plan()).toBe(true);
  app.write('.worktreeinclude', '.env\ncache\n/etc\n');
  expect(await plan()).toBe(false);
});

it('finds what protect matches nothing of in the base', async () => {
  const app = testRepository();
  app.write('tests/a.js', 'x');
  const file = sampleFile({ protect: ['app.txt', '*.txt', '/app.txt', 'tests/**', 'App.txt'] });
  expect((await survey(app, { file })).unmatchedProtect).toEqual(['tests/**', 'App.txt']);
  app.git('add', '-A');
  app.git('commit', '-qm', 'tests');
  expect((await survey(app, { file })).unmatchedProtect).toEqual(['App.txt']);
});

it('looks for the programs that runners name', async () => {
  const app = testRepository();
  const runner = (program: string) => ({ kind: 'command', command: [program] }) as const;
  const file = sampleFile({
    defaults: { runner: runner('sh') },
    variants: [sampleVariant('a', { runner: runner('no-such-program') }), sampleVariant('b', { runner: runner('./own.sh') })],
  });
  expect((await survey(app, { file })).missingCommands).toEqual(['no-such-program']);
});

it('is not led astray by an exported GIT_DIR and GIT_INDEX_FILE (fault 60)', async () => {
  const app = testRepository();
  const other = testRepository();
  process.env['GIT_DIR'] = join(other.root, '.git');
  process.env['GIT_INDEX_FILE'] = join(other.root, '.git/index');
  try {
    expect(await survey(app)).toMatchObject({ repository: { root: app.root }, dirtyCount: 0 });
  } finally {
    delete process.env['GIT_DIR'];
    delete process.env['GIT_INDEX_FILE'];
  }
});

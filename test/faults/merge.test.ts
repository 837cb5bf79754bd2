import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MergeOperation } from '../../src/model/operation.ts';
import { storeAt } from '../../src/store/layout.ts';
import { acquireLock } from '../../src/store/lock.ts';
import { operationsLock } from '../../src/store/operations.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { finishedRun, mergeJson } from '../support/merged.ts';
import type { Person } from '../support/person.ts';
import { interruptedAt } from '../support/slow-git.ts';
import { emptyDisk, fillDisk, smallDisk } from '../support/small-disk.ts';

async function journals(person: Person): Promise<readonly MergeOperation[]> {
  const folder = join(person.repo, '.git/copse/v1/operations');
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as MergeOperation));
}

/** Whole, and index and files are those of HEAD. */
async function expectClean(person: Person): Promise<void> {
  expect(await person.git('fsck', '--no-dangling')).toBe('');
  expect(await person.git('status', '--porcelain')).toBe('');
  expect(await person.processesInWorktrees()).toEqual([]);
}

describe('fault 4: a kill during merge', () => {
  test.each([['merge-intended'], ['scratch-intended'], ['scratch-registered'], ['scratch-ready']])(
    'at %s: the target is old, and the same command lands it',
    async (step) => {
      const person = await finishedRun(['dark', 'light'], { verify: { ok: 'true' } });
      // The result is a tree that was not checked before.
      await person.write('readme.md', 'Another app.\n');
      await person.git('commit', '-qam', 'go on');
      const before = await person.fingerprint();
      const killed = await person.copse(['merge', 'dark'], { env: { COPSE_FAILPOINT: step } });
      expect(killed.signal).toBe('SIGKILL');
      await person.holds(before);
      const again = await person.copse(['merge', 'dark']);
      expect(again.exit, again.stderr).toBe(0);
      expect((await journals(person)).map(({ state }) => state)).toEqual(
        step === 'merge-intended' ? ['rolled-back', 'done'] : ['done'],
      );
      expect(await person.git('rev-list', '--count', 'main')).toBe('3');
      await expectClean(person);
    },
  );

  test.each([['target-moved'], ['merge-followed'], ['merge-logged']])(
    'at %s: the target is new, and the next command brings the rest',
    async (step) => {
      const person = await finishedRun(['dark', 'docs']);
      await person.write('mine.txt', 'mine\n');
      const killed = await person.copse(['merge', 'dark'], { env: { COPSE_FAILPOINT: step } });
      expect(killed.signal).toBe('SIGKILL');
      expect(await person.git('log', '-1', '--format=%s')).toBe('I am dark.');
      const next = await person.copse(['merge', 'docs']);
      expect(next.exit, next.stderr).toBe(0);
      expect(next.stderr).toBe('copse merge dark had been interrupted; it is finished now.\n');
      expect((await journals(person)).map(({ state }) => state)).toEqual(['done', 'done']);
      const { variants } = await person.state();
      expect(variants.map(({ landed }) => landed?.target)).toEqual(['main', 'main']);
      const landings = (await person.events()).filter(({ type }) => type === 'merge.landed');
      expect(landings).toHaveLength(2);
      expect(await person.read('dark.txt')).toBe('dark\n');
      expect(await person.read('mine.txt')).toBe('mine\n');
      await person.git('clean', '-fq', 'mine.txt');
      await expectClean(person);
    },
  );

  test.each([[['run']], [['retry', 'docs', '-m', 'more']]])(
    'between the move and the files: copse %j brings the files first',
    async (args) => {
      const person = await finishedRun(['dark', 'docs']);
      await person.copse(['merge', 'dark'], { env: { COPSE_FAILPOINT: 'target-moved' } });
      const next = await person.copse(args);
      expect(next.exit, next.stderr).toBe(0);
      expect(next.stderr).toContain('copse merge dark had been interrupted; it is finished now.');
      expect(next.stderr).not.toContain('uncommitted');
      expect(await person.read('dark.txt')).toBe('dark\n');
      await expectClean(person);
    },
  );

  test('between the move and the files: who only looks is told before they commit what they see', async () => {
    const person = await finishedRun(['dark']);
    await person.copse(['merge', 'dark'], { env: { COPSE_FAILPOINT: 'target-moved' } });
    const said =
      'copse merge dark was interrupted; a checkout of main may still show the old files as staged changes. Finish it before you commit: copse doctor --fix\n';
    const looks = async () => [await person.copse([]), await person.copse(['status']), await person.copse(['status', '--json'])];
    expect(await looks()).toMatchObject(Array.from({ length: 3 }, () => ({ exit: 0, stderr: said })));
    // Another command is working on it.
    const store = storeAt(join(person.repo, '.git'));
    const lock = await acquireLock(operationsLock(store), { purpose: 'test', clock: systemClock });
    expect(await looks()).toMatchObject(Array.from({ length: 3 }, () => ({ exit: 0, stderr: '' })));
    await lock.release();
    expect((await person.copse(['doctor', '--fix'])).stderr).toContain('it is finished now.');
    expect(await looks()).toMatchObject(Array.from({ length: 3 }, () => ({ exit: 0, stderr: '' })));
    await expectClean(person);
    // An unreadable record does not prevent a look.
    await writeFile(join(store.operations, `${'0'.repeat(26)}.json`), '{');
    expect(await looks()).toMatchObject(Array.from({ length: 3 }, () => ({ exit: 0, stderr: '' })));
  });

  test('between the move and the files, and then a file of the person’s in the way: said, and finished once it is away', async () => {
    const person = await finishedRun(['dark', 'docs']);
    await person.copse(['merge', 'dark'], { env: { COPSE_FAILPOINT: 'target-moved' } });
    await person.write('dark.txt', 'mine\n');
    const blocked = await person.copse(['merge', 'docs']);
    expect(blocked.stderr).toContain('copse merge dark had been interrupted and cannot be finished yet');
    expect(blocked.stderr).toContain('✘ copse merge dark was interrupted: main moved');
    expect(blocked.exit).toBe(3);
    expect(await person.read('dark.txt')).toBe('mine\n');
    await person.git('clean', '-fq', 'dark.txt');
    expect((await person.copse(['merge', 'docs'])).exit).toBe(0);
    await expectClean(person);
  });
});

describe('fault 9: no space where the target is checked out', () => {
  test('is said before checks run, and nothing lands until there is some', async (context) => {
    const person = await finishedRun(['dark'], { verify: { runs: 'touch "$HOME/checked"' } });
    // Check results of the variant are not valid for the merge.
    await person.write('more.txt', 'more\n');
    await person.git('add', 'more.txt');
    await person.git('commit', '-qm', 'More');
    const disk = await smallDisk(context, 512);
    const release = join(disk, 'release');
    await person.git('worktree', 'add', '-q', '-b', 'release', release);
    await fillDisk(disk);
    const before = await person.git('rev-parse', 'release');
    for (const more of [['--dry-run'], []]) {
      const ended = await person.copse(['merge', 'dark', '--into', 'release', ...more]);
      expect(ended.exit, ended.stdout + ended.stderr).toBe(3);
      const said = (ended.stdout + ended.stderr).replaceAll(/\s+/g, ' ');
      expect(said).toContain(`The checkout of release, ${release}, needs 0.1 MB more, and 0.0 MB is free.`);
      expect(said).toContain(`df -h ${release}`);
      expect(ended.stderr).not.toContain('Running ');
    }
    expect(await person.git('rev-parse', 'release')).toBe(before);
    await emptyDisk(disk);
    expect(await person.copse(['merge', 'dark', '--into', 'release'])).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('Running '),
    });
    expect(await readFile(join(release, 'dark.txt'), 'utf8')).toBe('dark\n');
    await expectClean(person);
  });
});

describe('fault 67: Ctrl-C in a terminal, which also ends the git at work', () => {
  test.each([
    ['update-ref -m copse: merge', false],
    ['read-tree -n', false],
    ['read-tree -m', true],
  ])('of a merge (%s): it landed wholly, or not at all', async (words, moved) => {
    const person = await finishedRun(['dark']);
    const before = await person.git('rev-parse', 'main');
    const ended = await interruptedAt(person, ['merge', 'dark'], words);
    expect(ended.exit, ended.stderr).toBe(130);
    expect(ended.stderr).toBe(
      moved
        ? 'copse merge dark had been interrupted; it is finished now.\nToo late to stop. To undo it, see its id: copse undo --list\n'
        : 'Stopped. Nothing was merged.\n',
    );
    expect((await person.git('rev-parse', 'main')) !== before).toBe(moved);
    await expectClean(person);
    expect((await person.copse(['undo', '--list'])).stdout).not.toContain('interrupted');
    if (moved) expect((await person.copse(['undo', ...person.lastOperation()])).exit).toBe(0);
    expect(await person.git('rev-parse', 'main')).toBe(before);
    await expectClean(person);
  });
});

describe('fault 42: a merge while somebody else acts', () => {
  test('two merges at once: both land, one on the other', async () => {
    const person = await finishedRun(['dark', 'docs']);
    const [one, two] = await Promise.all([person.copse(['merge', 'dark']), person.copse(['merge', 'docs'])]);
    expect([one.exit, two.exit], one.stderr + two.stderr).toEqual([0, 0]);
    expect((await person.git('log', '-2', '--format=%s')).split('\n').sort()).toEqual(['I am dark.', 'I am docs.']);
    await expectClean(person);
  });

  test('the target moves while checks run: rehearsed again on what it is then', async () => {
    const person = await finishedRun(
      ['dark'],
      { verify: { slow: 'test ! -f wait || { touch "$HOME/reached"; while test ! -f "$HOME/go"; do sleep 0.05; done; }' } },
      { env: {} },
    );
    await person.write('wait', '');
    await person.git('add', '-A');
    await person.git('commit', '-qm', 'wait');
    const { ended } = person.start(['merge', 'dark']);
    await expect.poll(() => existsSync(join(person.home, 'reached')), { timeout: 20_000 }).toBe(true);
    await person.write('readme.md', 'meanwhile\n');
    await person.git('commit', '-qam', 'meanwhile');
    await writeFile(join(person.home, 'go'), '');
    const done = await ended;
    expect(done.exit, done.stderr).toBe(0);
    expect(done.stdout).toContain('main moved meanwhile; this was rehearsed again.');
    expect(await person.git('log', '-2', '--format=%s')).toBe('I am dark.\nmeanwhile');
    expect(await person.read('readme.md')).toBe('meanwhile\n');
    await expectClean(person);
  });
});

describe('fault 52: a detached HEAD', () => {
  test('a run that was planned there has no target: it must be named', async () => {
    const person = await finishedRun(['dark'], {}, { args: ['--base', 'main'] });
    await person.git('switch', '-q', '--detach');
    await person.copse(['run', '--name', 'two', '--detach']);
    await person.copse(['wait', 'two']);
    const before = await person.fingerprint('two');
    const refused = await person.copse(['merge', 'two/dark']);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain('copse merge two/dark --into main');
    expect(await person.fingerprint('two')).toEqual(before);
    expect((await mergeJson(person, ['two/dark', '--into', 'main'])).landed).toMatchObject([{ name: 'two/dark', run: 'two' }]);
  });
});

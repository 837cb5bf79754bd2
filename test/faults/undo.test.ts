import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishedRun } from '../support/merged.ts';
import type { Ended, Person } from '../support/person.ts';
import { interruptedAt } from '../support/slow-git.ts';

/** Runs it and dies there as by `kill -9`. */
async function dieAt(person: Person, failpoint: string, args: readonly string[]): Promise<void> {
  const { signal, stderr } = await person.copse(args, { env: { COPSE_FAILPOINT: failpoint } });
  expect(signal ?? stderr, failpoint).toBe('SIGKILL');
}

async function variantAsItIs(person: Person, variant: string): Promise<unknown> {
  const path = join(`${person.repo}.worktrees`, `ui-${variant}`);
  return {
    status: await person.git('-C', path, 'status', '--porcelain', '--branch', '--ignored'),
    secret: await readFile(join(path, '.env'), 'utf8'),
    tip: await person.git('rev-parse', `ui/${variant}`),
    reflog: await person.git('reflog', `ui/${variant}`),
    worktrees: await person.git('worktree', 'list', '--porcelain'),
  };
}

async function undone(person: Person, ...args: string[]): Promise<Ended> {
  const isNamed = args.some((arg) => arg === '--list' || !arg.startsWith('-'));
  return person.copse(['undo', ...(isNamed ? [] : person.lastOperation()), ...args]);
}

describe('fault 5: killed between trash and removal', () => {
  it.each([
    ['prune-intended', false],
    ['prune-pinned', false],
    ['trash-detached', false],
    ['trash-moved', true],
    ['trash-registered', true],
    ['branches-deleted', true],
    ['prune-told', true],
  ] as const)('at %s: copse undo settles it, and the worktree is as it was', async (failpoint, counted) => {
    const person = await finishedRun(['dark']);
    await writeFile(join(`${person.repo}.worktrees/ui-dark`, '.env'), 'KEY=1\n');
    const print = await person.fingerprint();
    const before = await variantAsItIs(person, 'dark');
    await dieAt(person, failpoint, ['prune', 'dark', '--yes']);
    const ended = await undone(person);
    expect(ended.exit, ended.stderr).toBe(counted ? 0 : 1);
    expect(ended.stderr).toContain(counted ? 'had been interrupted; it is finished now.' : 'nothing has changed.');
    if (!counted) expect(ended.stderr).toContain('changed nothing: it was interrupted.');
    expect(await variantAsItIs(person, 'dark')).toEqual(before);
    expect(await person.git('for-each-ref', 'refs/copse/v1/trash')).toBe('');
    expect((await person.state()).variants[0]?.removed).toBe(null);
    await person.holds(print);
  });

  it.each(['undo-intended', 'undo-moved', 'undo-branches-made', 'undo-registered', 'undo-noted'])(
    'of the undo itself, at %s: the next command finishes it',
    async (failpoint) => {
      const person = await finishedRun(['dark']);
      await writeFile(join(`${person.repo}.worktrees/ui-dark`, '.env'), 'KEY=1\n');
      const print = await person.fingerprint();
      const before = await variantAsItIs(person, 'dark');
      expect((await person.copse(['prune', 'dark', '--yes'])).exit).toBe(0);
      await dieAt(person, failpoint, ['undo', ...person.lastOperation()]);
      const again = await undone(person);
      expect(again.stderr).toMatch(/copse undo \w+ had been interrupted; it is finished now\./);
      expect(again).toMatchObject({ exit: 0, stdout: expect.stringContaining('ui/dark') });
      expect(await variantAsItIs(person, 'dark')).toEqual(before);
      expect((await person.state()).variants[0]?.removed).toBe(null);
      await person.holds(print);
    },
  );
});

it('refuses while the disk with the trash is not mounted, says how to go on, and works once it is', async () => {
  const person = await finishedRun(['dark']);
  await writeFile(join(`${person.repo}.worktrees/ui-dark`, '.env'), 'KEY=1\n');
  const before = await variantAsItIs(person, 'dark');
  expect((await person.copse(['prune', 'dark', '--yes'])).exit).toBe(0);
  const print = await person.fingerprint();
  const trees = `${person.repo}.worktrees`;
  await rename(trees, `${trees}.away`);
  const refused = await undone(person);
  expect(refused).toMatchObject({ exit: 3, stdout: '' });
  expect(refused.stderr).toContain(`The trash ${trees}/.copse-trash is missing. It holds what copse prune dark removed.`);
  expect(refused.stderr).toContain(`mkdir -p ${trees}/.copse-trash && copse undo`);
  expect(await person.git('branch', '--list', 'ui/dark')).toBe('');
  expect((await undone(person, '--list')).stdout).toMatch(/copse prune dark +can be undone/);
  await person.holds(print);
  await rename(`${trees}.away`, trees);
  expect((await undone(person)).exit).toBe(0);
  expect(await variantAsItIs(person, 'dark')).toEqual(before);
});

describe('the undo of a merge', () => {
  it('moves the target back, and its checkout follows', async () => {
    const person = await finishedRun(['dark', 'docs']);
    const print = await person.fingerprint();
    expect((await person.copse(['merge', 'dark', 'docs'])).exit).toBe(0);
    const ended = await undone(person, '--json');
    expect(ended.exit, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      schema: 1,
      merge: { target: 'main', checkouts: [person.repo] },
      restored: [],
    });
    expect(await person.git('status', '--porcelain')).toBe('');
    expect((await person.state()).variants.map(({ landed }) => landed)).toEqual([null, null]);
    const { '.git/index': _index, ...rest } = print;
    expect(await person.fingerprint()).toMatchObject(rest);
    expect((await undone(person)).stderr).toContain('Every merge and prune on record is undone');
    await person.holds(await person.fingerprint());
  });

  it.each([
    ['undo-merge-intended', false],
    ['target-moved', true],
    ['undo-merge-followed', true],
    ['undo-merge-told', true],
  ] as const)('killed at %s: the target is old or new, and its files follow', async (failpoint, moved) => {
    const person = await finishedRun(['dark']);
    const before = await person.git('rev-parse', 'main');
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
    const landed = await person.git('rev-parse', 'main');
    await dieAt(person, failpoint, ['undo', ...person.lastOperation()]);
    expect(await person.git('rev-parse', 'main')).toBe(moved ? before : landed);
    const again = await undone(person);
    expect(again.exit, again.stderr).toBe(0);
    expect(again.stdout).toContain(`main is back at ${before.slice(0, 7)}`);
    expect(again.stderr).toContain(moved ? 'it is finished now.' : 'nothing has changed.');
    expect(await person.git('rev-parse', 'main')).toBe(before);
    expect(await person.git('status', '--porcelain')).toBe('');
    expect((await person.state()).variants[0]?.landed).toBe(null);
    await person.holds(await person.fingerprint());
  });

  it.each([
    ['squash', true],
    ['merge', false],
  ] as const)('says that the remote keeps what was pushed, and what takes it back there (%s)', async (as, tracked) => {
    const person = await finishedRun(['dark', 'docs']);
    await person.git('init', '-q', '--bare', '../remote.git');
    await person.git('remote', 'add', 'origin', '../remote.git');
    const tree = await person.git('rev-parse', 'main^{tree}');
    await person.git('push', '-q', ...(tracked ? ['-u'] : []), 'origin', 'main');
    expect((await person.copse(['merge', 'dark', '--as', as])).exit).toBe(0);
    // Not pushed: that the remote has where it was before says nothing.
    expect(JSON.parse((await undone(person, '--json')).stdout)).toMatchObject({ merge: { pushed: null } });
    expect((await person.copse(['merge', 'dark', 'docs', '--as', as])).exit).toBe(0);
    await person.git('push', '-q', 'origin', 'main');
    const { merge } = JSON.parse((await undone(person, '--json')).stdout) as {
      merge: { pushed: { branches: string[]; commands: string[] } };
    };
    expect(merge.pushed.branches).toEqual(['origin/main']);
    for (const line of merge.pushed.commands) await person.git(...line.split(' ').slice(1));
    expect(await person.git('rev-parse', 'origin/main^{tree}')).toBe(tree);
    expect(await person.git('status', '--porcelain')).toBe('');
  });

  it('is refused where others have built on it, with a command that takes it back', async () => {
    const person = await finishedRun(['dark']);
    const tree = await person.git('rev-parse', 'main^{tree}');
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
    await person.git('commit', '-q', '--allow-empty', '-m', 'On top');
    const tip = await person.git('rev-parse', 'main');
    const ended = await undone(person);
    expect(ended).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('main has 1 commit on top of what copse merge dark landed.'),
    });
    expect(await person.git('rev-parse', 'main')).toBe(tip);
    const hint = /^ +git (revert .*)$/m.exec(ended.stderr)?.[1] ?? '';
    await person.git(...hint.split(' '));
    expect(await person.git('rev-parse', 'main^{tree}')).toBe(tree);
    await person.holds(await person.fingerprint());
  });

  it('is refused where local changes are in the way', async () => {
    const person = await finishedRun(['dark']);
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
    await person.write('dark.txt', 'changed by the person\n');
    const print = await person.fingerprint();
    const ended = await undone(person);
    expect(ended).toMatchObject({ exit: 3, stderr: expect.stringContaining('are in the way: dark.txt') });
    expect(ended.stderr).toContain('git -C');
    await person.holds(print);
  });
});

it('an undo that was cut short is finished when it is typed again, and nothing else is undone', async () => {
  const person = await finishedRun(['dark', 'docs']);
  await person.copse(['merge', 'dark']);
  const main = await person.git('rev-parse', 'main');
  await person.copse(['prune', 'docs', '--yes']);
  await dieAt(person, 'undo-moved', ['undo', ...person.lastOperation()]);
  expect(await undone(person)).toMatchObject({ exit: 0, stdout: expect.stringContaining('ui/docs') });
  expect(await person.git('rev-parse', 'main')).toBe(main);
});

describe('what is on record', () => {
  it('is listed newest first, and addressed by the beginning of its id', async () => {
    const person = await finishedRun(['dark', 'docs']);
    expect((await undone(person, '--list')).stdout).toBe('No merge and no prune is on record here.\n');
    expect(await undone(person)).toMatchObject({ exit: 3, stderr: expect.stringContaining('There is nothing to undo.') });
    await person.copse(['merge', 'dark']);
    await person.copse(['prune', 'docs', '--yes']);
    const { operations } = JSON.parse((await undone(person, '--list', '--json')).stdout) as {
      operations: { id: string; short: string; kind: string; restorable: string; bytes: number }[];
    };
    expect(operations).toMatchObject([
      { kind: 'prune', restorable: 'all', command: 'copse prune docs', taken: [{ owner: { run: 'ui', variant: 'docs' } }] },
      { kind: 'merge', restorable: 'all', bytes: 0, merge: { target: 'main', landed: ['ui/dark'] } },
    ]);
    expect(operations[0]?.bytes).toBeGreaterThan(0);
    const merge = operations[1]?.short ?? '';
    expect((await undone(person, '--list')).stdout).toContain(`${merge}  just now  copse merge dark`);
    expect(await undone(person, '0')).toMatchObject({ exit: 2, stderr: expect.stringContaining('2 operations begin with 0.') });
    expect(await undone(person, 'zz')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('No operation on record begins with zz.'),
    });
    expect((await undone(person, merge)).exit).toBe(0);
    expect(await undone(person, merge)).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('copse merge dark is undone already.'),
    });
    expect((await undone(person)).exit).toBe(0);
    expect((await undone(person, '--list')).stdout).toMatch(/copse prune docs +undone/);
    await person.holds(await person.fingerprint());
  });
});

describe('fault 67: Ctrl-C in a terminal, which also ends the git at work', () => {
  it.each([
    ['update-ref', false],
    ['read-tree -n', false],
    ['read-tree -m', true],
  ])('of the undo of a merge (%s): it is undone wholly, or not at all', async (words, moved) => {
    const person = await finishedRun(['dark']);
    const before = await person.git('rev-parse', 'main');
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
    const landed = await person.git('rev-parse', 'main');
    const { exit, stdout, stderr } = await interruptedAt(person, ['undo', ...person.lastOperation()], words);
    expect(exit, stderr).toBe(moved ? 0 : 130);
    expect(stderr).toContain('It is being undone, and will finish in a moment.\n');
    if (moved) expect(stdout).toContain(`main is back at ${before.slice(0, 7)}`);
    else expect(stderr).toMatch(/\nStopped\. Nothing was undone\.\n$/);
    expect(await person.git('rev-parse', 'main')).toBe(moved ? before : landed);
    expect(await person.git('status', '--porcelain')).toBe('');
    expect((await undone(person, '--list')).stdout).not.toContain('interrupted');
  });

  it('of the undo of a prune: it is undone', async () => {
    const person = await finishedRun(['dark']);
    await writeFile(join(`${person.repo}.worktrees/ui-dark`, '.env'), 'KEY=1\n');
    const before = await variantAsItIs(person, 'dark');
    expect((await person.copse(['prune', 'dark', '--yes'])).exit).toBe(0);
    const ended = await interruptedAt(person, ['undo', ...person.lastOperation()], 'copse: undo');
    expect(ended).toMatchObject({ exit: 0, stderr: expect.stringContaining('will finish in a moment') });
    expect(await variantAsItIs(person, 'dark')).toEqual(before);
    expect((await undone(person, '--list')).stdout).not.toContain('interrupted');
  });
});

describe('fault 67: Ctrl-C while a merge is undone', () => {
  it('does not leave the checkout halfway', async () => {
    const person = await finishedRun(['dark']);
    const before = await person.git('rev-parse', 'main');
    expect((await person.copse(['merge', 'dark'])).exit).toBe(0);
    const [reached, go] = [join(person.home, 'reached'), join(person.home, 'go')];
    await writeFile(join(person.repo, '.git/info/attributes'), 'app.js filter=slow\n');
    await person.git('config', 'filter.slow.smudge', `touch '${reached}'; while test ! -f '${go}'; do sleep 0.05; done; cat`);
    const { ended, child } = person.start(['undo', ...person.lastOperation()]);
    await expect.poll(() => readFile(reached, 'utf8').catch(() => null), { timeout: 20_000 }).toBe('');
    child.kill('SIGINT');
    await new Promise<void>((resolve) => {
      let said = '';
      child.stderr?.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('It is being undone, and will finish in a moment.')) resolve();
      });
      child.once('exit', () => resolve());
    });
    await writeFile(go, '');
    const { exit, stdout } = await ended;
    expect(exit).toBe(0);
    expect(stdout).toContain('main is back at');
    expect(await person.git('rev-parse', 'main')).toBe(before);
    expect(await person.git('status', '--porcelain')).toBe('');
  });
});

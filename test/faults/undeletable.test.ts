import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { asOrdinaryUser, needsRoot } from '../support/ordinary-user.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** A user who is neither the suite's nor root. */
const OTHER = 4242;

interface Case {
  readonly title: string;
  /** Puts something that resists into `node_modules` of the variant's worktree. */
  arrange(modules: string, context: TestContext): void;
  /** Part of the path that stays; null: everything is deleted. */
  readonly stays: string | null;
}

function fill(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a.js'), 'one');
}

function foreignInside(folder: string, context: TestContext): void {
  needsRoot(context);
  fill(join(folder, 'built/deep'));
  fill(join(folder, 'mine'));
  for (const path of ['built/deep/a.js', 'built/deep', 'built']) chownSync(join(folder, path), OTHER, OTHER);
}

const CASES: readonly Case[] = [
  {
    title: 'fault 82: a read-only folder inside (the cache of Go)',
    arrange: (modules) => {
      fill(join(modules, 'cache/mod'));
      chmodSync(join(modules, 'cache/mod/a.js'), 0o444);
      chmodSync(join(modules, 'cache/mod'), 0o555);
      chmodSync(join(modules, 'cache'), 0o555);
    },
    stays: null,
  },
  {
    title: 'fault 82: node_modules is read-only itself',
    arrange: (modules) => {
      fill(modules);
      chmodSync(modules, 0o555);
    },
    stays: null,
  },
  {
    title: "fault 82: another user's folder inside (made in a container)",
    arrange: foreignInside,
    stays: 'built',
  },
  {
    title: "fault 82: node_modules is another user's itself",
    arrange: (modules, context) => {
      needsRoot(context);
      fill(modules);
      chownSync(modules, OTHER, OTHER);
    },
    stays: 'node_modules',
  },
];

async function twoVariants(context: TestContext, arrange: Case['arrange']) {
  const through = asOrdinaryUser(context);
  const person = await Person.create({
    files: {
      'variants.yaml': variantsYaml(
        { a: 'As a.', b: 'As b.' },
        { defaults: { runner: { command: ['sh', '-c', 'echo x > $COPSE_VARIANT.txt'] } } },
      ),
      '.gitignore': 'node_modules/\nignored/\n',
    },
  });
  expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
  await person.supervisorGone();
  arrange(join(`${person.repo}.worktrees`, 'ui-a/node_modules'), context);
  const copse = (...args: string[]) => person.copse(args, { through });
  return { person, copse, trash: join(`${person.repo}.worktrees`, '.copse-trash') };
}

function found(folder: string, name: string): readonly string[] {
  return spawnSync('find', [folder, '-name', name], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line !== '');
}

describe('what cannot be deleted stops nobody', () => {
  it.for(CASES)('$title', async ({ arrange, stays }, context) => {
    const { person, copse, trash } = await twoVariants(context, arrange);
    const pruned = await copse('prune', 'a', '--yes');
    expect(pruned).toMatchObject({ exit: 0, stderr: '' });
    expect(pruned.stdout).toContain('Removed 1 worktree and 1 branch.');
    if (stays === null) expect(found(trash, 'a.js')).toEqual([]);
    else {
      expect(pruned.stdout.replaceAll('\n', ' ')).toMatch(/sudo rm -rf \S*\.copse-trash\S*/);
      expect(found(trash, stays)).toHaveLength(1);
    }
    // Named once, and nothing else is held up.
    for (const args of [['undo'], ['prune', 'a', '--yes'], ['merge', 'b'], ['doctor', '--fix'], ['undo']]) {
      const ended = await copse(...args, ...(args[0] === 'undo' ? person.lastOperation() : []));
      expect({ args, ...ended }).toMatchObject({ args, exit: args[0] === 'doctor' ? expect.any(Number) : 0 });
      expect(ended.exit).not.toBe(70);
      expect(ended.stderr).not.toMatch(/interrupted|bug in copse/);
    }
    expect(await person.git('fsck', '--no-dangling')).toBe('');
  });

  it('fault 82: what Node still deletes after it was refused is no failure', (context) => {
    const [program = '', ...through] = [...asOrdinaryUser(context), process.execPath];
    const top = mkdtempSync(join(tmpdir(), 'many-'));
    // All at once: deletions that Node has begun still wait for their turn when the first refusal comes.
    for (let n = 0; n < 200; n += 1) {
      foreignInside(join(top, String(n)), context);
      for (const path of ['1', '2/2', '3/3/3', '4/4/4/4', '5/5/5/5/5']) fill(join(top, String(n), 'mine', path));
    }
    const module = join(import.meta.dirname, '../../src/system/remove-tree.ts');
    const script = `const { removeWhatGoes } = await import(${JSON.stringify(module)});
      await Promise.all(Array.from({ length: 200 }, (_, n) => removeWhatGoes(${JSON.stringify(top)} + '/' + n)));`;
    const ended = spawnSync(program, [...through, '--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(found(top, 'mine')).toEqual([]);
    expect(found(top, 'built')).toHaveLength(200);
  });

  it('fault 82: a prune that was killed over it is finished by the next command, and says so once', async (context) => {
    const { copse, person } = await twoVariants(context, foreignInside);
    const through = asOrdinaryUser(context);
    const killed = await person.copse(['prune', 'a', '--yes'], { through, env: { COPSE_FAILPOINT: 'disposable-set-aside' } });
    expect(killed.signal).toBe('SIGKILL');
    const next = await copse('merge', 'b');
    expect(next).toMatchObject({ exit: 0 });
    expect(next.stderr).toMatch(/copse prune a had been interrupted; it is finished now\.\n.*sudo rm -rf/);
    expect((await copse('undo', ...person.lastOperation())).stderr).not.toContain('interrupted');
  });

  it('fault 82: what is deleted goes but for what may not, which is named', async (context) => {
    const { copse, trash, person } = await twoVariants(context, (modules, test) =>
      foreignInside(join(modules, '../ignored'), test),
    );
    const freed = await copse('prune', 'a', '--purge', '--yes');
    expect(freed).toMatchObject({ exit: 0, stderr: '' });
    expect(freed.stdout.replaceAll('\n', ' ')).toMatch(/sudo rm -rf \S+\.copse-trash\S+/);
    expect(found(trash, 'a.txt')).toEqual([]);
    expect(found(trash, 'mine')).toEqual([]);
    expect(found(trash, 'built')).toHaveLength(1);
    for (const args of [['undo'], ['prune', '--purge', '--yes'], ['merge', 'b']])
      expect([args, await copse(...args, ...(args[0] === 'undo' ? person.lastOperation() : []))]).toMatchObject([
        args,
        { exit: 0 },
      ]);
  });

  it('fault 82: an old merge that cannot be finished stops no prune, and is named once', async (context) => {
    const { copse, person } = await twoVariants(context, () => undefined);
    const through = asOrdinaryUser(context);
    const killed = await person.copse(['merge', 'b'], { through, env: { COPSE_FAILPOINT: 'target-moved' } });
    expect(killed.signal).toBe('SIGKILL');
    chmodSync(person.repo, 0o555);
    const pruned = await copse('prune', 'a', '--yes');
    const again = await copse('prune', 'a', '--yes');
    const doctor = await copse('doctor', '--fix');
    chmodSync(person.repo, 0o755);
    expect(pruned).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('copse merge b had been interrupted and cannot be finished yet'),
    });
    expect(again.stderr).not.toContain('interrupted');
    expect(doctor.stdout + doctor.stderr).toContain('cannot be finished yet');
    // Nothing is in its way any more.
    expect((await copse('prune', 'a', '--yes')).stderr).toContain('copse merge b had been interrupted; it is finished now.');
    expect(await person.git('status', '--porcelain')).toBe('');
  });
});

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finishedRun, mergeJson, WORKS } from '../../support/merged.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

describe('a variant lands', () => {
  it('from and on wherever the person stands: a linked worktree, a detached HEAD, a branch that is checked out nowhere', async () => {
    const person = await finishedRun(['one', 'two', 'three', 'four']);
    const linked = join(person.home, 'linked');
    await person.git('worktree', 'add', '-q', '-b', 'release', linked);

    const two = await mergeJson(person, ['one', '--into', 'release']);
    expect(two).toMatchObject({ target: 'release', checkouts: [linked] });
    expect(await readFile(join(linked, 'one.txt'), 'utf8')).toBe('one\n');
    expect(await person.git('-C', linked, 'status', '--porcelain')).toBe('');
    await expect(person.read('one.txt')).rejects.toThrow();

    await mergeJson(person, ['two'], { cwd: linked });
    expect(await person.read('two.txt')).toBe('two\n');

    await person.git('switch', '-q', '--detach');
    const three = await mergeJson(person, ['three'], { env: { GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere' } });
    expect(three).toMatchObject({ target: 'main', checkouts: [] });
    await expect(person.read('three.txt')).rejects.toThrow();
    expect(await person.git('show', 'main:three.txt')).toBe('three');
    expect(await person.git('status', '--porcelain')).toBe('');
    expect(await person.git('-C', linked, 'status', '--porcelain')).toBe('');

    // On another target it is not there yet.
    expect((await mergeJson(person, ['one'])).landed).toHaveLength(1);
    expect((await mergeJson(person, ['two'])).already).toHaveLength(1);
  });

  it('in a bare repository', async () => {
    const person = await Person.create({
      claude: WORKS,
      files: { 'app.js': 'title\n', 'variants.yaml': variantsYaml(['dark']) },
    });
    const bare = join(person.home, 'app.git');
    await person.git('clone', '-q', '--bare', person.repo, bare);
    await writeFile(join(person.home, 'v.yaml'), variantsYaml(['dark']));
    const ran = await person.copse(['run', '-f', join(person.home, 'v.yaml')], { cwd: bare });
    expect(ran.exit, ran.stderr).toBe(0);
    await mkdir(join(bare, 'hooks'), { recursive: true });
    await writeFile(join(bare, 'hooks/pre-commit'), '#!/bin/sh\ntest -f dark.txt\n', { mode: 0o755 });
    const report = await mergeJson(person, ['dark'], { cwd: bare });
    expect(report).toMatchObject({ target: 'main', checkouts: [], landed: [{ hooks: ['pre-commit'] }] });
    expect(await person.git('-C', bare, 'show', 'main:dark.txt')).toBe('dark');
  });

  it('in a shallow clone and in a sparse checkout, which stays sparse', async () => {
    const origin = await Person.create({ files: { 'app.js': 'title\n', 'deep/x.txt': 'x\n' } });
    await origin.git('commit', '-q', '--allow-empty', '-m', 'second');
    const person = await Person.create({ claude: WORKS, unborn: true });
    await person.git('fetch', '-q', '--depth=1', `file://${origin.repo}`, 'main');
    await person.git('sparse-checkout', 'set', '--cone');
    await person.git('reset', '-q', '--hard', 'FETCH_HEAD');
    await writeFile(join(person.home, 'v.yaml'), variantsYaml(['dark']));
    const ran = await person.copse(['run', '-f', join(person.home, 'v.yaml')]);
    expect(ran.exit, ran.stderr).toBe(0);
    expect((await mergeJson(person, ['dark'])).landed).toHaveLength(1);
    expect(await person.read('dark.txt')).toBe('dark\n');
    await expect(person.read('deep/x.txt')).rejects.toThrow();
    expect(await person.git('status', '--porcelain')).toBe('');
  });
});

describe('nothing moves', () => {
  it('where a target cannot be one, where something is in the way, where a name is wrong', async () => {
    const person = await finishedRun(['dark', 'light'], {}, { files: { 'ours.txt': 'x\n' } });
    const before = await person.fingerprint();
    const refuse = async (args: readonly string[], exit: number, ...texts: readonly string[]): Promise<void> => {
      const ended = await person.copse(['merge', ...args]);
      expect(ended.exit, ended.stderr).toBe(exit);
      for (const text of texts) expect(ended.stderr).toContain(text);
    };
    await refuse(['dark', '--into', 'nowhere'], 3, 'There is no branch nowhere.', 'git branch nowhere');
    await refuse(
      ['dark', '--into', 'ui/light'],
      3,
      'ui/light is the branch of variant light.',
      'copse merge ui/light dark --into combined',
    );
    await refuse(['dusk'], 2, 'No run here has a variant dusk.');
    await refuse(['dark', 'light', '-m', 'x'], 2, '-m sets the message of one commit');
    await refuse(['dark', '--as', 'octopus'], 2, 'squash');
    await person.holds(before);

    await person.write('.git/info/exclude', 'dark.txt\n');
    await person.write('dark.txt', 'ignored, mine\n');
    await refuse(['dark'], 3, 'are in the way: dark.txt.', 'git overwrites ignored ones');
    await refuse(['dark', '--dry-run'], 3, 'are in the way: dark.txt.');
    expect(await person.read('dark.txt')).toBe('ignored, mine\n');
    await person.git('clean', '-fdxq');
    await person.write('app.js', 'mine\n');
    await refuse(['dark'], 3, 'are in the way: app.js.', 'stash push -- app.js');
    expect(await person.read('app.js')).toBe('mine\n');
    await person.git('checkout', '-q', 'app.js');

    await person.git('branch', '-q', 'side', 'ui/light');
    await mergeJson(person, ['dark']);
    await expect(person.git('merge', 'side')).rejects.toThrow();
    await refuse(['light'], 3, 'main is in the middle of a merge', 'merge --abort');
    await person.git('merge', '--abort');

    await person.git('branch', '-D', '-q', 'side');
    await person.git('worktree', 'remove', '--force', '--force', (await person.state()).variants[1]?.worktree ?? '');
    const tip = await person.git('rev-parse', 'ui/light');
    await person.git('branch', '-D', '-q', 'ui/light');
    await refuse(['light'], 3, 'The branch ui/light of light is gone.', `git branch ui/light ${tip}`);
  });

  it('while the run is at work, and where it was interrupted', async () => {
    const person = await Person.create({
      claude: `init(); fs.writeFileSync(variant + '.txt', 'x'); if (variant === 'slow') await sleep(600000); done();`,
      files: { 'variants.yaml': variantsYaml(['dark', 'slow']) },
    });
    await person.approve(['run']);
    expect((await person.copse(['run', '--detach'])).exit).toBe(0);
    await person.waitForEvent('variant.finished', { variant: 'dark' });
    const busy = await person.copse(['merge', 'dark']);
    expect(busy.exit).toBe(3);
    expect(busy.stderr).toContain('✘ Run ui is still running.');
    expect(busy.stderr).toContain('copse wait ui');
    process.kill(await person.supervisorPid(), 'SIGKILL');
    await person.supervisorGone();
    const slow = await person.copse(['merge', 'slow']);
    expect(slow.exit).toBe(3);
    expect(slow.stderr).toContain('slow is not finished, and its run has no supervisor');
    expect(slow.stderr).toContain('copse resume ui');
    expect((await mergeJson(person, ['dark'])).landed).toHaveLength(1);
    await person.copse(['stop', '--run', 'ui', '--force']);
    await person.copse(['wait', 'ui']);
    expect((await person.outcomes())['dark']).toBe('succeeded');
    expect((await person.state()).variants[0]?.landed).not.toBeNull();
  });
});

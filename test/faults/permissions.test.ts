import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const QUICK = `fs.writeFileSync(process.env.HOME + '/spent', ''); init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); done();`;

const isRoot = process.getuid?.() === 0;

async function personWith(o: { top?: Record<string, unknown>; env?: Record<string, string> } = {}) {
  const person = await Person.create({
    claude: QUICK,
    files: { 'variants.yaml': variantsYaml(['dark'], o.top) },
    ...(o.env === undefined ? {} : { env: o.env }),
  });
  return { person, before: await person.fingerprint(), spent: () => existsSync(join(person.home, 'spent')) };
}

/** Root may write where permissions forbid it, but not on a read-only mount. */
async function makeUnwritable(context: TestContext, folder: string): Promise<() => Promise<void>> {
  if (!isRoot) {
    await chmod(folder, 0o555);
    return () => chmod(folder, 0o755);
  }
  try {
    execFileSync('mount', ['--bind', folder, folder], { stdio: 'ignore' });
    onTestFinished(() => {
      if (mounted) execFileSync('umount', ['-l', folder]);
    });
    execFileSync('mount', ['-o', 'remount,bind,ro', folder], { stdio: 'ignore' });
  } catch {
    return context.skip('a read-only mount cannot be made here');
  }
  let mounted = true;
  return async () => {
    execFileSync('umount', [folder]);
    mounted = false;
  };
}

describe('a repository that is not ours to write', () => {
  it('fault 61: an unwritable .git is refused before anything is spent, and looking still works', async (context) => {
    const { person, before, spent } = await personWith();
    const writable = await makeUnwritable(context, join(person.repo, '.git'));
    for (const args of [['run'], ['run', '--detach'], ['run', '--json']]) {
      const ended = await person.copse(args);
      expect(ended.exit).toBe(3);
      expect(ended.stderr).toContain('copse cannot write its state');
      expect(ended.stderr).toContain('ls -ld');
    }
    for (const args of [['plan'], ['status'], []]) expect((await person.copse(args)).exit).toBe(0);
    expect(spent()).toBe(false);
    expect(await readdir(dirname(person.repo))).not.toContain('app.worktrees');
    await writable();
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.holds(before);
  });

  it('fault 61: a .git that becomes unwritable after the run is read as before', async (context) => {
    const { person, before } = await personWith();
    await person.copse(['run']);
    await person.supervisorGone();
    const writable = await makeUnwritable(context, join(person.repo, '.git'));
    for (const args of [['status'], ['logs', 'dark'], ['path', 'dark'], ['wait'], ['attach']]) {
      expect((await person.copse(args)).exit).toBe(0);
    }
    const retried = await person.copse(['retry', 'dark']);
    expect(retried.exit).toBe(3);
    expect(retried.stderr).toContain('copse cannot write its state');
    await writable();
    await person.holds(before);
  });

  it('fault 62: owned by someone else is refused with the line that trusts it, which works', async (context) => {
    if (!isRoot) return context.skip('only root can give a repository away');
    const { person, before, spent } = await personWith();
    for (const path of [person.repo, join(person.repo, '.git')]) await chown(path, 12_345, 12_345);
    for (const args of [['run'], ['plan'], ['status'], ['init'], ['doctor']]) {
      const ended = await person.copse(args);
      expect(ended.exit).toBe(3);
      expect(ended.stdout + ended.stderr).toContain('safe.directory');
    }
    expect(spent()).toBe(false);
    const config = join(person.home, '.gitconfig');
    const env = { GIT_CONFIG_GLOBAL: config };
    execFileSync('git', ['config', '--global', '--add', 'safe.directory', person.repo], { env: { ...person.env, ...env } });
    expect((await person.copse(['run'], { env })).exit).toBe(0);
    for (const path of [person.repo, join(person.repo, '.git')]) await chown(path, 0, 0);
    await person.holds(before);
  });

  it('fault 63: without user.name and user.email the work is committed as ours', async () => {
    const { person, before } = await personWith();
    const unset = ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'];
    const ended = await person.copse(['run'], { unset });
    expect(ended.exit).toBe(0);
    expect(await person.git('log', '-1', '--format=%an <%ae>', 'ui/dark')).toMatch(/^copse <.+@.+>$/);
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    await person.holds(before);
  });
});

describe('what a repository wants to run', () => {
  const file = (command: string) => variantsYaml(['dark'], { setup: [command] });
  const leaves = (name: string): string => `touch "$HOME/${name}"`;

  it('fault 64: changed after approval is asked about again, and runs only then', async () => {
    const { person, before } = await personWith({ top: { setup: [leaves('one')] } });
    expect((await person.approved(['run'])).exit).toBe(0);
    expect(existsSync(join(person.home, 'one'))).toBe(true);
    await person.write('variants.yaml', file(leaves('two')));
    const { hash } = JSON.parse((await person.copse(['plan', '--json'])).stdout).trust as { hash: string };
    const refused = await person.copse(['run']);
    expect(refused.exit).toBe(3);
    expect(refused.stderr).toContain('two');
    expect(refused.stderr).toContain(hash);
    expect(existsSync(join(person.home, 'two'))).toBe(false);
    expect((await person.copse(['run', '--trust', hash])).exit).toBe(0);
    expect(existsSync(join(person.home, 'two'))).toBe(true);
    await person.write('variants.yaml', file(leaves('one')));
    await person.supervisorGone('ui-2');
    await person.holds(before);
  });

  it('fault 64: an approval that was for something else approves nothing', async () => {
    const { person, before, spent } = await personWith({ top: { setup: [leaves('one')] } });
    const { hash } = JSON.parse((await person.copse(['plan', '--json'])).stdout).trust as { hash: string };
    await person.write('variants.yaml', file(leaves('two')));
    const ended = await person.copse(['run', '--trust', hash]);
    expect(ended.exit).toBe(3);
    expect(spent()).toBe(false);
    await person.write('variants.yaml', file(leaves('one')));
    expect((await person.copse(['run', '--trust', hash])).exit).toBe(0);
    await person.holds(before);
  });

  it('fault 64: an approval that is revoked while no supervisor lives also holds for checks after adoption', async () => {
    const person = await Person.create({
      claude: `init(); fs.writeFileSync('dark.txt', 'by dark'); call('Write', {}); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20); done();`,
      files: { 'variants.yaml': variantsYaml(['dark'], { verify: { test: 'echo "$COPSE_VARIANT" >> "$HOME/checked"' } }) },
    });
    const { hash } = JSON.parse((await person.copse(['plan', '--json'])).stdout).trust as { hash: string };
    expect((await person.copse(['run', '--detach', '--trust', hash])).exit).toBe(0);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    process.kill(await person.supervisorPid(), 'SIGKILL');
    await person.supervisorGone();
    expect((await person.copse(['trust', '--revoke', hash])).exit).toBe(0);
    await writeFile(join(person.home, 'go'), '');
    await person.copse(['wait']);
    await person.supervisorGone();
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    expect(await readFile(join(person.home, 'checked'), 'utf8')).toBe('_base\n');
    expect((await person.state()).variants).toMatchObject([{ phase: { outcome: 'succeeded' }, checks: [] }]);
  });

  it('fault 65: without a terminal: exit 3 and the command that approves, at once', async () => {
    const { person, before, spent } = await personWith({ top: { setup: [leaves('one')] } });
    for (const args of [['run'], ['run', '--detach'], ['run', '--json']]) {
      const ended = await person.copse(args);
      expect(ended.exit).toBe(3);
      expect(ended.stderr).toMatch(/copse run --trust \S+/);
      expect(ended.stderr).toContain(leaves('one'));
    }
    const agent = await person.copse(['run'], { env: { CLAUDECODE: '1' } });
    expect(agent.exit).toBe(3);
    expect(agent.stderr).toContain('Ask a person to run, in their own terminal: copse trust');
    expect(agent.stderr).not.toContain('--trust');
    expect(spent()).toBe(false);
    expect(existsSync(join(person.home, 'one'))).toBe(false);
    expect(await person.git('branch', '--list', 'ui/*')).toBe('');
    await person.approve(['run']);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.holds(before);
  });
});

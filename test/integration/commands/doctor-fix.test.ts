import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';
import { worktreeState } from '../../support/worktree-state.ts';

async function finished(): Promise<{ person: Person; dark: string; light: string }> {
  const person = await Person.create({ claude: WRITES_A_FILE, files: { 'variants.yaml': variantsYaml(['dark', 'light']) } });
  expect((await person.copse(['run'])).exit).toBe(0);
  await person.supervisorGone();
  const root = `${person.repo}.worktrees`;
  return { person, dark: join(root, 'ui-dark'), light: join(root, 'ui-light') };
}

async function leftovers(person: Person): Promise<readonly string[]> {
  const { checks } = JSON.parse((await person.copse(['doctor', '--json'])).stdout) as {
    checks: { name: string; found: string }[];
  };
  return checks.filter(({ name }) => name === 'leftovers').map(({ found }) => found);
}

it('finds nothing to mend after a run, a prune and an undo', async () => {
  const { person } = await finished();
  expect(await leftovers(person)).toEqual([]);
  await person.copse(['prune', 'dark', '--yes']);
  expect(await leftovers(person)).toEqual([]);
  await person.copse(['undo', ...person.lastOperation(), '--yes']);
  expect(await leftovers(person)).toEqual([]);
});

it('moves a folder back that was moved; where git moved it, it stays', async () => {
  const { person, dark, light } = await finished();
  const before = await worktreeState(person, 'dark');
  await rename(dark, `${dark}-elsewhere`);
  await person.git('worktree', 'move', light, `${light}-with-git`);
  expect(await leftovers(person)).toEqual([expect.stringMatching(/ui\/dark was moved .*ui-dark-elsewhere/)]);
  expect(existsSync(dark)).toBe(false);
  const fixed = await person.copse(['doctor', '--fix']);
  expect(fixed.stderr).toContain('Moved the worktree of ui/dark back');
  expect(await worktreeState(person, 'dark')).toEqual(before);
  expect(await leftovers(person)).toEqual([]);
  expect((await person.copse(['path', 'light'])).stdout.trim()).toBe(`${light}-with-git`);
});

it('clears the entry of a folder that is gone, keeps its branch, and makes a lost branch again', async () => {
  const { person, dark } = await finished();
  const tips = [await person.git('rev-parse', 'ui/dark'), await person.git('rev-parse', 'ui/light')];
  await rm(dark, { recursive: true });
  await person.git('update-ref', '-d', 'refs/heads/ui/light');
  expect(await leftovers(person)).toEqual([
    expect.stringMatching(/worktree of ui\/dark .* is gone/),
    expect.stringMatching(/Branch ui\/light, .* is gone/),
  ]);
  await person.copse(['doctor', '--fix']);
  expect(await leftovers(person)).toEqual([]);
  expect([await person.git('rev-parse', 'ui/dark'), await person.git('rev-parse', 'ui/light')]).toEqual(tips);
  expect(await person.git('worktree', 'list')).not.toContain('ui-dark');
});

it('finishes journals, gives back locks and ports, deletes git directories that nothing needs', async () => {
  const { person } = await finished();
  const killed = await person.copse(['prune', 'dark', '--yes'], { env: { COPSE_FAILPOINT: 'prune-pinned' } });
  expect(killed.signal).toBe('SIGKILL');
  const state = join(person.repo, '.git/copse/v1');
  await mkdir(join(state, 'worktrees/ui-gone'), { recursive: true });
  const ports = join(person.home, '.local/state/copse/ports');
  await mkdir(ports, { recursive: true });
  await symlink(`${join(person.repo, '.git')}%00no-such-run%00dark`, join(ports, '41999'));
  await symlink('/somebody/else/.git%00ui%00dark', join(ports, '41998'));
  const found = (await leftovers(person)).join('\n');
  expect(found).toMatch(/copse prune dark was interrupted/);
  expect(found).toMatch(/operations\.lock was left by pid/);
  expect(found).toMatch(/A port is leased/);
  expect(found).toMatch(/A git directory of copse/);
  const fixed = await person.copse(['doctor', '--fix']);
  expect(fixed.stderr).toContain('copse prune dark had been interrupted');
  expect(await leftovers(person)).toEqual([]);
  expect(existsSync(join(state, 'worktrees/ui-gone'))).toBe(false);
  expect(readdirSync(ports)).toContain('41998');
  expect(readdirSync(ports)).not.toContain('41999');
  await person.git('fsck', '--no-dangling');
});

it('settles a run whose supervisor is dead', async () => {
  const person = await Person.create({
    claude: `init(); fs.writeFileSync(variant + '.txt', variant); fs.writeFileSync(process.env.HOME + '/started', ''); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(30); done();`,
    files: { 'variants.yaml': variantsYaml(['dark']) },
  });
  await person.copse(['run', '--detach']);
  await person.waitForEvent('attempt.started');
  process.kill(await person.supervisorPid(), 'SIGKILL');
  await person.supervisorGone();
  const refused = await person.copse(['prune', 'dark', '--yes']);
  expect(refused).toMatchObject({ exit: 3 });
  expect(refused.stderr).toContain('was interrupted');
  const fixed = await person.copse(['doctor', '--fix']);
  expect(fixed.stderr).toContain('A new supervisor settles the finished variants of run ui');
  await writeFile(join(person.home, 'go'), '');
  expect((await person.copse(['wait', 'ui'])).exit).toBe(0);
  expect(await person.outcomes()).toEqual({ dark: 'succeeded' });
  await person.supervisorGone();
});

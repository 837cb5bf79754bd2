import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copseFromSource } from '../../support/copse-from-source.ts';
import { repositoryOf } from '../../support/repository-of.ts';

const FILE = 'name: ui\nprompt: Do it.\nvariants: { a: x }\n';

async function personWith(files: Readonly<Record<string, string>>) {
  const { root, env } = await repositoryOf(files);
  return {
    root,
    env,
    copse: (args: readonly string[], o: { cwd?: string; env?: Record<string, string> } = {}) =>
      copseFromSource(args, { cwd: o.cwd ?? root, env: { ...env, ANTHROPIC_API_KEY: 'offline-dummy-key', ...o.env } }),
  };
}

describe.concurrent('without a variants file where copse looks', () => {
  it('takes the nearest one, from the folder that the person is in upwards', async () => {
    const { root, copse } = await personWith({ 'app/web/variants.yaml': FILE, 'app/web/src/x': '' });
    const cwd = join(root, 'app/web/src');
    expect((await copse(['plan'], { cwd })).stdout).toContain('ui/a');
    expect((await copse(['plan'], { cwd: join(root, 'app') })).exit).toBe(2);
    expect((await copse(['plan'])).exit).toBe(2);
    await writeFile(join(root, 'variants.yaml'), FILE.replaceAll('ui', 'whole'));
    expect((await copse(['plan'], { cwd })).stdout).toContain('ui/a');
    expect((await copse(['plan'], { cwd: join(root, 'app') })).stdout).toContain('whole/a');
  });

  it('names the main worktree, where an untracked one is', async () => {
    const { root, env, copse } = await personWith({ 'variants.yaml': FILE, x: '' });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env });
    git('rm', '-q', '--cached', 'variants.yaml');
    git('commit', '-q', '-m', 'untracked');
    git('worktree', 'add', '-q', '../other');
    const ended = await copse(['plan'], { cwd: join(root, '../other') });
    expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining(`cd ${root}`) });
    expect(ended.stderr).not.toContain('copse init');
  });

  it('proposes init only where it would write the file', async () => {
    const { root, env, copse } = await personWith({ x: '' });
    expect((await copse(['plan'])).stderr).toContain('copse init');
    await symlink('/nowhere/at/all', join(root, 'variants.yaml'));
    expect((await copse(['plan'])).stderr).not.toContain('copse init');
    const bare = join(root, '../bare.git');
    await mkdir(bare);
    execFileSync('git', ['clone', '-q', '--bare', root, bare], { env });
    const ended = await copse(['plan'], { cwd: bare });
    expect(ended.stderr).toContain('copse run --prompt');
    expect(ended.stderr).not.toContain('copse init');
  });

  it('is named again in what is to be typed next', async () => {
    const { copse } = await personWith({ 'other.yaml': `${FILE}setup: [npm ci]\n` });
    const asked = await copse(['run', '-f', 'other.yaml']);
    expect(asked.stderr).toMatch(/copse run --file other\.yaml --trust [0-9a-f]{64}/);
    const agent = await copse(['run', '-f', 'other.yaml'], { env: { CLAUDECODE: '1' } });
    expect(agent.stderr).toMatch(/copse trust -f \S*other\.yaml/);
    expect((await copse(['trust', '-f', 'other.yaml'])).stderr).toMatch(/copse trust -f other\.yaml [0-9a-f]{64}/);
    const wrong = await copse(['run', '-f', 'other.yaml', '--trust', 'abc']);
    expect(wrong.stderr).toContain('copse plan --file other.yaml');
  });
});

import { lstat, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copseFromSource } from '../support/copse-from-source.ts';
import { folderOf } from '../support/folder-of.ts';
import { repositoryOf } from '../support/repository-of.ts';

async function personWith(files: Readonly<Record<string, string>>) {
  const { root, env } = await repositoryOf(files);
  return {
    root,
    init: (...more: string[]) => copseFromSource(['init', '--force', ...more], { cwd: root, env }),
    text: (path: string) => readFile(join(root, path), 'utf8'),
  };
}

describe.concurrent('init --force', () => {
  it('fault 95: for an empty variants file leaves the settings as they are', async () => {
    const { init, text } = await personWith({ 'variants.yaml': '', '.worktreerc': 'model: opus\n' });
    expect(await init()).toMatchObject({ exit: 0, stdout: 'variants.yaml\n' });
    expect(await text('.worktreerc')).toBe('model: opus\n');
    expect(await text('variants.yaml')).toContain('variants:');
  });

  it('fault 95: writes no second settings beside those in another place', async () => {
    const { root, init, text } = await personWith({
      'variants.yaml': 'name: x\n',
      '.config/worktreerc.json': '{"model":"opus"}',
    });
    expect(await init('--template', 'demo')).toMatchObject({ exit: 0, stdout: 'variants.yaml\n' });
    await expect(lstat(join(root, '.worktreerc'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await text('.config/worktreerc.json')).toBe('{"model":"opus"}');
  });

  it('fault 95: keeps each file that it replaces, and says where', async () => {
    const { root, init, text } = await personWith({ 'variants.yaml': 'mine 1\n' });
    const first = await init();
    expect(first.stderr).toContain('Kept the old variants.yaml as variants.yaml.old.');
    expect(await text('variants.yaml.old')).toBe('mine 1\n');
    await writeFile(join(root, 'variants.yaml'), 'mine 2\n');
    expect((await init()).stderr).toContain('variants.yaml.old-2');
    expect([await text('variants.yaml.old'), await text('variants.yaml.old-2')]).toEqual(['mine 1\n', 'mine 2\n']);
  });

  it('fault 95: keeps a link as a link, and does not touch what it leads to', async () => {
    const { root, init, text } = await personWith({});
    const outside = await folderOf({ 'mine.yaml': 'mine\n' });
    await symlink(join(outside, 'mine.yaml'), join(root, 'variants.yaml'));
    expect((await init()).exit).toBe(0);
    expect(await readlink(join(root, 'variants.yaml.old'))).toBe(join(outside, 'mine.yaml'));
    expect(await text('variants.yaml.old')).toBe('mine\n');
    expect((await lstat(join(root, 'variants.yaml'))).isFile()).toBe(true);
  });
});

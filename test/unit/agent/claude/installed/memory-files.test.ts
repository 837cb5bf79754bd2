import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, memoryText } from '../../../../../src/agent/claude/installed/memory-files.ts';

async function place(files: Readonly<Record<string, string>>) {
  const top = await mkdtemp(join(tmpdir(), 'm-'));
  for (const [path, text] of Object.entries({ 'home/.keep': '', 'tree/.keep': '', ...files })) {
    const file = join(top, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return { top, text: () => memoryText({ worktree: join(top, 'tree'), environment: { HOME: join(top, 'home') } }) };
}

describe('memoryText', () => {
  it('is empty where there is none', async () => {
    expect(await (await place({})).text()).toBe('');
    expect(await (await place({ 'tree/CLAUDE.md': ' \n' })).text()).toBe('');
  });

  it("gives the person's first, then the root's, then nested ones, each under its path", async () => {
    const { text, top } = await place({
      'home/.claude/CLAUDE.md': 'one',
      'tree/CLAUDE.md': 'two',
      'tree/.claude/CLAUDE.md': 'three',
      'tree/a/CLAUDE.md': 'four',
      'tree/a/b/CLAUDE.md': 'five',
    });
    const said = await text();
    const order = ['one', 'two', 'three', 'four', 'five'].map((word) => said.indexOf(word));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(said).toContain(`Contents of ${join(top, 'tree/a/b/CLAUDE.md')} (instructions for work below a/b):`);
  });

  it('follows imports inside the worktree only, through symlinks too, and not in circles', async () => {
    const { text, top } = await place({
      'home/secret.md': 'SECRET',
      'outside.md': 'SECRET',
      'tree/CLAUDE.md': '@docs/a.md @../outside.md @~/secret.md @/etc/hostname @link.md @alias.md @.git/config',
      'tree/docs/a.md': 'INSIDE @../CLAUDE.md @b.md',
      'tree/docs/b.md': 'DEEPER',
      'tree/.git/config': 'SECRET',
    });
    await symlink(join(top, 'outside.md'), join(top, 'tree/link.md'));
    await symlink('docs/b.md', join(top, 'tree/alias.md'));
    await symlink(top, join(top, 'tree/up'));
    const said = await text();
    expect(said).toContain('INSIDE');
    expect(said).toContain('DEEPER');
    expect(said).not.toContain('SECRET');
    expect(said.match(/tree\/CLAUDE\.md \(/g)).toHaveLength(1);
  });

  it('does not follow a CLAUDE.md that is a link out of the repository', async () => {
    const { text, top } = await place({ 'outside.md': 'SECRET', 'tree/sub/.keep': '', 'tree/AGENTS.md': 'AGREED' });
    await symlink(join(top, 'outside.md'), join(top, 'tree/sub/CLAUDE.md'));
    await symlink('AGENTS.md', join(top, 'tree/CLAUDE.md'));
    const said = await text();
    expect(said).toContain('AGREED');
    expect(said).not.toContain('SECRET');
  });

  it('is bounded: what does not fit is named', async () => {
    const files = Object.fromEntries([...Array(8)].map((_, at) => [`tree/d${at}/CLAUDE.md`, `${at}`.repeat(60_000)]));
    const { text } = await place(files);
    const said = await text();
    expect(said.length).toBeLessThan(200_000);
    expect(said).toMatch(/Read each before you work where it applies:\n- .*d7\/CLAUDE\.md/s);
  });

  it('cuts a single endless file and skips folders of dependencies', async () => {
    const { text } = await place({ 'tree/CLAUDE.md': 'x'.repeat(1_000_000), 'tree/node_modules/a/CLAUDE.md': 'NOT-OURS' });
    const said = await text();
    expect(said.length).toBeLessThan(70_000);
    expect(said).not.toContain('NOT-OURS');
  });
});

describe('importsOf', () => {
  it('reads paths outside of code', () => {
    expect(importsOf('See @docs/a.md, @./b.md.\n@~/c.md `@no.md` me@example.com\n```\n@no2.md\n```\n@d')).toEqual([
      'docs/a.md',
      './b.md',
      '~/c.md',
      'd',
    ]);
  });
});

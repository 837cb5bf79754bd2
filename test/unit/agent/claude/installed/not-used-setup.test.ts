import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notUsedSetup } from '../../../../../src/agent/claude/installed/not-used-setup.ts';

const hooks = (count: number) => [{ hooks: [...Array(count)].map(() => ({ type: 'command', command: 'x' })) }];

describe('notUsedSetup', () => {
  it('names what of repository and person does not apply', async () => {
    const top = await mkdtemp(join(tmpdir(), 'setup-'));
    const [root, home] = [join(top, 'app'), join(top, 'home')];
    const files: Record<string, unknown> = {
      'app/.claude/settings.json': { hooks: { SessionStart: hooks(2), Stop: hooks(1) }, permissions: { allow: ['a', 'b'] } },
      'app/.claude/settings.local.json': { env: { A: '1' } },
      'app/.mcp.json': { mcpServers: { playwright: {}, 'evil\u001b[2J': {} } },
      'app/.claude/skills/deploy/SKILL.md': 'x',
      'app/.claude/commands/ship.md': 'x',
      'app/CLAUDE.md': 'x',
      'home/.claude/settings.json': { apiKeyHelper: 'x', model: 'opus', enabledPlugins: { a: true, b: false } },
      'home/.claude.json': { mcpServers: { mail: {} }, projects: { [root]: { mcpServers: { db: {} } } } },
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(top, path)), { recursive: true });
      await writeFile(join(top, path), typeof content === 'string' ? content : JSON.stringify(content));
    }
    expect(await notUsedSetup(root, { HOME: home })).toEqual([
      '.claude/settings.json (3 hooks, 2 permission rules)',
      '.mcp.json (playwright, evil)',
      '.claude/skills (deploy)',
      '.claude/commands (ship)',
      '~/.claude/settings.json (1 plugin, model opus)',
      'your own MCP servers (mail)',
      'your MCP servers for this project (db)',
    ]);
  });

  it('is empty where there is nothing, where it is broken, and in a bare repository', async () => {
    const top = await mkdtemp(join(tmpdir(), 'setup-'));
    await writeFile(join(top, '.mcp.json'), '{ broken');
    expect(await notUsedSetup(top, { HOME: join(top, 'none') })).toEqual([]);
    expect(await notUsedSetup(null, { HOME: join(top, 'none') })).toEqual([]);
  });
});

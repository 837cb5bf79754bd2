import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkEnvironment } from '../../../src/checks/command-environment.ts';
import { initFacts } from '../../../src/config/init/init-facts.ts';
import { hermeticEnvironment } from '../../support/environment.ts';
import { folderOf } from '../../support/folder-of.ts';
import { hasOnPath } from '../../support/need-program.ts';
import { STACK_FIXTURES } from '../../support/stack-fixtures.ts';

describe.each(STACK_FIXTURES)('$name', ({ files, setup, verify, disposable, tools, changes }) => {
  it('is recognised', async () => {
    const facts = await initFacts(await folderOf(files));
    expect(facts.setup).toEqual(setup);
    expect(Object.fromEntries(facts.verify.map(({ name, run }) => [name, run]))).toEqual(verify);
    expect(facts.disposable).toEqual(disposable);
  });

  // Skipped, and counted, where a program is missing or a registry would be needed.
  it('is set up and checked by what is proposed: one change passes, the other fails', async (context) => {
    const missing = tools.find((tool) => !hasOnPath(tool));
    if (missing !== undefined) return context.skip(`${missing} is not installed`);
    if (changes === undefined) return context.skip('it needs a registry');
    const root = await folderOf(files);
    const facts = await initFacts(root);
    for (const line of facts.setup) expect(await exitOf(line, root), line).toBe(0);
    for (const [text, passes] of [
      [changes.passes, true],
      [changes.fails, false],
    ] as const) {
      await writeFile(join(root, changes.path), text);
      const exits = await Promise.all(facts.verify.map(({ run }) => exitOf(run, root)));
      expect(exits.every((exit) => exit === 0)).toBe(passes);
    }
  });
});

/** As set-up and checks run it. */
function exitOf(line: string, worktree: string): Promise<number> {
  const { homedir } = userInfo();
  const environment = hermeticEnvironment({
    RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(homedir, '.rustup'),
    // Go's own packages are built once for all.
    GOCACHE: process.env['GOCACHE'] ?? join(homedir, '.cache', 'go-build'),
  });
  const env = checkEnvironment({ run: 'ui', name: 'dark', env: { pass: [], set: {} }, environment, port: null, worktree });
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', line], { cwd: worktree, env, maxBuffer: 2 ** 26 }, (error) => {
      resolve(error === null ? 0 : typeof error.code === 'number' ? error.code : 1);
    });
  });
}

describe('what init sees besides', () => {
  it('copies what people keep beside the code, down to two levels, and only where git ignores it', async () => {
    const facts = await initFacts(
      await folderOf({
        '.gitignore': '.env*\n!.env.example\n/config/master.key\nmise.local.toml\n.envrc\n/config/credentials/*.key\n',
        '.env': 'A=1',
        '.env.example': 'A=',
        '.envrc': '',
        'mise.local.toml': '',
        'apps/web/.env.local': '',
        'apps/web/deep/er/.env': '',
        'config/master.key': 'k',
        'config/credentials/test.key': 'k',
        'config/other.key': 'k',
      }),
    );
    expect(facts.copy).toEqual([
      '.env',
      '.envrc',
      'mise.local.toml',
      'config/master.key',
      'apps/web/.env.local',
      'config/credentials/test.key',
    ]);
  });

  it('gives each variant its own containers where there is a compose file', async () => {
    const facts = await initFacts(await folderOf({ 'compose.yaml': 'services: {}\n' }));
    expect(facts.env).toEqual({ COMPOSE_PROJECT_NAME: '{repo}-{run}-{variant}' });
    expect(facts.teardown).toEqual(['docker compose down --volumes']);
  });

  it('looks where the person stands, however deep, and takes no project out of dependencies', async () => {
    const root = await folderOf({
      'a/b/c/go.mod': 'module x\n',
      'node_modules/y/go.mod': '',
      'vendor/y/go.mod': '',
      'gone/go.mod': '',
      '.gitignore': '/gone/\n',
    });
    expect((await initFacts(root)).setup).toEqual([]);
    expect((await initFacts(root, 'a/b/c')).setup).toEqual(['cd a/b/c && go mod download']);
  });
});

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { personHooks, withHooksFor } from '../../../src/git/commit/person-hooks.ts';
import { Sandbox } from '../../support/git-repository.ts';

test('a link that a variant put where the person has an untracked hooks folder leads nowhere', async () => {
  const sandbox = new Sandbox();
  const outside = join(sandbox.folder, 'outside');
  mkdirSync(join(outside, 'hooks'), { recursive: true });
  writeFileSync(join(outside, 'hooks/precious'), 'mine');
  mkdirSync(join(sandbox.root, 'tools/hooks'), { recursive: true });
  writeFileSync(join(sandbox.root, 'tools/hooks/pre-commit'), '#!/bin/sh\n', { mode: 0o755 });
  sandbox.git('config', 'core.hooksPath', 'tools/hooks');
  const target = sandbox.git('rev-parse', 'main');
  const dark = await sandbox.worktree('dark');
  symlinkSync(outside, join(dark.path, 'tools'));
  dark.git('add', '-A');
  dark.git('commit', '-qm', 'A link');
  const { commonDir } = await sandbox.repository();

  const hooks = await personHooks({ commonDir, target, checkout: sandbox.root });
  expect([...hooks.names]).toEqual(['pre-commit']);
  const place = { commonDir, hooks, target, commit: dark.git('rev-parse', 'HEAD'), worktree: dark.path };
  const used = await withHooksFor(place, async (path) => {
    expect(readFileSync(join(path, 'pre-commit'), 'utf8')).toBe('#!/bin/sh\n');
    return path;
  });
  expect(readFileSync(join(outside, 'hooks/precious'), 'utf8')).toBe('mine');
  expect(existsSync(join(outside, 'hooks/pre-commit'))).toBe(false);
  expect(existsSync(used)).toBe(false);
});

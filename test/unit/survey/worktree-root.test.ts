import { expect, it } from 'vitest';
import { repositoryName } from '../../../src/survey/repository-name.ts';
import { worktreeRoot } from '../../../src/survey/worktree-root.ts';

it.each([
  ['../{repo}.worktrees/{run}-{variant}', '/home/ann/app.worktrees', 1],
  ['../{repo}.worktrees/{run}/{variant}', '/home/ann/app.worktrees', 2],
  ['../{run}-{variant}', '/home/ann', 1],
  ['{run}-{variant}', '/home/ann/app', 1],
  ['/srv/{repo}/{variant}/{run}', '/srv/app', 2],
  ['/{run}-{variant}', '/', 1],
])('%s starts at %s, %d deep', (template, path, depth) => {
  expect(worktreeRoot(template, { root: '/home/ann/app', repo: 'app' })).toEqual({ path, depth });
});

it.each([
  ['/home/ann/app', false, 'app'],
  ['/home/ann/app.git', false, 'app.git'],
  ['/srv/app.git', true, 'app'],
  ['/home/ann/app/.bare', true, 'app'],
  ['/home/ann/app/.git', true, 'app'],
])('%s, bare %s, is called %s', (root, bare, name) => {
  expect(repositoryName({ root, bare })).toBe(name);
});

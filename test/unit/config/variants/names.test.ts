import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { branchProblem, nameProblem, slugOf } from '../../../../src/config/variants/names.ts';

it.each(['a', 'dark', 'ui-2', '0', 'a-', 'x'.repeat(64)])('%s names a variant', (name) => {
  expect(nameProblem(name)).toBeNull();
});

it.each(['', '-x', 'Dark', 'a_b', 'a.b', 'a/b', '..', 'é', 'a b', 'a\n', 'x'.repeat(65), 'con', 'nul', 'com1', 'lpt9', 'aux'])(
  '%j does not',
  (name) => {
    expect(nameProblem(name)).not.toBeNull();
  },
);

it.each([
  ['UserCard', 'user-card'],
  ['src/pages/Home.tsx', 'src-pages-home-tsx'],
  ['Größe', 'gro-e'],
  ['café', 'cafe'],
  ['--x--', 'x'],
  ['日本', null],
  ['con', null],
])('makes %s to the slug %s', (text, slug) => {
  expect(slugOf(text)).toBe(slug);
});

it('makes a slug of at most 64 characters', () => {
  expect(slugOf(`${'a'.repeat(64)}-b`)).toHaveLength(64);
});

const BRANCHES = [
  'main',
  'feature/x',
  'a.b',
  'ui/dark',
  '',
  '-x',
  'a..b',
  'a b',
  'a~1',
  'a^',
  'a:b',
  'a?',
  'a*',
  'a[',
  'a\\b',
  '/a',
  'a/',
  'a//b',
  '.a',
  'a/.b',
  'a.',
  'a.lock',
  'a.lock/b',
  'a@{1}',
  'a\u0007',
  'HEAD',
];

it.each(BRANCHES)('judges the branch %j as git does', (name) => {
  expect(branchProblem(name) === null).toBe(gitTakes(name));
});

it('refuses @, which git reads as HEAD', () => {
  expect(branchProblem('@')).not.toBeNull();
});

function gitTakes(name: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', '--branch', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

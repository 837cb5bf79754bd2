import { expect, it } from 'vitest';
import { BranchIndex } from '../../../src/plan/branch-index.ts';
import { sampleBranch } from '../../fixtures/plan-input.ts';

const index = new BranchIndex(['ui', 'Feature/Login', 'a/b/c', 'cafe\u0301'].map((name) => sampleBranch(name)));

it.each([
  ['ui', 'same', 'ui'],
  ['UI', 'same', 'ui'],
  ['ui/dark', 'prefix', 'ui'],
  ['Ui/dark/deep', 'prefix', 'ui'],
  ['a', 'prefix', 'a/b/c'],
  ['a/b', 'prefix', 'a/b/c'],
  ['feature/login', 'same', 'Feature/Login'],
  ['feature', 'prefix', 'Feature/Login'],
  ['caf\u00e9', 'same', 'cafe\u0301'],
])('%s is stopped: %s %s', (wanted, kind, name) => {
  expect(index.obstacle(wanted)).toMatchObject({ kind, branch: { name } });
});

it.each(['uid', 'ui-2/dark', 'a/c', 'a/b/d', 'b'])('%s is free', (wanted) => {
  expect(index.obstacle(wanted)).toBeNull();
});

import { expect, it } from 'vitest';
import {
  branchTemplateProblem,
  fillPlaceholders,
  worktreeTemplateProblem,
} from '../../../../src/config/variants/name-template.ts';

it('fills in what it knows and leaves the rest', () => {
  expect(fillPlaceholders('{run}-{variant}/{x}', { run: 'ui', variant: 'dark' })).toBe('ui-dark/{x}');
  expect(fillPlaceholders('{constructor}', {})).toBe('{constructor}');
});

it.each([
  '../{repo}.worktrees/{run}-{variant}',
  '../{variant}',
  '.worktrees/{run}/{variant}',
  './{variant}',
  '../repo/{variant}',
])('a repository may place worktrees at %s', (template) => {
  expect(worktreeTemplateProblem(template, { within: '/home/ann/app' })).toBeNull();
});

it.each([
  '../../{variant}',
  '/tmp/{variant}',
  '~/{variant}',
  '../x/../../{variant}',
  '{variant}/../..',
  '{variant}/../{run}',
  '.git/{variant}',
  '.git/worktrees/{variant}',
  '../{repo}',
  '../{run}',
  '../{user}-{variant}',
])('but not at %s', (template) => {
  expect(worktreeTemplateProblem(template, { within: '/home/ann/app' })).not.toBeNull();
});

it('lets a person place them anywhere', () => {
  expect(worktreeTemplateProblem('/data/worktrees/{repo}/{run}-{variant}', { within: null })).toBeNull();
});

it.each(['{run}/{variant}', '{run}-{variant}', 'work/{variant}'])('branches may be %s', (template) => {
  expect(branchTemplateProblem(template, { distinct: true })).toBeNull();
});

it.each(['{run}', '-{variant}', '{variant}..x', '{repo}/{variant}', '{variant} x', '{variant}.lock'])(
  'but not %s',
  (template) => {
    expect(branchTemplateProblem(template, { distinct: true })).not.toBeNull();
  },
);

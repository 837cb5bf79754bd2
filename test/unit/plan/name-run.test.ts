import { describe, expect, it } from 'vitest';
import type { BranchFacts, PlanFacts } from '../../../src/model/plan-facts.ts';
import { clashesWithin, type NamingInput, nameRun } from '../../../src/plan/name-run.ts';
import { sampleBranch, sampleFacts, sampleFile, sampleSettings, sampleVariant } from '../../fixtures/plan-input.ts';

function name(facts: Partial<PlanFacts>, o: Partial<NamingInput> = {}) {
  return nameRun({
    name: 'ui',
    mode: 'first-free',
    variants: sampleFile().variants,
    settings: sampleSettings(),
    facts: sampleFacts(facts),
    ...o,
  });
}

const branches = (...all: (string | BranchFacts)[]): Partial<PlanFacts> => ({
  branches: all.map((branch) => (typeof branch === 'string' ? sampleBranch(branch) : branch)),
});

describe('the id', () => {
  it.each<[string, Partial<PlanFacts>, string]>([
    ['is the name', {}, 'ui'],
    ['skips runs', { takenRuns: ['ui', 'ui-2'] }, 'ui-3'],
    ['skips branches of runs', branches(sampleBranch('ui/light', { run: 'ui' })), 'ui-2'],
    ['skips branches of runs whatever their letter case', branches(sampleBranch('UI/Light', { run: 'ui' })), 'ui-2'],
    ['skips paths', { takenPaths: ['/home/ann/app.worktrees/ui-dark', '/home/ann/app.worktrees/UI-2-light'] }, 'ui-3'],
    ['is not disturbed by others', { ...branches('main', 'uid', 'ui-dark', 'dark'), takenRuns: ['ui-2', 'uid'] }, 'ui'],
  ])('%s', (_title, facts, run) => {
    expect(name(facts)).toMatchObject({ names: { run, warnings: [] }, problems: [] });
  });
});

describe("a person's branch in the way", () => {
  it('is a problem with a name that is free', () => {
    const work = { commits: 3, lastAgeMs: 2 * 86_400_000 + 5 };
    const found = name({ ...branches(sampleBranch('ui/dark', { work }), 'ui-b/light'), takenRuns: ['ui-c'] });
    expect(found).toEqual({
      names: null,
      problems: [
        {
          what: 'Branch ui/dark already exists; variant dark needs that name.',
          why: 'It is not from a copse run: 3 commits not on main, last one 2 days ago.',
          fix: 'Choose another name: copse run --name ui-d',
          variant: 'dark',
          exit: 3,
        },
      ],
    });
  });

  it('is met at the next id too', () => {
    expect(name({ ...branches('ui-2/dark'), takenRuns: ['ui'] }).problems.map((problem) => problem.what)).toEqual([
      'Branch ui-2/dark already exists; variant dark needs that name.',
    ]);
  });

  it('may differ in letter case (fault 45)', () => {
    expect(name(branches('ui/Dark')).problems.map((problem) => problem.what)).toEqual([
      'Branch ui/Dark already exists; variant dark needs the name ui/dark, which differs only in letter case.',
    ]);
  });
});

describe('a branch that is a prefix (fault 46)', () => {
  it.each([
    ['ui', 'ui/dark'],
    ['UI', 'ui/dark'],
    ['ui/dark/old', 'ui/dark'],
  ])('%s moves the branches to copse/', (existing, wanted) => {
    const { names, problems } = name(branches(existing));
    expect(problems).toEqual([]);
    expect([...(names?.variants.values() ?? [])].map(({ branch }) => branch)).toEqual(['copse/ui/dark', 'copse/ui/light']);
    expect(names?.warnings).toEqual([
      `Branch ${existing} is in the way of ${wanted}: the branches are named copse/{run}/{variant} instead.`,
    ]);
  });

  it('leaves ids whose moved branches an earlier run has', () => {
    const facts = branches('ui', sampleBranch('copse/ui/dark', { run: 'ui' }));
    expect(name(facts).names?.run).toBe('ui-2');
  });

  it('is a problem where copse/ is blocked as well', () => {
    expect(name(branches('ui', 'copse')).problems.map((problem) => problem.what)).toEqual([
      'Branch copse is in the way of copse/ui/dark, which variant dark needs: git cannot have both.',
      'Branch copse is in the way of copse/ui/light, which variant light needs: git cannot have both.',
    ]);
  });

  it('is a problem for a branch that the variant names itself', () => {
    const found = name(branches('feature'), { variants: [sampleVariant('dark', { branch: 'feature/dark' })] });
    expect(found.problems).toMatchObject([
      {
        what: 'Branch feature is in the way of feature/dark, which variant dark needs: git cannot have both.',
        fix: 'Give variant dark another branch.',
      },
    ]);
  });
});

describe('a name that a person typed', () => {
  it.each<[string, Partial<PlanFacts>, string, string]>([
    ['run', { takenRuns: ['ui'] }, 'Run ui already exists.', 'ui-b'],
    [
      'branch of a run',
      branches(sampleBranch('ui/dark', { run: 'ui' })),
      'Branch ui/dark already exists; variant dark needs that name.',
      'ui-b',
    ],
    [
      'path',
      { takenPaths: ['/home/ann/app.worktrees/ui-dark'] },
      '/home/ann/app.worktrees/ui-dark already exists; variant dark needs that path.',
      'ui-b',
    ],
  ])('is not changed for a taken %s', (_title, facts, what, suggestion) => {
    expect(name(facts, { mode: 'exact' })).toMatchObject({
      names: null,
      problems: [{ what, fix: `Choose another name: copse run --name ${suggestion}` }],
    });
  });

  it('stands where it is reserved already', () => {
    expect(name({ takenRuns: ['ui'] }, { mode: 'reserved' }).names?.run).toBe('ui');
  });
});

it('does not count on where templates lack {run}', () => {
  const taken = { takenPaths: ['/home/ann/dark'] };
  expect(name(taken, { settings: sampleSettings({ worktree: '../{variant}' }) }).problems).toMatchObject([
    {
      what: '/home/ann/dark already exists; variant dark needs that path.',
      fix: 'Put {run} into the setting worktree, or move the folder away.',
    },
  ]);
  const own = { variants: [sampleVariant('dark', { branch: 'theme' })] };
  expect(name(branches(sampleBranch('theme', { run: 'ui' })), own).problems).toMatchObject([
    {
      what: 'Branch theme already exists; variant dark needs that name.',
      why: 'It is from the run ui.',
      fix: 'The branch of variant dark is the same in every run. Put {run} into it, for example: theme-{run}',
    },
  ]);
});

it('places worktrees of a bare repository beside it (fault 56)', () => {
  const repository = { ...sampleFacts().repository, root: '/srv/app.git', commonDir: '/srv/app.git', bare: true };
  expect(name({ repository }).names?.variants.get('dark')?.worktree).toBe('/srv/app.worktrees/ui-dark');
});

it('finds names that clash within the run', () => {
  const variants = [
    sampleVariant('dark', { branch: 'theme' }),
    sampleVariant('light', { branch: 'theme/light' }),
    sampleVariant('gray', { branch: 'Theme' }),
  ];
  const found = nameRun({
    name: 'ui',
    mode: 'first-free',
    variants,
    settings: sampleSettings({ worktree: '../{variant}/{run}' }),
    facts: sampleFacts(),
  });
  if (found.names === null) throw new Error('no names');
  expect(clashesWithin(found.names).map((problem) => problem.what)).toEqual([
    'Variants dark and light would both have a worktree folder ui.',
    'Branches theme (variant dark) and theme/light (variant light) cannot both exist.',
    'Variants light and gray would both have a worktree folder ui.',
    'Branches theme (variant dark) and Theme (variant gray) cannot both exist.',
  ]);
});

it.each(['-x', '..', 'a/../b', 'a\0b', 'a\nb', '@', 'con', 'Foo', ''])(
  'a typed name %j is refused before anything is looked at (fault 44)',
  async (typed) => {
    const { makePlan } = await import('../../../src/plan/make-plan.ts');
    const result = makePlan({ file: sampleFile(), settings: sampleSettings(), facts: sampleFacts(), flags: { name: typed } });
    expect(result).toMatchObject({ plan: null, problems: [{ what: expect.stringContaining('--name') as string }] });
  },
);

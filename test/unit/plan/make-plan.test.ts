import { describe, expect, it } from 'vitest';
import type { Plan, PlannedVariant } from '../../../src/model/plan.ts';
import { makePlan, type PlanInput } from '../../../src/plan/make-plan.ts';
import { planHash } from '../../../src/plan/plan-hash.ts';
import { BASE_COMMIT, sampleBranch, sampleFacts, sampleFile, sampleSettings, sampleVariant } from '../../fixtures/plan-input.ts';

function input(o: Partial<PlanInput> = {}): PlanInput {
  return { file: sampleFile(), settings: sampleSettings(), facts: sampleFacts(), flags: {}, ...o };
}

/** The plan of an input without problems. */
function planOf(o: Partial<PlanInput> = {}): Plan {
  const { plan, problems } = makePlan(input(o));
  expect(problems).toEqual([]);
  if (plan === null) throw new Error('no plan');
  return plan;
}

function variantOf(plan: Plan, name: string): PlannedVariant {
  const variant = plan.variants.find((one) => one.name === name);
  if (variant === undefined) throw new Error(`no ${name}`);
  return variant;
}

const problemsOf = (o: Partial<PlanInput>): readonly string[] => makePlan(input(o)).problems.map((problem) => problem.what);

describe('a plan', () => {
  it('has names, prompts, limits and the pinned base', () => {
    const plan = planOf();
    expect(plan).toMatchObject({
      schema: 1,
      run: 'ui',
      name: 'ui',
      base: { ref: 'main', commit: BASE_COMMIT },
      target: 'main',
      isolation: 'guarded',
      concurrency: 3,
      totalBudgetUsd: 10,
      commandTimeoutMs: 1_800_000,
      warnings: [],
    });
    expect(plan.variants.map(({ name, branch, worktree, prompt }) => ({ name, branch, worktree, prompt }))).toEqual([
      {
        name: 'dark',
        branch: 'ui/dark',
        worktree: '/home/ann/app.worktrees/ui-dark',
        prompt: 'Rework the theme.\n\nHigh contrast.',
      },
      { name: 'light', branch: 'ui/light', worktree: '/home/ann/app.worktrees/ui-light', prompt: 'Rework the theme.\n\nSubtle.' },
    ]);
    expect(variantOf(plan, 'dark').limits).toEqual({
      timeoutMs: 2_700_000,
      idleTimeoutMs: 600_000,
      budgetUsd: 5,
      maxTurns: null,
      retries: 1,
    });
  });

  it('lays flag over variant over defaults over settings', () => {
    const file = sampleFile({
      defaults: { model: 'sonnet', budgetUsd: 2, timeoutMs: 1000 },
      variants: [sampleVariant('dark', { model: 'opus', timeoutMs: 500 }), sampleVariant('light')],
      concurrency: 2,
    });
    const settings = sampleSettings({ model: 'haiku', effort: 'low', budgetUsd: 9, concurrency: 7, timeoutMs: 9 });
    const plan = planOf({ file, settings, flags: { timeoutMs: 700 } });
    expect(plan.variants.map(({ runner }) => runner)).toMatchObject([
      { model: 'opus', effort: 'low' },
      { model: 'sonnet', effort: 'low' },
    ]);
    expect(plan.variants.map(({ limits }) => [limits.timeoutMs, limits.budgetUsd])).toEqual([
      [700, 2],
      [700, 2],
    ]);
    expect(plan.concurrency).toBe(2);
    expect(planOf({ file, settings: sampleSettings({ model: 'fable', concurrency: 5 }, 'flag') })).toMatchObject({
      concurrency: 5,
      variants: [{ runner: { model: 'fable' } }, { runner: { model: 'fable' } }],
    });
  });

  it('adds budgets up in cents, unless a total is named', () => {
    const file = sampleFile({ variants: [sampleVariant('a', { budgetUsd: 0.1 }), sampleVariant('b', { budgetUsd: 0.2 })] });
    expect(planOf({ file }).totalBudgetUsd).toBe(0.3);
    expect(planOf({ file: { ...file, totalBudgetUsd: 8 } }).totalBudgetUsd).toBe(8);
    expect(planOf({ file: { ...file, totalBudgetUsd: 8 }, flags: { totalBudgetUsd: 1 } }).totalBudgetUsd).toBe(1);
  });

  it('fills variables in prompts, names in environment and branch', () => {
    const file = sampleFile({
      prompt: 'Make it {{tone}} in {{where}}.',
      defaults: {
        vars: { tone: 'calm', where: 'src' },
        env: { pass: ['TOKEN'], set: { DB: 'app_{run}_{variant}', RAW: '{"a":1}' } },
      },
      variants: [
        sampleVariant('dark', {
          vars: { tone: '{{where}}' },
          env: { pass: ['OTHER'], set: { RAW: 'x' } },
          branch: 'try/{variant}-of-{run}',
        }),
      ],
    });
    const dark = variantOf(planOf({ file, settings: sampleSettings({ env: ['TOKEN', 'PROFILE'] }) }), 'dark');
    expect(dark.prompt).toBe('Make it {{where}} in src.');
    expect(dark.env).toEqual({ pass: ['TOKEN', 'PROFILE', 'OTHER'], set: { DB: 'app_ui_dark', RAW: 'x' } });
    expect(dark.branch).toBe('try/dark-of-ui');
  });

  it('says how to behave, by what is expected', () => {
    const file = sampleFile({
      verify: [{ name: 'test', run: 'npm test', report: null, repeat: 1, tests: [] }],
      variants: [sampleVariant('dark'), sampleVariant('audit', { expect: 'answer' })],
    });
    const plan = planOf({ file });
    expect(variantOf(plan, 'dark').preamble).toMatchInlineSnapshot(`
      "You are working on one of several variants of a task; the others are being worked on at the same time, elsewhere.

      - Work only in the current directory. It is your own git worktree, on your own branch. Do not touch any other directory.
      - No one is watching and no one answers questions. If something is unclear, choose the most sensible reading, continue, and state the assumption in your summary.
      - A call that is denied stays denied. Do not try to get around it: find another way, or finish without it and say so.
      - Do not commit, and do not create, switch, merge, rebase, reset or push branches. What you leave in the files is committed for you when you are done.
      - Do not leave anything running in the background.
      - Finish with a summary: first a line of at most 70 characters saying what you changed (it becomes the commit's subject), then what you did and why, what you assumed, and what is left to do.
      - Afterwards these checks run on your work: test (npm test). You may run them yourself.
      "
    `);
    expect(variantOf(plan, 'audit').preamble).toContain('You are asked for an answer');
    const own = planOf({ file: { ...file, preamble: 'You are {{variant}} of {{run}} on {{branch}} in {{worktree}}.' } });
    expect(variantOf(own, 'dark').preamble).toBe('You are dark of ui on ui/dark in /home/ann/app.worktrees/ui-dark.');
  });

  it('gives a need that was not named, and says so', () => {
    const file = sampleFile({
      variants: [sampleVariant('adaptive'), sampleVariant('docs', { needs: ['adaptive'] }), sampleVariant('dark')],
    });
    const plan = planOf({ file, only: ['docs'] });
    expect(plan.variants.map((variant) => variant.name)).toEqual(['adaptive', 'docs']);
    expect(plan.warnings).toEqual(['docs needs adaptive: adaptive runs too.']);
    expect(plan.totalBudgetUsd).toBe(10);
  });

  it('asks for trust in what the repository supplies, and knows when it was given', () => {
    const file = sampleFile({ setup: ['npm ci'] });
    const { trust } = planOf({ file });
    expect(trust).toMatchObject({ needed: true, approved: false, items: [{ kind: 'setup', text: 'npm ci' }] });
    expect(planOf({ file, facts: sampleFacts({ trustApproved: (hash) => hash === trust.hash }) }).trust.approved).toBe(true);
    expect(planOf().trust).toMatchObject({ needed: false, approved: true });
  });
});

describe('the hash', () => {
  it('is that of everything but disk, whatever the order of keys', () => {
    const plan = planOf();
    expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(planHash(Object.fromEntries(Object.entries(plan).reverse()) as unknown as Plan)).toBe(plan.hash);
    expect(
      planOf({ facts: sampleFacts({ disk: { freeBytes: 40e9, trackedBytes: 1e6, reflinks: false, setupBytes: null } }) }).hash,
    ).toBe(plan.hash);
  });

  it('changes with what is planned', () => {
    const hash = planOf().hash;
    expect(planOf({ file: sampleFile({ prompt: 'Another.' }) }).hash).not.toBe(hash);
    expect(planOf({ facts: sampleFacts({ base: { ref: 'main', commit: BASE_COMMIT.replace('1', '2') } }) }).hash).not.toBe(hash);
    expect(planOf({ flags: { budgetUsd: 4 } }).hash).not.toBe(hash);
  });
});

describe('the target', () => {
  it.each([
    ['the flag', { file: sampleFile({ target: 'next' }), flags: { target: 'main' } }, 'main'],
    ['the file', { file: sampleFile({ target: 'next' }) }, 'next'],
    ['the setting', { settings: sampleSettings({ target: 'next' }) }, 'next'],
  ])('is what %s says', (_by, o, target) => {
    const facts = sampleFacts({ branches: [sampleBranch('main'), sampleBranch('next')] });
    expect(planOf({ facts, ...o }).target).toBe(target);
  });

  it('is the base where that is a branch, else the current branch', () => {
    const branches = [sampleBranch('main'), sampleBranch('topic')];
    const { repository } = sampleFacts();
    const onTopic = { ...repository, headBranch: 'topic' };
    expect(planOf({ facts: sampleFacts({ branches, repository: onTopic }) }).target).toBe('main');
    expect(
      planOf({ facts: sampleFacts({ branches, repository: onTopic, base: { ref: 'v1.0', commit: BASE_COMMIT } }) }).target,
    ).toBe('topic');
  });

  it('is none where HEAD is detached (fault 52)', () => {
    const repository = { ...sampleFacts().repository, headBranch: null };
    const plan = planOf({ facts: sampleFacts({ repository, wantedBase: 'HEAD', base: { ref: 'HEAD', commit: BASE_COMMIT } }) });
    expect(plan.target).toBeNull();
    expect(plan.warnings).toEqual(['HEAD is detached and no target is named: there is no branch to merge into.']);
  });

  it('must exist', () => {
    expect(problemsOf({ flags: { target: 'nxt' } })).toEqual(['There is no branch nxt to merge into.']);
  });
});

describe('what is in the way', () => {
  it('comes all at once', () => {
    const facts = sampleFacts({
      wantedBase: 'mian',
      base: null,
      agent: { file: null, version: null, tooOld: false, loggedIn: null, missingFlags: [] },
      sandbox: { available: false, missing: ['socat'], why: null },
      worktreeRootProblem: '/home/ann/app.worktrees is a symlink to /mnt, outside of /home/ann.',
      copy: { entries: ['big'], bytes: 50e9, files: 1, problems: ['.env is a symlink out of the repository.'] },
    });
    const file = sampleFile({
      prompt: '{{tone}}',
      variants: [
        sampleVariant('dark', { isolation: 'sandbox', needs: ['lihgt'] }),
        sampleVariant('light', { isolation: 'bypass' }),
      ],
    });
    expect(makePlan(input({ facts, file, only: ['dark', 'light', 'gray'] }))).toMatchSnapshot();
  });

  it('has the exit code it calls for', () => {
    const exits = (o: Partial<PlanInput>): readonly unknown[] => makePlan(input(o)).problems.map((problem) => problem.exit);
    const agent = sampleFacts().agent;
    expect(exits({ facts: sampleFacts({ agent: { ...agent, loggedIn: false } }) })).toEqual([4]);
    expect(exits({ facts: sampleFacts({ agent: { ...agent, tooOld: true } }) })).toEqual([4]);
    expect(exits({ facts: sampleFacts({ base: null }) })).toEqual([3]);
    expect(exits({ only: ['x'] })).toEqual([undefined]);
    // An empty plan would only hide the command's problem.
    expect(makePlan(input({ only: ['x'] })).plan).toBeNull();
  });

  it('no commit at all (fault 51)', () => {
    const { plan, problems } = makePlan(input({ facts: sampleFacts({ base: null, unborn: true, branches: [] }) }));
    expect(plan).toBeNull();
    expect(problems).toEqual([
      {
        what: 'This repository has no commit yet.',
        why: 'Variants start from a commit.',
        fix: 'Make one: git add -A && git commit -m "First commit"',
        exit: 3,
      },
    ]);
  });

  it('does not ask for an agent that no variant uses', () => {
    const file = sampleFile({ defaults: { runner: { kind: 'command', command: ['./agent.sh'] } } });
    const facts = sampleFacts({ agent: { file: null, version: null, tooOld: false, loggedIn: null, missingFlags: [] } });
    const plan = planOf({ file, facts });
    expect(plan.warnings).toEqual([
      'Variant dark is run by ./agent.sh, with all your rights: guarded confines only Claude Code.',
      'Variant light is run by ./agent.sh, with all your rights: guarded confines only Claude Code.',
    ]);
    expect(problemsOf({ file, facts: { ...facts, missingCommands: ['./agent.sh'] } })).toHaveLength(2);
    expect(problemsOf({ file, facts, flags: { isolation: 'sandbox' } })).toEqual([
      'Variant dark is run by a command, which copse cannot put into a sandbox.',
      'Variant light is run by a command, which copse cannot put into a sandbox.',
    ]);
  });

  it('bypass as root', () => {
    expect(problemsOf({ flags: { isolation: 'bypass' }, facts: sampleFacts({ person: { isRoot: true } }) })).toEqual([
      'Variant dark is to run with isolation bypass, which Claude Code refuses for root.',
    ]);
  });

  it('too little space, counting copies only where blocks are not shared', () => {
    const copy = { entries: ['node_modules'], bytes: 780e6, files: 58_000, problems: [] };
    const disk = { freeBytes: 1.5e9, trackedBytes: 10e6, reflinks: false, setupBytes: null };
    expect(problemsOf({ facts: sampleFacts({ copy, disk }) })).toEqual([
      'There is not enough space: 2 worktrees of 790 MB need 1.6 GB, 1.5 GB is free.',
    ]);
    expect(problemsOf({ facts: sampleFacts({ copy, disk: { ...disk, reflinks: true } }) })).toEqual([]);
  });

  it('a place that is the repository itself, or that the repository may not choose', () => {
    expect(problemsOf({ settings: sampleSettings({ worktree: '.git/{run}-{variant}' }) })).toEqual([
      'Variant dark cannot have its worktree at /home/ann/app/.git/ui-dark.',
      'Variant light cannot have its worktree at /home/ann/app/.git/ui-light.',
    ]);
    expect(problemsOf({ settings: sampleSettings({ worktree: '/srv/{run}-{variant}' }, 'repository') })).toHaveLength(2);
    expect(problemsOf({ settings: sampleSettings({ worktree: '/srv/{run}-{variant}' }, 'person') })).toEqual([]);
    expect(planOf({ settings: sampleSettings({ worktree: '.trees/{run}-{variant}' }) }).warnings).toHaveLength(1);
  });
});

it('warns of what the variants will not have', () => {
  const facts = sampleFacts({
    dirty: ['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts', 'f.ts'],
    dirtyCount: 140,
    behindRemote: { remote: 'origin/main', commits: 4 },
    repository: { ...sampleFacts().repository, submodules: true },
  });
  expect(planOf({ facts }).warnings).toEqual([
    '140 uncommitted files are not in main@1a2b3c4, so no variant has them: a.ts, b.ts, c.ts, d.ts, e.ts and 135 more.',
    'main is 4 commits behind origin/main.',
    'Submodules start empty in each worktree. If you need them, put this first into setup: git submodule update --init --recursive',
  ]);
  expect(planOf({ facts: sampleFacts({ dirty: ['a.ts'], dirtyCount: 1 }) }).warnings).toEqual([
    '1 uncommitted file is not in main@1a2b3c4, so no variant has it: a.ts.',
  ]);
});

it('takes every text literally (fault 49)', () => {
  const nasty = '$(touch x) `id` "quoted" \'single\' ; rm -rf / \\ $HOME $& $1';
  const file = sampleFile({
    prompt: nasty,
    variants: [sampleVariant('dark', { approach: nasty, env: { pass: [], set: { X: nasty } } })],
  });
  const dark = variantOf(planOf({ file }), 'dark');
  expect(dark.prompt).toBe(`${nasty}\n\n${nasty}`);
  expect(dark.env.set).toEqual({ X: nasty });
});

it('a pattern of protect that protects nothing is a problem, with its place in the file', () => {
  const at = { file: '/home/ann/app/variants.yaml', line: 7, column: 12 };
  const file = sampleFile({ protect: ['test/**', 'tests/**'], protectAt: [{ ...at, column: 3 }, at] });
  const { problems } = makePlan(input({ file, facts: sampleFacts({ unmatchedProtect: ['tests/**'] }) }));
  expect(problems).toEqual([{ what: 'protect: tests/** matches no file of the base.', exit: 3, position: at }]);
});

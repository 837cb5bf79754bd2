import { branchProblem } from '../config/variants/names.ts';
import type { Problem } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { PlannedVariant } from '../model/plan.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import { bytes, count } from '../text/amounts.ts';

/** Problems of the repository that prevent any plan. */
export function baseProblems(facts: PlanFacts): readonly Problem[] {
  if (facts.base !== null) return [];
  const exit = EXIT.precondition;
  if (facts.unborn) {
    return [
      {
        what: 'This repository has no commit yet.',
        why: 'Variants start from a commit.',
        fix: 'Make one: git add -A && git commit -m "First commit"',
        exit,
      },
    ];
  }
  return [
    {
      what: `There is no commit ${facts.wantedBase} here.`,
      why: 'All variants start from it.',
      fix: facts.repository.shallow
        ? `Name another base, or fetch it (this clone is shallow): git fetch origin ${branchProblem(facts.wantedBase) === null ? facts.wantedBase : '--unshallow'}`
        : 'Name another base: copse run --base <branch or commit>',
      path: 'base',
      exit,
    },
  ];
}

/** A pattern that protects nothing would let a variant change what it was to protect. */
export function protectProblems({ protect = [], protectAt = [] }: VariantsFile, facts: PlanFacts): readonly Problem[] {
  return protect.flatMap((pattern, place) => {
    if (!facts.unmatchedProtect.includes(pattern)) return [];
    const position = protectAt[place];
    const what = `protect: ${pattern} matches no file of the base.`;
    return [{ what, exit: EXIT.precondition, ...(position === undefined ? {} : { position }) }];
  });
}

/** Without set-up nothing can unlock a filter that git requires, and no worktree could be filled. */
export function filterProblems({ stuckFilters }: PlanFacts, setup: readonly string[]): readonly Problem[] {
  if (setup.length > 0) return [];
  return stuckFilters.map(({ driver, files, why }) => ({
    what: `The filter ${driver}, which ${count(files, 'file')} need${files === 1 ? 's' : ''}, cannot run in a new worktree: ${why}.`,
    why: 'Its key is only in the worktree in which it was unlocked.',
    fix: `Unlock it in setup, which runs before these files are filled: setup: [${driver === 'git-crypt' ? 'git-crypt unlock <key file>' : '<command>'}]`,
    path: 'setup',
    exit: EXIT.precondition,
  }));
}

/** Problems of this machine that prevent running these variants. */
export function machineProblems(facts: PlanFacts, variants: readonly PlannedVariant[]): readonly Problem[] {
  return [
    ...agentProblems(facts, variants),
    ...sandboxProblems(facts, variants),
    ...commandProblems(facts, variants),
    ...placeProblems(facts),
    ...diskProblems(facts, variants.length),
  ];
}

function agentProblems(facts: PlanFacts, variants: readonly PlannedVariant[]): readonly Problem[] {
  const claude = variants.filter((variant) => variant.runner.kind === 'claude');
  if (claude.length === 0) return [];
  const { agent } = facts;
  const exit = EXIT.agent;
  if (agent.file !== null && agent.version === null) {
    return [
      {
        what: `${agent.file} failed to start.`,
        why: 'It is the claude on PATH.',
        fix: `See what it says: ${agent.file} --version`,
        exit,
      },
    ];
  }
  if (agent.version === null) {
    return [{ what: 'Claude Code was not found.', fix: 'Install it: npm install -g @anthropic-ai/claude-code', exit }];
  }
  const problems: Problem[] = [];
  if (agent.tooOld) {
    const lacking = agent.missingFlags.length === 0 ? '' : ` It lacks ${agent.missingFlags.join(', ')}.`;
    problems.push({
      what: `Claude Code ${agent.version} is too old.${lacking}`,
      fix: 'Update it: claude update',
      exit,
    });
  }
  if (agent.loggedIn === false) {
    problems.push({
      what: 'Claude Code is not logged in.',
      fix: 'Log in: start claude and type /login, or set ANTHROPIC_API_KEY',
      exit,
    });
  }
  // As root Claude Code refuses --dangerously-skip-permissions.
  const bypass = claude.find((variant) => variant.isolation === 'bypass');
  if (bypass !== undefined && facts.person.isRoot) {
    problems.push({
      what: `Variant ${bypass.name} is to run with isolation bypass, which Claude Code refuses for root.`,
      fix: 'Run copse as another user, or with --isolation guarded; in a throw-away container set IS_SANDBOX=1.',
      variant: bypass.name,
      exit: EXIT.precondition,
    });
  }
  return problems;
}

function sandboxProblems(facts: PlanFacts, variants: readonly PlannedVariant[]): readonly Problem[] {
  const sandboxed = variants.find((variant) => variant.isolation === 'sandbox' && variant.runner.kind === 'claude');
  if (sandboxed === undefined || facts.sandbox.available) return [];
  const { missing, why } = facts.sandbox;
  return [
    {
      what: `Variant ${sandboxed.name} is to run in a sandbox, and ${missing.length > 0 ? `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing` : 'there is none that works here'}.`,
      ...(why === null ? {} : { why }),
      fix:
        missing.length > 0
          ? 'Install the packages bubblewrap and socat, or run with --isolation guarded'
          : 'See what is wrong: copse doctor',
      variant: sandboxed.name,
      exit: EXIT.precondition,
    },
  ];
}

function commandProblems(facts: PlanFacts, variants: readonly PlannedVariant[]): readonly Problem[] {
  return variants.flatMap((variant) => {
    const program = variant.runner.kind === 'command' ? variant.runner.command[0] : undefined;
    if (program === undefined || !facts.missingCommands.includes(program)) return [];
    return [
      {
        what: `${program}, which runs variant ${variant.name}, is not on PATH.`,
        fix: `Install ${program}, or name another runner.`,
        variant: variant.name,
        path: `variants.${variant.name}.runner`,
        exit: EXIT.precondition,
      },
    ];
  });
}

function placeProblems(facts: PlanFacts): readonly Problem[] {
  const exit = EXIT.precondition;
  const problems: Problem[] = facts.copy.problems.map((what) => ({ what, exit }));
  if (facts.worktreeRootProblem !== null) {
    problems.push({
      what: facts.worktreeRootProblem,
      fix: 'Choose another path with the setting worktree in your own configuration: copse config',
      path: 'worktree',
      exit,
    });
  }
  return problems;
}

function diskProblems(facts: PlanFacts, variants: number): readonly Problem[] {
  const { trackedBytes, freeBytes, reflinks, setupBytes } = facts.disk;
  const one = trackedBytes + (reflinks ? 0 : facts.copy.bytes) + (setupBytes ?? 0);
  const needed = one * variants;
  if (needed <= freeBytes) return [];
  return [
    {
      what: `There is not enough space: ${count(variants, 'worktree')} of ${bytes(one)} need ${bytes(needed)}, ${bytes(freeBytes)} is free.`,
      fix: facts.copy.bytes > trackedBytes && !reflinks ? 'Free some, or copy less.' : 'Free some, or run fewer variants.',
      exit: EXIT.precondition,
    },
  ];
}

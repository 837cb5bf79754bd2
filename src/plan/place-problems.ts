import { dirname, resolve, sep } from 'node:path';
import type { Problem } from '../model/errors.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { RunNames } from './name-run.ts';

/** A worktree may be anywhere the person wants, but not in the repository's own files; a file of the repository may only choose places beside the repository. */
export function placeProblems(settings: SourcedSettings, facts: PlanFacts, names: RunNames): readonly Problem[] {
  const { root, commonDir } = facts.repository;
  const parent = dirname(root);
  const fromRepository = settings.worktree.source === 'repository' || settings.worktree.source === 'variants file';
  return [...names.variants].flatMap(([variant, { worktree }]) => {
    if (worktree === root || isInside(root, worktree) || worktree === commonDir || isInside(worktree, commonDir)) {
      return [
        {
          what: `Variant ${variant} cannot have its worktree at ${worktree}.`,
          why: 'The repository itself is there.',
          fix: 'Change the setting worktree.',
          variant,
          path: 'worktree',
        },
      ];
    }
    if (fromRepository && !isInside(worktree, parent)) {
      return [
        {
          what: `Variant ${variant} would have its worktree at ${worktree}; a file of the repository can use only paths under ${parent}.`,
          fix: 'Choose the path in your own configuration: copse config',
          variant,
          path: 'worktree',
        },
      ];
    }
    return [];
  });
}

/** Warns if worktrees are in the checkout: it shows them as untracked, and tools walk into them. */
export function placeWarnings(facts: PlanFacts, names: RunNames): readonly string[] {
  const { root, bare } = facts.repository;
  const inside = [...names.variants.values()].some(({ worktree }) => isInside(worktree, root));
  return inside && !bare
    ? ['The worktrees are inside your checkout: git shows them as untracked there unless .gitignore names their folder.']
    : [];
}

function isInside(path: string, folder: string): boolean {
  const base = resolve(folder);
  return path.startsWith(base === sep ? base : base + sep);
}

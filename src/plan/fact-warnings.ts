import type { PlanFacts } from '../model/plan-facts.ts';
import { count, shortCommit } from '../text/amounts.ts';
import { some } from '../text/lists.ts';

/** Worth knowing before the start, but no obstacle; one sentence or two each. */
export function factWarnings(facts: PlanFacts): readonly string[] {
  const warnings: string[] = [];
  const { base } = facts;
  if (base === null) return warnings;
  if (facts.dirtyCount > 0) {
    const [verb, them] = facts.dirtyCount === 1 ? ['is', 'it'] : ['are', 'them'];
    const files = count(facts.dirtyCount, 'uncommitted file');
    warnings.push(
      `${files} ${verb} not in ${baseText(base)}, so no variant has ${them}: ${some(facts.dirty, 6, facts.dirtyCount)}.`,
    );
  }
  if (facts.behindRemote !== null) {
    const { remote, commits } = facts.behindRemote;
    warnings.push(`${base.ref} is ${count(commits, 'commit')} behind ${remote}.`);
  }
  if (facts.repository.submodules) {
    warnings.push(
      'Submodules start empty in each worktree. If you need them, put this first into setup: git submodule update --init --recursive',
    );
  }
  return warnings;
}

/** `main@1a2b3c4`; only the commit if the ref is one. */
function baseText(base: { readonly ref: string; readonly commit: string }): string {
  const short = shortCommit(base.commit);
  return base.commit.startsWith(base.ref) ? short : `${base.ref}@${short}`;
}

/** The files that set-up is expected to create. */
export function filterWarnings({ stuckFilters }: PlanFacts, setup: readonly string[]): readonly string[] {
  if (setup.length === 0) return [];
  return stuckFilters.map(
    ({ driver, files }) =>
      `The filter ${driver} cannot run in a new worktree yet: ${count(files, 'file')} ${files === 1 ? 'is' : 'are'} filled after setup, which has to unlock it.`,
  );
}

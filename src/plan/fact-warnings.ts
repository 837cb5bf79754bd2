import type { PlanFacts } from '../model/facts.ts';
import { baseText, counted, listed } from './sentences.ts';

/** Worth knowing before the start, not in the way; one sentence or two each. */
export function factWarnings(facts: PlanFacts): readonly string[] {
  const warnings: string[] = [];
  const { base } = facts;
  if (base === null) return warnings;
  if (facts.dirtyCount > 0) {
    const [verb, them] = facts.dirtyCount === 1 ? ['is', 'it'] : ['are', 'them'];
    const files = counted(facts.dirtyCount, 'uncommitted file');
    warnings.push(
      `${files} ${verb} not in ${baseText(base)}, so no variant has ${them}: ${listed(facts.dirty, facts.dirtyCount)}.`,
    );
  }
  if (facts.behindRemote !== null) {
    const { remote, commits } = facts.behindRemote;
    warnings.push(`${base.ref} is ${counted(commits, 'commit')} behind ${remote}.`);
  }
  if (facts.repository.submodules) {
    warnings.push(
      'Submodules start empty in each worktree. Where they are needed, put this first into setup: git submodule update --init --recursive',
    );
  }
  return warnings;
}

/** What set-up is counted on for. */
export function filterWarnings({ stuckFilters }: PlanFacts, setup: readonly string[]): readonly string[] {
  if (setup.length === 0) return [];
  return stuckFilters.map(
    ({ driver, files }) =>
      `The filter ${driver} cannot run in a new worktree yet: ${counted(files, 'file')} ${files === 1 ? 'is' : 'are'} filled after setup, which has to unlock it.`,
  );
}

import { mergesInto } from '../git/merging/pair-conflicts.ts';
import { listBranches } from '../git/refs/refs.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { CopseError } from '../model/errors.ts';
import { NOTHING_MOVED, type RunNow } from '../model/run-state/run-choice.ts';
import { landingOf } from '../model/run-state/run-facts.ts';
import type { RunState } from '../model/run-state/state.ts';
import type { Here } from './current-repository.ts';
import { isOlder } from './read-runs.ts';

/**
 * The state of a run's variants in git now. Merges are tried only if the target has moved since the run began. A repository that cannot
 * be read is reported by the proposed command.
 */
export async function runNow({ repository, store }: Pick<Here, 'repository' | 'store'>, state: RunState): Promise<RunNow> {
  try {
    const older = await isOlder(store, state.id);
    return { ...(await look(repository, state)), isOlder: older };
  } catch (error) {
    if (error instanceof CopseError) return NOTHING_MOVED;
    throw error;
  }
}

async function look({ root, commonDir }: Repository, state: RunState): Promise<Omit<RunNow, 'isOlder'>> {
  const git = gitIn(root, { reads: true });
  const branches = new Map((await listBranches(git)).map(({ name, commit }) => [name, commit]));
  const open = state.variants.filter((variant) => variant.phase.kind === 'finished' && landingOf(variant) === null);
  const gone = new Set(open.filter(({ branch }) => !branches.has(branch)).map(({ name }) => name));
  const target = state.target === null ? undefined : branches.get(state.target);
  const sides = open.flatMap(({ name, branch, changes, landed }) => {
    const commit = branches.get(branch);
    return commit === undefined || changes.files === 0 ? [] : [{ name, branch, commit, landed, files: [] }];
  });
  if (target === undefined || target === state.base.commit || sides.length === 0) return { ...NOTHING_MOVED, gone };
  const { text } = await git.run([
    'for-each-ref',
    `--merged=${target}`,
    '--format=%(refname:lstrip=2)',
    ...sides.map(({ branch }) => `refs/heads/${branch}`),
  ]);
  const merged = new Set(text.split('\n'));
  // A variant that was merged before and changed since is merged from that commit, which a plain merge does not know.
  const left = sides.filter(({ branch, landed }) => !merged.has(branch) && landed === null);
  const merges = await mergesInto(commonDir, target, left);
  return {
    gone,
    contained: new Set(sides.filter(({ branch }) => merged.has(branch)).map(({ name }) => name)),
    conflicting: new Set(left.filter((_, at) => merges[at]?.clean === false).map(({ name }) => name)),
  };
}

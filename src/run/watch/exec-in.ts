import { guardedEnvironment } from '../../git/guard/git-guard.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import { requireSafeWorktree } from '../../repository/safe-worktree.ts';
import { readPlan } from '../../store/events/run-snapshot.ts';
import type { RunPaths } from '../../store/layout.ts';
import { type Environment, scrubGit } from '../../system/environment.ts';
import { type AttachedOptions, runAttached } from '../../system/processes/run-attached.ts';
import { resultCaches } from '../../worktree/caches/result-caches.ts';

/**
 * Runs a person's command in a variant's worktree with the person's environment, `COPSE_*` and the variant's `PORT`. Its exit
 * status. The worktree's contents were written by an agent: running it is the person's choice.
 */
export async function execIn(
  paths: RunPaths,
  variant: VariantState,
  command: readonly [string, ...string[]],
  environment: Environment,
  { onNote, ...attached }: Pick<AttachedOptions, 'onRefused' | 'signals'> & { readonly onNote: (note: string) => void },
): Promise<number> {
  const { path: cwd, notes } = await requireSafeWorktree(paths.commonDir, variant);
  for (const note of notes) onNote(note);
  const plan = await readPlan(paths);
  const planned = plan.variants.find((candidate) => candidate.name === variant.name);
  const port = variant.created?.port ?? null;
  return runAttached(command, {
    cwd,
    ...attached,
    env: {
      ...scrubGit(environment),
      // A git that is typed here works as before what agents planted in the shared git directory.
      ...guardedEnvironment(),
      ...resultCaches(cwd, environment, environment),
      ...planned?.env.set,
      COPSE_RUN: plan.run,
      COPSE_VARIANT: variant.name,
      ...(port === null ? {} : { PORT: String(port) }),
    },
  });
}

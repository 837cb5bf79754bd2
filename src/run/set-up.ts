import { dirname, join } from 'node:path';
import { shadowPaths } from '../git/spawn/shadow-directory.ts';
import { fillFiltered } from '../git/worktree/fill-filtered.ts';
import type { AbsolutePath, CommitId } from '../model/ids.ts';
import type { PlannedVariant } from '../model/plan.ts';
import { SETUP_DONE } from '../store/layout.ts';
import { exists, makePrivateDirectory } from '../system/files.ts';
import type { WorktreeHandle } from '../worktree/create-worktree.ts';
import { runSetup } from '../worktree/run-setup.ts';
import { isSetUpFor, type SetUpPlace, writeSetUp } from '../worktree/set-up-state.ts';
import { attemptMarker } from './attempt/marker.ts';
import { commandEnvironment } from './command-variables.ts';
import type { RunContext } from './run-context.ts';

/** The file that records that a variant's worktree is set up, and from what. */
export function setUpFile({ paths }: Pick<RunContext, 'paths'>, variant: PlannedVariant): AbsolutePath {
  return join(paths.variantDir(variant.name), SETUP_DONE);
}

/** Whether the variant's worktree is as set-up would leave it at this commit. */
export function isSetUp(
  context: RunContext,
  variant: PlannedVariant,
  worktree: WorktreeHandle,
  commit: CommitId,
): Promise<boolean> {
  return isSetUpFor(placeOf(context, variant, worktree), commit);
}

/** Runs the set-up of a variant's worktree, unless it is set up for what is committed there. Why it failed; null: it did not. */
export async function setUp(
  context: RunContext,
  variant: PlannedVariant,
  worktree: WorktreeHandle,
  signal: AbortSignal,
): Promise<string | null> {
  const { log, plan, paths, repository } = context;
  const place = placeOf(context, variant, worktree);
  const commit = log.variant(variant.name).commit?.commit ?? worktree.tip ?? worktree.start;
  if (await isSetUpFor(place, commit)) return null;
  const isFirst = !(await exists(place.file));
  const logDir = dirname(paths.setupLog(variant.name, 1));
  await makePrivateDirectory(logDir);
  const { name } = variant;
  const setup = await runSetup({
    commands: plan.setup,
    worktree: worktree.path,
    env: place.env,
    logDir,
    timeoutMs: plan.commandTimeoutMs,
    marker: attemptMarker(paths, name, 'setup'),
    signal,
    onStart: (command) => log.record({ type: 'setup.started', variant: name, command }),
    onEnd: (command, step) => log.record({ type: 'setup.finished', variant: name, command, ...step }),
  });
  if (!setup.ok) return `Its set-up failed: ${setup.failed ?? ''}: ${setup.detail}`;
  const unfilled = isFirst ? await fillLeft(repository.commonDir, worktree) : null;
  if (unfilled === null) await writeSetUp(place, commit);
  return unfilled;
}

function placeOf(context: RunContext, variant: PlannedVariant, worktree: WorktreeHandle): SetUpPlace {
  const { repository, plan } = context;
  const env = commandEnvironment(context, variant, worktree);
  return { repository, plan, worktree, env, file: setUpFile(context, variant) };
}

/** Why files are still as they are stored after set-up; null: all are filled. */
async function fillLeft(commonDir: AbsolutePath, { path, gitDir, unfilled = [] }: WorktreeHandle): Promise<string | null> {
  if (unfilled.length === 0) return null;
  return fillFiltered({ worktree: path, shadow: shadowPaths(commonDir, gitDir), drivers: unfilled });
}

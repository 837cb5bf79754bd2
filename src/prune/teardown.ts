import { join } from 'node:path';
import { programEnvironment } from '../checks/command-environment.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { VariantState } from '../model/run-state/state.ts';
import type { RunPaths } from '../store/layout.ts';
import { readCause } from '../system/cause/read-cause.ts';
import type { Environment } from '../system/environment.ts';
import { makePrivateDirectory } from '../system/files.ts';
import { runLogged } from '../system/processes/run-logged.ts';
import { shortLine } from '../text/plain-text.ts';
import { shellWord } from '../text/shell-word.ts';

/**
 * The teardown commands of one variant, one after the other, in its worktree, with the environment that its set-up had; logs are
 * with the run. Rejects with the CopseError `teardown-failed` at the first that fails: the worktree is kept then.
 */
export async function teardown(o: {
  readonly plan: Plan;
  readonly paths: RunPaths;
  readonly state: VariantState;
  readonly worktree: AbsolutePath;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { plan, paths, state } = o;
  const planned = plan.variants.find(({ name }) => name === state.name);
  const env = programEnvironment({
    run: plan.run,
    name: state.name,
    env: planned?.env ?? { pass: [], set: {} },
    environment: o.environment,
    port: state.created?.port ?? null,
    worktree: o.worktree,
  });
  const folder = join(paths.variantDir(state.name), 'teardown');
  await makePrivateDirectory(folder);
  for (const [i, command] of plan.teardown.entries()) {
    const log = join(folder, `teardown-${i + 1}.log`);
    const result = await runLogged(['/bin/sh', '-c', command], {
      cwd: o.worktree,
      env,
      log,
      timeoutMs: plan.commandTimeoutMs,
      signal: o.signal,
    });
    o.signal.throwIfAborted();
    if (result.exitCode === 0 && !result.timedOut) continue;
    const cause = shortLine(result.startError ?? '') || (await readCause(log, result.timedOut ? 0 : result.exitCode));
    const timedOut = result.timedOut ? `still running after ${Math.round(plan.commandTimeoutMs / 1000)} s` : '';
    const why = [timedOut, cause].filter((text) => text !== '').join(': ');
    throw new CopseError({
      code: 'teardown-failed',
      exit: EXIT.failed,
      what: `${command}: ${why === '' ? `exit ${result.exitCode}` : why}`,
      hint: `Read it: less ${shellWord(log)}; skip it: copse prune ${state.name} --skip-teardown`,
    });
  }
}

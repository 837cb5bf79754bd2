import { checkEnvironment, namedEnvironment, passedSecrets } from '../checks/command-environment.ts';
import type { PlannedVariant } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';
import type { WorktreeHandle } from '../worktree/create-worktree.ts';
import type { RunContext } from './run-context.ts';

/** `COPSE_*`, `PORT`, and the environment that the variant asks for. */
export function variantVariables(context: RunContext, variant: PlannedVariant, at: Place): Environment {
  return namedEnvironment(partsOf(context, variant, at));
}

/** Environment of set-up and checks: the allow-list and the variant's own, never the agent's credentials. */
export function commandEnvironment(context: RunContext, variant: PlannedVariant, at: Place): Environment {
  return checkEnvironment(partsOf(context, variant, at));
}

/** Values that must not end up in a commit or a summary. */
export function secretValues(context: RunContext, variant: PlannedVariant): readonly string[] {
  return passedSecrets(variant.env, context.environment);
}

type Place = Pick<WorktreeHandle, 'path' | 'port'>;

function partsOf(context: RunContext, { name, env }: PlannedVariant, { path, port }: Place) {
  return { run: context.plan.run, name, env, environment: context.environment, port, worktree: path };
}

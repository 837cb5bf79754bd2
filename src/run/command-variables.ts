import { checkEnvironment, namedEnvironment, passedSecrets } from '../checks/command-environment.ts';
import type { PlannedVariant } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';
import type { RunContext } from './run-context.ts';

/** `COPSE_*`, `PORT`, and the environment that the variant asks for. */
export function variantVariables(context: RunContext, variant: PlannedVariant, port: number | null): Environment {
  return namedEnvironment(partsOf(context, variant, port));
}

/** Environment of set-up and checks: the allow-list and the variant's own, never the agent's credentials. */
export function commandEnvironment(context: RunContext, variant: PlannedVariant, port: number | null): Environment {
  return checkEnvironment(partsOf(context, variant, port));
}

/** Values that must not end up in a commit or a summary. */
export function secretValues(context: RunContext, variant: PlannedVariant): readonly string[] {
  return passedSecrets(variant.env, context.environment);
}

function partsOf(context: RunContext, { name, env }: PlannedVariant, port: number | null) {
  return { run: context.plan.run, name, env, environment: context.environment, port };
}

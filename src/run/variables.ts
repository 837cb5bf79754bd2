import type { PlannedVariant } from '../model/plan.ts';
import { baseEnvironment, type Environment } from '../system/environment.ts';
import type { RunContext } from './context.ts';

/** `COPSE_*`, `PORT`, and the environment that the variant asks for. */
export function variantVariables(context: RunContext, variant: PlannedVariant, port: number | null): Environment {
  const passed = variant.env.pass.flatMap((name) => {
    const value = context.environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    ...variant.env.set,
    COPSE_RUN: context.plan.run,
    COPSE_VARIANT: variant.name,
    ...(port === null ? {} : { PORT: String(port) }),
  };
}

/** Environment of set-up and checks: the allow-list and the variant's own, never the agent's credentials. */
export function commandEnvironment(context: RunContext, variant: PlannedVariant, port: number | null): Environment {
  return { ...baseEnvironment(context.environment), ...variantVariables(context, variant, port) };
}

/** Values that must not end up in a commit or a summary. Short ones are no secrets and would match everywhere. */
export function secretValues(context: RunContext, variant: PlannedVariant): readonly string[] {
  return variant.env.pass.flatMap((name) => {
    const value = context.environment[name];
    return value !== undefined && value.length >= 8 ? [value] : [];
  });
}

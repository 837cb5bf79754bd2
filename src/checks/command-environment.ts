import type { Plan, PlannedEnvironment } from '../model/plan.ts';
import { baseEnvironment, type Environment } from '../system/environment.ts';

/** Whose name the base's checks see as `COPSE_VARIANT`; no variant can have it. */
export const BASE_NAME = '_base';

/** `COPSE_*`, `PORT`, and what a variant asks for, from the person's environment. */
export function namedEnvironment(o: {
  readonly run: string;
  readonly name: string;
  readonly env: PlannedEnvironment;
  readonly environment: Environment;
  readonly port: number | null;
}): Environment {
  const passed = o.env.pass.flatMap((name) => {
    const value = o.environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    ...o.env.set,
    COPSE_RUN: o.run,
    COPSE_VARIANT: o.name,
    ...(o.port === null ? {} : { PORT: String(o.port) }),
  };
}

/** Environment of set-up, checks and metrics: the allow-list and the variant's own, never the agent's credentials. */
export function checkEnvironment(o: Parameters<typeof namedEnvironment>[0]): Environment {
  return { ...baseEnvironment(o.environment), ...namedEnvironment(o) };
}

/** What all variants of a plan have alike: the base belongs to none of them. */
export function sharedEnvironment(plan: Plan): PlannedEnvironment {
  const [first, ...others] = plan.variants.map(({ env }) => env);
  if (first === undefined) return { pass: [], set: {} };
  return {
    pass: first.pass.filter((name) => others.every(({ pass }) => pass.includes(name))),
    set: Object.fromEntries(Object.entries(first.set).filter(([name, value]) => others.every(({ set }) => set[name] === value))),
  };
}

/** Values that must not end up in a summary. Short ones are no secrets and would match everywhere. */
export function passedSecrets(env: PlannedEnvironment, environment: Environment): readonly string[] {
  return env.pass.flatMap((name) => {
    const value = environment[name];
    return value !== undefined && value.length >= 8 ? [value] : [];
  });
}

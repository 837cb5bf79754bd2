import type { AbsolutePath } from '../model/ids.ts';
import type { Plan, PlannedEnvironment } from '../model/plan.ts';
import { baseEnvironment, type Environment } from '../system/environment.ts';
import { resultCaches } from '../worktree/caches/result-caches.ts';

/** Whose name the base's checks see as `COPSE_VARIANT`; no variant can have it. */
export const BASE_NAME = '_base';

/** These would otherwise install into the person's cache, which nothing cleans up. */
const INSTALL_HERE: Environment = { POETRY_VIRTUALENVS_IN_PROJECT: 'true', PIPENV_VENV_IN_PROJECT: '1' };

/** `COPSE_*`, `PORT`, and what a variant asks for, from the person's environment; tools keep their results in the worktree. */
export function namedEnvironment(o: {
  readonly run: string;
  readonly name: string;
  readonly env: PlannedEnvironment;
  readonly environment: Environment;
  readonly port: number | null;
  readonly worktree: AbsolutePath;
}): Environment {
  const passed = Object.fromEntries(
    o.env.pass.flatMap((name) => {
      const value = o.environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  return {
    ...passed,
    ...INSTALL_HERE,
    ...resultCaches(o.worktree, o.environment, passed),
    ...o.env.set,
    COPSE_RUN: o.run,
    COPSE_VARIANT: o.name,
    ...(o.port === null ? {} : { PORT: String(o.port) }),
  };
}

/** Environment of a variant's other programs: the allow-list and the variant's own, never the agent's credentials. */
export function programEnvironment(o: Parameters<typeof namedEnvironment>[0]): Environment {
  return { ...baseEnvironment(o.environment), ...namedEnvironment(o) };
}

/** {@link programEnvironment} of set-up, checks and metrics. They run unattended: with `CI`, test runners do not wait for changes. */
export function checkEnvironment(o: Parameters<typeof namedEnvironment>[0]): Environment {
  return { CI: '1', ...programEnvironment(o) };
}

/** The variables that all variants of a plan share: the base belongs to none of them. */
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

import { programEnvironment } from '../checks/command-environment.ts';
import { portRegistry } from '../config/port-registry.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, RunId, VariantName } from '../model/ids.ts';
import type { Plan, PlannedServe, PlannedVariant } from '../model/plan.ts';
import type { VariantState } from '../model/run-state/state.ts';
import type { RunPaths, Store } from '../store/layout.ts';
import { servingFiles } from '../store/serving.ts';
import type { Environment } from '../system/environment.ts';
import { leasePort } from '../system/ports.ts';
import { openWorktree } from '../worktree/open-worktree.ts';
import type { ServeTarget } from './servers.ts';

/** A variant to serve, and how. */
export interface VariantToServe {
  readonly label: string;
  readonly plan: Plan;
  readonly paths: RunPaths;
  readonly variant: VariantState;
  /** That of the plan, or what the variants file says since. */
  readonly serve: PlannedServe;
}

/** The dependencies of serving. */
export interface ServeWorld {
  readonly repository: Repository;
  readonly store: Store;
  /** The person's environment, whole: servers get of it what checks get. */
  readonly environment: Environment;
}

/** The variant in its own worktree, as it is now, on the port that it has had since it was created. */
export function variantTarget(one: VariantToServe, world: ServeWorld): ServeTarget {
  const { plan, paths, variant } = one;
  const planned = plan.variants.find(({ name }) => name === variant.name);
  const serveAt = (port: number): PlannedServe => expanded(one.serve, { run: plan.run, variant: variant.name, port });
  return {
    label: one.label,
    run: plan.run,
    variant: variant.name,
    files: servingFiles(paths, variant.name),
    serve: serveAt,
    withPlace: async (use) => {
      // The folder at its path must be copse's: an agent, or a user, may have put something else there.
      const worktree = await openWorktree({
        repository: world.repository,
        path: variant.worktree,
        nonce: variant.created?.nonce ?? null,
      });
      if (worktree === null || planned === undefined) throw notOurs(variant);
      const key = `${world.repository.commonDir}\0${plan.run}\0${variant.name}`;
      const port = await leasePort({ registry: portRegistry(world.environment, world.store), key });
      await use({
        cwd: worktree.path,
        port,
        env: environmentOf(plan, planned, { path: worktree.path, port }, serveAt(port), world.environment),
      });
      return '';
    },
  };
}

/** With the places filled in that only a server can fill. `$PORT` in a URL means the same. */
export function expanded(serve: PlannedServe, names: { run: string; variant: string; port: number }): PlannedServe {
  const fill = (text: string): string =>
    text.replaceAll('{run}', names.run).replaceAll('{variant}', names.variant).replaceAll('{port}', String(names.port));
  const { ready } = serve;
  return {
    ...serve,
    ready:
      ready.kind === 'url' ? { kind: 'url', url: fill(ready.url).replace(/\$\{PORT\}|\$PORT\b/g, String(names.port)) } : ready,
    env: Object.fromEntries(Object.entries(serve.env).map(([name, value]) => [name, fill(value)])),
  };
}

function environmentOf(
  plan: Plan,
  { name, env }: Pick<PlannedVariant, 'name' | 'env'>,
  { path, port }: { readonly path: AbsolutePath; readonly port: number },
  serve: PlannedServe,
  environment: Environment,
): Environment {
  const own = programEnvironment({ run: plan.run, name, env, environment, port, worktree: path });
  // PORT and COPSE_* are ours, whatever a file says.
  return { ...own, ...serve.env, COPSE_RUN: plan.run, COPSE_VARIANT: name, PORT: String(port) };
}

function notOurs(variant: VariantState): CopseError {
  return new CopseError({
    code: 'no-worktree',
    exit: EXIT.precondition,
    what: `The folder at ${variant.worktree} is not the worktree that copse created.`,
    hint: 'See its state: copse status',
  });
}

/** Names for variants that are served together: the variant's own, with its run's where several runs are. */
export function labelsOf(
  variants: readonly { readonly run: RunId; readonly variant: VariantName }[],
): (run: RunId, variant: VariantName) => string {
  const runs = new Set(variants.map(({ run }) => run));
  return (run, variant) => (runs.size > 1 ? `${run}/${variant}` : variant);
}

/** A name for the base that no variant has. */
export function baseLabel(taken: readonly string[]): string {
  const free = ['base', 'the-base', 'base-commit'].find((name) => !taken.includes(name));
  return free ?? 'base/commit';
}

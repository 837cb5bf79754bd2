import { worktreeRoot } from '../checks/checked-run.ts';
import { BASE_NAME, checkEnvironment, programEnvironment, sharedEnvironment } from '../checks/command-environment.ts';
import { portRegistry } from '../config/port-registry.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Plan, PlannedServe } from '../model/plan.ts';
import type { RunPaths } from '../store/layout.ts';
import { servingFiles } from '../store/serving.ts';
import { withScratch } from '../worktree/scratch/scratch.ts';
import type { ServeTarget } from './servers.ts';
import { expanded, type ServeWorld } from './variant-target.ts';

/** The run's base in a scratch worktree, set up as the variants are; held for as long as it is served. */
export function baseTarget(
  o: {
    readonly label: string;
    readonly plan: Plan;
    readonly paths: RunPaths;
    readonly serve: PlannedServe;
  },
  world: ServeWorld,
): ServeTarget {
  const { plan, paths } = o;
  const env = sharedEnvironment(plan);
  const names = { run: plan.run, name: BASE_NAME };
  const serveAt = (port: number): PlannedServe => expanded(o.serve, { run: plan.run, variant: BASE_NAME, port });
  const named = ({ path, port }: { readonly path: AbsolutePath; readonly port: number }) => ({
    ...names,
    env,
    environment: world.environment,
    port,
    worktree: path,
  });
  return {
    label: o.label,
    run: plan.run,
    variant: null,
    files: servingFiles(paths, null),
    serve: serveAt,
    withPlace: async (use, signal) => {
      const used = await withScratch(
        {
          repository: world.repository,
          store: world.store,
          run: plan.run,
          root: worktreeRoot(plan),
          pool: 'base',
          commit: plan.base.commit,
          copy: plan.copy,
          setup: plan.setup,
          env: (at) => checkEnvironment(named(at)),
          timeoutMs: plan.commandTimeoutMs,
          portRegistry: portRegistry(world.environment, world.store),
          signal,
        },
        ({ path, port }) => {
          const own = programEnvironment(named({ path, port }));
          const given = { COPSE_RUN: plan.run, COPSE_VARIANT: BASE_NAME, PORT: String(port) };
          return use({ cwd: path, port, env: { ...own, ...serveAt(port).env, ...given } });
        },
      );
      return used.kind === 'used' ? '' : used.reason;
    },
  };
}

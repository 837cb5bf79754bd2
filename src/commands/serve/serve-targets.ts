import type { CompareTarget } from '../../compare/compare-target.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { PlannedServe } from '../../model/plan.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import type { Here } from '../../repository/current-repository.ts';
import { hasWorktree, requireWorktree } from '../../repository/require-worktree.ts';
import { baseTarget } from '../../serve/base-target.ts';
import type { ServeTarget } from '../../serve/servers.ts';
import { baseLabel, labelsOf, variantTarget } from '../../serve/variant-target.ts';
import * as say from '../../view/serve/serve-words.ts';
import type { Context } from '../command.ts';
import { compareTargets } from '../compare/compare-targets.ts';
import { serveCommand } from './serve-command.ts';

/** The servers to start, and their variants by label. */
export interface ToServe {
  readonly targets: readonly ServeTarget[];
  /** The runs they are of. */
  readonly chosen: readonly CompareTarget[];
  /** Without the base. */
  readonly variants: readonly { readonly label: string; readonly state: VariantState; readonly run: CompareTarget }[];
}

/** The named variants and runs, by default the latest run, without variants that have no worktree. Asks for trust. */
export async function serveTargets(
  here: Here,
  o: { readonly named: readonly string[]; readonly withBase: boolean; readonly trust: string | undefined; readonly line: string },
  context: Context,
): Promise<ToServe> {
  const chosen = await compareTargets(here, o.named);
  const found = chosen.flatMap((run) =>
    run.names.flatMap((name) => {
      const state = run.state.variants.find((variant) => variant.name === name);
      return state === undefined ? [] : [{ run, state, name }];
    }),
  );
  const labelOf = labelsOf(found.map(({ run, name }) => ({ run: run.state.id, variant: name })));
  const variants: { label: string; state: VariantState; run: CompareTarget }[] = [];
  for (const { run, state, name } of found) {
    const label = labelOf(run.state.id, name);
    if (await hasWorktree(state)) variants.push({ label, state, run });
    else if (o.named.some((text) => text === name || text === `${run.state.id}/${name}`)) await requireWorktree(state);
    else context.stderr.write(`${say.noWorktree(label)}\n`);
  }
  if (variants.length === 0) throw nothingToServe(chosen);

  const serves = new Map<CompareTarget, PlannedServe>();
  for (const run of chosen) {
    if (variants.some((one) => one.run === run)) serves.set(run, await serveCommand(run.plan, here, o.trust, o.line, context));
  }
  const sandboxed = variants.filter(({ run, state }) =>
    run.plan.variants.some(({ name, isolation }) => name === state.name && isolation === 'sandbox'),
  );
  if (sandboxed.length > 0) context.stderr.write(`${say.outsideSandbox(sandboxed.map(({ label }) => label))}\n`);
  const world = { ...here, environment: context.environment };
  const targets = variants.flatMap(({ label, state, run }) => {
    const serve = serves.get(run);
    return serve === undefined ? [] : [variantTarget({ label, plan: run.plan, paths: run.paths, variant: state, serve }, world)];
  });
  const [first] = serves;
  if (o.withBase && first !== undefined) {
    const [{ plan, paths }, serve] = first;
    const label = baseLabel(variants.map((one) => one.label));
    targets.push(baseTarget({ label, plan, paths, serve }, world));
  }
  return { targets, chosen, variants };
}

function nothingToServe(chosen: readonly CompareTarget[]): CopseError {
  return new CopseError({
    code: 'no-worktree',
    exit: EXIT.precondition,
    what: `No variant of ${chosen.map(({ state }) => state.id).join(', ')} has a worktree.`,
    why: 'They have not been started, or were removed.',
    hint: 'See their state: copse status',
  });
}

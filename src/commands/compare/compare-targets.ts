import type { CompareTarget } from '../../compare/compare-target.ts';
import type { VariantName } from '../../model/ids.ts';
import type { Here } from '../../repository/current-repository.ts';
import { findVariant, isRun } from '../../repository/find-variant.ts';
import { planOf } from '../../repository/plan-of.ts';
import { isOlder, latestRun, type RunReport, readRun } from '../../repository/read-runs.ts';

/** The user's targets of a comparison: runs, variants (`dark`, `ui-2/dark`), or nothing: the latest run. In the order named. */
export async function compareTargets(here: Here, named: readonly string[]): Promise<readonly CompareTarget[]> {
  const chosen = new Map<string, { report: RunReport; names: VariantName[] }>();
  const add = (report: RunReport, names: readonly VariantName[]): void => {
    const entry = chosen.get(report.state.id) ?? { report, names: [] };
    for (const name of names) if (!entry.names.includes(name)) entry.names.push(name);
    chosen.set(report.state.id, entry);
  };
  const all = (report: RunReport): void =>
    add(
      report,
      report.state.variants.map(({ name }) => name),
    );
  for (const text of named) {
    if (await isRun(here.store, text)) {
      all(await readRun(here.store, text));
    } else {
      const { run, variant } = await findVariant(here.store, text);
      add(run, [variant.name]);
    }
  }
  if (named.length === 0) all(await latestRun(here.store));
  return Promise.all(
    [...chosen.values()].map(async ({ report: { state, paths }, names }) => ({
      state,
      paths,
      names,
      plan: await planOf(paths),
      isOlder: await isOlder(here.store, state.id),
    })),
  );
}

import { type CheckedVariant, knownMetrics } from '../checks/check-variants.ts';
import { portRegistry } from '../config/port-registry.ts';
import type { CheckComparedOptions } from './check-compared.ts';
import type { Compared } from './compare-target.ts';
import type { Tip } from './variant-tips.ts';

/** Checks as the runs left them, and metrics that were measured before, in the order of `compared`. Nothing runs. */
export async function knownChecks(
  o: Pick<CheckComparedOptions, 'repository' | 'store' | 'environment'>,
  compared: readonly Compared[],
  tips: readonly Tip[],
): Promise<readonly CheckedVariant[]> {
  const metrics = new Map<Compared, CheckedVariant['metrics']>();
  for (const target of new Set(compared.map((one) => one.target))) {
    const { plan } = target;
    const own = compared.flatMap((one, place) => {
      const variant = plan.variants.find(({ name }) => name === one.variant.name);
      const { from = null, tip = null } = tips[place] ?? {};
      const known = { variant, state: one.variant, start: from, tip, files: [] };
      return one.target === target && variant !== undefined ? [{ one, known: { ...known, variant } }] : [];
    });
    const found = await knownMetrics({
      ...o,
      plan,
      portRegistry: portRegistry(o.environment, o.store),
      signal: new AbortController().signal,
      variants: own.map(({ known }) => known),
    });
    for (const [i, { one }] of own.entries()) metrics.set(one, found[i] ?? []);
  }
  return compared.map((one) => ({
    checks: one.variant.checks.map((check) => ({ ...check, changedFiles: check.changedFiles ?? [] })),
    metrics: metrics.get(one) ?? [],
    notes: [],
    logs: {},
  }));
}

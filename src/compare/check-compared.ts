import { type CheckedVariant, checkVariants } from '../checks/check-variants.ts';
import { portRegistry } from '../config/port-registry.ts';
import { approvalLine, planTrust } from '../config/trust/plan-approval.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { FileChange } from '../model/reports/evidence.ts';
import type { Store } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import type { Compared } from './compare-target.ts';
import type { Tip } from './variant-tips.ts';

export interface CheckComparedOptions {
  readonly repository: Repository;
  readonly store: Store;
  /** The person's environment, whole. */
  readonly environment: Environment;
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  /** `test of dark`: the check that runs now. */
  readonly onProgress?: (doing: string) => void;
}

/** Checks and metrics of what is compared, run by run, each by its own plan; in the order of `compared`. */
export async function checkCompared(
  o: CheckComparedOptions,
  compared: readonly Compared[],
  tips: readonly Tip[],
  files: readonly (readonly FileChange[])[],
): Promise<readonly CheckedVariant[]> {
  const results: CheckedVariant[] = compared.map(() => ({ checks: [], metrics: [], notes: [], logs: {} }));
  for (const target of new Set(compared.map((one) => one.target))) {
    const { plan } = target;
    const places = compared.flatMap((one, place) => {
      const variant = plan.variants.find(({ name }) => name === one.variant.name);
      return one.target === target && variant !== undefined ? [{ place, variant, state: one.variant }] : [];
    });
    const trust = await planTrust(plan, o.environment);
    const checked = await checkVariants({
      plan,
      repository: o.repository,
      store: o.store,
      environment: o.environment,
      portRegistry: portRegistry(o.environment, o.store),
      signal: o.signal,
      fresh: o.fresh,
      approved: trust.approved,
      approvalLine: approvalLine(plan, trust),
      variants: places.map(({ place, variant, state }) => {
        const { from = null, tip = null } = tips[place] ?? {};
        return { variant, state, start: from, tip, files: files[place] ?? [] };
      }),
      ...(o.onProgress === undefined ? {} : { onProgress: o.onProgress }),
    });
    for (const [i, { place }] of places.entries())
      results[place] = checked[i] ?? results[place] ?? { checks: [], metrics: [], notes: [], logs: {} };
  }
  return results;
}

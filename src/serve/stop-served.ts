import type { RunId, VariantName } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { stopServing } from '../worktree/stop-serving.ts';
import type { StoppedServing } from './stop-all.ts';

/** Stops the servers of these variants, whoever serves them; what is served beside them goes on. */
export async function stopServed(
  store: Store,
  variants: readonly { readonly run: RunId; readonly variant: VariantName }[],
  o: { readonly force: boolean },
): Promise<StoppedServing> {
  const stopped = await Promise.all(variants.map((one) => stopServing({ store, ...one, force: o.force })));
  return {
    labels: variants.filter((_, i) => stopped[i] !== null).map(({ variant }) => variant),
    survivors: stopped.flatMap((survivors) => survivors ?? []),
  };
}

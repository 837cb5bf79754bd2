import type { Served } from '../model/reports/serve.ts';
import type { PageVariant } from '../model/reports/serve-page.ts';
import { variantTotals } from '../model/run-facts.ts';
import type { VariantState } from '../model/state.ts';

/** A server as the page shows it, with what is known of its variant; `variant` null: the base. */
export function pageVariant(served: Served, variant: VariantState | null): PageVariant {
  const { label, port, url, state, detail, tail } = served;
  const finished = variant?.phase.kind === 'finished' ? variant.phase : null;
  return {
    label,
    port,
    url,
    state,
    detail,
    tail,
    outcome: finished?.outcome ?? null,
    checks: (variant?.checks ?? []).map(({ name, status }) => ({ name, status })),
    summary: variant?.attempts.findLast(({ verdict }) => verdict !== null)?.verdict?.summary ?? '',
    costUsd: variant === null ? 0 : variantTotals(variant).costUsd,
    changes: variant?.changes ?? null,
  };
}

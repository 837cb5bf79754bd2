import { join } from 'node:path';
import { loadSettings } from '../../config/settings/load-settings.ts';
import { planTrust } from '../../config/trust/plan-approval.ts';
import { serveItems, trustHash } from '../../config/trust/trust-items.ts';
import { trustStore } from '../../config/trust/trust-store.ts';
import { loadVariantsFile } from '../../config/variants/load-variants-file.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { Plan, PlannedServe, TrustPlan } from '../../model/plan.ts';
import type { Here } from '../../repository/current-repository.ts';
import type { Context } from '../command.ts';
import { requireTrust } from '../run/require-trust.ts';

/**
 * How the variants of a run are served: as its plan says; a run whose plan has no command, as the variants file says now, approved
 * by itself. CopseErrors (exit 3): `not-trusted`, `no-serve`. `line`: what was typed.
 */
export async function serveCommand(
  plan: Plan,
  here: Here,
  given: string | undefined,
  line: string,
  context: Context,
): Promise<PlannedServe> {
  const approvals = trustStore(context.environment);
  const since = plan.serve === null ? await declaredSince(plan, here, context) : null;
  const serve = plan.serve ?? since;
  if (serve === null) throw noServe(plan);
  // It may have been taken back since.
  await requireTrust(
    { ...plan, trust: await planTrust(plan, context.environment) },
    since === null ? given : undefined,
    line,
    context,
  );
  if (since === null) return serve;
  const items = serveItems(since);
  const hash = trustHash(here.repository.commonDir, items);
  const trust: TrustPlan = { needed: true, hash, approved: await approvals.isApproved(hash), items };
  await requireTrust({ ...plan, trust }, given, line, context);
  return serve;
}

/** The command in the variants file of a run now; null: none, or it cannot be read. */
async function declaredSince(plan: Plan, here: Here, context: Context): Promise<PlannedServe | null> {
  const { repository } = here;
  const { settings } = await loadSettings({ root: repository.here, environment: context.environment, flags: {} });
  const path = plan.file ?? join(repository.here, settings.variantsFile.value);
  const loaded = await loadVariantsFile(path, { root: repository.here });
  return loaded.ok ? (loaded.file.serve ?? null) : null;
}

function noServe(plan: Plan): CopseError {
  return new CopseError({
    code: 'no-serve',
    exit: EXIT.precondition,
    what: `The variants of ${plan.run} have no command to serve them.`,
    why: `${plan.file ?? 'The variants file'} has no key serve.`,
    hint: 'Add one, for example:\n  serve: { run: npm run dev -- --port $PORT, ready: / }\nThen: copse serve',
  });
}

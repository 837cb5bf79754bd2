import { createHash } from 'node:crypto';
import { isSealed, sealOf } from '../config/trust/seal.ts';
import { canonical } from '../config/trust/trust-items.ts';
import { type Amendment, merged, type SealedAmendment } from '../model/amendment.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId, VariantName } from '../model/ids.ts';
import type { Plan, PlannedVariant } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';

/*
 * Requests and the event log are files that an agent may write to. An amendment grants something, so it counts only with a seal that is made
 * with the person's key, for one variant of one run.
 */

interface Place {
  readonly commonDir: string;
  readonly run: RunId;
  readonly variant: VariantName;
}

/** With its seal. The caller has made sure that a person wants it. */
export async function sealAmendment(amendment: Amendment, place: Place, environment: Environment): Promise<SealedAmendment> {
  const seal = await sealOf(recordOf(amendment, place), environment);
  if (seal !== null) return { amendment, seal };
  throw new CopseError({
    code: 'no-state-directory',
    exit: EXIT.precondition,
    what: 'The change cannot be approved.',
    why: 'You have no folder for the key that seals it.',
    hint: 'Set HOME, then repeat the command.',
  });
}

/** Whether this person's copse sealed it, for this variant. */
export function isAmendmentSealed(
  { amendment, seal }: SealedAmendment,
  place: Place,
  environment: Environment,
): Promise<boolean> {
  return isSealed({ ...recordOf(amendment, place), seal }, environment);
}

/** The variant as it is to run now: with all that a person changed of its plan. What nobody sealed is left out. */
export async function amendedVariant(
  variant: PlannedVariant,
  amendments: readonly SealedAmendment[] = [],
  { plan, environment }: { readonly plan: Plan; readonly environment: Environment },
): Promise<PlannedVariant> {
  if (amendments.length === 0) return variant;
  const place = { commonDir: plan.repository.commonDir, run: plan.run, variant: variant.name };
  const sealed = await Promise.all(amendments.map((one) => isAmendmentSealed(one, place, environment)));
  const { allowedTools, budgetUsd, timeoutMs, maxTurns, model } = merged(
    amendments.filter((_, index) => sealed[index] === true).map(({ amendment }) => amendment),
  );
  const { limits, runner } = variant;
  return {
    ...variant,
    allowedTools: [...new Set([...variant.allowedTools, ...(allowedTools ?? [])])],
    runner: model === undefined || runner.kind !== 'claude' ? runner : { ...runner, model },
    limits: {
      ...limits,
      budgetUsd: budgetUsd ?? limits.budgetUsd,
      timeoutMs: timeoutMs ?? limits.timeoutMs,
      maxTurns: maxTurns ?? limits.maxTurns,
    },
  };
}

/** Variants whose amendment nobody sealed. */
export async function unsealed(
  { amendments = {} }: { readonly amendments?: Readonly<Record<VariantName, SealedAmendment>> },
  { plan, environment }: { readonly plan: Plan; readonly environment: Environment },
): Promise<readonly VariantName[]> {
  const place = { commonDir: plan.repository.commonDir, run: plan.run };
  const found = await Promise.all(
    Object.entries(amendments).map(async ([variant, one]) =>
      (await isAmendmentSealed(one, { ...place, variant }, environment)) ? [] : [variant],
    ),
  );
  return found.flat();
}

function recordOf(amendment: Amendment, { commonDir, run, variant }: Place): { commonDir: string; run: RunId; digest: string } {
  const digest = createHash('sha256')
    .update(`amendment\0${variant}\0${canonical(amendment)}`)
    .digest('hex');
  return { commonDir, run, digest };
}

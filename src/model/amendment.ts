/** What a retry changes of a variant's plan, for it and all later attempts. Absent: as before. */
export interface Amendment {
  /** Rules that are allowed in addition. */
  readonly allowedTools?: readonly string[];
  /** Of the variant, all its attempts together, US dollars; the run's total grows by as much as this grows. */
  readonly budgetUsd?: number;
  /** Of one attempt, ms. */
  readonly timeoutMs?: number;
  readonly maxTurns?: number;
  readonly model?: string;
}

/** As it was approved: the seal proves that this person's copse wrote it, for this variant of this run. */
export interface SealedAmendment {
  readonly amendment: Amendment;
  readonly seal: string;
}

/** Several as one, the latest last. */
export function merged(amendments: readonly Amendment[]): Amendment {
  const tools = [...new Set(amendments.flatMap(({ allowedTools }) => allowedTools ?? []))];
  return { ...Object.assign({}, ...amendments), ...(tools.length === 0 ? {} : { allowedTools: tools }) };
}

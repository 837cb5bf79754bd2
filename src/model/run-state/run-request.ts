import type { SealedAmendment } from '../amendment.ts';
import type { AttemptKind } from '../attempt.ts';
import type { Instant, VariantName } from '../ids.ts';

/** Requests of commands to a run's supervisor. A file in `requests/`, acknowledged by an event, then removed. */
export type RequestBody =
  /** `variants` empty: the whole run. `force`: straight to SIGKILL. */
  | { readonly kind: 'stop'; readonly variants: readonly VariantName[]; readonly force: boolean }
  | {
      readonly kind: 'retry';
      readonly variants: readonly VariantName[];
      readonly attempt: Extract<AttemptKind, 'continue' | 'correction' | 'fresh'>;
      readonly message: string | null;
      /** What a person changes of each variant's plan before that; absent: nothing. */
      readonly amendments?: Readonly<Record<VariantName, SealedAmendment>>;
    }
  /** Launch what is still queued. */
  | { readonly kind: 'resume' };

export type RunRequest = RequestBody & { readonly id: string; readonly at: Instant; readonly from: number };

import { createHash } from 'node:crypto';
import type { VariantName } from '../model/ids.ts';

/** The prefix of the markers of all processes that were started for a variant: agents, set-up, checks. `dir`: the run's folder. */
export function markerPrefix(dir: string, variant: VariantName): string {
  return `${createHash('sha256').update(dir).digest('hex').slice(0, 16)}:${variant}:`;
}

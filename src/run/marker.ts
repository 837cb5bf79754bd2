import { createHash } from 'node:crypto';
import type { VariantName } from '../model/ids.ts';
import type { RunPaths } from '../store/layout.ts';

/**
 * Marks all processes of one attempt in their environment. Derived, not random: an adopter finds what a supervisor started
 * and did not live to record.
 */
export function attemptMarker(paths: Pick<RunPaths, 'dir'>, variant: VariantName, attempt: number | 'setup' | 'checks'): string {
  const run = createHash('sha256').update(paths.dir).digest('hex').slice(0, 16);
  return `${run}:${variant}:${attempt}`;
}

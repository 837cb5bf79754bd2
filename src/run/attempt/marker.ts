import type { VariantName } from '../../model/ids.ts';
import type { RunPaths } from '../../store/layout.ts';
import { markerPrefix } from '../../store/marker-prefix.ts';

/**
 * Marks all processes of one attempt in their environment. Derived, not random: an adopter finds what a supervisor started
 * and did not live to record.
 */
export function attemptMarker(paths: Pick<RunPaths, 'dir'>, variant: VariantName, attempt: number | 'setup' | 'checks'): string {
  return `${markerPrefix(paths.dir, variant)}${attempt}`;
}

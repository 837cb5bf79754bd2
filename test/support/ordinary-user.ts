import type { TestContext } from 'vitest';
import { needProgram } from './need-program.ts';

/** Of root's: reading and writing whatever the permissions say, and changing what is another's. */
const POWERS = ['dac_override', 'dac_read_search', 'fowner', 'chown', 'fsetid'];

/**
 * What stands before a command line to run it as somebody for whom permissions hold: root without root's powers, so that what the suite made stays
 * their own and other owners are others. Skips the test where that needs a program that is not there.
 */
export function asOrdinaryUser(context: TestContext): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  needProgram(context, 'setpriv');
  return ['setpriv', `--bounding-set=${POWERS.map((power) => `-${power}`).join(',')}`, '--'];
}

/** Skips the test where the suite may not give files to others. */
export function needsRoot(context: TestContext): void {
  if (process.getuid?.() !== 0) context.skip('only root gives files to others');
}

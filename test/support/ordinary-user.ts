import type { TestContext } from 'vitest';
import { needProgram } from './need-program.ts';

/** Of root's: reading and writing whatever the permissions say, and changing what is another's. */
const POWERS = ['dac_override', 'dac_read_search', 'fowner', 'chown', 'fsetid'];

/**
 * The words before a command line to run it as a user without root's powers, so that the suite's files stay
 * their own and other owners are others. Skips the test if the program for that is missing.
 */
export function asOrdinaryUser(context: TestContext): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  needProgram(context, 'setpriv');
  return ['setpriv', `--bounding-set=${POWERS.map((power) => `-${power}`).join(',')}`, '--'];
}

/** Skips the test if the suite may not give files to others. */
export function needsRoot(context: TestContext): void {
  if (process.getuid?.() !== 0) context.skip('only root gives files to others');
}

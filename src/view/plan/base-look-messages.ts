/** Sentences of `plan --check`. */

import type { CheckStatus } from '../../model/evidence/check.ts';
import { oneLine } from '../../text/plain-text.ts';

export const checksOn = (base: string): string => `checks on the ${base}`;
export const setup = 'set-up';
export const ended: Readonly<Record<CheckStatus, string>> = {
  passed: 'passed',
  failed: 'failed',
  'timed-out': 'timed out',
  'could-not-run': 'could not run',
  skipped: 'not run',
};
export const known = '(known from before)';
export const output = (log: string): string => `Output: ${oneLine(log)}`;

export const failsOnBase = 'It fails on the base, which is fine if the task is to fix it.';
export const timedOut = (limit: string): string =>
  `It was stopped after ${limit}, so for a variant that fails it the result is unknown. Give it more time with commandTimeout in .worktreerc.`;
export const toBeWritten = 'This is a script of the repository, which the variants may be meant to write. A run starts anyway.';
export const install = (program: string): string =>
  `Install ${oneLine(program)}, or add the command that installs it to \`setup:\` of variants.yaml.`;
export const killed = 'Something killed it. Try again, and check that there is enough memory.';
export const setupFix = 'No check can run until it works. Correct `setup:`; try it in a fresh clone.';

export const nothingToCheck = 'There is nothing to check: variants.yaml names no checks under `verify:`, and there is no set-up.';
export const nothingSpent = 'Nothing was spent.';
export const startWith = (command: string): string => `Start: ${command}`;
export const stuck =
  'Nothing was spent. A run of this plan could not be judged: fix what could not run, then repeat the command.';

/** Sentences of `plan --check`. */

import type { CheckStatus } from '../../model/check.ts';
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

export const failsOnBase = 'It fails on the base: a fix is what you may be after.';
export const timedOut = (limit: string): string =>
  `It was stopped after ${limit}, so nothing can be said about it for a variant that fails it. Give it more time with commandTimeout in .worktreerc.`;
export const toBeWritten =
  'That is a script of the repository, so it may be what the variants are to write. A run starts all the same.';
export const install = (program: string): string =>
  `Install ${oneLine(program)}, or name the command that does in \`setup:\` of variants.yaml.`;
export const killed = 'Something ended it. Try again, and look whether there is enough memory.';
export const setupFix = 'No check can run until it works. Correct `setup:`; try it in a fresh clone.';

export const nothingToCheck = 'There is nothing to check: variants.yaml names no checks under `verify:`, and there is no set-up.';
export const nothingSpent = 'Nothing was spent.';
export const startWith = (command: string): string => `Start: ${command}`;
export const stuck =
  'Nothing was spent. A run of this plan could not be judged: fix what could not run, then repeat the command.';

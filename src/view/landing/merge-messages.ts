import { count } from '../../text/amounts.ts';

/** Sentences of a merge's report. */
export const landed = (label: string, target: string, commit: string): string => `${label} landed on ${target} as ${commit}`;
export const wouldLand = (label: string, target: string): string => `${label} would land on ${target}`;
export const already = (label: string, target: string): string => `${label} has nothing left to land on ${target}.`;
export const moved = (target: string, from: string, to: string): string => `${target} moved from ${from} to ${to}.`;
export const wouldMove = (target: string, from: string): string => `Nothing was changed: ${target} is at ${from}.`;
export const followsHere = 'Your files followed.';
export const follows = (paths: readonly string[]): string => `Files followed in ${paths.join(', ')}.`;
export const checksPassed = (passed: number, all: number): string => `checks ${passed}/${all}`;
export const noChecks = 'not verified';
export const failsOnTarget = (names: readonly string[], target: string): string =>
  `${names.join(', ')} ${names.length === 1 ? 'fails' : 'fail'} on ${target} too.`;
export const hooks = (names: readonly string[]): string => `Hooks ran: ${names.join(', ')}.`;
export const unverified = 'Landed without hooks and checks (--no-verify).';
export const signed = 'signed';
export const waysOut = (first: string, others: readonly string[]): string =>
  `One after the other; first ${first}, then ${others.join(', ')} in the same way:`;
export const leftOut = (n: number): string => `${count(n, 'variant')} did not land.`;

export const labels = { clear: 'Clear', back: 'Undo', land: 'Land' } as const;

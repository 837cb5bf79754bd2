/** Sentences of the views of evidence: terminal, Markdown, page. */

import { count } from '../../text/amounts.ts';
import { named, some } from '../../text/lists.ts';
import type { Symbols } from '../kit/style.ts';

const list = (names: readonly string[]): string => names.join(', ');
const few = (names: readonly string[]): string => some(names, 4);

export const heads = {
  variant: 'variant',
  outcome: 'outcome',
  checks: 'checks',
  votes: 'votes',
  files: 'files',
  added: '+',
  removed: ({ minus }: Symbols): string => minus,
  merges: 'merges',
  clashes: 'clashes',
  cost: 'cost',
  agent: 'agent',
  turns: 'turns',
  tokens: 'tokens',
  model: 'model',
} as const;

export const notFinished = 'not finished';
export const checksFailed = 'checks failed';
export const weak = 'weak';
export const bestLegend = (mark: string): string => `${mark} best of all`;
export const into = (branch: string): string => `into ${branch}`;
export const behind = (branch: string, remote: string, commits: number): string =>
  `${branch} is ${count(commits, 'commit')} behind ${remote}. Bring it up to date before you merge.`;
export const targetGone = (branch: string): string => `The target branch ${branch} does not exist.`;
export const differingBases = (runs: readonly string[]): string =>
  `${list(runs)} ${runs.length === 1 ? 'starts' : 'start'} from another base: read sizes and conflicts with care.`;

export const stopped = 'Stopped: what was not finished is unknown.';
export const checksFrom = (file: string, runs: readonly string[]): string =>
  `Checks and metrics are those of ${file} as it is now, not of ${runs.length === 1 ? 'run' : 'runs'} ${list(runs)}.`;

export const clean = 'clean';
export const conflictsIn = (files: number): string => count(files, 'conflict');
export const unknown = '?';
export const mergeConflicts = (labels: readonly string[], branch: string, paths: readonly string[]): string =>
  `${named(labels)} ${labels.length === 1 ? 'conflicts' : 'conflict'} with ${branch} in ${few(paths)}.`;
export const conflict = (labels: readonly string[], paths: readonly string[]): string =>
  `${named(labels)} conflict in ${few(paths)}.`;
export const allConflict = (variants: number, paths: readonly string[]): string =>
  `All ${variants} variants conflict with each other in ${few(paths)}.`;
export const conflictsWith = (label: string, others: readonly string[], paths: readonly string[]): string =>
  `${label} conflicts with ${named(others)} in ${few(paths)}.`;
export const moreConflicts = (files: number): string =>
  `There are more conflicts, in ${count(files, 'file')}: the page of copse compare --html shows each pair.`;
export const pairOverlaps = (a: string, b: string, files: number): string =>
  `${a} and ${b} both touch ${count(files, 'file')}, without conflict.`;
export const morePairs = (n: number): string => `${count(n, 'more pair')} overlap${n === 1 ? 's' : ''}.`;
export const noOverlap = 'No two variants touch the same file.';
export const agreement = (hunks: number, files: number, all: boolean): string =>
  `${count(hunks, 'change')} in ${count(files, 'file')} ${hunks === 1 ? 'is' : 'are'} the same in ${all ? 'all variants' : 'several variants'}: compare the rest.`;

export const metricFailed = (name: string, why: string): string => `${name}: no value${why === '' ? '' : ` (${why})`}`;
export const favoured = (votes: number, notes: readonly string[]): string =>
  `${count(votes, 'vote')}${notes.length === 0 ? '' : `: ${notes.map((note) => `“${note}”`).join(', ')}`}`;
export const votedBefore = (votes: number): string =>
  `${count(votes, 'vote')} ${votes === 1 ? 'is' : 'are'} for an earlier commit of it.`;
export const changedSince = 'It has other commits now than when it was chosen.';
export const uncommitted = (paths: readonly string[]): string => `${count(paths.length, 'file')} not committed: ${few(paths)}`;

export const ranked = 'Ranking';
export const remarks = 'Before you choose';
export const summaries = 'Agents’ summaries';
export const across = 'Across variants';
export const judge = 'Judge';
export const judged = (model: string | null, rounds: number, cost: string): string =>
  [model, count(rounds, 'round'), cost].filter((part) => part !== null).join(', ');
export const judgeFailed = (why: string): string => `The judge gave no answer: ${why}`;
export const judgeDisagrees = (labels: readonly string[]): string =>
  `Asked again in reversed order it disagrees with itself on ${list(labels)}.`;
export const judgeLeftOut = (what: readonly string[]): string => `It did not see ${few(what)}.`;
export const risks = (text: string): string => `Risks: ${text}`;
export const tiedWith = (labels: readonly string[]): string => `tied with ${few(labels)}`;

export const labels = { page: 'Page', diff: 'Diff', merge: 'Merge', finish: 'Finish' } as const;

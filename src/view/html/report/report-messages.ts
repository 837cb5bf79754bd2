import { count } from '../../../text/amounts.ts';
/** Sentences of the page that no other view of the evidence says. */

export const titleOf = (runs: string, variants: number): string => `${runs}: ${count(variants, 'variant')} compared`;
export const winner = 'comes first';
export const tied = 'share the first place';
export const nobody = 'No variant finished well.';
export const task = 'What they were asked';
export const table = 'Side by side in numbers';
export const tableCaption = 'The best-ranked variant first. A star marks a value that no other beats.';
export const numbers = 'Numbers';
export const agreementShort = 'Made alike';
export const overlap = 'Where they meet';
export const legend = 'A number is how many files both change; with an exclamation mark, how many conflict when both are merged.';
export const pairsCaption = 'Pairs of variants that change the same files.';
export const agreementTitle = 'What several made alike';
export const moreAgreement = (n: number): string => `${count(n, 'more change')} of this kind.`;
export const variants = 'The variants';
export const summary = 'What the agent says';
export const noSummary = 'The agent left no summary.';
export const checks = 'Checks';
export const votes = (n: number): string => `Favourite of ${count(n, 'person').replace('persons', 'people')}`;
export const noNote = 'without a note';
export const votedBlind = 'names were hidden';
export const changes = 'Changes';
export const noChanges = 'It changed nothing that is committed.';
export const output = (name: string): string => `Output of ${name}`;
export const cutOutput = (characters: number): string =>
  `The first ${characters.toLocaleString('en')} characters are left out.\n`;
export const looks = 'How they look';
export const looksLead = 'Their first page, as served when this report was made.';
export const pictureOf = (label: string): string => `First page of ${label}`;
export const pairs = 'Two beside each other';
export const pairsLead = 'Left and right are the two results; what only one of them has is marked.';
export const noPairs = 'Choose two variants above. Without script this page has no pair prepared.';
export const equal = 'The two results do not differ.';
export const leftOut = (n: number, megabytes: string): string =>
  `The diffs are too big for one page: ${count(n, 'file')}, ${megabytes} in all, the biggest ones, ${n === 1 ? 'is' : 'are'} named without their lines. To read one, type the command beside it.`;
export const withoutColours = (n: number): string =>
  `To keep the page quick, the ${n === 1 ? 'biggest file is' : `${n} biggest files are`} shown without syntax colours.`;
export const leftOutFile = (size: string): string => `${size}, left out of this page. Read it:`;
export const made = (version: string, at: string): string => `Made by copse ${version} from what was known on ${at}.`;
export const offline = 'This page loads nothing and sends nothing.';

export const passed = 'passed';

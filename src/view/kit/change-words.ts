import type { Instant } from '../../model/ids.ts';
import type { Changes, Tokens } from '../../model/outcome.ts';
import { count } from '../../text/amounts.ts';
import type { Symbols } from './style.ts';

/** Tokens that were new to the model: without cache reads, which repeat the whole conversation in every turn. */
export function newTokens(tokens: Tokens): number {
  return tokens.input + tokens.output + tokens.cacheWrite;
}

export interface ChangeWords {
  readonly files: string;
  readonly added: string;
  readonly removed: string;
}

/** `3 files`, `+120`, `−14`; all empty if nothing changed. */
export function changeWords(changes: Changes, symbols: Symbols): ChangeWords {
  if (changes.files === 0) return { files: '', added: '', removed: '' };
  return {
    files: count(changes.files, 'file'),
    added: `+${changes.insertions}`,
    removed: `${symbols.minus}${changes.deletions}`,
  };
}

/** Milliseconds between two instants; 0 if one is missing. */
export function between(from: Instant | null, to: Instant | Date | null): number {
  if (from === null || to === null) return 0;
  return Math.max(0, (to instanceof Date ? to.getTime() : Date.parse(to)) - Date.parse(from));
}

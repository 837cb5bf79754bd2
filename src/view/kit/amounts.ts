import { dollars } from '../../model/amount-words.ts';
import type { CommitId, Instant } from '../../model/ids.ts';
import type { Changes, Tokens } from '../../model/outcome.ts';
import type { Symbols } from './style.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number): string => String(n).padStart(2, '0');

/** `45s`, `6m10s`, `1h02m`, `2d03h` from milliseconds. */
export function duration(ms: number): string {
  const t = Math.max(0, ms);
  if (t < MINUTE) return `${Math.floor(t / SECOND)}s`;
  if (t < HOUR) return `${Math.floor(t / MINUTE)}m${two(Math.floor((t % MINUTE) / SECOND))}s`;
  if (t < DAY) return `${Math.floor(t / HOUR)}h${two(Math.floor((t % HOUR) / MINUTE))}m`;
  return `${Math.floor(t / DAY)}d${two(Math.floor((t % DAY) / HOUR))}h`;
}

/** `45m`, `1h30m`, `20s`: a limit, without units that are zero. */
export function limit(ms: number): string {
  const text = duration(ms);
  return text.replace(/([a-z])00[a-z]$/, '$1');
}

/** `12m ago`, `3h ago`, `2 days ago`. */
export function ago(ms: number): string {
  if (ms < MINUTE) return 'just now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m ago`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h ago`;
  return `${Math.floor(ms / DAY)} days ago`;
}

export { dollars };

/** What an agent cost: always about, its figures are estimates. */
export function cost(usd: number, symbols: Symbols): string {
  return symbols.about + dollars(usd);
}

/** Tokens that were new to the model: without cache reads, which repeat the whole conversation in every turn. */
export function newTokens(tokens: Tokens): number {
  return tokens.input + tokens.output + tokens.cacheWrite;
}

/** `850 tok`, `41k tok`, `1.2M tok`. */
export function tokenCount(count: number): string {
  if (count < 1000) return `${count} tok`;
  if (count < 999_500) return `${Math.round(count / 1000)}k tok`;
  return `${(count / 1e6).toFixed(1)}M tok`;
}

/** `780 MB`, `41 GB`; decimal units as `df -H` and file managers show. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `1 file`, `3 files`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

export interface ChangeWords {
  readonly files: string;
  readonly added: string;
  readonly removed: string;
}

/** `3 files`, `+120`, `−14`; all empty where nothing changed. */
export function changeWords(changes: Changes, symbols: Symbols): ChangeWords {
  if (changes.files === 0) return { files: '', added: '', removed: '' };
  return {
    files: count(changes.files, 'file'),
    added: `+${changes.insertions}`,
    removed: `${symbols.minus}${changes.deletions}`,
  };
}

/** Its first seven digits: for people, never for git. */
export function shortCommit(commit: CommitId): string {
  return commit.slice(0, 7);
}

/** Local clock time `14:05`, with the date where it is not the day of `now`. */
export function clockTime(instant: Instant, o: { readonly now?: Date; readonly utcOffsetMinutes?: number }): string {
  const local = (at: Date): string =>
    new Date(at.getTime() + (o.utcOffsetMinutes ?? -at.getTimezoneOffset()) * MINUTE).toISOString();
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '?';
  const text = local(at);
  const time = text.slice(11, 16);
  return o.now === undefined || local(o.now).slice(0, 10) === text.slice(0, 10) ? time : `${text.slice(0, 10)} ${time}`;
}

/** Milliseconds between two instants; 0 where one is missing. */
export function between(from: Instant | null, to: Instant | Date | null): number {
  if (from === null || to === null) return 0;
  return Math.max(0, (to instanceof Date ? to.getTime() : Date.parse(to)) - Date.parse(from));
}

/* How amounts read, everywhere: on screens, in reasons and hints, in Markdown and on pages. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number): string => String(n).padStart(2, '0');

/** `1 file`, `3 files`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

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

/** Local clock time `14:05`, with the date if it is not the day of `now`. */
export function clockTime(instant: string, o: { readonly now?: Date; readonly utcOffsetMinutes?: number }): string {
  const local = (at: Date): string =>
    new Date(at.getTime() + (o.utcOffsetMinutes ?? -at.getTimezoneOffset()) * MINUTE).toISOString();
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '?';
  const text = local(at);
  const time = text.slice(11, 16);
  return o.now === undefined || local(o.now).slice(0, 10) === text.slice(0, 10) ? time : `${text.slice(0, 10)} ${time}`;
}

/** `$0.42`; a third digit below a cent, so that little is not shown as nothing. */
export function dollars(usd: number): string {
  const amount = Number.isFinite(usd) ? Math.max(0, usd) : 0;
  return `$${amount.toFixed(amount > 0 && amount < 0.01 ? 3 : 2)}`;
}

/** The cost of an agent: always `≈`, its figures are estimates. */
export function cost(usd: number, symbols: { readonly about: string } = { about: '≈' }): string {
  return symbols.about + dollars(usd);
}

/** `850 tok`, `41k tok`, `1.2M tok`. */
export function tokenCount(tokens: number): string {
  if (tokens < 1000) return `${tokens} tok`;
  if (tokens < 999_500) return `${Math.round(tokens / 1000)}k tok`;
  return `${(tokens / 1e6).toFixed(1)}M tok`;
}

/** `780 MB`, `41 GB`; decimal units as `df -H` and file managers show. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A commit's first seven digits: for people, never for git. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** `412 kB`, `38`, `0.35 s`: at most three decimals, with the unit if there is one. */
export function amountText(value: number, unit: string | null): string {
  // Six digits tell values apart; binary fractions grow tails such as 0.30000000000000004.
  const digits = Number(value.toPrecision(6));
  const shown = Number.isInteger(digits) ? String(digits) : String(Number(digits.toFixed(3)));
  return unit === null || unit === '' ? shown : `${shown} ${unit}`;
}

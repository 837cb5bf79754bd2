/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** At most `most` of them, then how many more: `a, b, 3 more`. */
export function listed(items: readonly string[], total: number, most = 5): string {
  const shown = items.slice(0, most);
  return total > shown.length ? [...shown, `${total - shown.length} more`].join(', ') : shown.join(', ');
}

/** What stands on a branch: `3 commits not on main, last one 2 days ago`. */
export function describeWork(work: { readonly commits: number; readonly lastAgeMs: number }, base: string): string {
  const age = `${ago(work.lastAgeMs)}`;
  if (work.commits === 0) return `no commit that is not on ${base} too, last one ${age}`;
  return `${counted(work.commits, 'commit')} not on ${base}, last one ${age}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function ago(ms: number): string {
  if (ms < 2 * MINUTE) return 'just now';
  if (ms < 2 * HOUR) return `${counted(Math.floor(ms / MINUTE), 'minute')} ago`;
  if (ms < 2 * DAY) return `${counted(Math.floor(ms / HOUR), 'hour')} ago`;
  return `${counted(Math.floor(ms / DAY), 'day')} ago`;
}

/** Decimal units, as `df -H` and disk makers count: `780 MB`, `1.2 GB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}

/** `main@1a2b3c4`; the commit alone where the ref is one. */
export function baseText(base: { readonly ref: string; readonly commit: string }): string {
  const short = base.commit.slice(0, 7);
  return base.commit.startsWith(base.ref) ? short : `${base.ref}@${short}`;
}

/** The form of a duration: parts from large to small, each at most once. */
export const DURATION_PATTERN = /^(?=\d)(?:\d+(?:\.\d+)?d)?(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?$/;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Node's timers fire at once beyond 2^31 ms (24.8 days); a week is more than any attempt needs. */
export const LONGEST_MS = 7 * 86_400_000;
export const SHORTEST_MS = 1_000;

/** Milliseconds of `45m`, `90s`, `1h30m`, `2d`; null if it is not a duration. */
export function parseDuration(text: string): number | null {
  if (!DURATION_PATTERN.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([dhms])/g)) {
    const factor = UNITS.find(([name]) => name === unit)?.[1] ?? 0;
    total += Number(amount) * factor;
  }
  return Math.round(total);
}

/** The shortest spelling of whole seconds that {@link parseDuration} reads back: `1h30m`. */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, factor] of UNITS) {
    const count = unit === 's' ? rest / factor : Math.floor(rest / factor);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * factor;
  }
  return text === '' ? '0s' : text;
}

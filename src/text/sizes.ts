/** What an amount of data looks like: decimal units, as `bytes` of `amounts.ts` writes them. */
export const SIZE_PATTERN = /^\d+(?:\.\d+)? ?(?:kB|MB|GB|TB)$/;

const FACTORS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** Bytes of `250MB`, `1.5 GB`; null where it is no size. */
export function parseSize(text: string): number | null {
  if (!SIZE_PATTERN.test(text)) return null;
  return Math.round(Number.parseFloat(text) * (FACTORS[text.slice(-2)] ?? 0));
}

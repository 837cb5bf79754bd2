import { plainText } from '../text/plain-text.ts';

/** Not within a word or a version such as v1.2.3; thousands may be parted by commas. NaN and Infinity are found to be refused. */
const NUMBER =
  /(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+|nan\b|inf(?:inity)?\b)(?:e[-+]?\d+)?(?![\d]|\.\d)/gi;

/**
 * The number that a metric printed: the last of its output, or the one at `path` of its JSON output. A text is the reason why there is
 * none; nothing is ever taken for a zero.
 */
export function readNumber(output: string, path: string | null): number | string {
  if (path !== null) return numberAt(output, path);
  const last = plainText(output).match(NUMBER)?.at(-1);
  if (last === undefined) return 'printed no number';
  const value = Number(last.replaceAll(',', ''));
  return Number.isFinite(value) ? value : `printed ${last}, which is not a number`;
}

function numberAt(output: string, path: string): number | string {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    // Reported below: invalid output is not a bug in copse.
    return 'printed no JSON';
  }
  for (const [, name, index, quoted] of path.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]|\["([^"]+)"\]/g)) {
    const key = name ?? quoted ?? index ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return `its JSON has nothing at ${path}`;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return `its JSON has no number at ${path}`;
}

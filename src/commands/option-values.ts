import * as z from 'zod/mini';

/*
 * The values of options. A message completes the sentence "--count needs …".
 */

/** A whole number written in digits. */
export function wholeNumber(o: { readonly min: number; readonly max?: number }) {
  const max = o.max ?? Number.MAX_SAFE_INTEGER;
  const wanted = o.max === undefined ? `a whole number, ${o.min} or more` : `a whole number from ${o.min} to ${o.max}`;
  return z.pipe(
    z.string().check(z.refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= o.min && Number(text) <= max, wanted)),
    z.transform(Number),
  );
}

/** US dollars above zero, with or without `$`. */
export function dollars() {
  return z.pipe(
    z
      .string()
      .check(
        z.refine((text) => /^\$?\d{1,9}(\.\d{1,6})?$/.test(text) && Number(text.replace('$', '')) > 0, 'an amount like 2.50'),
      ),
    z.transform((text) => Number(text.replace('$', ''))),
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration like `90s`, `45m`, `2h`, `30d`; comes out in ms. */
export function duration() {
  return z.pipe(
    durationText(),
    z.transform((text) => durationMs(text) ?? 0),
  );
}

/** The same as it was typed, to be repeated. */
export function durationText() {
  return z.string().check(z.refine((text) => durationMs(text) !== null, 'a duration like 90s, 45m, 2h or 30d'));
}

/** null: it is none. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  const unit = UNIT_MS[match?.[2] ?? ''];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}

/** A text that is not empty. */
export function someText(what: string) {
  return z.string().check(z.refine((text) => text.trim() !== '', what));
}

import { shortLine } from '../text/plain-text.ts';

/** How much is said: characters of a text, entries of a list. The first that fits counts. */
const DETAILS = [
  { text: 1_400, list: 30 },
  { text: 400, list: 12 },
  { text: 200, list: 6 },
  { text: 100, list: 4 },
  { text: 60, list: 3 },
  { text: 40, list: 2 },
  { text: 20, list: 1 },
] as const;

export interface Fitted {
  readonly value: unknown;
  readonly truncated: boolean;
}

/** A value with texts and lists so short that its JSON takes fewer than `bytes`. Keys stay; what is too much as it is becomes null. */
export function fitted(value: unknown, bytes: number): Fitted {
  for (const detail of [null, ...DETAILS]) {
    let truncated = false;
    const shorter = detail === null ? value : shorten(value, detail, () => (truncated = true));
    if (Buffer.byteLength(JSON.stringify(shorter) ?? '') < bytes) return { value: shorter, truncated };
  }
  return { value: null, truncated: true };
}

function shorten(value: unknown, detail: (typeof DETAILS)[number], onCut: () => void): unknown {
  if (typeof value === 'string') {
    if (value.length <= detail.text) return value;
    onCut();
    return shortLine(value, detail.text);
  }
  if (Array.isArray(value)) {
    if (value.length > detail.list) onCut();
    return value.slice(0, detail.list).map((one) => shorten(one, detail, onCut));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner, detail, onCut)]));
}

/** `a, b, c`; of more than `most` the first ones, with how many more there are of `total`: `a, b and 4 more`. Never just one more. */
export function some(items: readonly string[], most = 6, total = items.length): string {
  if (total <= most) return items.join(', ');
  const shown = items.slice(0, most - 1);
  return `${shown.join(', ')} and ${total - shown.length} more`;
}

/** As {@link some}, for a sentence: `a, b and c`. */
export function named(items: readonly string[], most = 10): string {
  if (items.length > most || items.length < 2) return some(items, most);
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

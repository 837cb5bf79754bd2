/** A way to do something once. Resolves with what it took, usually in ms; what it prepares and clears away does not count. */
export type Way = () => Promise<number>;

/**
 * Measures several ways in turn, `rounds` times, every other round in reverse order: what else the machine does hits all of them
 * alike. A first round warms caches and is not counted, unless `warm` says that they are. Resolves with the median of each.
 */
export async function interleave<Name extends string>(
  rounds: number,
  ways: Readonly<Record<Name, Way>>,
  o: { readonly warm?: boolean } = {},
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(ways) as Name[];
  const taken = new Map<Name, number[]>(names.map((name) => [name, []]));
  if (o.warm !== true) for (const name of names) await ways[name]();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) taken.get(name)?.push(await ways[name]());
  }
  return Object.fromEntries([...taken].map(([name, values]) => [name, median(values)])) as Record<Name, number>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  if (high === undefined || low === undefined) throw new Error('the median of nothing');
  return (low + high) / 2;
}

/** How long an act takes, ms. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

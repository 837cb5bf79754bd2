/** Values that have no business in a record, besides the paths that a test gives. */
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    '',
    ' ',
    '/',
    '.',
    '..',
    '../..',
    '~',
    '-x',
    '--all',
    '*',
    '\0',
    'a\nb',
    '__proto__',
    [],
    {},
    [null],
  ],
  ...['refs/heads/main', 'main', 'HEAD', 'a'.repeat(40), 'x'.repeat(5000), '/dev/null', '/proc/self/cwd', '$(touch x)', 'PATH'],
];

/** The record with one to three of its fields changed, `rounds` times; equal seeds give equal ones. */
export function* mutations(
  record: unknown,
  paths: readonly string[],
  o: { readonly rounds: number; readonly seed: number },
): Generator<unknown> {
  const random = generator(o.seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  for (let n = 0; n < o.rounds; n += 1) {
    const copy: unknown = structuredClone(record);
    for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1) {
      const places = leaves(copy);
      const { holder, key } = pick(places);
      const old = holder[key];
      const led =
        typeof old === 'string' && old.startsWith('/') ? [`${old}/..`, `${old}/../../victim`, `${dirnameOf(old)}/./x`] : [];
      holder[key] = random() < 0.6 ? pick([...paths, ...led, ...paths.map((path) => `${path}/.git`)]) : pick(ODD);
    }
    yield copy;
  }
}

interface Leaf {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function leaves(value: unknown): Leaf[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...leaves(holder[key])]);
}

function dirnameOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** mulberry32: small, and good enough to choose by. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

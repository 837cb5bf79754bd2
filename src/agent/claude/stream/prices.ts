import type { Tokens } from '../../../model/outcome.ts';

/** US dollars for a million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/**
 * The prices that Claude Code 2.1.329 itself uses, measured with a million tokens of each kind; first match wins. For estimates only, while an
 * attempt runs, and if its result has no usable figure; amounts are shown with `≈`.
 */
const PRICES: readonly (readonly [RegExp, Price])[] = [
  [/opus-4/, { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 }],
  [/sonnet-4/, { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }],
  [/haiku-4/, { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 }],
  [/3-5-haiku/, { input: 0.8, output: 4, cacheRead: 0.08, cacheWrite: 1 }],
  [/haiku/, { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 }],
  [/sonnet/, { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 }],
  [/fable/, { input: 8, output: 40, cacheRead: 0.2, cacheWrite: 10 }],
];
const OTHERWISE: Price = { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 };

/** Estimated cost of these tokens, US dollars. */
export function estimateCost(model: string | null, tokens: Tokens): number {
  const price = PRICES.find(([pattern]) => model !== null && pattern.test(model))?.[1] ?? OTHERWISE;
  const micro =
    tokens.input * price.input +
    tokens.output * price.output +
    tokens.cacheRead * price.cacheRead +
    tokens.cacheWrite * price.cacheWrite;
  return micro / 1_000_000;
}

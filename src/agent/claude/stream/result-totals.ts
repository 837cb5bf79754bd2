import { NO_TOKENS, type Tokens } from '../../../model/outcome.ts';
import { isObject, type JsonObject, numberOf } from '../json.ts';

/** Tokens and cost by the result lines, of this attempt alone. */
export interface Totals {
  /** Null: no usable figure. */
  readonly costUsd: number | null;
  readonly tokens: Tokens | null;
}

/**
 * Sums up an attempt's result lines. Newer versions say per result what came since the one before; else the last total
 * counts, less what the session had cost before, since a resumed session keeps counting (0.0058 → 0.0116).
 */
export class ResultTotals {
  readonly #sessionCostUsd: number;
  #since: { costUsd: number | null; tokens: Tokens } | null = null;
  #last: JsonObject | null = null;

  constructor(sessionCostUsd: number) {
    this.#sessionCostUsd = sessionCostUsd;
  }

  add(result: JsonObject): void {
    this.#last = result;
    const since = result['model_usage_since_last_result'];
    if (!isObject(since)) return;
    const { costUsd, tokens } = sumOf(since);
    const before = this.#since ?? { costUsd: 0, tokens: NO_TOKENS };
    this.#since = {
      costUsd: costUsd === null || before.costUsd === null ? null : before.costUsd + costUsd,
      tokens: plus(before.tokens, tokens),
    };
  }

  totals(): Totals {
    if (this.#last === null) return { costUsd: null, tokens: null };
    const total = amount(this.#last['total_cost_usd']);
    const usage = this.#last['modelUsage'];
    // A figure that is wrong in one place is not believed in another.
    if (total === null) return { costUsd: null, tokens: this.#since?.tokens ?? null };
    if (this.#since !== null) return this.#since;
    const continues = this.#sessionCostUsd > 0 && total >= this.#sessionCostUsd;
    return {
      costUsd: continues ? total - this.#sessionCostUsd : total,
      tokens: isObject(usage) && this.#sessionCostUsd === 0 ? sumOf(usage).tokens : null,
    };
  }
}

function sumOf(models: JsonObject): { readonly costUsd: number | null; readonly tokens: Tokens } {
  let costUsd: number | null = 0;
  let tokens = NO_TOKENS;
  for (const usage of Object.values(models)) {
    if (!isObject(usage)) continue;
    const cost = amount(usage['costUSD']);
    costUsd = cost === null || costUsd === null ? null : costUsd + cost;
    tokens = plus(tokens, {
      input: amount(usage['inputTokens']) ?? 0,
      output: amount(usage['outputTokens']) ?? 0,
      cacheRead: amount(usage['cacheReadInputTokens']) ?? 0,
      cacheWrite: amount(usage['cacheCreationInputTokens']) ?? 0,
    });
  }
  return { costUsd, tokens };
}

function plus(a: Tokens, b: Tokens): Tokens {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
  };
}

/** Null for what no amount can be: negative, NaN, a text. */
function amount(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || number < 0 ? null : number;
}

import { NO_TOKENS, type Tokens } from '../../../model/outcome.ts';
import { isObject, type JsonObject, numberOf, objectsOf, textOf } from '../json.ts';
import { estimateCost } from './prices.ts';

const CHARACTERS_PER_TOKEN = 4;

interface Counted {
  readonly model: string | null;
  readonly input: Omit<Tokens, 'output'>;
  /** As the stream says; mostly 1, it is not final there. */
  readonly said: number;
  readonly characters: number;
}

/**
 * Live totals from `assistant` lines. Several lines share one message id and repeat its usage: input counts once. Output is
 * not final on them, so it is estimated from the written text if that is more.
 */
export class UsageMeter {
  readonly #messages = new Map<string, Counted>();
  #tokens: Tokens = NO_TOKENS;
  #costUsd = 0;

  get tokens(): Tokens {
    return this.#tokens;
  }

  get costUsd(): number {
    return this.#costUsd;
  }

  add(message: JsonObject): void {
    const id = textOf(message['id']);
    if (id === null) return;
    const before = this.#messages.get(id);
    const usage = isObject(message['usage']) ? message['usage'] : {};
    const count = (key: string): number => Math.max(0, numberOf(usage[key]) ?? 0);
    const now: Counted = {
      model: textOf(message['model']),
      input: {
        input: count('input_tokens'),
        cacheRead: count('cache_read_input_tokens'),
        cacheWrite: count('cache_creation_input_tokens'),
      },
      said: Math.max(before?.said ?? 0, count('output_tokens')),
      characters: (before?.characters ?? 0) + written(message),
    };
    this.#messages.set(id, now);
    const was = before === undefined ? NO_TOKENS : tokensOf(before);
    const is = tokensOf(now);
    this.#tokens = {
      input: this.#tokens.input + is.input - was.input,
      output: this.#tokens.output + is.output - was.output,
      cacheRead: this.#tokens.cacheRead + is.cacheRead - was.cacheRead,
      cacheWrite: this.#tokens.cacheWrite + is.cacheWrite - was.cacheWrite,
    };
    this.#costUsd += estimateCost(now.model, is) - (before === undefined ? 0 : estimateCost(before.model, was));
  }
}

function tokensOf(counted: Counted): Tokens {
  return { ...counted.input, output: Math.max(counted.said, Math.ceil(counted.characters / CHARACTERS_PER_TOKEN)) };
}

function written(message: JsonObject): number {
  let characters = 0;
  for (const block of objectsOf(message['content'])) {
    characters += (textOf(block['text']) ?? textOf(block['thinking']) ?? '').length;
    if (block['type'] === 'tool_use') characters += JSON.stringify(block['input'] ?? {}).length;
  }
  return characters;
}

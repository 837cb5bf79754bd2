import type { Denial } from '../../../model/outcome.ts';
import type { JsonObject } from '../json.ts';
import { allowRule } from './allow-rule.ts';
import { toolInput } from './tool-input.ts';

/** The denied calls of an attempt, each distinct one once. A call is reported twice, by its event and in the result, and counted once. */
export class Denials {
  readonly #byCall = new Map<string, Denial>();
  readonly #ids = new Set<string>();
  readonly #clean: (text: string) => string;

  constructor(clean: (text: string) => string) {
    this.#clean = clean;
  }

  /** The denial as it is now; null if this call was already counted. */
  add(o: {
    readonly id: string;
    readonly tool: string;
    readonly input: JsonObject;
    readonly reason: string;
    readonly cwd: string | null;
  }): Denial | null {
    if (this.#ids.has(o.id)) return null;
    this.#ids.add(o.id);
    const input = this.#clean(toolInput(o.input, o.cwd));
    const key = `${o.tool}\0${input}`;
    const before = this.#byCall.get(key);
    const rule = allowRule(o.tool, o.input, o.reason);
    const denial: Denial =
      before === undefined
        ? { tool: o.tool, input, count: 1, allow: rule === null ? null : this.#clean(rule) }
        : { ...before, count: before.count + 1 };
    this.#byCall.set(key, denial);
    return denial;
  }

  list(): readonly Denial[] {
    return [...this.#byCall.values()];
  }
}

import { createHash } from 'node:crypto';

/** The name of a variant in addresses, one for each label, for the life of the page. */
export class VariantKeys {
  readonly #blind: boolean;
  readonly #keys = new Map<string, string>();

  /** Blind: letters, dealt in the order of `labels`, which the caller has shuffled. */
  constructor(labels: readonly string[], blind: boolean) {
    this.#blind = blind;
    for (const label of labels) this.of(label);
  }

  of(label: string): string {
    const known = this.#keys.get(label);
    if (known !== undefined) return known;
    const key = this.#blind ? letters(this.#keys.size) : this.#readable(label);
    this.#keys.set(label, key);
    return key;
  }

  labelOf(key: string): string | null {
    for (const [label, other] of this.#keys) if (other === key) return label;
    return null;
  }

  /** Labels in the order in which they got their keys. */
  labels(): readonly string[] {
    return [...this.#keys.keys()];
  }

  #readable(label: string): string {
    // One hyphen at a time: with `xn--` a browser would read punycode. A part of a host name has 63 characters.
    const plain = label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 50)
      .replace(/^-|-$/g, '');
    const taken = new Set(this.#keys.values());
    const wanted = plain === '' ? 'v' : plain;
    let key = wanted;
    for (let n = 2; taken.has(key); n += 1) key = `${wanted}-${n}`;
    return key;
  }
}

/** `a` … `z`, `aa` … */
function letters(n: number): string {
  const last = String.fromCharCode(97 + (n % 26));
  return n < 26 ? last : letters(Math.floor(n / 26) - 1) + last;
}

/** In an order that looks random, is the same for the same `seed`, and is never the given one. */
export function shuffled(items: readonly string[], seed: string): string[] {
  const at = (item: string): string => createHash('sha256').update(`${seed}\0${item}`).digest('hex');
  const mixed = items.map((item) => ({ item, at: at(item) })).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const order = mixed.map(({ item }) => item);
  const [first, ...rest] = order;
  return first !== undefined && order.every((item, i) => item === items[i]) ? [...rest, first] : order;
}

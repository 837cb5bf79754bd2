/** One positional of a verb's usage. */
export interface Positional {
  readonly name: string;
  readonly required: boolean;
  readonly repeats: boolean;
  /** Takes the words after `--`. */
  readonly afterDashes: boolean;
}

/** Reads a usage like `[variant] -- <command...>`. */
export function positionalsOf(usage: string): readonly Positional[] {
  const positionals: Positional[] = [];
  let afterDashes = false;
  for (const word of usage.split(' ').filter((part) => part !== '')) {
    if (word === '--') {
      afterDashes = true;
      continue;
    }
    const match = /^([<[])([a-z-]+)(\.\.\.)?[\]>]$/.exec(word);
    if (match?.[2] === undefined) throw new Error(`usage "${usage}" has a word that is no positional: ${word}`);
    positionals.push({ name: match[2], required: match[1] === '<', repeats: match[3] !== undefined, afterDashes });
  }
  return positionals;
}

export type RawOptions = Record<string, string | boolean | readonly string[]>;

/**
 * Gives each word its name. A repeated positional is always there, if empty; words too many are returned in `surplus`, the names
 * of what is missing in `missing`.
 */
export function assignPositionals(
  positionals: readonly Positional[],
  words: readonly string[],
  afterDashes: readonly string[] | null,
): { readonly raw: RawOptions; readonly surplus: readonly string[]; readonly missing: readonly Positional[] } {
  const raw: RawOptions = {};
  const missing: Positional[] = [];
  const takesDashes = positionals.some((positional) => positional.afterDashes);
  // For a verb without a command of its own, `--` only ends the options.
  const left = takesDashes ? [...words] : [...words, ...(afterDashes ?? [])];
  const behind = takesDashes ? [...(afterDashes ?? [])] : [];
  for (const positional of positionals) {
    const source = positional.afterDashes ? behind : left;
    const taken = source.splice(0, positional.repeats ? source.length : 1);
    const [single] = taken;
    if (positional.repeats) raw[positional.name] = taken;
    else if (single !== undefined) raw[positional.name] = single;
    if (positional.required && taken.length === 0) missing.push(positional);
  }
  return { raw, surplus: [...left, ...behind], missing };
}

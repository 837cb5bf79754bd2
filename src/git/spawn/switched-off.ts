/**
 * Settings that hold for every git of this process in place of what the repository's configuration says: an agent planted that.
 */
import type { Environment } from '../../system/environment.ts';

let overrides: readonly (readonly [key: string, value: string])[] = [];

/** From now on, in place of what was said before. */
export function switchOff(settings: typeof overrides): void {
  overrides = settings;
}

/** As git takes settings from its environment (git-config(1), GIT_CONFIG_COUNT): before any file, after `-c`. */
export function overridesEnvironment(more: typeof overrides = []): Environment {
  const all = [...overrides, ...more];
  if (all.length === 0) return {};
  const pairs = all.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(all.length), ...Object.fromEntries(pairs) };
}

let attributes: { readonly text: string | null } | null = null;

/** What `info/attributes` was before an agent changed it; null: it counts as it is. */
export function pinAttributes(before: typeof attributes): void {
  attributes = before;
}

export const pinnedAttributes = (): typeof attributes => attributes;

import { join } from 'node:path';
import { some } from '../../text/lists.ts';
import { shellWord } from '../../text/shell-word.ts';
import { attributesOf, type GitFacts, type GuardedPlace, hooksIn } from './git-facts.ts';
import { harmless } from './program-keys.ts';

/** One thing that git would run or obey and that is not as it was. */
export interface Difference {
  readonly kind: 'hook' | 'setting' | 'attributes';
  /** Name of the hook, or the key. */
  readonly name: string;
  readonly change: 'new' | 'changed' | 'removed';
  /** The command that shows it as it is now. */
  readonly look: string;
}

/** Everything that differs between `before` and what is there now. Empty: only data changed. */
export function differences(place: GuardedPlace, before: GitFacts, now: GitFacts): readonly Difference[] {
  const found: Difference[] = [];
  const add = (kind: Difference['kind'], name: string, was: unknown, is: unknown, look: string): void => {
    if (JSON.stringify(was ?? null) === JSON.stringify(is ?? null)) return;
    found.push({ kind, name, change: was == null ? 'new' : is == null ? 'removed' : 'changed', look });
  };
  const hooks = before.hooksTracked ? {} : hooksIn(before.hooksFolder);
  for (const name of new Set([...Object.keys(before.hooks), ...Object.keys(hooks)]))
    add('hook', name, before.hooks[name], hooks[name], `cat ${shellWord(join(before.hooksFolder, name))}`);
  for (const key of new Set([...Object.keys(before.programs), ...Object.keys(now.programs)]))
    add('setting', key, before.programs[key], now.programs[key], `git config --show-origin --get-all ${shellWord(key)}`);
  const file = join(place.commonDir, 'info/attributes');
  add('attributes', 'info/attributes', before.attributes, attributesOf(place.commonDir), `cat ${shellWord(file)}`);
  return found;
}

/** Settings by which git works as it did before. */
export function overridesFor(
  { commonDir }: GuardedPlace,
  before: GitFacts,
  found: readonly Difference[],
): readonly (readonly [key: string, value: string])[] {
  return found.flatMap(({ kind, name }): (readonly [string, string])[] => {
    if (kind !== 'setting') return [];
    // A folder that the person set for all repositories is one as well.
    const was = name === 'core.hookspath' ? [before.hooksFolder] : before.programs[name];
    const none = harmless(name, join(commonDir, 'hooks'));
    if (was !== undefined) return was.map((value) => [name, value]);
    return none === null ? [] : [[name, none]];
  });
}

/** `hook pre-commit`, `setting filter.z.clean`. */
export function differenceWords({ kind, name, change }: Difference): string {
  const what = kind === 'hook' ? `hook ${name}` : kind === 'setting' ? `setting ${name}` : `.git/${name}`;
  return change === 'removed' ? `${what} (removed)` : what;
}

/** For the summary of the variant whose agent was at work. */
export function plantedNote(one: Difference): string {
  return `${capital(differenceWords(one))} ${CHANGED[one.change]} while agents worked; copse does not use it. Look: ${one.look}`;
}

const CHANGED = { new: 'appeared', changed: 'changed', removed: 'was removed' } as const;

const capital = (text: string): string => (text.startsWith('hook') ? `H${text.slice(1)}` : text);

/** What commands say before they begin. null: nothing was planted. */
export function plantedSentence(found: readonly Difference[]): string | null {
  if (found.length === 0) return null;
  const what = some(found.map(differenceWords));
  return `Changed while agents worked, so copse does not use it: ${what}. See why: copse doctor`;
}

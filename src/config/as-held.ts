import { parseDuration } from '../text/duration.ts';

/** Keys that people write a duration for; copse holds them in ms, under the same name with `Ms`. */
const DURATIONS: ReadonlySet<string> = new Set(['timeout', 'idleTimeout', 'commandTimeout', 'keepTrash', 'keepCommits']);

/** The values of a file as copse holds them: durations in ms, and without the keys that the file leaves out. */
export function asHeld(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const held = Object.entries(input).map(([key, value]) =>
    DURATIONS.has(key) && typeof value === 'string' ? [`${key}Ms`, parseDuration(value)] : [key, value],
  );
  return Object.fromEntries(held.filter(([, value]) => value !== undefined && value !== null));
}

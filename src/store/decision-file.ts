import { join } from 'node:path';
import * as z from 'zod/mini';
import { type Decision, UNDECIDED } from '../model/decision.ts';
import type { Instant, RunId } from '../model/ids.ts';
import { readTextIfExists, replaceFile } from '../system/files.ts';
import { plainText } from '../text/plain-text.ts';
import { redactSecrets } from '../text/redact-secrets.ts';
import { runPaths, type Store } from './layout.ts';
import { withLock } from './lock.ts';
import { writeError } from './write-error.ts';

/** Characters of a reason; the rest is cut. */
const WHY_CHARACTERS = 1_000;

const schema = z.object({
  schema: z.literal(1),
  voting: z.enum(['open', 'closed']),
  choice: z.nullable(z.object({ variant: z.string(), why: z.string(), at: z.string(), commit: z.nullable(z.string()) })),
});

const fileOf = (store: Store, run: RunId): string => join(runPaths(store, run).dir, 'decision.json');

/** What people decided about a run. A file that cannot be understood counts as none: a decision holds up nothing else. */
export async function readDecision(store: Store, run: RunId): Promise<Decision> {
  const text = await readTextIfExists(fileOf(store, run));
  if (text === null) return UNDECIDED;
  try {
    const { voting, choice } = schema.parse(JSON.parse(text));
    return { voting, choice: choice === null ? null : { ...choice, at: choice.at as Instant } };
  } catch {
    // Not JSON, or not ours.
    return UNDECIDED;
  }
}

/** A reason as it is kept: plain, short, without keys that someone pasted. */
export function keptWhy(why: string): string {
  return redactSecrets(plainText(why.slice(0, WHY_CHARACTERS * 4)))
    .trim()
    .slice(0, WHY_CHARACTERS);
}

/** Changes the decision of a run, one change after the other. CopseErrors: `locked`, `no-space`, `state-not-writable`. */
export async function changeDecision(store: Store, run: RunId, change: (before: Decision) => Decision): Promise<Decision> {
  const lock = join(runPaths(store, run).dir, 'decision.lock');
  return withLock(lock, { purpose: `a decision about ${run}` }, async () => {
    const after = change(await readDecision(store, run));
    try {
      await replaceFile(fileOf(store, run), `${JSON.stringify({ schema: 1, ...after }, null, 2)}\n`);
    } catch (error) {
      throw writeError(error, fileOf(store, run));
    }
    return after;
  });
}

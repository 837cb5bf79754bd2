import type { AttemptKind } from '../../model/attempt.ts';
import type { AttemptState, VariantState } from '../../model/run-state/state.ts';
import { hasBegun as began } from '../ending.ts';

/** A session that an attempt continues, and what it has cost. */
export interface Session {
  readonly sessionId: string;
  readonly costUsd: number;
}

/**
 * The session that a `continue` or `correction` continues: the last one that really began and still exists. Null: a new one.
 */
export function continuedSession(all: readonly AttemptState[], kind: AttemptKind): Session | null {
  if (kind === 'first' || kind === 'fresh') return null;
  // Earlier sessions belong to work that no longer exists.
  const attempts = all.slice(
    Math.max(
      0,
      all.findLastIndex((attempt) => attempt.kind === 'fresh'),
    ),
  );
  const gone = new Set(attempts.filter(({ verdict }) => verdict?.sessionGone === true).map(sessionOf));
  const last = attempts.findLast((attempt) => began(attempt) && !gone.has(sessionOf(attempt)));
  // An older one does not know what came after it.
  if (last === undefined || attempts.findLast(began) !== last) return null;
  const sessionId = sessionOf(last);
  const same = attempts.filter((attempt) => sessionOf(attempt) === sessionId);
  const costUsd = same.reduce((sum, attempt) => sum + (attempt.verdict?.costUsd ?? attempt.costUsd), 0);
  return { sessionId, costUsd };
}

/** The prompt of an attempt. */
export function messageOf(
  prompt: string,
  variant: Pick<VariantState, 'attempts' | 'created' | 'commit'>,
  session: Session | null,
  ask: { readonly kind: AttemptKind; readonly message: string | null },
): string {
  if (session !== null) return ask.message ?? GO_ON;
  if (ask.kind === 'first' || ask.kind === 'fresh') return ask.message ?? prompt;
  const last = variant.attempts.findLast(began);
  if (last === undefined) return ask.message === null ? prompt : `${prompt}\n\n${ask.message}`;
  return [prompt, earlierWork(variant), lastWords(variant.attempts), `What to do now: ${ask.message ?? GO_ON}`]
    .filter((part) => part !== '')
    .join('\n\n');
}

const GO_ON = 'Continue where you stopped. If everything is done, check it once more and end with the summary.';
const MOST_WORDS = 4_000;

const sessionOf = (attempt: AttemptState): string => attempt.verdict?.sessionId ?? attempt.sessionId;

function earlierWork({ created, commit }: Pick<VariantState, 'created' | 'commit'>): string {
  const before = 'You have worked on this before, in a conversation that is gone.';
  if (created === null || commit === null || commit.commit === created.start)
    return `${before} Nothing of it was committed; look at what is in this worktree.`;
  return `${before} Your work is in this worktree, committed. Look at it first (git log -p ${created.start.slice(0, 12)}..HEAD) and build on it; do not begin again.`;
}

function lastWords(attempts: readonly AttemptState[]): string {
  const said = attempts.findLast(({ verdict }) => verdict?.outcome === 'succeeded' && verdict.summary !== '')?.verdict?.summary;
  if (said === undefined) return '';
  const quoted = said.slice(0, MOST_WORDS).replace(/^/gm, '> ');
  return `What you said when you had done it:\n\n${quoted}`;
}

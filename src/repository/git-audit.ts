import type { Difference } from '../git/guard/differences.ts';
import { differenceWords, plantedSentence } from '../git/guard/differences.ts';
import { readFacts } from '../git/guard/git-facts.ts';
import { acceptGit, auditGit, auditHash, guardGit, plantedNow } from '../git/guard/git-guard.ts';
import { whileAgentsWork } from '../git/guard/while-agents-work.ts';
import type { Here } from './current-repository.ts';
import { lookAtRuns } from './read-runs.ts';

/** One line of the audit: what differs from before the first agent, and the command that shows it. */
export interface AuditLine {
  readonly what: string;
  readonly change: Difference['change'];
  readonly look: string;
}

export interface GitAudit {
  /** When the first agent came; ISO. */
  readonly since: string;
  /** Changed while agents worked: not used until the person accepts it. */
  readonly planted: readonly AuditLine[];
  /** Taken for the person's own. */
  readonly others: readonly AuditLine[];
  /** Approves what is planted, as it is now. */
  readonly hash: string;
}

/** Hooks, filters, attributes and settings of git that are not as before the first agent; null: no agent has worked here yet. */
export async function gitAudit({ repository }: Here): Promise<GitAudit | null> {
  const audit = await auditGit(repository);
  if (audit === null) return null;
  const line = (one: Difference): AuditLine => ({ what: differenceWords(one), change: one.change, look: one.look });
  return {
    since: audit.since,
    planted: audit.planted.map(line),
    others: audit.others.map(line),
    hash: auditHash(repository, audit.planted, await readFacts(repository)),
  };
}

/** The person takes what is there for theirs. */
export async function acceptAudit({ repository, store }: Here): Promise<void> {
  const { runs } = await lookAtRuns(store);
  await acceptGit(
    repository,
    runs.filter(({ alive }) => alive).map(({ state }) => state.id),
  );
  await guardGit(repository);
}

/** What commands say once; null: nothing was planted. */
export const plantedHere = (): string | null => plantedSentence(plantedNow());

/** What servers of variants change in the shared git directory is not the person's. */
export function whileServing<T>({ repository }: Here, act: () => Promise<T>): Promise<T> {
  return whileAgentsWork(repository, act);
}

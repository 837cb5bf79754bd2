import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { CommitId, Instant, RunId } from '../model/ids.ts';
import type { VariantRef } from '../model/reports/evidence.ts';
import type { LabelledVote, Vote, VoteStore } from '../model/reports/served-page.ts';
import { readTextIfExists, replaceFile } from '../system/files.ts';
import { plainText } from '../text/plain-text.ts';
import { redactSecrets } from '../text/redact-secrets.ts';
import { changeDecision, keptWhy, readDecision } from './decision-file.ts';
import { runPaths, type Store } from './layout.ts';
import { withLock } from './lock.ts';

/** Characters of a note; the rest is cut. */
export const NOTE_CHARACTERS = 1_000;
const NAME_CHARACTERS = 60;
/** A meeting has fewer people; the file stays small whatever a browser sends. The oldest are dropped first. */
export const VOTES_PER_RUN = 500;

const schema = z.object({
  schema: z.literal(1),
  votes: z.array(
    z.object({
      voter: z.string(),
      variant: z.string(),
      note: z.string(),
      // Both absent in files of before they were kept.
      name: z.optional(z.string()),
      commit: z.optional(z.nullable(z.string())),
      at: z.string(),
      blind: z.boolean(),
    }),
  ),
});

const fileOf = (store: Store, run: RunId): string => join(runPaths(store, run).dir, 'votes.json');
const lockOf = (store: Store, run: RunId): string => join(runPaths(store, run).dir, 'votes.lock');

/** Favourites and notes of a run, oldest first. A file that cannot be understood counts as none: votes hold up nothing else. */
export async function readVotes(store: Store, run: RunId): Promise<readonly Vote[]> {
  return parsed(await readTextIfExists(fileOf(store, run))) ?? [];
}

function parsed(text: string | null): readonly Vote[] | null {
  if (text === null) return [];
  try {
    const { votes } = schema.parse(JSON.parse(text));
    return votes.map((vote) => ({
      ...vote,
      name: vote.name ?? '',
      commit: vote.commit ?? null,
      at: vote.at as Instant,
    }));
  } catch {
    // Not JSON, or not copse's: the next writer sets it aside.
    return null;
  }
}

/** A note, or a name, as it is kept: plain, short, without pasted keys. */
export function keptNote(note: string, characters = NOTE_CHARACTERS): string {
  return redactSecrets(plainText(note.slice(0, characters * 4)))
    .trim()
    .slice(0, characters);
}

/** Removes all votes of a run; how many there were. CopseError `locked`. */
export async function clearVotes(store: Store, run: RunId): Promise<number> {
  return withLock(lockOf(store, run), { purpose: `the votes of ${run}` }, async () => {
    const votes = await readVotes(store, run);
    await rm(fileOf(store, run), { force: true });
    return votes.length;
  });
}

/**
 * Votes for served variants, stored with the runs. Writes are atomic and one after the other: those of this store in memory, those of
 * other processes that serve the same run under a lock beside the file. CopseError `locked` if one of them keeps holding it.
 */
export function votesFor(o: {
  readonly store: Store;
  /** Label → variant. Entries without a run are left out. */
  readonly variants: ReadonlyMap<string, VariantRef>;
  now(): Date;
}): VoteStore {
  const runs = [...new Set([...o.variants.values()].map(({ run }) => run))];
  const at = (): Instant => o.now().toISOString() as Instant;
  const pick = ({ why, commit }: { readonly why: string; readonly commit: CommitId | null }) => ({ why: keptWhy(why), commit });
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const next = last.then(act, act);
    last = next.catch(() => {
      // The caller gets the error; the next one is not held up.
    });
    return next;
  };
  const change = (run: RunId, voter: string, vote: Vote | null): Promise<void> =>
    withLock(lockOf(o.store, run), { purpose: `a vote in ${run}` }, () => put(run, voter, vote));
  const put = async (run: RunId, voter: string, vote: Vote | null): Promise<void> => {
    const path = fileOf(o.store, run);
    const text = await readTextIfExists(path);
    const before = parsed(text);
    // People's notes, even if edited and broken by hand.
    if (before === null) await rename(path, `${path}.broken`);
    const others = (before ?? []).filter((one) => one.voter !== voter);
    if (vote === null && others.length === (before ?? []).length) return;
    const votes = [...others, ...(vote === null ? [] : [vote])].slice(-VOTES_PER_RUN);
    await replaceFile(path, `${JSON.stringify({ schema: 1, votes }, null, 2)}\n`);
  };
  return {
    has: (label) => o.variants.has(label),
    read: async () => {
      const perRun = await Promise.all(runs.map(async (run) => [run, await readVotes(o.store, run)] as const));
      const byRun = new Map(perRun);
      return [...o.variants].flatMap(([label, { run, variant }]) =>
        (byRun.get(run) ?? []).filter((vote) => vote.variant === variant).map((vote): LabelledVote => ({ ...vote, run, label })),
      );
    },
    cast: ({ voter, label, note, name, commit, blind }) =>
      inTurn(async () => {
        const ref = o.variants.get(label);
        if (ref === undefined) throw new Error(`${label} is not served`);
        const vote: Vote = {
          voter,
          variant: ref.variant,
          note: keptNote(note),
          name: keptNote(name, NAME_CHARACTERS),
          commit,
          at: at(),
          blind,
        };
        for (const run of runs) await change(run, voter, run === ref.run ? vote : null);
      }),
    withdraw: (voter) =>
      inTurn(async () => {
        for (const run of runs) await change(run, voter, null);
      }),
    decision: async () => {
      const decisions = await Promise.all(runs.map(async (run) => ({ run, ...(await readDecision(o.store, run)) })));
      const choices = decisions.flatMap(({ run, choice }) => (choice === null ? [] : [{ run, ...choice }]));
      const latest = choices.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
      const label = [...o.variants].find(([, ref]) => ref.run === latest?.run && ref.variant === latest.variant)?.[0];
      return {
        voting: decisions.some(({ voting }) => voting === 'closed') ? 'closed' : 'open',
        choice: label === undefined || latest === undefined ? null : { label, why: latest.why },
      };
    },
    setVoting: (voting) =>
      inTurn(async () => {
        for (const run of runs) await changeDecision(o.store, run, (before) => ({ ...before, voting }));
      }),
    choose: (choice) =>
      inTurn(async () => {
        const ref = choice === null ? undefined : o.variants.get(choice.label);
        if (choice !== null && ref === undefined) throw new Error(`${choice.label} is not served`);
        for (const run of runs) {
          const own = choice === null || ref?.run !== run ? null : { variant: ref.variant, ...pick(choice), at: at() };
          await changeDecision(o.store, run, (before) => ({ ...before, choice: own }));
        }
      }),
  };
}

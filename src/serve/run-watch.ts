import { watch } from 'node:fs';
import { listBranches } from '../git/refs/refs.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { CommitId, RunId, VariantName } from '../model/ids.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { StateFollower } from '../store/events/run-snapshot.ts';
import type { RunPaths } from '../store/layout.ts';

/** Files of a run that other commands write while people watch. */
const VOTES = new Set(['votes.json', 'decision.json']);
/** Several events of one command come together. */
const GATHER_MS = 50;

/** Runs of what is served, as other commands change them. */
export interface RunWatch {
  stateOf(run: RunId, variant: VariantName): VariantState | null;
  /** Tip of its branch when it was last looked at; null: there is none. */
  tipOf(run: RunId, variant: VariantName): CommitId | null;
  /** Looks now; resolves with whether anything is different. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export interface RunWatchOptions {
  readonly repository: Repository;
  readonly runs: readonly RunPaths[];
  /** Something of a variant is different. */
  readonly onChange: () => void;
  /** Votes or the decision were written. */
  readonly onVotes: () => void;
  /** A log that cannot be read, or a disk that refuses. */
  readonly onFailure: (error: unknown) => void;
}

/** Follows the logs of runs by the system's word that they grew: nothing is asked while nothing happens. */
export async function watchRuns(o: RunWatchOptions): Promise<RunWatch> {
  const git = gitIn(o.repository.root, { reads: true });
  const followers: StateFollower[] = [];
  for (const paths of o.runs) followers.push(await StateFollower.open(paths));
  let tips = new Map<string, CommitId>();
  let seen = '';
  let looking: Promise<void> | null = null;
  let again = false;
  let due: NodeJS.Timeout | null = null;
  let votesDue = false;
  const look = async (): Promise<void> => {
    for (const follower of followers) await follower.poll();
    tips = new Map((await listBranches(git)).map(({ name, commit }) => [name, commit]));
    const now = JSON.stringify(followers.map(({ state }) => state.variants.map((one) => [one, tips.get(one.branch) ?? null])));
    if (now === seen) return;
    seen = now;
    o.onChange();
  };
  const refresh = async (): Promise<void> => {
    if (looking !== null) {
      again = true;
      return looking;
    }
    looking = (async () => {
      do {
        again = false;
        await look();
      } while (again);
    })().finally(() => {
      looking = null;
    });
    return looking;
  };
  const stir = (name: string | null): void => {
    if (name === null || VOTES.has(name)) votesDue = true;
    due ??= setTimeout(() => {
      due = null;
      if (votesDue) o.onVotes();
      votesDue = false;
      refresh().catch(o.onFailure);
    }, GATHER_MS);
  };
  const watchers = o.runs.map(({ dir }) => {
    const watcher = watch(dir, { persistent: false }, (_, name) => stir(name));
    // The folder has gone: what is known stays.
    watcher.on('error', () => watcher.close());
    return watcher;
  });
  await refresh();
  const find = (run: RunId, variant: VariantName): VariantState | null =>
    followers.find(({ state }) => state.id === run)?.state.variants.find(({ name }) => name === variant) ?? null;
  return {
    stateOf: find,
    tipOf: (run, variant) => tips.get(find(run, variant)?.branch ?? '') ?? null,
    refresh,
    close: async () => {
      if (due !== null) clearTimeout(due);
      for (const watcher of watchers) watcher.close();
      await looking?.catch(() => undefined); // It has been reported.
      for (const follower of followers) await follower.close();
    },
  };
}

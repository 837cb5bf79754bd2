import { stat } from 'node:fs/promises';
import { lastMove } from '../../git/refs/reflog.ts';
import { listRefs } from '../../git/refs/refs.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import type { AbsolutePath, CommitId, VariantName } from '../../model/ids.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import type { RunContext } from '../run-context.ts';
import { branchRef, foreignPart, isVariantsOwn, type KnownMoves, knownMoves, type RefMove } from './known-moves.ts';
import { changesBetween, type Refs, RefsBefore } from './refs-before.ts';

/** Refs under here are ours (trash, parked work, kept tips) and Claude Code never sees a reason to touch them. */
const OURS = 'refs/copse/';
/** Remote-tracking refs move whenever anybody fetches. */
const FETCHED = 'refs/remotes/';
/** How often we look again at what moves while we look. */
const LOOKS = 3;
/** Changes recorded for one attempt; after a fetch of a thousand tags only the number of the others. */
const NOTED = 50;

type Watched = Pick<RunContext, 'paths' | 'repository' | 'store' | 'log' | 'ownRefs'>;

/**
 * Reports every ref that changed while an attempt ran, unless copse changed it: this run, another run of the repository, merge, prune
 * or undo. That the agent did it is not said, the person works meanwhile. Attempts that end at once wait for each other, so that a ref
 * is noted once.
 */
export class RefWatch {
  readonly #context: Watched;
  readonly #before: RefsBefore;
  #turn: Promise<void> = Promise.resolve();

  constructor(context: Watched) {
    this.#context = context;
    this.#before = new RefsBefore(context.paths);
  }

  /** Writes down all refs before an attempt. */
  async remember(file: AbsolutePath): Promise<void> {
    await this.#before.remember(file, await this.#list());
  }

  /** Compares with the remembered refs, and records changes that copse did not make. */
  report(variant: VariantName, file: AbsolutePath): Promise<void> {
    const turn = this.#turn.then(() => this.#report(variant, file));
    // The next call waits for the end of this one, good or bad; the caller of this one gets the error.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #list(): Promise<Refs> {
    return listRefs(gitIn(this.#context.repository.root, { reads: true }));
  }

  async #report(variant: VariantName, file: AbsolutePath): Promise<void> {
    const before = await this.#before.recall(file);
    if (before === null) return;
    const { mtime: since } = await stat(file);
    const changes = await this.#foreign(before, since);
    const { log } = this.#context;
    const news = changes.filter(
      ({ ref, to }) => !log.state.refChanges.some((change) => change.ref === ref && change.after === to),
    );
    for (const { ref, from, to } of news.slice(0, NOTED)) {
      const how = to === null ? null : await lastMove(this.#context.repository.root, ref, to);
      await log.record({ type: 'ref.changed', variant, ref, before: from, after: to, ...(how === null ? {} : { how }) });
    }
    if (news.length > NOTED) await log.note(`${news.length - NOTED} more refs changed while ${variant} ran.`);
  }

  /** Changes that copse did not make. A ref that moves meanwhile is read again: the command that moves it may not have recorded that yet. */
  async #foreign(before: Refs, since: Date): Promise<readonly RefMove[]> {
    let after = await this.#list();
    for (let look = 1; ; look += 1) {
      const suspects = this.#suspects(before, after);
      if (suspects.length === 0) return [];
      const known = await knownMoves(this.#context.store, { except: this.#context.paths.run, since });
      const again = await this.#list();
      const moved = suspects.some(({ ref, to }) => (again.get(ref) ?? null) !== to);
      if (!moved || look === LOOKS) return suspects.flatMap((suspect) => foreignOf(suspect, known, since) ?? []);
      after = again;
    }
  }

  /** By what this run knows alone. */
  #suspects(before: Refs, after: Refs): readonly RefMove[] {
    const { ownRefs, log } = this.#context;
    return changesBetween(before, after).flatMap(([ref, to]) => {
      if (ref.startsWith(OURS) || (to !== null && (ref.startsWith(FETCHED) || ownRefs.get(ref) === to))) return [];
      const owner = log.state.variants.find(({ branch }) => branchRef(branch) === ref);
      if (owner !== undefined && isOwn(owner, to)) return [];
      return [{ ref, from: before.get(ref) ?? null, to }];
    });
  }
}

/** Of a branch of this run: the commit that the run has set. While its variant works it moves as it pleases, unless it vanishes. */
function isOwn({ phase, commit, created, removed }: VariantState, to: CommitId | null): boolean {
  if (to === null) return removed !== null;
  if (phase.kind !== 'finished' && phase.kind !== 'queued') return true;
  return to === commit?.commit || to === created?.start;
}

/** The part that no other run and no merge, prune or undo did; null: nothing. */
function foreignOf(change: RefMove, known: KnownMoves, since: Date): RefMove | null {
  const foreign = foreignPart(change, known.moves);
  if (foreign === null) return null;
  const owner = known.runs.flatMap(({ variants }) => variants).find(({ branch }) => branchRef(branch) === change.ref);
  return owner !== undefined && isVariantsOwn(owner, foreign.to, since) ? null : foreign;
}

import type { LookedInside } from '../model/reports/prune-report.ts';
/**
 * A prune as data: the candidates, what became of them, what is removed or kept, and why. Touches nothing; uses the network
 * only with `fetch`.
 */

import { BUILT_IN_SETTINGS } from '../config/settings/built-in-settings.ts';
import { approvalLine, isPlanApproved, planTrust } from '../config/trust/plan-approval.ts';
import { stillBeside } from '../git/beside/still-beside.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { besideWords } from '../model/evidence/beside-words.ts';
import type { BranchName } from '../model/ids.ts';
import type { PruneFacts, PruneLook, PruneProgress, PruneRow } from '../model/reports/prune-report.ts';
import type { Store } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import { forEachAtMost } from '../system/for-each-at-most.ts';
import { examineServed } from '../trash/removing/examine.ts';
import type { Removal } from '../trash/removing/removal.ts';
import { type Branches, defaultBranch, readBranches } from './candidates/branch-tips.ts';
import type { Candidate, RunAtHand } from './candidates/candidate.ts';
import { otherCandidates } from './candidates/other-candidates.ts';
import { type Registered, registeredWorktrees } from './candidates/registered.ts';
import { variantCandidates } from './candidates/variant-candidates.ts';
import { decide } from './decide.ts';
import { fetchRemote } from './fetch-remote.ts';
import { type LandedFound, landedHow } from './landed-how.ts';
import { type Inside, lookInside } from './look-inside.ts';
import type { PruneScope } from './prune-scope.ts';

export interface LookOptions {
  readonly repository: Repository;
  readonly store: Store;
  /** All runs that can be read. */
  readonly runs: readonly RunAtHand[];
  readonly scope: PruneScope;
  /** Of what copse did not make: names of ignored folders that need no keeping. */
  readonly disposable: readonly string[];
  readonly skipTeardown: boolean;
  /** Asks the remote and `gh` first. */
  readonly fetch: boolean;
  readonly now: Date;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Hears how far it is. */
  readonly tell?: (progress: PruneProgress) => void;
}

/** The look, and how to act on its rows: a removal for each, in their order. */
export interface PrunePlan extends PruneLook {
  readonly removals: readonly Removal[];
  readonly candidates: readonly Candidate[];
}

/** Worktrees looked at side by side: git's own threads do the rest. */
const AT_ONCE = 4;

/**
 * The decisions of a prune, with reasons, for everything in its scope. Only looks; with `fetch` the remote-tracking branches are brought up to
 * date first. Rejects when the signal aborts.
 */
export async function planPrune(o: LookOptions): Promise<PrunePlan> {
  const notes: string[] = [];
  if (o.fetch) {
    const failure = await fetchRemote(o.repository, (await landingPlace(o)).target, o.signal);
    if (failure !== null) notes.push(failure);
  }
  const { branches, registered, target } = await landingPlace(o);
  const candidates = await candidatesOf(o, branches, registered, target);
  const landed = await landedHow({ ...o, candidates, branches });
  notes.push(...landed.notes);
  const insides = await insidesOf(o, candidates, landed.found);
  const facts = candidates.map((candidate, i) => factsOf(candidate, landed.found[i], insides[i] ?? null, o.now));
  const verdicts = facts.map((one, i) => decide(one, choiceOf(candidates[i], o.scope)));

  // Only for items to remove: finding the users of a folder takes a look at every process.
  const going = verdicts.flatMap((verdict, i) => (verdict.kind === 'goes' ? [i] : []));
  const removals = candidates.map((candidate, i) => {
    const verdict = verdicts[i];
    const why = verdict?.kind === 'goes' ? verdict.why : '';
    return removalOf(candidate, insides[i] ?? null, { why, keepBranch: verdict?.kind === 'goes' && verdict.keepsBranch });
  });
  const examined = await examineServed({
    repository: o.repository,
    store: o.store,
    removals: going.flatMap((i) => removals[i] ?? []),
  });
  const untorn = await Promise.all(going.map((i) => teardownReason(o, candidates[i])));
  going.forEach((i, n) => {
    const { reason, served } = examined[n] ?? { reason: null, served: false };
    const one = facts[i];
    if (one === undefined) return;
    const now = { ...one, served, blocked: saveFirst(reason, one) ?? untorn[n] ?? null };
    facts[i] = now;
    if (now.blocked !== null) verdicts[i] = decide(now, choiceOf(candidates[i], o.scope));
  });
  // An answer missing because git was stopped looks like something unreadable.
  o.signal.throwIfAborted();
  const rows = candidates.map((candidate, i): PruneRow => {
    const [one, verdict] = [facts[i], verdicts[i]];
    if (one === undefined || verdict === undefined) throw new Error('each candidate has its facts');
    return { name: candidate.name, facts: one, verdict };
  });
  return { rows, notes, removals, candidates };
}

async function landingPlace(o: LookOptions): Promise<{
  readonly branches: Branches;
  readonly registered: readonly Registered[];
  readonly target: BranchName | null;
}> {
  const [branches, registered] = await Promise.all([readBranches(o.repository), registeredWorktrees(o.repository.commonDir)]);
  return { branches, registered, target: await defaultBranch(o.repository, branches) };
}

async function candidatesOf(
  o: LookOptions,
  branches: Branches,
  registered: readonly Registered[],
  target: BranchName | null,
): Promise<Candidate[]> {
  const { repository, runs, scope } = o;
  const variants = await variantCandidates({ runs, scope, registered, branches, fallback: target });
  if (!scope.others) return variants;
  const known = new Set(runs.map(({ state }) => state.id));
  const targets = new Set(runs.flatMap(({ state }) => state.target ?? []));
  if (target !== null) targets.add(target);
  const others = await otherCandidates({
    repository,
    scope,
    registered,
    branches,
    ours: {
      gitDirs: new Set(registered.filter(({ record }) => record !== null && known.has(record.run)).map(({ gitDir }) => gitDir)),
      branches: new Set(runs.flatMap(({ state }) => state.variants.map(({ branch }) => branch))),
    },
    targets,
    target,
    disposable: o.disposable,
  });
  return [...variants, ...others];
}

/** By candidate. Items that copse did not create and that are kept in any case are not examined: most old ones are such. */
async function insidesOf(
  o: LookOptions,
  candidates: readonly Candidate[],
  found: readonly LandedFound[],
): Promise<readonly (Inside | null)[]> {
  const asked = [...candidates.entries()].filter(([i, candidate]) => {
    const { kind } = decide(factsOf(candidate, found[i], null, o.now), choiceOf(candidate, o.scope));
    return kind === 'goes' || candidate.variant !== null;
  });
  const insides: (Inside | null)[] = candidates.map(() => null);
  const of = asked.filter(([, { worktree }]) => worktree?.there === true).length;
  let done = 0;
  await forEachAtMost(AT_ONCE, asked, async ([i, candidate]) => {
    insides[i] = await insideOf(o, candidate, asked.length >= AT_ONCE);
    if (candidate.worktree?.there !== true) return;
    done += 1;
    o.tell?.({ kind: 'searching', done, of });
  });
  return insides;
}

async function insideOf(
  { repository, environment }: LookOptions,
  candidate: Candidate,
  amongMany: boolean,
): Promise<Inside | null> {
  const { worktree, rest, variant, branch } = candidate;
  if (worktree === null || !worktree.there || rest.kind === 'running') return null;
  const { path, gitDir } = worktree;
  const disposable = await disposableOf(candidate, environment);
  const inside = await lookInside({ repository, path, gitDir, disposable, amongMany });
  const tip = branch?.commit ?? worktree.head.commit;
  // Nested repositories and secrets are untracked files of git's, and counted as such.
  const heldBack = (variant?.state.heldBack ?? []).filter(({ why }) => why === 'ignored' || why === 'submodule');
  if (inside.looked === null || tip === null) return inside;
  const beside = await stillBeside({ commonDir: repository.commonDir, worktree: path, tip, heldBack });
  return beside.length === 0 ? inside : { ...inside, looked: { ...inside.looked, beside: beside.map(besideWords) } };
}

/** Folders that are deleted permanently: of a run that no person approved only the built-in ones. */
async function disposableOf({ variant, disposable }: Candidate, environment: Environment): Promise<readonly string[]> {
  if (variant === null || (await isPlanApproved(variant.plan, environment))) return disposable;
  return disposable.filter((folder) => BUILT_IN_SETTINGS.disposable.includes(folder));
}

/** Why its teardown cannot run; null: it can, or there is none. */
async function teardownReason(o: LookOptions, candidate: Candidate | undefined): Promise<string | null> {
  const { variant, worktree } = candidate ?? { variant: null, worktree: null };
  if (o.skipTeardown || variant === null || worktree?.there !== true || variant.plan.teardown.length === 0) return null;
  const trust = await planTrust(variant.plan, o.environment);
  if (trust.approved) return null;
  return `Its teardown is no longer approved. Review it: ${approvalLine(variant.plan, trust)}; or skip it: copse prune --skip-teardown`;
}

/** Why it stays may end in the command that removes it by hand: not while there is work that no commit holds. */
function saveFirst(reason: string | null, { inside }: PruneFacts): string | null {
  if (reason?.includes('git worktree remove') !== true || inside?.beside === undefined) return reason;
  return `Work in it is in no commit: ${inside.beside.join(', ')}. Commit or copy what you need of it first.`;
}

function choiceOf(candidate: Candidate | undefined, { olderMs }: PruneScope) {
  return { chosen: candidate?.chosen === true ? 'named' : 'swept', olderMs } as const;
}

function factsOf(candidate: Candidate, landed: LandedFound | undefined, inside: Inside | null, now: Date): PruneFacts {
  const { variant, worktree, branch, rest, blocked, neededBy, at } = candidate;
  return {
    owner: variant === null ? null : { run: variant.run.state.id, variant: variant.state.name },
    rest,
    worktree: worktree?.path ?? null,
    folder: worktree === null ? 'none' : worktree.there ? 'there' : 'missing',
    branch,
    landed: landed?.how ?? { kind: 'unknown', why: 'nothing to compare it with' },
    looseHead: landed?.looseHead ?? false,
    inside: inside?.looked ?? null,
    unreadable: inside?.unreadable ?? null,
    blocked,
    served: false,
    neededBy,
    idleMs: at === null ? null : Math.max(0, now.getTime() - at),
  };
}

/** The removal of one candidate; its teardown is added when it is carried out. */
function removalOf(
  candidate: Candidate,
  inside: Inside | null,
  o: { readonly why: string; readonly keepBranch: boolean },
): Removal {
  const { variant, worktree, branch } = candidate;
  const looked = inside?.looked ?? null;
  return {
    owner: variant === null ? null : { run: variant.run.state.id, variant: variant.state.name },
    worktree: worktree === null ? null : { path: worktree.path, gitDir: worktree.gitDir, nonce: worktree.nonce },
    branch: o.keepBranch ? null : branch,
    disposable: inside?.disposable ?? [],
    why: o.why,
    teardown: null,
    clean: looked !== null && isClean(looked),
    bytes: looked?.bytes == null ? null : looked.bytes - looked.disposableBytes,
  };
}

function isClean({ uncommitted, untracked, hidden = [], operation }: LookedInside): boolean {
  return uncommitted === 0 && untracked === 0 && hidden.length === 0 && operation === null;
}

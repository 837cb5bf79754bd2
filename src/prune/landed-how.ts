import { join } from 'node:path';
import type { Landing } from '../git/landed/judge-landing.ts';
import { landedIn } from '../git/landed/landed.ts';
import { LandingMemory } from '../git/landed/landing-memory.ts';
import { knownCommits } from '../git/objects/known-objects.ts';
import { objectsGit } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { CommitId, RefName } from '../model/ids.ts';
import type { LandedHow, PruneProgress } from '../model/reports/prune-report.ts';
import { storeAt } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import { personStateDirectory } from '../system/person-directories.ts';
import type { Branches } from './candidates/branch-tips.ts';
import type { Candidate } from './candidates/candidate.ts';
import { hadCommits } from './candidates/other-candidates.ts';
import { mergedPullRequests } from './pull-requests.ts';

export interface LandedFound {
  readonly how: LandedHow;
  /** Its HEAD is detached at commits that neither landed nor are on its branch. */
  readonly looseHead: boolean;
}

interface Options {
  readonly repository: Repository;
  readonly candidates: readonly Candidate[];
  readonly branches: Branches;
  /** Asks `gh` about branches that do not look landed. */
  readonly fetch: boolean;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly tell?: (progress: PruneProgress) => void;
}

/** A commit to judge. */
interface Question {
  readonly tip: CommitId;
  readonly start: CommitId | null;
  readonly targets: readonly RefName[];
}

/** What became of each candidate's work; candidates with the same targets share their git processes. */
export async function landedHow(
  o: Options,
): Promise<{ readonly found: readonly LandedFound[]; readonly notes: readonly string[] }> {
  const tips = o.candidates.map(tipOf);
  const heads = o.candidates.map(looseHeadOf);
  const state = personStateDirectory(o.environment);
  const [known, memory] = await Promise.all([
    commitsHere(
      o,
      o.candidates.flatMap(({ start }, i) => [tips[i] ?? null, heads[i] ?? null, start]),
    ),
    LandingMemory.open({
      commonDir: o.repository.commonDir,
      folder: join(storeAt(o.repository.commonDir).root, 'cache'),
      keyFile: state === null ? null : join(state, 'cache-key'),
    }),
  ]);
  const question = (candidate: Candidate, tip: CommitId | null, start: CommitId | null): Question | null =>
    tip === null || !known.has(tip) || candidate.targets.length === 0
      ? null
      : { tip, start: start !== null && known.has(start) ? start : null, targets: candidate.targets };
  const own = o.candidates.map((candidate, i) => question(candidate, tips[i] ?? null, candidate.start));
  const loose = o.candidates.map((candidate, i) => question(candidate, heads[i] ?? null, null));
  const answers = await answerAll(o, [...own, ...loose], memory);
  await memory.save();

  const hows: LandedHow[] = [];
  for (const [i, candidate] of o.candidates.entries()) {
    const answer = answers[i] ?? null;
    const how = answer ?? { kind: 'unknown', why: whyUnknown(candidate, tips[i] ?? null, known) };
    hows.push(await corrected(o, candidate, how));
  }
  const notes = o.fetch ? await askForge(o, tips, hows) : [];
  const found = hows.map((how, i): LandedFound => {
    const head = heads[i] ?? null;
    const answer = answers[o.candidates.length + i] ?? null;
    return { how, looseHead: head !== null && head !== tips[i] && !isThere(answer) };
  });
  return { found, notes };
}

/** Those that are here. git read the tips of branches to list them: only others are asked for. */
async function commitsHere(
  { repository, branches }: Options,
  commits: readonly (CommitId | null)[],
): Promise<ReadonlySet<CommitId>> {
  const tips = new Set([...branches.local.values()].flatMap(({ commit, at }) => (at > 0 ? [commit] : [])));
  const others = commits.filter((commit) => commit !== null && !tips.has(commit));
  return new Set([...tips, ...(await knownCommits(objectsGit(repository.commonDir), others))]);
}

/** The commit that holds its work; null: there is none. */
function tipOf({ variant, branch, worktree }: Candidate): CommitId | null {
  const recorded = variant?.state.commit ?? null;
  // Work that could not be committed to the branch was parked elsewhere.
  if (recorded !== null && recorded.parked !== null) return recorded.commit;
  return branch?.commit ?? worktree?.head.commit ?? null;
}

/** Where HEAD is when it is on no branch that would stay. */
function looseHeadOf({ worktree, branch }: Candidate): CommitId | null {
  if (worktree === null || worktree.head.branch !== null) return null;
  return worktree.head.commit === branch?.commit ? null : worktree.head.commit;
}

function whyUnknown({ targets }: Candidate, tip: CommitId | null, known: ReadonlySet<CommitId>): string {
  if (tip === null) return 'it has no commit';
  if (!known.has(tip)) return 'its commits are gone';
  return targets.length === 0 ? 'there is no target branch' : 'not landed';
}

function isThere(how: LandedHow | null): boolean {
  return how !== null && ['empty', 'merged', 'squashed', 'landed-then-changed'].includes(how.kind);
}

async function answerAll(
  o: Options,
  questions: readonly (Question | null)[],
  memory: LandingMemory,
): Promise<readonly (LandedHow | null)[]> {
  const answers: (LandedHow | null)[] = questions.map(() => null);
  const groups = Map.groupBy(
    questions.flatMap((question, at) => (question === null ? [] : [{ question, at }])),
    ({ question }) => question.targets.join('\0'),
  );
  for (const group of groups.values()) {
    const refs = group[0]?.question.targets ?? [];
    const targets = refs.map((ref) => ({ name: shortName(ref), commit: commitOf(o.branches, ref) }));
    const ask = (commits: readonly CommitId[], of: typeof group): Promise<readonly Landing[]> =>
      landedIn({
        commonDir: o.repository.commonDir,
        targets: commits,
        candidates: of.map(({ question: { tip, start } }) => ({ tip, start })),
        memory,
        signal: o.signal,
        tell: (known, open) => o.tell?.({ kind: 'comparing', known, open }),
      });
    const landings = await ask(
      targets.map(({ commit }) => commit),
      group,
    );
    const [first, second] = targets;
    if (first === undefined) continue;
    // Which of the two has it is worth saying; remembered from just before.
    const inFirst = second === undefined || second.commit === first.commit ? landings : await ask([first.commit], group);
    group.forEach(({ at }, i) => {
      const landing = landings[i] ?? { kind: 'open' };
      const on = inFirst[i]?.kind === landing.kind ? first.name : (second?.name ?? first.name);
      answers[at] = toHow(landing, on);
    });
  }
  return answers;
}

function toHow(landing: Landing, on: string): LandedHow {
  switch (landing.kind) {
    case 'landed':
      return landing.how === 'merged' ? { kind: 'merged', on } : { kind: 'squashed', on, commit: landing.commit };
    case 'landed-then-changed':
    case 'reverted':
      return { kind: landing.kind, on, commit: landing.commit };
    case 'open':
      return { kind: 'not-landed' };
    case 'unrelated':
      return { kind: 'unknown', why: `it has no history in common with ${on}` };
    default:
      return { kind: 'empty' };
  }
}

/** Facts that git's objects alone do not show. */
async function corrected(o: Options, candidate: Candidate, how: LandedHow): Promise<LandedHow> {
  const { variant, branch, targets } = candidate;
  const [first] = targets;
  if (first === undefined) return how;
  const on = shortName(first);
  if (how.kind === 'empty' && variant === null && branch !== null && (await hadCommits(o.repository.commonDir, branch.name))) {
    return { kind: 'merged', on };
  }
  // A variant built on another's, both landed: changes of the target in between can hide it. Or it landed on another branch than the run's target:
  // the one that the user wanted, which is as good.
  const landed = variant?.state.landed ?? null;
  if (how.kind === 'not-landed' && landed !== null && landed.tip === branch?.commit) {
    const target = commitOf(o.branches, `refs/heads/${landed.target}`);
    if (target !== '' && (await stillThere(o.repository, landed.commit, target))) {
      const missingOn = landed.target === on ? null : on;
      return { kind: 'landed', on: landed.target, commit: landed.commit, missingOn };
    }
  }
  return how;
}

/** Whether copse's merge commit is in the target and was not reverted. */
async function stillThere({ commonDir }: Repository, commit: CommitId, target: CommitId): Promise<boolean> {
  if (!(await knownCommits(objectsGit(commonDir), [commit])).has(commit)) return false;
  const [landing] = await landedIn({ commonDir, targets: [target], candidates: [{ tip: commit }] });
  return landing?.kind === 'landed' || landing?.kind === 'empty';
}

async function askForge(o: Options, tips: readonly (CommitId | null)[], hows: LandedHow[]): Promise<readonly string[]> {
  const open = o.candidates.flatMap((candidate, i) => {
    const tip = tips[i] ?? null;
    return hows[i]?.kind === 'not-landed' && tip !== null ? [{ i, tip, branch: candidate.branch?.name ?? null, candidate }] : [];
  });
  const groups = Map.groupBy(open, ({ candidate }) => candidate.targets[0] ?? '');
  const notes = new Set<string>();
  for (const [target, group] of groups) {
    const name = target.replace(/^refs\/(heads|remotes\/[^/]+)\//, '');
    const { through, note } = await mergedPullRequests({
      repository: o.repository,
      target: name === '' ? null : name,
      tips: group,
      environment: o.environment,
      signal: o.signal,
    });
    if (note !== null) notes.add(note);
    for (const { i, tip } of group) {
      const number = through.get(tip);
      if (number !== undefined) hows[i] = { kind: 'pull-request', number };
    }
  }
  return [...notes];
}

function shortName(ref: RefName): string {
  return ref.replace(/^refs\/(heads|remotes)\//, '');
}

function commitOf({ local, remote }: Branches, ref: RefName): CommitId {
  return local.get(ref.replace(/^refs\/heads\//, ''))?.commit ?? remote.get(ref) ?? '';
}

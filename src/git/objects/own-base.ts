/**
 * The commit that a variant's work is measured from. Its own commits are those that neither its start nor the target nor a variant that it needs
 * has; its base is what they were built on: the start, or the newest of the target's commits that it has merged in since.
 */
import type { BranchName, CommitId, RefName } from '../../model/ids.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { readAncestry } from '../landed/ancestry.ts';
import type { Git } from '../spawn/git-in.ts';
import { AS_COMMITTED } from './file-changes.ts';
import { isAncestor } from './is-ancestor.ts';
import { mergedBase } from './merged-base.ts';

export interface OwnQuestion {
  readonly start: CommitId;
  readonly tip: CommitId;
  /** Tips whose commits are not its own: the target's, those of its needs. All of them exist. */
  readonly others: readonly CommitId[];
  /** The tip is where the run left it, so it descends from the start. */
  readonly settled: boolean;
  /**
   * Whether it has commits of its own, as the run counted them; null: not counted yet. The history does not tell a branch that was
   * fast-forwarded to its tip from one that it was fast-forwarded to.
   */
  readonly worked: boolean | null;
  /** The part of it on the target, and the target just before. */
  readonly landed: { readonly tip: CommitId; readonly before: CommitId } | null;
}

export interface OwnBase {
  /** The commit that its changes are measured from. It may be without a ref. */
  readonly from: CommitId;
  /** Own commits; null: not counted, only the start can be in its history. */
  readonly commits: number | null;
}

/** The question about a variant, from its run's records. `target`: the branch whose tip is among the others. */
export function ownQuestion(
  { commit, changes, landed, phase }: VariantState,
  at: Pick<OwnQuestion, 'start' | 'tip' | 'others'> & { readonly target: BranchName | null },
): OwnQuestion {
  const { start, tip, others, target } = at;
  return {
    start,
    tip,
    others,
    // Work that does not descend from the start is parked.
    settled: commit?.commit === tip && commit.parked === null,
    worked: changes.commits > 0 ? true : phase.kind === 'finished' ? false : null,
    landed: landed?.from === undefined || landed.target !== target ? null : { tip: landed.tip, before: landed.from },
  };
}

/** Of the target, also as it was last fetched: an agent merges either. */
export function tipsOfTarget(branch: BranchName | null, refs: ReadonlyMap<RefName, CommitId>): CommitId[] {
  if (branch === null) return [];
  return [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`].map((ref) => refs.get(ref)).filter((tip) => tip !== undefined);
}

const AT_ONCE = 4;

/**
 * An answer for each question, in their order. No git process for what was settled while nothing but its start can be in its history;
 * else one for all variants with the same start, and few more for each that merged something in. GitError if a commit is missing.
 */
export async function ownBases(git: Git, commonDir: string, questions: readonly OwnQuestion[]): Promise<OwnBase[]> {
  const answers: OwnBase[] = questions.map(({ start, tip }) => ({ from: start, commits: start === tip ? 0 : null }));
  const groups = new Map<string, { readonly heads: readonly CommitId[]; readonly places: number[] }>();
  for (const [place, { start, tip, others, settled }] of questions.entries()) {
    if (start === tip || (settled && others.every((other) => other === start))) continue;
    const heads = [...new Set([start, ...others])].sort();
    const group = groups.get(heads.join()) ?? { heads, places: [] };
    groups.set(heads.join(), group);
    group.places.push(place);
  }
  const bases = new Map<string, Promise<CommitId>>();
  const baseOf = (built: readonly CommitId[]): Promise<CommitId> => {
    const key = built.toSorted().join();
    const known = bases.get(key) ?? oneBase(git, commonDir, built.toSorted());
    bases.set(key, known);
    return known;
  };
  await forEachAtMost(AT_ONCE, [...groups.values()], async ({ heads, places }) => {
    const tips = places.map((place) => (questions[place] as OwnQuestion).tip);
    const graph = await commitsBeyond(git, tips, heads);
    for (const place of places) {
      const question = questions[place] as OwnQuestion;
      answers[place] = graph.has(question.tip)
        ? await answerOf(question, graph, baseOf)
        : await takenOver(git, question, heads, baseOf);
    }
  });
  return answers;
}

type Graph = ReadonlyMap<CommitId, readonly CommitId[]>;

/** Commits of the tips that none of the heads has, with their parents. */
async function commitsBeyond(git: Git, tips: readonly CommitId[], heads: readonly CommitId[]): Promise<Graph> {
  const input = [...new Set(tips), ...heads.map((head) => `^${head}`), ''].join('\n');
  const { text } = await git.run(['rev-list', '--parents', '--stdin'], { env: AS_COMMITTED, input });
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [commit = '', ...parents] = line.split(' ');
        return [commit, parents];
      }),
  );
}

async function answerOf(
  { start, tip }: OwnQuestion,
  graph: Graph,
  baseOf: (built: readonly CommitId[]) => Promise<CommitId>,
): Promise<OwnBase> {
  const own = new Set<CommitId>();
  const built = new Set<CommitId>();
  const waiting = [tip];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (own.has(at)) continue;
    own.add(at);
    for (const parent of graph.get(at) ?? []) {
      if (graph.has(parent)) waiting.push(parent);
      else built.add(parent);
    }
  }
  // Built on nothing: a separate history, compared with the start.
  return { from: built.size === 0 ? start : await baseOf([...built]), commits: own.size };
}

/** The tip is in the history of others: it has nothing of its own, or they took its work over. */
async function takenOver(
  git: Git,
  question: OwnQuestion,
  heads: readonly CommitId[],
  baseOf: (built: readonly CommitId[]) => Promise<CommitId>,
): Promise<OwnBase> {
  const { start, tip, settled, worked } = question;
  const nothing = { from: tip, commits: 0 };
  if (settled && worked === false) return nothing;
  if (await isAncestor(git, tip, start)) return nothing;
  const before = new Set<CommitId>([start]);
  for (const head of heads) {
    if (head === start) continue;
    if (!(await isAncestor(git, tip, head))) before.add(head);
    else {
      const without = await justBefore(git, question, head);
      if (without === null) return nothing;
      for (const commit of without) before.add(commit);
    }
  }
  const graph = await commitsBeyond(git, [tip], [...before]);
  return graph.has(tip) ? answerOf(question, graph, baseOf) : nothing;
}

/** The commit of a head before it took the tip over: unknown if it was fast-forwarded. null: it took nothing over. */
async function justBefore(git: Git, { tip, landed, worked }: OwnQuestion, head: CommitId): Promise<readonly CommitId[] | null> {
  if (landed?.tip === tip) return [landed.before];
  const ancestry = await readAncestry(git, head, [tip]);
  if (ancestry.place(tip) !== null) return worked === true ? [] : null;
  return ancestry.parents(ancestry.chain[ancestry.broughtAt(tip) ?? -1] ?? '').slice(0, 1);
}

/** Of several commits those that no other has in its history, merged. */
async function oneBase(git: Git, commonDir: string, built: readonly CommitId[]): Promise<CommitId> {
  const [only = ''] = built;
  if (built.length === 1) return only;
  const { text } = await git.run(['merge-base', '--independent', ...built], { env: AS_COMMITTED });
  return mergedBase(commonDir, text.split('\n').toSorted());
}

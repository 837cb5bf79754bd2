import type { CommitId } from '../../model/ids.ts';
import { isAncestor } from '../objects/is-ancestor.ts';
import { objectsGit } from '../spawn/git-in.ts';
import type { Candidate, Landing } from './judge-landing.ts';
import { landedInTarget } from './landed-in-target.ts';
import type { LandingMemory } from './landing-memory.ts';

/**
 * Which of many branches have landed, in about 15 git processes for all of them and each target. `targets`: the target and its
 * remote-tracking branch; landed in any of them counts, unless one that is as new reverted it. Reads objects alone, runs no driver,
 * leaves nothing behind. GitError if a commit is missing.
 */
export async function landedIn(o: {
  readonly commonDir: string;
  readonly targets: readonly CommitId[];
  readonly candidates: readonly Candidate[];
  /** Of earlier looks. */
  readonly memory?: LandingMemory;
  /** Hears how many are known from them, and how many are judged now, if any. */
  readonly tell?: (known: number, open: number) => void;
  readonly signal?: AbortSignal;
}): Promise<readonly Landing[]> {
  const { targets: given, memory, tell, ...rest } = o;
  const targets = [...new Set(given)];
  if (o.candidates.length === 0) return [];
  const answers: (readonly Landing[])[] = [];
  for (const target of targets) answers.push(await answersOf({ ...rest, target }, memory, tell));
  const isOlder = olderTargets(o.commonDir, targets);
  return Promise.all(
    o.candidates.map((_, i) =>
      best(
        answers.map((answer) => answer[i] ?? { kind: 'open' }),
        isOlder,
      ),
    ),
  );
}

async function answersOf(
  o: Parameters<typeof landedInTarget>[0],
  memory: LandingMemory | undefined,
  tell: ((known: number, open: number) => void) | undefined,
): Promise<readonly Landing[]> {
  const { target, candidates } = o;
  const known = (await memory?.recall(target, candidates)) ?? [];
  const open = candidates.filter((_, i) => known[i] == null);
  if (open.length === 0) return known.filter((one) => one !== null);
  tell?.(candidates.length - open.length, open.length);
  const judgements = await landedInTarget({ ...o, candidates: open });
  memory?.remember(target, open, judgements);
  let next = 0;
  return candidates.map((_, i) => known[i] ?? judgements[next++]?.landing ?? { kind: 'open' });
}

const BEST_FIRST: readonly Landing['kind'][] = ['empty', 'landed', 'landed-then-changed', 'reverted', 'open', 'unrelated'];

async function best(answers: readonly Landing[], isOlder: (a: number, b: number) => Promise<boolean>): Promise<Landing> {
  const kind = BEST_FIRST.find((one) => answers.some((answer) => answer.kind === one)) ?? 'open';
  const place = answers.findIndex((answer) => answer.kind === kind);
  const winner = answers[place] ?? { kind: 'open' };
  for (const [at, answer] of answers.entries()) {
    if (answer.kind !== 'reverted' || at === place) continue;
    // The other target may not know of it yet; one that has this one in its history brought it back.
    if (!(await isOlder(at, place))) return answer;
  }
  return winner;
}

/** Whether one target is in the history of another; asked of git once for each two. */
function olderTargets(commonDir: string, targets: readonly CommitId[]): (a: number, b: number) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (a, b) => {
    const key = `${a} ${b}`;
    const answer = known.get(key) ?? isAncestor(objectsGit(commonDir), targets[a] ?? '', targets[b] ?? '');
    known.set(key, answer);
    return answer;
  };
}

import type { ClaudeAnswer } from '../agent/claude/ask-claude.ts';
import type { JudgeEvidence, JudgeScore } from '../model/reports/evidence.ts';
import { type Candidate, judgeQuestion } from './judge-question.ts';

export const JUDGE_CRITERIA = ['solves the task', 'correctness', 'clarity', 'upkeep'] as const;

/** Totals that differ by more than this a criterion between two rounds are a disagreement. */
const ALIKE = 1;

export interface JudgeOptions {
  readonly task: string;
  readonly candidates: readonly Candidate[];
  /** The criteria, each scored from 0 to 10. */
  readonly criteria: readonly string[];
  /** Two: asked again in reversed order, since order sways a judge. */
  readonly rounds: 1 | 2;
  /** Of all rounds together, US dollars. */
  readonly budgetUsd: number;
  /** A number in [0, 1), for the order. */
  readonly random: () => number;
  readonly ask: (question: {
    readonly prompt: string;
    readonly schema: object;
    readonly budgetUsd: number;
  }) => Promise<ClaudeAnswer>;
}

/**
 * Asks a model which of the variants is best. It sees the task, diffs and check results under blind aliases in random order, and
 * answers by a schema. Its answer is one more piece of evidence; a failure is a value.
 */
export async function judge(o: JudgeOptions): Promise<JudgeEvidence> {
  const first = shuffled(o.candidates, o.random);
  const orders = o.rounds === 2 ? [first, first.toReversed()] : [first];
  const rounds: { order: readonly string[]; scores: readonly JudgeScore[] }[] = [];
  const leftOut = new Set<string>();
  let costUsd = 0;
  let model: string | null = null;
  let failure = '';
  for (const order of orders) {
    const question = judgeQuestion(o.task, order, o.criteria);
    for (const one of question.leftOut) leftOut.add(one);
    const answer = await o.ask({
      prompt: question.prompt,
      schema: question.schema,
      budgetUsd: (o.budgetUsd - costUsd) / (orders.length - rounds.length),
    });
    costUsd += answer.costUsd;
    model = answer.model ?? model;
    const scores = answer.failure === '' ? readScores(answer.structured, question.aliases, o.criteria) : null;
    if (scores === null) {
      failure = answer.failure === '' ? 'It did not score every variant.' : answer.failure;
      break;
    }
    rounds.push({ order: order.map(({ label }) => label), scores });
  }
  return {
    model,
    costUsd,
    rounds,
    disagreements: disagreements(
      rounds.map(({ scores }) => scores),
      o.criteria.length,
    ),
    leftOut: [...leftOut],
    failure,
  };
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const at = Math.floor(random() * (last + 1));
    const [a, b] = [copy[last], copy[at]];
    if (a === undefined || b === undefined) throw new Error('an index of the list is in the list');
    copy[last] = b;
    copy[at] = a;
  }
  return copy;
}

/** The scores by label; null unless each variant has each criterion, from 0 to 10. */
function readScores(
  structured: unknown,
  aliases: ReadonlyMap<string, string>,
  criteria: readonly string[],
): readonly JudgeScore[] | null {
  const list =
    isObject(structured) && Array.isArray(structured['variants']) ? (structured['variants'] as readonly unknown[]) : [];
  const scores = new Map<string, JudgeScore>();
  for (const entry of list) {
    if (!isObject(entry)) return null;
    const label = aliases.get(String(entry['alias']));
    const given = entry['scores'];
    if (label === undefined || !isObject(given)) return null;
    const values = criteria.map((criterion) => [criterion, given[criterion]] as const);
    const numbers = values.filter((pair): pair is readonly [string, number] => isScore(pair[1]));
    if (numbers.length !== criteria.length) return null;
    const text = (key: string): string => (typeof entry[key] === 'string' ? entry[key] : '');
    scores.set(label, { label, scores: Object.fromEntries(numbers), reasons: text('reasons'), risks: text('risks') });
  }
  return scores.size === aliases.size ? [...scores.values()] : null;
}

function isScore(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 10;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function disagreements(rounds: readonly (readonly JudgeScore[])[], criteria: number): readonly string[] {
  const [first, second] = rounds;
  if (first === undefined || second === undefined) return [];
  const total = ({ scores }: JudgeScore): number => Object.values(scores).reduce((sum, value) => sum + value, 0);
  return first.flatMap((score) => {
    const other = second.find(({ label }) => label === score.label);
    if (other === undefined) return [];
    return Math.abs(total(score) - total(other)) > ALIKE * criteria ? [score.label] : [];
  });
}

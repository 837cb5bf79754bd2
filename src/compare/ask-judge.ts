import { askClaude } from '../agent/claude/ask-claude.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { JudgeEvidence, VariantEvidence } from '../model/reports/evidence.ts';
import type { Environment } from '../system/environment.ts';
import { JUDGE_CRITERIA, judge } from './judge.ts';
import { patchesOf, splitPatch } from './patches.ts';

const TIMEOUT_MS = 10 * 60_000;

export interface AskJudgeOptions {
  readonly repository: Repository;
  readonly task: string;
  readonly variants: readonly VariantEvidence[];
  /** null: the built-in ones. */
  readonly criteria: readonly string[] | null;
  readonly rounds: 1 | 2;
  readonly model: string | null;
  readonly budgetUsd: number;
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}

/** Asks the judge about the variants that have something to judge. */
export async function askJudge(o: AskJudgeOptions): Promise<JudgeEvidence> {
  const worthJudging = o.variants.filter(({ changes, outcome }) => changes.files > 0 && outcome !== null);
  if (worthJudging.length < 2) {
    const failure = 'Fewer than two variants have changes to judge.';
    return { model: null, costUsd: 0, rounds: [], disagreements: [], leftOut: [], failure };
  }
  const patches = await patchesOf(o.repository, worthJudging);
  const candidates = worthJudging.map(({ label, outcome, checks }, index) => ({
    label,
    outcome: outcome ?? '',
    checks,
    patches: splitPatch(patches[index]?.patch ?? ''),
  }));
  const answer = await judge({
    task: o.task,
    candidates,
    criteria: o.criteria ?? JUDGE_CRITERIA,
    rounds: o.rounds,
    budgetUsd: o.budgetUsd,
    random: Math.random,
    ask: ({ prompt, schema, budgetUsd }) =>
      askClaude({
        prompt,
        schema,
        budgetUsd,
        model: o.model,
        timeoutMs: TIMEOUT_MS,
        environment: o.environment,
        ...(o.signal === undefined ? {} : { signal: o.signal }),
      }),
  });
  return o.signal?.aborted === true && answer.failure !== '' ? { ...answer, failure: 'It was stopped.' } : answer;
}

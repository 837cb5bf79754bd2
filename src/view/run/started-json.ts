import { type NextJson, nextJson } from '../next-json.ts';

/** The answer of `run`, `retry` and `resume` with `--detach --json`. */
export interface StartedJson {
  readonly schema: 1;
  readonly run: string;
  /** What was started or continued. */
  readonly variants: readonly string[];
  readonly totalBudgetUsd: number;
  readonly next: readonly NextJson[];
}

export function startedJson(run: string, variants: readonly string[], totalBudgetUsd: number): StartedJson {
  const next = [
    nextJson(`copse wait ${run}`, 'Block until it ends; the exit code and the output tell how. Run it in the background.'),
    nextJson(`copse status ${run} --json`, 'See how far it is.'),
    nextJson(`copse stop --run ${run}`, 'Stop it; finished work is kept.'),
  ];
  return { schema: 1, run, variants, totalBudgetUsd, next };
}

import * as z from 'zod/mini';
import type { CheckResult } from '../model/evidence/check.ts';

const CACHED = z.object({
  status: z.enum(['passed', 'failed', 'timed-out']),
  exitCode: z.nullable(z.number()),
  durationMs: z.number(),
  detail: z.string(),
  reportProblem: z.optional(z.string()),
  flaky: z.optional(z.object({ runs: z.number(), failed: z.number() })),
});

/** A check's result as the cache has it, under the name that it has now; null: none, or not one. */
export function readCheck(value: unknown, name: string): CheckResult | null {
  const { data } = z.safeParse(CACHED, value);
  if (data === undefined) return null;
  const { reportProblem, flaky, ...result } = data;
  return {
    name,
    ...result,
    onBase: null,
    ...(reportProblem === undefined ? {} : { reportProblem }),
    ...(flaky === undefined ? {} : { flaky }),
  };
}

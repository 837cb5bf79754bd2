import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { PlannedMetric } from '../model/plan.ts';
import { readCause } from '../system/cause/read-cause.ts';
import type { Environment } from '../system/environment.ts';
import { makePrivateDirectory, readTail, sizeOf } from '../system/files.ts';
import { plainText, shortLine } from '../text/plain-text.ts';
import { redactSecrets } from '../text/redact-secrets.ts';
import { readNumber } from './read-number.ts';
import { runConfined } from './run-confined.ts';

/** The result of a measurement; `value` null: `failure` is the reason. */
export interface MetricResult {
  readonly name: string;
  /** The median of the repeats. */
  readonly value: number | null;
  /** Largest − smallest of the repeats. */
  readonly spread: number;
  readonly failure: string;
}

export interface MetricOptions {
  readonly metric: PlannedMetric;
  readonly worktree: AbsolutePath;
  /** Exact environment; holds no credentials of the agent. */
  readonly env: Environment;
  readonly isolation: Isolation;
  /** Of the repository. */
  readonly commonDir: AbsolutePath;
  /** The person's, whole. */
  readonly person: Environment;
  /** Time-out of each repeat, ms. */
  readonly timeoutMs: number;
  readonly marker: string;
  readonly secretValues: readonly string[];
  readonly signal: AbortSignal;
  /** Takes the output of the last repeat; stderr is stored beside it. */
  readonly log: AbsolutePath;
}

const MOST_OUTPUT = 4 * 1024 * 1024;
/** Numbers in warnings must not be taken for the metric: stderr goes elsewhere. */
const APART = 'exec 2>"$1"; shift; exec "$@"';

/** Measures one metric, its repeats one after the other. One that fails once has no value. Rejects with the signal's reason. */
export async function runMetric(o: MetricOptions): Promise<MetricResult> {
  const { metric, log } = o;
  await makePrivateDirectory(dirname(log));
  const errors = `${log}.stderr`;
  const values: number[] = [];
  for (let n = 0; n < metric.repeat; n += 1) {
    const ran = await runConfined(['/bin/sh', '-c', metric.run], {
      before: ['/bin/sh', '-c', APART, 'sh', errors],
      cwd: o.worktree,
      isolation: o.isolation,
      commonDir: o.commonDir,
      person: o.person,
      env: o.env,
      log,
      timeoutMs: o.timeoutMs,
      marker: o.marker,
      signal: o.signal,
    });
    o.signal.throwIfAborted();
    const said = (text: string): string => shortLine(redactSecrets(plainText(text), o.secretValues), 160);
    const failed = (why: string): MetricResult => ({ name: metric.name, value: null, spread: 0, failure: why });
    if (ran.startError !== null) return failed(`It could not start: ${said(ran.startError)}`);
    if (ran.timedOut) return failed(`It still ran after ${Math.round(o.timeoutMs / 1000)} s.`);
    if (ran.exitCode !== 0) {
      const cause = await readCause((await sizeOf(errors)) > 0 ? errors : log, ran.exitCode, o.secretValues);
      return failed(`It ended with ${ran.exitCode ?? 'a signal'}${cause === '' ? '.' : `: ${cause}`}`);
    }
    const value = readNumber(await readTail(log, MOST_OUTPUT), metric.path);
    if (typeof value === 'string') return failed(said(value));
    values.push(value);
  }
  await rm(errors, { force: true });
  return { name: metric.name, value: median(values), spread: Math.max(...values) - Math.min(...values), failure: '' };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** A result as the cache has it; null: none. */
export function readMetric(value: unknown, name: string): MetricResult | null {
  if (typeof value !== 'object' || value === null) return null;
  const { value: number, spread, failure } = value as Readonly<Record<string, unknown>>;
  if (number !== null && typeof number !== 'number') return null;
  return typeof spread === 'number' && typeof failure === 'string' ? { name, value: number, spread, failure } : null;
}

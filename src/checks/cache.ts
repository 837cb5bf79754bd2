import { createHash } from 'node:crypto';
import { copyFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { REPORT_FORMATS, type TestReport } from '../model/evidence/test-report.ts';
import type { AbsolutePath, TreeId } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { PlannedEnvironment } from '../model/plan.ts';
import type { Store } from '../store/layout.ts';
import { isErrno, makePrivateDirectory, readTextIfExists, replaceFile } from '../system/files.ts';

/** What the result of a check or metric depends on; two with equal keys have one result. */
export interface CacheKey {
  readonly kind: 'check' | 'metric';
  /** The contents of the files that it runs on. */
  readonly tree: TreeId;
  readonly command: string;
  readonly setup: readonly string[];
  /** Digest of the copied files. */
  readonly copied: string;
  readonly env: PlannedEnvironment;
  readonly isolation: Isolation;
  readonly timeoutMs: number;
  /** Of a metric: what else its value depends on. */
  readonly more?: readonly unknown[];
}

const REPORT = z.object({
  schema: z.literal(1),
  format: z.enum(REPORT_FORMATS),
  tests: z.array(z.tuple([z.string(), z.enum(['passed', 'failed', 'skipped'])])),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  flaky: z.array(z.string()),
});

/** What a check reported about its tests. */
export interface KnownReport {
  readonly report: TestReport | null;
  readonly flakyTests: readonly string[];
}

export const NO_REPORT: KnownReport = { report: null, flakyTests: [] };

const LARGEST_LOG = 8 * 1024 * 1024;

/**
 * Results of checks and metrics by what they depend on, in `<store>/cache/checks/`. Anything there can be deleted: it is found out
 * again. Names of passed variables count, their values do not.
 */
export class CheckCache {
  readonly #folder: AbsolutePath;

  constructor(store: Store) {
    this.#folder = join(store.root, 'cache', 'checks');
  }

  /** Where the output of a cached one is stored. */
  log(key: CacheKey): AbsolutePath {
    return `${this.#file(key)}.log`;
  }

  /** Creates the folders for results, so that outputs can be written there from the start. */
  async prepare(keys: readonly CacheKey[]): Promise<void> {
    for (const key of keys) await makePrivateDirectory(dirname(this.#file(key)));
  }

  /** The result stored for this key; null: none, or an incomplete one. */
  async read(key: CacheKey): Promise<unknown> {
    const text = await readTextIfExists(`${this.#file(key)}.json`);
    if (text === null) return null;
    try {
      const record: unknown = JSON.parse(text);
      return typeof record === 'object' && record !== null && 'schema' in record && record.schema === 1 && 'result' in record
        ? record.result
        : null;
    } catch {
      // Truncated or overwritten: computed again.
      return null;
    }
  }

  /** The tests that were reported with the result; {@link NO_REPORT}: none, or nothing whole. */
  async readReport(key: CacheKey): Promise<KnownReport> {
    const text = await readTextIfExists(`${this.#file(key)}.tests.json`);
    if (text === null) return NO_REPORT;
    try {
      const { data } = z.safeParse(REPORT, JSON.parse(text));
      if (data === undefined) return NO_REPORT;
      const { format, passed, failed, skipped, flaky } = data;
      return { report: { format, tests: new Map(data.tests), passed, failed, skipped }, flakyTests: flaky };
    } catch {
      // Truncated or overwritten: then only the exit code is known.
      return NO_REPORT;
    }
  }

  /** Keeps a result, with its tests, and its output unless that is huge. */
  async write(key: CacheKey, result: unknown, log: AbsolutePath, known: KnownReport = NO_REPORT): Promise<void> {
    const file = this.#file(key);
    await makePrivateDirectory(dirname(file));
    if (log !== this.log(key)) await copyLog(log, this.log(key));
    const { report, flakyTests } = known;
    if (report !== null) {
      const record = { schema: 1, ...report, tests: [...report.tests], flaky: flakyTests };
      await replaceFile(`${file}.tests.json`, `${JSON.stringify(record)}\n`);
    }
    await replaceFile(`${file}.json`, `${JSON.stringify({ schema: 1, result })}\n`);
  }

  #file(key: CacheKey): string {
    const set = Object.entries(key.env.set).sort();
    const parts = [1, key.kind, key.tree, key.command, key.setup, key.copied, key.env.pass.toSorted(), set];
    const digest = createHash('sha256')
      .update(JSON.stringify([...parts, key.isolation, key.timeoutMs, key.more ?? []]))
      .digest('hex');
    return join(this.#folder, digest.slice(0, 2), digest.slice(2));
  }
}

/** Copies an output to where it is expected; one that is gone or huge is left out. */
export async function copyLog(from: AbsolutePath, to: AbsolutePath): Promise<void> {
  try {
    if ((await stat(from)).size > LARGEST_LOG) return;
    await makePrivateDirectory(dirname(to));
    await copyFile(from, to);
  } catch (error) {
    // The result is valid without its output.
    if (!isErrno(error, 'ENOENT', 'ENOSPC', 'EDQUOT')) throw error;
  }
}

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentBackend } from '../../agent/backend.ts';
import { backendFor } from '../../agent/backend-for.ts';
import type { Clock } from '../../model/clock.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import { readPlan } from '../../store/events/run-snapshot.ts';
import type { RunPaths } from '../../store/layout.ts';
import { exists, readTextIfExists } from '../../system/files.ts';
import { FileFollower } from '../../system/follow.ts';
import { EntrySource, RawSource, type TranscriptPart } from './transcript-source.ts';
import { VariantWatch } from './variant-watch.ts';

export interface TranscriptOptions {
  readonly paths: RunPaths;
  readonly variant: VariantState;
  /** Counts from 1; absent: all attempts. */
  readonly attempt?: number;
  /** Continue until the variant is finished, no supervisor is left to finish it, or `signal` aborts. */
  readonly follow: boolean;
  /** The agent's own stream, in place of entries. */
  readonly raw: boolean;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Reads the agent's output, attempt by attempt, from the files of the run. Changes nothing. Nothing is read before it is asked
 * for: a slow reader has only one part in memory.
 */
export async function* readTranscript(o: TranscriptOptions): AsyncGenerator<TranscriptPart> {
  const plan = await readPlan(o.paths);
  const planned = plan.variants.find((candidate) => candidate.name === o.variant.name);
  if (planned === undefined) throw new Error(`the plan has no variant ${o.variant.name}`);
  const watch = await VariantWatch.open(o);
  try {
    for (let number = o.attempt ?? 1; ; number += 1) {
      while (watch.variant.attempts.length < number) {
        if (!o.follow || o.signal.aborted || watch.variant.phase.kind === 'finished') return;
        if (await watch.isSupervised()) await watch.pause();
        else if (watch.variant.attempts.length < number) return;
      }
      yield { kind: 'attempt', attempt: number, told: await toldTo(o.paths, watch.variant, number) };
      yield* readAttempt(o, backendFor(planned.runner), number, watch);
      if (o.attempt !== undefined) return;
    }
  } finally {
    await watch.close();
  }
}

async function toldTo(paths: RunPaths, variant: VariantState, number: number): Promise<string | null> {
  if (variant.attempts[number - 1]?.kind !== 'correction') return null;
  return (await readTextIfExists(paths.attempt(variant.name, number).prompt))?.trim() ?? null;
}

async function* readAttempt(
  o: TranscriptOptions,
  backend: AgentBackend,
  number: number,
  watch: VariantWatch,
): AsyncGenerator<TranscriptPart> {
  const file = o.paths.attempt(watch.variant.name, number).stdout;
  const source = o.raw ? new RawSource(file) : new EntrySource(file, backend);
  try {
    for (;;) {
      // Checked before the file is read: the attempt's last output is in it by then.
      const over = !o.follow || o.signal.aborted || (await watch.isOver(number));
      do yield* source.poll();
      while (source.behind && !o.signal.aborted);
      if (over) {
        yield* source.rest();
        return;
      }
      await watch.pause();
    }
  } finally {
    await source.close();
  }
}

/** The file with the output of the latest run of a check; throws `CopseError` (exit 2) with the checks that have one. */
export async function findCheckLog(paths: RunPaths, variant: VariantState, check: string): Promise<AbsolutePath> {
  const wanted = paths.checkLog(variant.name, check, '');
  const prefix = wanted.slice(wanted.lastIndexOf('/') + 1, -'.log'.length);
  const file = await newest(join(paths.variantDir(variant.name), 'checks'), (name) => name.startsWith(prefix));
  if (file !== null) return file;
  const known = variant.checks.map((one) => one.name);
  throw new CopseError({
    code: 'no-such-check',
    exit: EXIT.usage,
    what: `Variant ${variant.name} has no output of a check ${check}.`,
    why: known.length === 0 ? 'None of its checks has run.' : `Checks that ran: ${known.join(', ')}.`,
    hint: 'See its state: copse status',
  });
}

/** Files with the output of all set-up commands, in order; none if none ran. */
export async function findSetupLogs(paths: RunPaths, variant: VariantState): Promise<readonly AbsolutePath[]> {
  const files: AbsolutePath[] = [];
  for (;;) {
    const file = paths.setupLog(variant.name, files.length + 1);
    if (!(await exists(file))) return files;
    files.push(file);
  }
}

/** The contents of files now, one after the other, in portions of whole lines; only the last may lack its newline. */
export async function* readLogs(files: readonly AbsolutePath[]): AsyncGenerator<Buffer> {
  for (const file of files) {
    const follower = new FileFollower(file, { pollBytes: PORTION_BYTES, reuse: true });
    try {
      do {
        const lines = await follower.poll();
        if (lines.length > 0) yield Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
      } while (follower.behind);
      const torn = follower.rest();
      if (torn !== null) yield torn;
    } finally {
      await follower.close();
    }
  }
}

const PORTION_BYTES = 64 * 1024;
const NEWLINE = Buffer.from('\n');

async function newest(dir: AbsolutePath, matches: (name: string) => boolean): Promise<AbsolutePath | null> {
  let names: string[];
  try {
    names = await readdir(dir);
  } catch {
    // No check has run: the folder is made with the first.
    return null;
  }
  const files = names.filter(matches).map((name) => join(dir, name));
  const dated = await Promise.all(files.map(async (file) => ({ file, at: (await stat(file)).mtimeMs })));
  return dated.toSorted((a, b) => a.at - b.at).at(-1)?.file ?? null;
}

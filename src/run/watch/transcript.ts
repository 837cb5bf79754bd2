import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentBackend } from '../../agent/backend.ts';
import { backendFor } from '../../agent/backend-for.ts';
import type { Clock } from '../../model/clock.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { TranscriptEntry } from '../../model/reports/transcript.ts';
import type { VariantState } from '../../model/state.ts';
import { loadState, readPlan } from '../../store/events/snapshot.ts';
import type { RunPaths } from '../../store/layout.ts';
import { supervisorAlive } from '../../store/supervisor-record.ts';
import { readTextIfExists } from '../../system/files.ts';
import { FileFollower } from '../../system/follow.ts';
import { isRunning } from '../../system/processes/process-identity.ts';

const POLL_MS = 150;

export interface TranscriptOptions {
  readonly paths: RunPaths;
  readonly variant: VariantState;
  /** Counts from 1; absent: all attempts. */
  readonly attempt?: number;
  /** Go on until the variant is finished, nobody is left to finish it, or `signal` aborts. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** `told`: what the person said to a session that goes on; null: nothing new. */
  readonly onAttempt: (attempt: number, told: string | null) => void;
  readonly onEntry: (entry: TranscriptEntry) => void;
  /** In place of entries: the stream's own lines. */
  readonly onRaw?: (line: Buffer) => void;
}

/** Reads what the agent wrote, attempt by attempt, from the files of the run. Changes nothing. */
export async function readTranscript(o: TranscriptOptions): Promise<void> {
  const plan = await readPlan(o.paths);
  const planned = plan.variants.find((candidate) => candidate.name === o.variant.name);
  if (planned === undefined) throw new Error(`the plan has no variant ${o.variant.name}`);
  const backend = backendFor(planned.runner);
  let variant = o.variant;
  for (let number = o.attempt ?? 1; ; number += 1) {
    if (variant.attempts.length < number) {
      if (!o.follow || o.signal.aborted || variant.phase.kind === 'finished' || !(await supervisorAlive(o.paths))) return;
      await o.clock.sleep(POLL_MS, o.signal);
      variant = await reload(o);
      number -= 1;
      continue;
    }
    o.onAttempt(number, await toldTo(o.paths, variant, number));
    variant = await readAttempt(o, backend, number, variant);
    if (o.attempt !== undefined) return;
  }
}

async function toldTo(paths: RunPaths, variant: VariantState, number: number): Promise<string | null> {
  if (variant.attempts[number - 1]?.kind !== 'correction') return null;
  return (await readTextIfExists(paths.attempt(variant.name, number).prompt))?.trim() ?? null;
}

async function readAttempt(
  o: TranscriptOptions,
  backend: AgentBackend,
  number: number,
  before: VariantState,
): Promise<VariantState> {
  let variant = before;
  const follower = new FileFollower(o.paths.attempt(variant.name, number).stdout);
  const tell = (lines: readonly Buffer[]): void => {
    for (const line of lines) {
      if (o.onRaw !== undefined) o.onRaw(line);
      else for (const entry of backend.transcript(line)) o.onEntry(entry);
    }
  };
  for (;;) {
    const over =
      variant.attempts[number - 1]?.finishedAt !== null ||
      !o.follow ||
      o.signal.aborted ||
      (await isAbandoned(o, variant, number));
    tell(over ? await follower.drain() : await follower.poll());
    if (over) {
      await follower.close();
      return variant;
    }
    await o.clock.sleep(POLL_MS, o.signal);
    variant = await reload(o);
  }
}

/** Nobody records its end any more, and it has ended: nothing comes. */
async function isAbandoned(o: TranscriptOptions, variant: VariantState, number: number): Promise<boolean> {
  const attempt = variant.attempts[number - 1];
  return attempt !== undefined && !(await supervisorAlive(o.paths)) && !(await isRunning(attempt.process));
}

async function reload(o: TranscriptOptions): Promise<VariantState> {
  const state = await loadState(o.paths);
  const variant = state.variants.find((candidate) => candidate.name === o.variant.name);
  if (variant === undefined) throw new Error(`run ${state.id} lost its variant ${o.variant.name}`);
  return variant;
}

/** Output of the latest run of a check; throws `CopseError` (exit 2) with the checks that have one. */
export async function readCheckLog(paths: RunPaths, variant: VariantState, check: string): Promise<string> {
  const wanted = paths.checkLog(variant.name, check, '');
  const prefix = wanted.slice(wanted.lastIndexOf('/') + 1, -'.log'.length);
  const file = await newest(join(paths.variantDir(variant.name), 'checks'), (name) => name.startsWith(prefix));
  const text = file === null ? null : await readTextIfExists(file);
  if (text !== null) return text;
  const known = variant.checks.map((one) => one.name);
  throw new CopseError({
    code: 'no-such-check',
    exit: EXIT.usage,
    what: `Variant ${variant.name} has no output of a check ${check}.`,
    why: known.length === 0 ? 'None of its checks has run.' : `Checks that ran: ${known.join(', ')}.`,
    hint: 'See where it stands: copse status',
  });
}

/** Output of all set-up commands, in order; empty where none ran. */
export async function readSetupLogs(paths: RunPaths, variant: VariantState): Promise<string> {
  const texts: string[] = [];
  for (let index = 1; ; index += 1) {
    const text = await readTextIfExists(paths.setupLog(variant.name, index));
    if (text === null) return texts.join('');
    texts.push(text);
  }
}

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

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { link, open, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { CopseError } from '../../model/errors.ts';
import type { Plan, RecordSeal } from '../../model/plan.ts';
import type { RunEvent } from '../../model/run-state/events.ts';
import type { RunState } from '../../model/run-state/state.ts';
import { isErrno, readTextIfExists, replaceFile, syncDirectory, temporaryBeside } from '../../system/files.ts';
import type { RunPaths } from '../layout.ts';
import { noSuchRun } from '../no-such-run.ts';
import { brokenRecord, isObject, parseRecord, readRecordNow } from '../record.ts';
import { writeError } from '../write-error.ts';
import { EventFollower, LOG_START, type LogPlace } from './event-log.ts';
import { finishedMark } from './finished-mark.ts';
import { continueFold, foldEvents } from './fold.ts';

/*
 * `run.json` is the fold up to some event, so that `status` need not read a long log. It may be missing, old or broken at
 * any time: missing events are taken from the log, which is the only truth.
 */

interface Snapshot {
  readonly state: RunState;
  /** Byte of the log after the line of the last event in `state`; 0 if that line is too far back to be found cheaply. */
  readonly offset: number;
}

/** Replaces the snapshot. The caller holds the run's lock; `state` is a fold of events that are in the log. */
export async function writeSnapshot(paths: RunPaths, state: RunState): Promise<void> {
  const offset = await offsetAfter(paths.events, state.lastSeq);
  const record = { schema: 1, ...finishedMark(state, offset), offset, crc32: digest(state), state };
  try {
    await replaceFile(paths.snapshot, `${JSON.stringify(record)}\n`);
  } catch (error) {
    throw writeError(error, paths.snapshot);
  }
}

/**
 * The state of a run now. Takes the snapshot if it is complete and adds later events; else folds the whole log.
 * CopseErrors: `no-such-run`, `newer-state`, `broken-log`.
 */
export async function loadState(paths: RunPaths): Promise<RunState> {
  const follower = await StateFollower.open(paths);
  await follower.close();
  return follower.state;
}

/** The state of a run by its log alone, for its next writer. Throws what {@link loadState} throws. */
export async function foldLog(paths: RunPaths): Promise<RunState> {
  const follower = await StateFollower.open(paths, { snapshot: false });
  await follower.close();
  return follower.state;
}

/** The state of a run as it grows. Begins like {@link loadState}, which spares it a long log. */
export class StateFollower {
  readonly #events: EventFollower;
  #state: RunState;

  private constructor(events: EventFollower, state: RunState) {
    this.#events = events;
    this.#state = state;
  }

  /** Brings the state up to now. Throws what {@link loadState} throws. */
  static async open(paths: RunPaths, o: { readonly snapshot: boolean } = { snapshot: true }): Promise<StateFollower> {
    const known = o.snapshot ? usableSnapshot(paths) : null;
    const place = known === null ? LOG_START : placeAfter(known);
    const events = new EventFollower(paths.events, place);
    try {
      let state = known?.state ?? null;
      do {
        const portion = await events.poll();
        if (state !== null) state = continueFold(state, portion);
        else if (portion.length > 0) state = foldEvents(portion);
      } while (events.behind);
      if (state === null) throw noSuchRun(paths.run);
      if (state.id !== paths.run) throw brokenRecord(paths.events);
      return new StateFollower(events, state);
    } catch (error) {
      await events.close();
      throw error;
    }
  }

  /** After all events that were handed out. */
  get state(): RunState {
    return this.#state;
  }

  /** Byte of the log up to which {@link state} has come. */
  get offset(): number {
    return this.#events.offset;
  }

  /** Whether there is more to read right now. */
  get behind(): boolean {
    return this.#events.behind;
  }

  /** Events that came since the last poll; `state` is then after them. */
  async poll(): Promise<readonly RunEvent[]> {
    const events = await this.#events.poll();
    this.#state = continueFold(this.#state, events);
    return events;
  }

  async close(): Promise<void> {
    await this.#events.close();
  }
}

function placeAfter({ state, offset }: Snapshot): LogPlace {
  return { offset, seq: state.lastSeq, generation: state.generation };
}

function usableSnapshot(paths: RunPaths): Snapshot | null {
  const snapshot = readSnapshot(paths);
  return snapshot !== null && snapshot.offset > 0 && endsLine(paths.events, snapshot.offset) ? snapshot : null;
}

function readSnapshot(paths: RunPaths): Snapshot | null {
  try {
    const record = readRecordNow(paths.snapshot);
    if (record === null) return null;
    const { state, offset } = record;
    const whole = isState(state) && state.id === paths.run && record['crc32'] === digest(state);
    return whole && typeof offset === 'number' && Number.isSafeInteger(offset) ? { state, offset } : null;
  } catch (error) {
    // Damaged: the log says the same and is asked instead. A newer one is not ours to read around.
    if (error instanceof CopseError && error.code === 'broken-record') return null;
    throw error;
  }
}

function isState(value: unknown): value is RunState {
  if (!isObject(value) || typeof value['lastSeq'] !== 'number') return false;
  const variants: unknown = value['variants'];
  // `checksMs` came after the first snapshots were written: older ones are folded anew.
  return Array.isArray(variants) && variants.every((variant) => isObject(variant) && 'checksMs' in variant);
}

/**
 * Over the text that JSON makes of it, which is the same before writing and after reading. Against damage, which a checksum finds as
 * well as a hash does; `node:crypto` takes 5 ms to load, `node:zlib` 1.
 */
function digest(state: RunState): number {
  return crc32(JSON.stringify(state));
}

const TAIL_BYTES = 256 * 1024;
const NEWLINE = 10;

/** Byte after the line with this `seq`, looked for in the log's tail; 0 when it is not there. */
async function offsetAfter(path: string, seq: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer: tail, bytesRead } = await file.read(Buffer.allocUnsafe(size - from), 0, size - from, from);
    // Every line begins with its `seq` (EventWriter puts it first), so no line but the wanted one needs parsing.
    const start = `{"seq":${seq},`;
    let at = tail.subarray(0, bytesRead).lastIndexOf(start);
    while (at > 0 && tail[at - 1] !== NEWLINE) at = tail.lastIndexOf(start, at - 1);
    const end = at === -1 || (at === 0 && from > 0) ? -1 : tail.subarray(0, bytesRead).indexOf(NEWLINE, at);
    return end === -1 ? 0 : from + end + 1;
  } finally {
    await file.close();
  }
}

/** Whether a line of the log ends right before this byte. */
function endsLine(path: string, offset: number): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const last = Buffer.alloc(1);
      return readSync(file, last, 0, 1, offset - 1) === 1 && last[0] === NEWLINE;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Writes `plan.json`, once for ever: the file system's EEXIST if there is one already. */
export async function writePlan(paths: RunPaths, plan: Plan): Promise<void> {
  const temporary = temporaryBeside(paths.plan);
  try {
    await writeFile(temporary, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    try {
      // A link, unlike a rename, refuses to replace.
      await link(temporary, paths.plan);
    } finally {
      await unlink(temporary);
    }
    await syncDirectory(dirname(paths.plan));
  } catch (error) {
    throw writeError(error, paths.plan);
  }
}

/** The plan that a run executes. CopseErrors: `no-such-run`, `newer-state`, `broken-record`. */
export async function readPlan(paths: RunPaths): Promise<Plan> {
  const text = await readTextIfExists(paths.plan);
  const record = parseRecord(paths.plan, text);
  if (text === null || record === null) throw noSuchRun(paths.run);
  if (!isPlan(record)) throw brokenRecord(paths.plan);
  // Keys that came after the first plans were written.
  return {
    ...NOTHING_MEASURED,
    ...record,
    verify: record.verify.map((check) => ({ ...EXIT_CODE_ALONE, ...check })),
    metrics: (record.metrics ?? []).map((metric) => ({ ...SPREAD_ALONE, ...metric })),
    record: { ...planRecord(paths, text), seal: (await readTextIfExists(paths.seal))?.trim() ?? null },
  };
}

/** The text that is sealed. */
function planRecord(paths: RunPaths, text: string): Omit<RecordSeal, 'seal'> {
  const digest = createHash('sha256').update(text).digest('hex');
  return { commonDir: paths.commonDir, run: paths.run, digest };
}

/** Writes the seal beside a plan that was just written. `sealOf`: null if the person has no key. */
export async function sealPlan(
  paths: RunPaths,
  sealOf: (record: Omit<RecordSeal, 'seal'>) => Promise<string | null>,
): Promise<void> {
  const text = await readTextIfExists(paths.plan);
  const seal = text === null ? null : await sealOf(planRecord(paths, text));
  if (seal !== null) await replaceFile(paths.seal, `${seal}\n`);
}

const NOTHING_MEASURED = { protect: [], metrics: [], judge: null, serve: null } as const;
const SPREAD_ALONE = { tolerance: null } as const;
const EXIT_CODE_ALONE = { report: null, repeat: 1, tests: [] } as const;

/** Written whole by ourselves and never changed: enough to tell it from some other file. */
function isPlan(value: unknown): value is Plan {
  return (
    isObject(value) &&
    typeof value['run'] === 'string' &&
    typeof value['hash'] === 'string' &&
    Array.isArray(value['variants']) &&
    Array.isArray(value['verify'])
  );
}

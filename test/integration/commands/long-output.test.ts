import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Command, Context } from '../../../src/commands/command.ts';
import { command as diff } from '../../../src/commands/diff.ts';
import { command as logs } from '../../../src/commands/logs.ts';
import { followRun } from '../../../src/run/watch/follow-run.ts';
import { EventWriter } from '../../../src/store/events/event-log.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { Person } from '../../support/person.ts';
import { SAMPLE_BODIES } from '../../support/sample-events.ts';
import { appendAll, temporaryRun } from '../../support/temporary-run.ts';

/** Far less than what is written, far more than one piece of it. */
const BOUND = 1024 * 1024;
const LONG = 12 * BOUND;

/** A reader that takes one piece after the other, or none until it is told to. */
class Reader extends Writable {
  readonly hash = createHash('sha256');
  #takes: boolean;
  #waiting: () => void = () => {};
  bytes = 0;
  lines = 0;
  mostWaiting = 0;

  constructor(o: { readonly takes: boolean }) {
    super();
    this.#takes = o.takes;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, taken: () => void): void {
    this.bytes += chunk.length;
    this.lines += chunk.toString('latin1').split('\n').length - 1;
    this.hash.update(chunk);
    this.mostWaiting = Math.max(this.mostWaiting, this.writableLength);
    if (this.#takes) setImmediate(taken);
    else this.#waiting = taken;
  }

  // As a pipe without a reader does: it fails the write that is under way.
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error);
    this.#waiting();
  }

  take(): void {
    this.#takes = true;
    this.#waiting();
  }
}

let person: Person;

beforeAll(async () => {
  person = await Person.create({
    claude: `init(); fs.writeFileSync('long.txt', ('changed ' + 'x'.repeat(91) + '\\n').repeat(${LONG / 100})); say('Hello.'); done();`,
    files: { 'variants.yaml': 'name: ui\nprompt: x\nvariants: {dark: As dark.}\n' },
  });
  const ended = await person.copse(['run']);
  expect(ended.exit, ended.stderr).toBe(0);
});

async function transcriptOf(lines: number): Promise<string> {
  const file = person.paths().attempt('dark', 1).stdout;
  const words = 'some words '.repeat(Math.ceil(LONG / 11 / lines));
  const text = { role: 'assistant', content: [{ type: 'text', text: words }] };
  await writeFile(file, `${JSON.stringify({ type: 'assistant', message: text })}\n`.repeat(lines));
  return file;
}

function contextWith(stdout: Writable): Context {
  const unused = (): never => {
    throw new Error('is not used here');
  };
  return {
    cwd: person.repo,
    environment: person.env,
    stdin: process.stdin,
    stdout: stdout as NodeJS.WriteStream,
    stderr: process.stderr,
    screen: () => ({ columns: 80, rows: 24, colour: false, unicode: true }),
    interactive: false,
    ask: unused,
    clock: systemClock,
    ci: false,
    agent: null,
    openBrowser: unused,
    onSignal: () => () => {},
    onExit: () => () => {},
    pid: process.pid,
    self: [process.execPath],
    version: '0',
    packageRoot: '/',
    verbs: new Set(),
  };
}

const LOGS = { variant: 'dark', follow: false, setup: false, answer: false, full: false, raw: false, json: false };

async function reads<Options>(command: Command<Options>, options: Options): Promise<Reader> {
  const reader = new Reader({ takes: true });
  expect(await command.run(options, contextWith(reader))).toBe(0);
  return reader;
}

describe('an answer that is longer than the pipe', () => {
  it('waits for its reader: a transcript, as it was written', async () => {
    const file = await transcriptOf(50_000);
    const reader = await reads(logs, { ...LOGS, raw: true });
    expect(reader.hash.digest('hex')).toBe(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
    expect(reader.bytes).toBeGreaterThan(LONG);
    expect(reader.mostWaiting).toBeLessThan(BOUND);
  });

  it.each([
    ['for people', LOGS, 50_000],
    ['as entries, of few long lines', { ...LOGS, json: true }, 150],
  ])('waits for its reader: a transcript %s', async (_, options, lines) => {
    await transcriptOf(lines);
    const reader = await reads(logs, options);
    expect(reader.lines).toBe(lines);
    expect(reader.bytes).toBeGreaterThan(LONG);
    expect(reader.mostWaiting).toBeLessThan(BOUND);
  });

  it('waits for its reader: the output of a check, whose last line has no end', async () => {
    const log = person.paths().checkLog('dark', 'test', 'a'.repeat(40));
    await mkdir(dirname(log), { recursive: true });
    await writeFile(log, `${'not ok\n'.repeat(LONG / 7)}the end`);
    const reader = await reads(logs, { ...LOGS, check: 'test' });
    expect(reader.lines).toBe(Math.floor(LONG / 7) + 1);
    expect(reader.mostWaiting).toBeLessThan(BOUND);
  });

  it('waits for its reader: a diff', async () => {
    const reader = await reads(diff, { a: 'dark', path: [], stat: false });
    expect(reader.lines).toBe(Math.floor(LONG / 100) + 6);
    expect(reader.mostWaiting).toBeLessThan(BOUND);
  });

  it('reads no further than its reader does, so that the first line is there at once', async () => {
    const file = await transcriptOf(50_000);
    const { size } = await stat(file);
    const reader = new Reader({ takes: false });
    const showing = logs.run(LOGS, contextWith(reader));
    await vi.waitFor(() => expect(reader.lines).toBeGreaterThan(0), { timeout: 20_000 });
    // Whatever it could do without its reader, it has done by then.
    for (let turns = 0; turns < 1_000; turns += 1) await nextTurn();
    expect(reader.bytes).toBeLessThan(size / 10);
    reader.take();
    expect(await showing).toBe(0);
    expect(reader.lines).toBe(50_000);
  });

  it('lets the process end in between, once its reader is gone', async () => {
    await transcriptOf(50_000);
    const reader = new Reader({ takes: false });
    let written = false;
    const showing = Promise.resolve(logs.run(LOGS, contextWith(reader))).then(() => (written = true));
    await vi.waitFor(() => expect(reader.bytes).toBeGreaterThan(0), { timeout: 20_000 });
    reader.on('error', () => {});
    reader.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    // What ends the process comes with a turn of the event loop, as a signal does.
    for (let turns = 0; turns < 3; turns += 1) await nextTurn();
    expect(written).toBe(false);
    await showing;
  });

  it('waits for its reader: the past of a run, told as events', async () => {
    const paths = await temporaryRun();
    await appendAll(paths, [SAMPLE_BODIES['run.created']]);
    const log = await EventWriter.open(paths.events, { gen: 1, clock: systemClock });
    const bodies = Array.from({ length: 50_000 }, () => SAMPLE_BODIES['run.noted']);
    await Promise.all(bodies.map((body) => log.append(body, { flush: false })));
    await log.close();
    const told = { events: 0, most: 0, atOnce: 0, waiting: 0 };
    await followRun(paths, {
      clock: systemClock,
      signal: new AbortController().signal,
      history: 'all',
      onEvents: async (events) => {
        told.waiting += 1;
        told.atOnce = Math.max(told.atOnce, told.waiting);
        told.events += events.length;
        told.most = Math.max(told.most, events.length);
        await nextTurn();
        told.waiting -= 1;
      },
    });
    expect(told).toMatchObject({ events: 50_001, atOnce: 1 });
    expect(told.most).toBeLessThan(25_000);
  });
});

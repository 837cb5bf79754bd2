import { open, writeFile } from 'node:fs/promises';
import { backendFor } from '../../src/agent/backend-for.ts';
import type { ProcessIdentity } from '../../src/model/attempt.ts';
import { AttemptWatch } from '../../src/run/attempt/attempt-watch.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { interleave, median, timed } from '../kit/interleave.ts';
import { longStreams } from '../kit/long-streams.ts';
import type { Measure } from '../kit/measurement.ts';
import { longestStall } from '../kit/stall.ts';

const ROUNDS = 5;
const COUNT = 20;
const CHUNK = 1024 * 1024;
const GONE: ProcessIdentity = { pid: 2 ** 30, startTime: '0', bootId: 'none' };
const FOREVER = 24 * 3600 * 1000;

/** As a supervisor reads what ended while nobody looked: 20 streams from their beginning, each to its verdict. */
export const measure: Measure = async (lab) => {
  const { files, bytes } = await longStreams(lab, COUNT);
  for (const file of files) await writeFile(`${file}.exit`, '0 0\n');
  const stalls: number[] = [];
  const taken = await interleave(ROUNDS, {
    floor: () => timed(() => Promise.all(files.map(readBytes))),
    ours: async () => {
      let ms = 0;
      const stall = await longestStall(async () => {
        ms = await timed(() => Promise.all(files.map(readStream)));
      });
      stalls.push(stall);
      return ms;
    },
  });
  const speed = (ms: number): number => bytes / 1e6 / (ms / 1000);
  const what = `reading ${COUNT} streams with lines of 5 MB`;
  return [
    {
      what,
      unit: 'MB/s',
      floor: { name: 'reading the bytes', value: speed(taken.floor) },
      ours: speed(taken.ours),
      target: { kind: 'at-least', value: 150 },
      rounds: ROUNDS,
    },
    {
      what: '… longest stall of the event loop',
      unit: 'ms',
      floor: null,
      ours: median(stalls),
      target: { kind: 'at-most', value: 100 },
      rounds: stalls.length,
    },
  ];
};

async function readBytes(path: string): Promise<void> {
  const file = await open(path);
  const buffer = Buffer.allocUnsafe(CHUNK);
  while ((await file.read(buffer, 0, CHUNK)).bytesRead > 0);
  await file.close();
}

async function readStream(path: string): Promise<void> {
  const watch = new AttemptWatch({
    process: GONE,
    marker: `bench:${path}`,
    worktree: `${path}.worktree`,
    temporary: async () => `${path}.tmp`,
    files: { stdout: path, stderr: `${path}.stderr`, exit: `${path}.exit`, prompt: `${path}.prompt`, extras: path },
    reader: backendFor({ kind: 'claude', model: null, fallbackModel: null, effort: null, agent: null }).reader({
      sessionCostUsd: 0,
      secretValues: ['a-secret-that-is-nowhere'],
      model: null,
    }),
    limits: { timeoutMs: FOREVER, idleTimeoutMs: FOREVER, graceMs: FOREVER },
    ranMs: 0,
    clock: systemClock,
    onSignal: () => undefined,
    onNote: () => undefined,
    onTick: () => undefined,
  });
  const { verdict } = await watch.end();
  if (verdict.outcome !== 'succeeded') throw new Error(`${path}: ${verdict.outcome} ${verdict.reason}`);
}

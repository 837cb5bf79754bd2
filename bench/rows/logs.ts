import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { runPaths, storeAt } from '../../src/store/layout.ts';
import { WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { makeRun } from '../kit/finished-run.ts';
import { interleave, median } from '../kit/interleave.ts';
import { smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { timeOf } from '../kit/processes.ts';
import { readThrough } from '../kit/read-through.ts';

const GIGABYTE = 1_000_000_000;
const ROUNDS = 5;

/** A transcript of a gigabyte, read to its end through a pipe; and how soon the first of it is there. */
export const measure: Measure = async (lab) => {
  const root = await makeRun(lab, 'logs', { files: smallProject(), script: WRITES_A_FILE, variants: ['dark'] });
  const transcript = runPaths(storeAt(join(root, '.git')), 'ui').attempt('dark', 1).stdout;
  const bytes = await writeTranscript(transcript);
  const [node, main] = lab.copse;
  const place = { cwd: root, env: lab.env };
  const raw = await readThrough(node, [main, 'logs', 'dark', '--raw'], place);
  if (raw.bytes !== bytes) throw new Error(`copse logs --raw wrote ${raw.bytes} of ${bytes} bytes`);
  const shown = await readThrough(node, [main, 'logs', 'dark', '--full'], place);
  if (shown.bytes < bytes / 2) throw new Error(`copse logs --full wrote ${shown.bytes} bytes of a transcript of ${bytes}`);
  const firsts: number[] = [];
  const taken = await interleave(ROUNDS, {
    floor: () => timeOf(node, ['-e', '0'], place),
    ours: async () => {
      const head = await readThrough('sh', ['-c', `"$0" "$1" logs dark | head -1`, node, main], place);
      firsts.push(head.firstMs);
      return head.firstMs;
    },
  });
  const memory = { unit: 'MB', floor: null, target: { kind: 'at-most', value: 120 }, rounds: 1 } as const;
  return [
    { what: 'copse logs of 1 GB: memory', ours: shown.peakMb, ...memory },
    { what: '… with --raw', ours: raw.peakMb, ...memory },
    {
      what: '… the first line of it',
      unit: 'ms',
      floor: { name: 'node -e 0', value: taken.floor },
      ours: median(firsts),
      target: { kind: 'above-floor', atMost: 200 },
      rounds: ROUNDS,
    },
  ];
};

async function writeTranscript(path: string): Promise<number> {
  const said = { role: 'assistant', content: [{ type: 'text', text: 'Reads the theme, then changes it. '.repeat(12) }] };
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: 'const size = 12;\n'.repeat(80) }] };
  const lines = `${JSON.stringify({ type: 'assistant', message: said })}\n${JSON.stringify({ type: 'user', message: result })}\n`;
  const portion = Buffer.from(lines.repeat(500));
  const file = await open(path, 'w');
  let bytes = 0;
  for (; bytes < GIGABYTE; bytes += portion.length) await file.write(portion);
  await file.close();
  return bytes;
}

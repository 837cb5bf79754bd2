import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldLog, writeSnapshot } from '../../src/store/events/run-snapshot.ts';
import { runPaths, storeAt } from '../../src/store/layout.ts';
import { WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { makeRun } from '../kit/finished-run.ts';
import { interleave } from '../kit/interleave.ts';
import { smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { timeOf } from '../kit/processes.ts';
import { readThrough } from '../kit/read-through.ts';

const ROUNDS = 5;
const EVENTS = 1_000_000;

/** A run whose agents said a million things: to attach to it reads its snapshot, not its log. */
export const measure: Measure = async (lab) => {
  const root = await makeRun(lab, 'attach', { files: smallProject(), script: WRITES_A_FILE, variants: ['dark'] });
  const paths = runPaths(storeAt(join(root, '.git')), 'ui');
  await lengthen(paths.events);
  await writeSnapshot(paths, await foldLog(paths));
  const [node, main] = lab.copse;
  const place = { cwd: root, env: lab.env };
  const { bytes, peakMb } = await readThrough(node, [main, 'attach'], place);
  if (bytes === 0) throw new Error('copse attach shows nothing');
  const taken = await interleave(ROUNDS, {
    floor: () => timeOf(node, ['-e', '0'], place),
    ours: () => timeOf(node, [main, 'attach'], place),
  });
  const what = `copse attach, a log of ${Math.round((await stat(paths.events)).size / 1e6)} MB`;
  return [
    {
      what,
      unit: 'ms',
      floor: { name: 'node -e 0', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'at-most', value: 500 },
      rounds: ROUNDS,
    },
    { what: '… memory', unit: 'MB', floor: null, ours: peakMb, target: { kind: 'at-most', value: 120 }, rounds: 1 },
  ];
};

/** Puts what agents say between the start of the attempt and its end, and numbers all events anew. */
async function lengthen(path: string): Promise<void> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const at = lines.findIndex((line) => line.includes('"type":"attempt.started"')) + 1;
  const said = (lines[at - 1] ?? '').replace(
    /"type":.*$/,
    '"type":"attempt.activity","variant":"dark","attempt":1,"text":"npm test"}',
  );
  const file = await open(path, 'w');
  let seq = 0;
  const write = async (some: readonly string[]): Promise<void> => {
    const from = seq;
    seq += some.length;
    await file.write(some.map((line, index) => `${line.replace(/^\{"seq":\d+/, `{"seq":${from + index + 1}`)}\n`).join(''));
  };
  await write(lines.slice(0, at));
  for (let n = 0; n < EVENTS; n += 10_000) await write(Array<string>(10_000).fill(said));
  await write(lines.slice(at));
  await file.close();
}

import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forEachAtMost } from '../../src/system/for-each-at-most.ts';
import { branchOf, makeRun, VARIANTS } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import { type Lab, project } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf } from '../kit/processes.ts';

const ROUNDS = 3;
const AT_ONCE = 4;
const MEGABYTES = 5;
const WHAT = `HTML report of 20 variants with ${MEGABYTES} MB of diff`;

/** Each variant rewrites every third line of the same files in its own way, and adds files, with code that has to be coloured. */
const SCRIPT = `
init();
const code = (n) => "  const " + variant.replace('-', '') + n + " = items.filter(({ kind }) => kind === 'theme" + n + "').length; // " + variant;
for (let n = 0; n < 16; n += 1) {
  const file = 'src/part0/file' + n + '.ts';
  const lines = fs.readFileSync(file, 'utf8').split('\\n');
  fs.writeFileSync(file, lines.map((line, at) => (at % 3 === 1 ? code(at) : line)).join('\\n'));
}
for (let n = 0; n < 4; n += 1) {
  fs.writeFileSync('src/' + variant + n + '.ts', Array.from({ length: 100 }, (_, at) => code(at) + '\\n').join(''));
}
call('Edit', { file_path: 'src/part0/file0.ts', old_string: 'a', new_string: 'b' });
done();
`;

export const measure: Measure = async (lab) => {
  if (process.platform !== 'linux') return [{ what: WHAT, skipped: 'it reads /proc, which is Linux' }];
  const cwd = await makeRun(lab, 'reported', { files: project(24, 6_000), script: SCRIPT });
  const bytes = (await Promise.all(VARIANTS.map((variant) => diff(lab, cwd, variant)))).join('').length;
  if (Math.abs(bytes / 1e6 - MEGABYTES) > 0.25) throw new Error(`the diffs come to ${bytes} bytes`);
  const [node, main] = lab.copse;
  const page = join(lab.folder, 'reported', 'report.html');
  const peak = join(lab.folder, 'reported', 'peak');
  const hook = await peakHook(lab, peak);
  const peaks: number[] = [];
  const taken = await interleave(ROUNDS, {
    floor: () =>
      timed(() =>
        forEachAtMost(AT_ONCE, VARIANTS, async (variant) => {
          await diff(lab, cwd, variant);
        }),
      ),
    ours: async () => {
      const ms = await timeOf(node, ['--require', hook, main, 'compare', '--html', page], { cwd, env: lab.env });
      peaks.push(Number(await readFile(peak, 'utf8')) / 1024);
      return ms;
    },
  });
  const { size } = await stat(page);
  if (size < bytes) throw new Error(`the report has ${size} bytes for ${bytes} of diff`);
  return [
    {
      what: WHAT,
      unit: 'ms',
      floor: { name: 'reading the diffs from git, 4 at a time', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'above-floor', atMost: 3_000 },
      rounds: ROUNDS,
    },
    {
      what: '… its memory at most',
      unit: 'MB',
      floor: null,
      ours: Math.max(...peaks),
      target: { kind: 'at-most', value: 300 },
      rounds: peaks.length,
    },
  ];
};

function diff(lab: Lab, cwd: string, variant: string): Promise<string> {
  return run('git', ['diff', '-M', 'main', branchOf(variant)], { cwd, env: lab.env });
}

/** A file to `--require`: leaves the most memory that a process had resident, kB, when it ends. */
async function peakHook(lab: Lab, peak: string): Promise<string> {
  const hook = join(lab.folder, 'reported', 'peak-hook.cjs');
  await writeFile(
    hook,
    `const fs = require('node:fs');
process.on('exit', () => fs.writeFileSync(${JSON.stringify(peak)}, /VmHWM:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]));
`,
  );
  return hook;
}

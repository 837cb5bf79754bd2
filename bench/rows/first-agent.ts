import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { variantsFile } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import { type Lab, smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';
import { run, timeOf, waitFor } from '../kit/processes.ts';

const ROUNDS = 9;

/** The real `claude` is asked for its version and its flags; the attempt itself is a script, so that its start leaves a trace. */
export const measure: Measure = async (lab) => {
  const real = (await run('sh', ['-c', 'command -v claude || true'], { cwd: lab.folder, env: lab.env })).trim();
  const what = 'from copse run to the first agent';
  if (real === '') return [{ what, skipped: 'there is no claude on PATH' }];
  const root = await lab.repository('first', [...smallProject(), ['variants.yaml', variantsFile('first', ['dark'])]]);
  const trace = join(lab.folder, 'first', 'agent-started');
  const env = { ...lab.env, PATH: `${await tracingClaude(lab, real, trace)}:${lab.env['PATH']}` };
  let round = 0;
  const taken = await interleave(ROUNDS, {
    floor: () => {
      round += 1;
      return timed(async () => {
        await timeOf('git', ['worktree', 'add', '-q', '-b', `floor-${round}`, join(lab.folder, `floor-${round}`)], {
          cwd: root,
          env,
        });
        await timeOf(real, ['--version'], { cwd: root, env });
      });
    },
    ours: async () => {
      round += 1;
      const started = Date.now();
      const [node, main] = lab.copse;
      const id = (await run(node, [main, 'run', '--detach', '--name', `r${round}`], { cwd: root, env })).trim();
      await run(node, [main, 'wait', id], { cwd: root, env });
      const { mtimeMs } = await waitFor('the agent', () => stat(`${trace}-${round}`).catch(() => null));
      return mtimeMs - started;
    },
  });
  return [
    {
      what,
      unit: 'ms',
      floor: { name: 'git worktree add + claude --version', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'above-floor', atMost: 500 },
      rounds: ROUNDS,
    },
  ];
};

/** A `claude` on a PATH of its own that leaves an empty file behind when an attempt starts. */
async function tracingClaude(lab: Lab, real: string, trace: string): Promise<string> {
  const bin = join(lab.folder, 'first', 'bin');
  const stream = new URL('../../test/fixtures/streams/success-edit-commit.ndjson', import.meta.url);
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'stream.ndjson'), await readFile(stream));
  const file = join(bin, 'claude');
  await writeFile(
    file,
    `#!/bin/sh
case "$1" in --version|--help|auth) exec '${real}' "$@" ;; esac
: > '${trace}'-"\${COPSE_RUN#r}"
cat '${join(bin, 'stream.ndjson')}'
`,
  );
  await chmod(file, 0o755);
  return bin;
}

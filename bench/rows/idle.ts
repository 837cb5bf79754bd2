import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runPaths, storeAt } from '../../src/store/layout.ts';
import { fakeClaude } from '../../test/support/fake-claude.ts';
import { variantsFile } from '../kit/finished-run.ts';
import { smallProject } from '../kit/lab.ts';
import type { Measure, Measurement } from '../kit/measurement.ts';
import { run, waitFor } from '../kit/processes.ts';
import { wakeUpsOf } from '../kit/wake-ups.ts';

/** Until what a process compiles and collects at its start is over. */
const SETTLE_MS = 20_000;
const WINDOW_MS = 10_000;

/** While agents are silent (a long test, a long thought) nothing happens, and every process of copse should sleep. */
export const measure: Measure = async (lab) => {
  if (process.platform !== 'linux') return [{ what: 'wake-ups while agents are silent', skipped: 'needs /proc' }];
  const root = await lab.repository('idle', [...smallProject(), ['variants.yaml', variantsFile('ui', ['dark', 'light'])]]);
  const bin = await fakeClaude(join(lab.folder, 'idle', 'bin'), 'init(); await sleep(600_000);');
  const place = { cwd: root, env: { ...lab.env, PATH: `${bin}:${lab.env['PATH']}` } };
  const [node, main] = lab.copse;
  const { trust } = JSON.parse(await run(node, [main, 'plan', '--json'], place)) as { trust: { hash: string } };
  await run(node, [main, 'run', '--detach', '--trust', trust.hash], place);
  const paths = runPaths(storeAt(join(root, '.git')), 'ui');
  const supervisor = await waitFor('the supervisor', async () => {
    const text = await readFile(paths.supervisor, 'utf8').catch(() => null);
    return text === null ? null : (JSON.parse(text) as { identity: { pid: number } }).identity.pid;
  });
  const watching = ['logs dark -f', 'attach', 'wait'].map((line) => ({
    line,
    child: spawn(node, [main, ...line.split(' ')], { ...place, stdio: 'ignore' }),
  }));
  try {
    const processes = [
      { what: 'supervisor', pid: supervisor },
      ...watching.map(({ line, child }) => ({ what: `copse ${line}`, pid: pidOf(child) })),
    ];
    await pause(SETTLE_MS);
    const count = (): Promise<number[]> => Promise.all(processes.map(({ pid }) => wakeUpsOf(pid)));
    const before = await count();
    await pause(WINDOW_MS);
    const after = await count();
    return processes.map(
      ({ what }, index): Measurement => ({
        what: `silent agents: ${what} wakes`,
        unit: 'times/s',
        floor: null,
        ours: ((after[index] ?? 0) - (before[index] ?? 0)) / (WINDOW_MS / 1000),
        target: { kind: 'at-most', value: 15 },
        rounds: 1,
      }),
    );
  } finally {
    for (const { child } of watching) child.kill();
    await run(node, [main, 'stop', '--force'], place);
  }
};

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('it did not start');
  return pid;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { makeRun, worktreeOf } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import { type Lab, smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';

const ROUNDS = 7;
const VARIANTS = ['dark', 'light', 'wide', 'calm', 'adaptive'];
/** As slow to be up as a small development server. */
const SERVER = `
import { createServer } from 'node:http';
setTimeout(() => createServer((_, r) => r.end('up')).listen(Number(process.env.PORT), '127.0.0.1'), 200);
`;

/** The floor starts the five at once and asks each until it answers, as a person with five terminals would have it at best. */
export const measure: Measure = async (lab) => {
  const root = await makeRun(lab, 'served', {
    files: [...smallProject(), ['server.mjs', SERVER]],
    script: WRITES_A_FILE,
    variants: VARIANTS,
    settings: 'serve: exec node server.mjs\n',
  });
  const taken = await interleave(ROUNDS, { floor: () => byHand(lab, root), ours: () => served(lab, root) });
  return [
    {
      what: 'copse serve until all of 5 are ready',
      unit: 'ms',
      floor: { name: 'the 5 started by hand, at once', value: taken.floor },
      ours: taken.ours,
      target: { kind: 'above-floor', atMost: 500 },
      rounds: ROUNDS,
    },
  ];
};

async function byHand(lab: Lab, root: string): Promise<number> {
  const ports = await Promise.all(VARIANTS.map(freePort));
  const children: ChildProcess[] = [];
  const took = await timed(async () => {
    await Promise.all(
      VARIANTS.map(async (variant, i) => {
        const port = ports[i] ?? 0;
        children.push(
          spawn('sh', ['-c', 'exec node server.mjs'], {
            cwd: worktreeOf(root, variant),
            env: { ...lab.env, PORT: String(port) },
            stdio: 'ignore',
          }),
        );
        await answers(port);
      }),
    );
  });
  await Promise.all(
    children.map(async (child) => {
      child.kill();
      await once(child, 'exit');
    }),
  );
  return took;
}

async function served(lab: Lab, root: string): Promise<number> {
  const [node, main] = lab.copse;
  const started = performance.now();
  const child = spawn(node, [main, 'serve', '--json'], { cwd: root, env: lab.env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  const took = performance.now() - started;
  const { variants } = JSON.parse(answer.toString('utf8')) as { variants: { state: string }[] };
  if (variants.length !== VARIANTS.length || variants.some(({ state }) => state !== 'ready'))
    throw new Error('not all are ready');
  child.kill('SIGINT');
  await once(child, 'exit');
  return took;
}

async function answers(port: number): Promise<void> {
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      // Not up yet.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

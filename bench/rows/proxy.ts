import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { WRITES_A_FILE } from '../../test/support/fake-claude.ts';
import { makeRun } from '../kit/finished-run.ts';
import { interleave, timed } from '../kit/interleave.ts';
import { smallProject } from '../kit/lab.ts';
import type { Measure } from '../kit/measurement.ts';

const BYTES = 10 * 1024 * 1024;
const ROUNDS = 25;
/** One download takes a few milliseconds: too little to measure alone. */
const TIMES = 5;

interface Answer {
  readonly bytes: number;
  readonly headers: IncomingHttpHeaders;
}

/** What a person has: Vite's development server, `copse serve`, and a client in the browser's place, each a process of its own. */
export const measure: Measure = async (lab) => {
  const root = await makeRun(lab, 'proxied', {
    files: [...smallProject(), ['index.html', '<!doctype html>'], ['public/asset.bin', 'a'.repeat(BYTES)]],
    script: WRITES_A_FILE,
    variants: ['dark'],
    settings: 'serve: exec vite --port "$PORT" --strictPort --host 127.0.0.1\n',
  });
  const [node, main] = lab.copse;
  const serving = spawn(node, [main, 'serve', '--json'], { cwd: root, env: lab.env, stdio: ['ignore', 'pipe', 'inherit'] });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const [text] = (await once(serving.stdout, 'data')) as [Buffer];
    const { page, variants } = JSON.parse(text.toString('utf8')) as { page: string; variants: { port: number }[] };
    const link = new URL(page);
    const app = variants[0]?.port ?? 0;
    const entered = await download(agent, Number(link.port), link.search, { host: `copse.localhost:${link.port}` });
    const cookie = (entered.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
    const many = (port: number, headers: Record<string, string>) =>
      timed(async () => {
        for (let i = 0; i < TIMES; i += 1) {
          const { bytes } = await download(agent, port, '/asset.bin', headers);
          if (bytes !== BYTES) throw new Error(`${bytes} bytes came instead of ${BYTES}`);
        }
      });
    const taken = await interleave(ROUNDS, {
      floor: () => many(app, {}),
      ours: () => many(Number(link.port), { host: `dark.copse.localhost:${link.port}`, cookie }),
    });
    return [
      {
        what: 'an asset of 10 MB through the page of copse serve',
        unit: 'ms',
        floor: { name: 'from Vite’s development server directly', value: taken.floor / TIMES },
        ours: taken.ours / TIMES,
        // 0.8 of the throughput.
        target: { kind: 'times-floor', atMost: 1.25 },
        rounds: ROUNDS,
      },
    ];
  } finally {
    agent.destroy();
    serving.kill('SIGINT');
    await once(serving, 'exit');
  }
};

function download(agent: Agent, port: number, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: path.replace(/^\?/, '/?'), headers, agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ bytes, headers: response.headers }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

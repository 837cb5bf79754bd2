import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave, timed } from '../kit/interleave.ts';
import type { Measure } from '../kit/measurement.ts';

const BYTES = 10 * 1024 * 1024;
const ROUNDS = 15;
/** One download takes a few milliseconds: too little to measure alone. */
const TIMES = 5;
const TOKEN = 'the-token-of-the-bench';
const SERVER = fileURLToPath(new URL('../kit/asset-server.ts', import.meta.url));

/** App, page and client are processes of their own, as with a development server, copse and a browser. */
export const measure: Measure = async (lab) => {
  const [node] = lab.copse;
  const children: ChildProcess[] = [];
  const start = async (...words: readonly string[]): Promise<number> => {
    const child = spawn(node, [SERVER, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return Number(line.toString());
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const download = (port: number, path: string, headers: Record<string, string> = {}) =>
    new Promise<{ bytes: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers, agent }, (response: IncomingMessage) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on('end', () => resolve({ bytes, headers: response.headers }));
        response.on('error', reject);
      }).on('error', reject);
    });
  try {
    const asset = join(lab.folder, 'asset.bin');
    await writeFile(asset, Buffer.alloc(BYTES, 'a'));
    const app = await start('app', asset);
    const page = await start('page', String(app), TOKEN);
    const entered = await download(page, `/?t=${TOKEN}`, { host: `copse.localhost:${page}` });
    const cookie = (entered.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
    const many = (port: number, headers: Record<string, string>) =>
      timed(async () => {
        for (let i = 0; i < TIMES; i += 1) {
          const { bytes } = await download(port, '/asset', headers);
          if (bytes !== BYTES) throw new Error(`${bytes} bytes came instead of ${BYTES}`);
        }
      });
    const taken = await interleave(ROUNDS, {
      floor: () => many(app, {}),
      ours: () => many(page, { host: `dark.copse.localhost:${page}`, cookie }),
    });
    return [
      {
        what: 'an asset of 10 MB through the page of copse serve',
        unit: 'ms',
        floor: { name: 'from the server directly', value: taken.floor / TIMES },
        ours: taken.ours / TIMES,
        // 0.8 of the throughput.
        target: { kind: 'times-floor', atMost: 1.25 },
        rounds: ROUNDS,
      },
    ];
  } finally {
    agent.destroy();
    for (const child of children) child.kill();
  }
};

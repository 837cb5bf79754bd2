/** Programs of the row `proxy`, each a process of its own: `app` streams a large file, `page` stands before it. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPage } from '../../src/serve/page/start-page.ts';
import { serveHtml } from '../../src/view/serve/serve-html.ts';

const [, , role, of = '', token = ''] = process.argv;
if (role === 'app') {
  const { size } = statSync(of);
  const server = createServer((_, res) => {
    // As the development servers of Vite and webpack do.
    res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
    createReadStream(of).pipe(res);
  }).listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
} else {
  const port = Number(of);
  const page = await startPage({
    title: 'bench',
    variants: () => [
      {
        label: 'dark',
        port,
        url: `http://127.0.0.1:${port}/`,
        state: 'ready',
        detail: '',
        outcome: null,
        checks: [],
        summary: '',
        costUsd: 0,
        changes: null,
      },
    ],
    onChange: () => () => {},
    host: '127.0.0.1',
    port: 0,
    token,
    votes: { has: () => false, read: async () => [], cast: async () => {}, withdraw: async () => {} },
    blind: false,
    reportFile: null,
    html: serveHtml,
  });
  process.stdout.write(`${page.port}\n`);
}

/** Programs of the row `proxy`, each a process of its own: `app` serves a large asset, `page` stands before it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPage } from '../../src/serve/page/start-page.ts';
import { serveHtml } from '../../src/view/serve/serve-html.ts';

const [, , role, size = '0', token = ''] = process.argv;
if (role === 'app') {
  const asset = Buffer.alloc(Number(size), 'a');
  const server = createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': asset.length });
    res.end(asset);
  }).listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
} else {
  const port = Number(size);
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

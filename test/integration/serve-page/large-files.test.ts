/** Bodies that are passed on past the parser: they have to arrive as if it had read them. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { anApp, aPage, ask, variantOf } from './a-page.ts';

const MB = 1024 * 1024;
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** An app that answers with bytes of the test's own, whenever it wants, and a page before it. */
async function raw(answer: (socket: Socket, path: string) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => {
      // The page hangs up.
    });
    socket.on('data', (head) => answer(socket, /^GET (\S+)/.exec(head.toString('latin1'))?.[1] ?? ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return behind((server.address() as AddressInfo).port);
}

async function behind(port: number) {
  const page = await aPage([variantOf('dark', port)]);
  const headers = { host: `dark.copse.localhost:${page.port}`, cookie: page.cookie };
  // One connection, so that what is left over of one answer would be taken for the next.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const open = async (path: string): Promise<IncomingMessage> => {
    const req = request({ host: '127.0.0.1', port: page.port, path, headers, agent });
    req.end();
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    return res;
  };
  return { page, headers, open, get: async (path: string) => buffer(await open(path)) };
}

const head = (size: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`;

test('several at once, to browsers that take them slowly', async () => {
  const assets = new Map(Array.from({ length: 4 }, (_, n) => [`/${n}`, randomBytes(6 * MB + n)]));
  const app = await anApp((req, res) => {
    const asset = assets.get(req.url ?? '') ?? Buffer.alloc(0);
    res.writeHead(200, { 'content-length': asset.length });
    // Pieces of many sizes, the first together with the headers.
    for (let at = 0, size = 1; at < asset.length; at += size, size = (size * 7) % 200_003)
      res.write(asset.subarray(at, at + size));
    res.end();
  });
  const page = await aPage([variantOf('dark', app.port)]);
  const got = await Promise.all(
    [...assets.keys()].map(async (path) => {
      const req = request({
        host: '127.0.0.1',
        port: page.port,
        path,
        headers: { host: `dark.copse.localhost:${page.port}`, cookie: page.cookie },
      });
      req.end();
      const [res] = (await once(req, 'response')) as [IncomingMessage];
      const parts: Buffer[] = [];
      for await (const part of res as AsyncIterable<Buffer>) {
        parts.push(part);
        if (parts.length % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return digest(Buffer.concat(parts));
    }),
  );
  expect(got).toEqual([...assets.values()].map(digest));
});

test('headers first and the body later, or in one piece, or cut anywhere', async () => {
  const asset = randomBytes(MB);
  const { get } = await raw((socket, path) => {
    const all = Buffer.concat([Buffer.from(head(asset.length)), asset]);
    const cut = path === '/whole' ? all.length : Number(path.slice(1));
    socket.write(all.subarray(0, cut), () => setImmediate(() => socket.write(all.subarray(cut))));
  });
  const headers = head(asset.length).length;
  for (const cut of [headers - 1, headers, headers + 1, headers + 70_000, headers + asset.length - 1]) {
    expect([cut, digest(await get(`/${cut}`))]).toEqual([cut, digest(asset)]);
  }
  expect(digest(await get('/whole'))).toBe(digest(asset));
});

test('what the app says before its answer, together with it or apart, is no part of it', async () => {
  const asset = randomBytes(MB);
  const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n';
  const { get } = await raw((socket, path) => {
    const answer = Buffer.concat([Buffer.from(head(asset.length)), asset]);
    if (path === '/together') socket.write(Buffer.concat([Buffer.from(hints), answer]));
    else socket.write(hints, () => setImmediate(() => socket.write(answer)));
  });
  for (const path of ['/together', '/apart']) expect([path, digest(await get(path))]).toEqual([path, digest(asset)]);
});

test('what came with the headers is passed on, though the rest is not there yet', async () => {
  let go = (): void => {};
  const { open } = await raw((socket) => {
    socket.write(`${head(MB)}first`);
    go = () => void socket.write(Buffer.alloc(MB - 5));
  });
  const res = await open('/');
  expect(String((await once(res, 'data'))[0])).toBe('first');
  go();
  expect((await buffer(res)).length).toBe(MB - 5);
});

test('more than was announced is neither body nor the next answer', async () => {
  const asset = randomBytes(MB);
  const { page, headers } = await raw((socket, path) => {
    if (path === '/next') socket.end(`${head(2)}ok`);
    else socket.write(Buffer.concat([Buffer.from(head(MB)), asset, Buffer.from(`${head(7)}planted`)]));
  });
  const asking = (path: string, connection: string): string =>
    `GET ${path} HTTP/1.1\r\nHost: ${headers.host}\r\nCookie: ${headers.cookie}\r\nConnection: ${connection}\r\n\r\n`;
  const socket = connect(page.port, '127.0.0.1');
  socket.write(asking('/', 'keep-alive') + asking('/next', 'close'));
  const bytes = await buffer(socket);
  const first = bytes.indexOf('\r\n\r\n') + 4;
  expect(digest(bytes.subarray(first, first + MB))).toBe(digest(asset));
  const next = bytes.subarray(first + MB).toString('latin1');
  expect([next.slice(0, 15), next.slice(next.indexOf('\r\n\r\n') + 4)]).toEqual(['HTTP/1.1 200 OK', 'ok']);
});

test('one that breaks off breaks off for the browser', async () => {
  const { open } = await raw((socket) => socket.end(`${head(MB)}${'x'.repeat(300_000)}`));
  await expect(buffer(await open('/'))).rejects.toThrow(/aborted/);
});

test('the app learns that the browser has gone', async () => {
  let gone = false;
  const { open } = await raw((socket) => {
    socket.on('close', () => {
      gone = true;
    });
    socket.write(`${head(64 * MB)}${'x'.repeat(300_000)}`);
  });
  const res = await open('/');
  await once(res, 'data');
  res.destroy();
  await vi.waitFor(() => expect(gone).toBe(true), { timeout: 20_000 });
});

test('a part of a file, the size of one alone, and small ones over the same connection', async () => {
  const app = await anApp((req, res) => {
    if (req.url === '/small') res.end('small');
    else if (req.headers.range === undefined) res.writeHead(200, { 'content-length': 3 * MB }).end(Buffer.alloc(3 * MB, 'a'));
    else res.writeHead(206, { 'content-length': MB, 'content-range': `bytes 0-${MB - 1}/${3 * MB}` }).end(Buffer.alloc(MB, 'b'));
  });
  const { page, headers, get } = await behind(app.port);
  const part = await ask(page.port, { host: headers.host, path: '/', headers: { cookie: headers.cookie, range: 'bytes=0-' } });
  expect([part.status, part.body.equals(Buffer.alloc(MB, 'b'))]).toEqual([206, true]);
  const size = await ask(page.port, { host: headers.host, method: 'HEAD', headers: { cookie: headers.cookie } });
  expect([size.headers['content-length'], size.body.length]).toEqual([String(3 * MB), 0]);
  expect(String(await get('/small'))).toBe('small');
  expect((await get('/')).equals(Buffer.alloc(3 * MB, 'a'))).toBe(true);
  expect(String(await get('/small'))).toBe('small');
});

/** The traffic between a browser and a variant's server, with real servers. */
import { createHash, randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { anApp, aPage, ask, variantOf } from './a-page.ts';

async function behind(...arguments_: Parameters<typeof anApp>) {
  const app = await anApp(...arguments_);
  const page = await aPage([variantOf('dark', app.port)]);
  const host = `dark.copse.localhost:${page.port}`;
  return {
    app,
    page,
    host,
    origin: `http://${host}`,
    get: (path: string, o: Partial<Parameters<typeof ask>[1]> = {}) =>
      ask(page.port, { host, path, ...o, headers: { cookie: page.cookie, ...o.headers } }),
  };
}

describe('requests', () => {
  test('the app gets method, path, body and headers, and neither our cookies nor what is of one connection', async () => {
    let body = '';
    const { app, host, origin, get, page } = await behind(async (req, res) => {
      for await (const chunk of req) body += String(chunk);
      res.end('ok');
    });
    const answer = await get('/a%20b?x=1&y=/', {
      method: 'POST',
      body: 'hello',
      headers: {
        cookie: `theme=dark; ${page.cookie}; sid=1`,
        origin,
        'x-own': ['1', '2'],
        'x-forwarded-for': '10.0.0.1',
        connection: 'close, x-hop',
        'x-hop': '1',
        te: 'trailers',
        'proxy-authorization': 'Basic eA==',
      },
    });
    expect(answer.text).toBe('ok');
    expect(body).toBe('hello');
    const [got] = app.requests;
    expect(got).toMatchObject({ method: 'POST', url: '/a%20b?x=1&y=/' });
    expect(got?.headers).toMatchObject({ host, origin, cookie: 'theme=dark; sid=1', 'x-own': '1, 2', 'content-length': '5' });
    for (const name of ['x-forwarded-for', 'x-hop', 'te', 'proxy-authorization', 'transfer-encoding']) {
      expect(got?.headers).not.toHaveProperty(name);
    }
  });

  test('a chunked body stays whole, an empty one is announced as empty', async () => {
    const sizes: number[] = [];
    const { app, origin, get } = await behind(async (req, res) => {
      let size = 0;
      for await (const chunk of req) size += (chunk as Buffer).length;
      sizes.push(size);
      res.end();
    });
    await get('/up', { method: 'PUT', body: randomBytes(300_000), headers: { origin, 'transfer-encoding': 'chunked' } });
    await get('/gone', { method: 'DELETE', body: 'x', headers: { origin, 'transfer-encoding': 'chunked' } });
    await get('/empty', { method: 'POST', headers: { origin, 'content-length': '0' } });
    expect(sizes).toEqual([300_000, 1, 0]);
    expect(app.requests[2]?.headers).toMatchObject({ 'content-length': '0' });
  });

  test('a server on ::1 alone is found too', async () => {
    const { get } = await behind((_, res) => res.end('six'), { host: '::1' });
    expect((await get('/')).text).toBe('six');
  });
});

describe('answers', () => {
  test('10 MB arrive as they are, compressed ones too', async () => {
    const asset = randomBytes(10 * 1024 * 1024);
    const small = gzipSync('x'.repeat(5_000));
    const { get } = await behind((req, res) => {
      if (req.url === '/small') res.writeHead(200, { 'content-encoding': 'gzip', 'content-length': small.length }).end(small);
      else res.writeHead(200, { 'content-length': asset.length, 'content-type': 'font/woff2' }).end(asset);
    });
    const answer = await get('/big');
    expect(createHash('sha256').update(answer.body).digest('hex')).toBe(createHash('sha256').update(asset).digest('hex'));
    expect(answer.headers).toMatchObject({ 'content-length': String(asset.length), 'content-type': 'font/woff2' });
    const packed = await get('/small');
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body.equals(small)).toBe(true);
  });

  test('HEAD, 304, 204, a chunked one and headers that come twice', async () => {
    const { get } = await behind((req, res) => {
      if (req.url === '/head') res.writeHead(200, { 'content-length': 7 }).end();
      else if (req.url === '/same') res.writeHead(304, { etag: '"1"' }).end();
      else if (req.url === '/none') res.writeHead(204).end();
      else {
        res.writeHead(207, 'Some Words', [
          ...['Set-Cookie', 'a=1; Path=/', 'set-cookie', 'b=2; Domain=copse.localhost', 'Set-Cookie', 'copse-1=x'],
          ...['Connection', 'x-hop', 'X-Hop', '1', 'X-Own', '1'],
        ]);
        res.write('one ');
        res.end('two');
      }
    });
    expect(await get('/head', { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { 'content-length': '7' } });
    expect(await get('/same')).toMatchObject({ status: 304, text: '', headers: { etag: '"1"' } });
    expect(await get('/none')).toMatchObject({ status: 204, text: '' });
    const answer = await get('/other');
    expect(answer).toMatchObject({
      status: 207,
      text: 'one two',
      headers: { 'x-own': '1', 'set-cookie': ['a=1; Path=/', 'b=2'] },
    });
    expect(answer.headers).not.toHaveProperty('x-hop');
  });

  test('a redirect to the address that the app knows itself by stays in the frame', async () => {
    const { app, origin, get } = await behind((req, res) => {
      const to = { '/own': `http://localhost:${app.port}/x?y`, '/path': '/z', '/away': 'http://localhost:1/' }[req.url ?? ''];
      res.writeHead(302, { location: to }).end();
    });
    expect((await get('/own')).headers.location).toBe(`${origin}/x?y`);
    expect((await get('/path')).headers.location).toBe('/z');
    expect((await get('/away')).headers.location).toBe('http://localhost:1/');
  });

  test('events arrive one by one, and the app learns that the browser has gone', async () => {
    let gone = false;
    let write = (_: string): void => {};
    const { page, host } = await behind((_, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      write = (text) => void res.write(text);
      res.once('close', () => {
        gone = true;
      });
      res.flushHeaders();
    });
    const req = request({ host: '127.0.0.1', port: page.port, path: '/events', headers: { host, cookie: page.cookie } });
    req.end();
    const [res] = await once(req, 'response');
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      const next = once(res, 'data');
      write(event);
      expect(String((await next)[0])).toBe(event);
    }
    req.destroy();
    await vi.waitFor(() => expect(gone).toBe(true), { timeout: 20_000 });
  });

  test('an answer that breaks off breaks off for the browser', async () => {
    const { page, host } = await behind((_, res) => {
      res.writeHead(200, { 'content-length': '100' });
      res.write('half');
      setImmediate(() => res.destroy());
    });
    await expect(ask(page.port, { host, headers: { cookie: page.cookie } })).rejects.toThrow(/aborted/);
  });

  test('many at once over kept connections, of which the app closes some', async () => {
    const { app, get } = await behind((req, res) => res.end(req.url));
    app.server.keepAliveTimeout = 1;
    for (let round = 0; round < 8; round += 1) {
      const paths = Array.from({ length: 12 }, (_, i) => `/${round}-${i}`);
      const answers = await Promise.all(paths.map((path) => get(path)));
      expect(answers.map(({ text }) => text)).toEqual(paths);
    }
  });

  test('one that does not run says so, in a page of ours that the page may frame', async () => {
    const { app, page, get } = await behind((_, res) => res.end());
    app.server.close();
    app.server.closeAllConnections();
    const answer = await get('/');
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('dark does not answer.');
    expect(answer.headers['content-security-policy']).toContain(`frame-ancestors http://copse.localhost:${page.port}`);
    expect(answer.headers).not.toHaveProperty('x-frame-options');
  });
});

describe('an app that is none', () => {
  /** Answers whatever it is asked with these bytes. */
  const saying = async (bytes: string): Promise<number> => {
    const server = createServer((socket) => {
      socket.on('error', () => {
        // The proxy hangs up.
      });
      socket.once('data', () => socket.end(bytes));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  };
  const answered = async (bytes: string): Promise<number> => {
    const page = await aPage([variantOf('dark', await saying(bytes))]);
    return (await ask(page.port, { host: `dark.copse.localhost:${page.port}`, headers: { cookie: page.cookie } })).status;
  };

  test.each([
    ['a status that there is not', 'HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n', 502],
    ['a control character', 'HTTP/1.1 200 O\u0001K\r\nContent-Length: 0\r\n\r\n', 200],
    ['another protocol unasked', 'HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 502],
    ['no HTTP at all', 'SSH-2.0-OpenSSH\r\n', 502],
  ])('%s is answered, and the page lives on', async (_, bytes, status) => {
    expect(await answered(bytes)).toBe(status);
  });

  test.each(['failed', 'stopped'] as const)(
    'behind a server that has %s: the port may be any program’s by then',
    async (state) => {
      const { app, page, get } = await behind((_, res) => res.end('not yours'));
      page.change([variantOf('dark', app.port, { state })]);
      expect(await get('/')).toMatchObject({ status: 502, text: expect.stringContaining('dark does not answer.') });
      expect(app.requests).toEqual([]);
    },
  );

  test('one without a port yet is not looked for on port 80', async () => {
    const asked: unknown[] = [];
    const look = (message: unknown): void => void asked.push((message as { request: ClientRequest }).request.host);
    subscribe('http.client.request.start', look);
    onTestFinished(() => void unsubscribe('http.client.request.start', look));
    const page = await aPage([variantOf('dark', 0, { state: 'starting', url: '' })]);
    const answer = await ask(page.port, { host: `dark.copse.localhost:${page.port}`, headers: { cookie: page.cookie } });
    expect(answer.status).toBe(502);
    // By the test itself, to enter and to ask.
    expect(asked).toEqual(['127.0.0.1', '127.0.0.1']);
  });
});

describe('web sockets', () => {
  /** Opens one as a browser does; the server's messages until `end`. */
  const open = (port: number, host: string, headers: readonly string[], after = '') =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          `GET /hmr?token=1 HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n${after}`,
        );
      });
      let said = '';
      socket.setEncoding('latin1');
      socket.on('data', (text: string) => {
        said += text;
        if (said.includes('echo:bye')) socket.end();
        else if (said.includes('echo:hello') && !said.includes('more')) socket.write('more bye');
      });
      socket.on('close', () => resolve(said));
      socket.on('error', reject);
    });

  const echo = {
    onUpgrade: (_: unknown, socket: Duplex, head: Buffer) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: y\r\n\r\n',
      );
      const answer = (chunk: Buffer): void => {
        for (const word of chunk.toString().split(' ')) socket.write(`echo:${word}`);
      };
      if (head.length > 0) answer(head);
      socket.on('data', answer);
      socket.on('end', () => socket.end());
    },
  };

  test('bytes go both ways, from the first one on, and both ends close together', async () => {
    const { app, page, host, origin } = await behind((_, res) => res.end(), echo);
    let closed = false;
    app.server.on('upgrade', (_, socket) => socket.on('close', () => (closed = true)));
    const said = await open(page.port, host, [`Origin: ${origin}`, `Cookie: ${page.cookie}`], 'hello');
    expect(said).toMatch(/^HTTP\/1.1 101 .*sec-websocket-accept: y/is);
    expect(said).toContain('echo:helloecho:moreecho:bye');
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 20_000 });
  });

  test('none for a server that is down, whoever has its port by then', async () => {
    let opened = false;
    const onUpgrade = (): void => {
      opened = true;
    };
    const { app, page, host, origin } = await behind((_, res) => res.end(), { onUpgrade });
    page.change([variantOf('dark', app.port, { state: 'failed' })]);
    expect(await open(page.port, host, [`Origin: ${origin}`, `Cookie: ${page.cookie}`])).toMatch(/^HTTP\/1.1 502/);
    expect(opened).toBe(false);
  });

  test('a browser that breaks off before the app has answered leaves the page up', async () => {
    const asked = Promise.withResolvers<Duplex>();
    const { page, host, origin, get } = await behind((_, res) => res.end('up'), { onUpgrade: (_, at) => asked.resolve(at) });
    const socket = connect(page.port, '127.0.0.1');
    socket.write(
      `GET /hmr HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${origin}\r\nCookie: ${page.cookie}\r\n\r\n`,
    );
    const behindIt = await asked.promise;
    const gone = once(behindIt, 'end');
    behindIt.on('error', () => undefined).resume();
    socket.resetAndDestroy();
    await gone;
    expect((await get('/')).text).toBe('up');
  });

  test('refused: another origin, none, no cookie, another protocol, an app that wants none', async () => {
    const { app, page, host, origin } = await behind((_, res) => res.end());
    const cookie = `Cookie: ${page.cookie}`;
    expect(await open(page.port, host, ['Origin: http://evil.example', cookie])).toMatch(/^HTTP\/1.1 403/);
    expect(await open(page.port, host, [`Origin: http://copse.localhost:${page.port}`, cookie])).toMatch(/^HTTP\/1.1 403/);
    expect(await open(page.port, host, [cookie])).toMatch(/^HTTP\/1.1 403/);
    expect(await open(page.port, host, [`Origin: ${origin}`])).toMatch(/^HTTP\/1.1 401/);
    expect(await open(page.port, 'evil.example', [`Origin: ${origin}`, cookie])).toMatch(/^HTTP\/1.1 421/);
    expect(app.requests).toEqual([]);
    expect(await open(page.port, host, [`Origin: ${origin}`, cookie])).toMatch(/^HTTP\/1.1 200 Refused/);
  });
});

test('closing the page ends what is under way', async () => {
  const { page, host } = await behind((_, res) => {
    res.writeHead(200);
    res.flushHeaders();
  });
  const asked = ask(page.port, { host, headers: { cookie: page.cookie } });
  const failed = expect(asked).rejects.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
  await page.close();
  await failed;
  await expect(ask(page.port, { host })).rejects.toThrow(/ECONNREFUSED/);
});

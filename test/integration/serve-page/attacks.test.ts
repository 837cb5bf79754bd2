/** Attacks of another site, another app and a user without the link. */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { anApp, aPage, ask, cookieOf, TOKEN, variantOf } from './a-page.ts';

async function behind(o: Parameters<typeof aPage>[1] = {}) {
  const app = await anApp((_, res) => res.end('the app'));
  const page = await aPage([variantOf('dark', app.port), variantOf('light', app.port)], o);
  const at = (name: string): string => `${name}copse.localhost:${page.port}`;
  return { app, page, home: at(''), dark: at('dark.'), light: at('light.') };
}

describe('without the link', () => {
  test('nothing is shown and no app is reached', async () => {
    const { app, page, home, dark } = await behind();
    expect((await ask(page.port, { host: home })).status).toBe(401);
    for (const path of ['/events', '/report', '/vote', '/elsewhere']) {
      expect((await ask(page.port, { host: home, path })).status, path).toBe(401);
    }
    expect((await ask(page.port, { host: dark })).status).toBe(401);
    expect(app.requests).toEqual([]);
  });

  test('a wrong token, a part of it, a made-up cookie open nothing', async () => {
    const { app, page, home, dark } = await behind();
    for (const token of ['', 'x', TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase(), encodeURIComponent(`${TOKEN}\0`)]) {
      const answer = await ask(page.port, { host: home, path: `/?t=${token}` });
      expect(answer.status, token).toBe(403);
      expect(answer.headers).not.toHaveProperty('set-cookie');
    }
    const name = `copse-${page.port}`;
    const viewer = page.cookie.split('=')[1]?.split('.')[0] ?? '';
    for (const value of [TOKEN, viewer, `${viewer}.`, `${viewer}.${TOKEN}`, 'AAAAAAAAAAAA.x']) {
      expect((await ask(page.port, { host: dark, headers: { cookie: `${name}=${value}` } })).status).toBe(401);
    }
    expect(app.requests).toEqual([]);
  });

  test('the token never reaches an app, nor does the cookie stand in for it', async () => {
    const { app, page, home, dark } = await behind();
    await ask(page.port, { host: dark, headers: { cookie: page.cookie } });
    expect(app.requests).toHaveLength(1);
    expect(JSON.stringify(app.requests)).not.toContain(TOKEN);
    expect(JSON.stringify(app.requests)).not.toContain('copse-');
    expect(page.cookie).not.toContain(TOKEN);
    // An app may set a cookie of the name for the whole site: ours still counts, and its own opens nothing.
    const tossed = `copse-${page.port}=AAAAAAAAAAAA.x`;
    expect((await ask(page.port, { host: home, headers: { cookie: `${tossed}; ${page.cookie}` } })).status).toBe(200);
  });
});

describe('DNS rebinding', () => {
  test.each([
    'evil.example',
    'copse.localhost.evil.example',
    'evilcopse.localhost',
    'localhost.evil.example',
    '192.168.1.5',
    '0.0.0.0',
    'copse.localhost@evil.example',
    '',
  ])('Host %s is not ours', async (name) => {
    const { app, page } = await behind();
    const answer = await ask(page.port, { host: `${name}:${page.port}`, path: `/?t=${TOKEN}`, headers: { cookie: page.cookie } });
    expect(answer.status).toBe(421);
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(app.requests).toEqual([]);
  });

  test('the right name with another port is not ours', async () => {
    const { page } = await behind();
    for (const host of ['copse.localhost', 'copse.localhost:80', `copse.localhost:${page.port + 1}`]) {
      expect((await ask(page.port, { host, headers: { cookie: page.cookie } })).status).toBe(421);
    }
  });
});

describe('another site, and another app', () => {
  const vote = (parts: { headers?: Record<string, string>; key?: string }) => ({
    path: '/vote',
    method: 'POST',
    body: JSON.stringify({ key: parts.key ?? 'dark', favourite: true, note: '', name: '' }),
    headers: { 'content-type': 'application/json', ...parts.headers },
  });

  test('a vote counts from the page alone', async () => {
    const { page, home, dark } = await behind();
    const { cookie } = page;
    const from = async (headers: Record<string, string>): Promise<number> =>
      (await ask(page.port, { host: home, ...vote({ headers: { cookie, ...headers } }) })).status;
    expect(await from({})).toBe(403);
    expect(await from({ origin: 'http://evil.example' })).toBe(403);
    expect(await from({ origin: 'null' })).toBe(403);
    expect(await from({ origin: `http://${dark}` })).toBe(403);
    expect(await from({ origin: `http://${home}`, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await from({ origin: `http://${home}`, 'content-type': 'text/plain' })).toBe(400);
    expect(page.votes.votes).toEqual([]);
    expect(await from({ origin: `http://${home}` })).toBe(204);
    expect(page.votes.votes).toHaveLength(1);
  });

  test('nor may they read it, frame it, or learn of it', async () => {
    const { page, home, dark } = await behind();
    const get = (path: string, headers: Record<string, string>) =>
      ask(page.port, { host: home, path, headers: { cookie: page.cookie, ...headers } });
    for (const path of ['/', '/events', '/report']) {
      expect((await get(path, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
      expect(
        (await get(path, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' })).status,
      ).toBe(403);
      expect((await get(path, { origin: `http://${dark}` })).status).toBe(403);
    }
    // A link in a chat may open it.
    const opened = await get('/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' });
    expect(opened.status).toBe(200);
    expect(opened.headers).toMatchObject({
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(opened.headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    expect(Object.keys(opened.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await ask(page.port, {
      host: home,
      path: '/vote',
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(403);
  });

  test('an app is not driven or read by another one or by a site', async () => {
    const { app, page, dark, light, home } = await behind();
    const from = async (o: { method?: string; headers: Record<string, string> }): Promise<number> =>
      (await ask(page.port, { host: dark, ...o, headers: { cookie: page.cookie, ...o.headers } })).status;
    for (const origin of [`http://${light}`, `http://${home}`, 'http://evil.example', 'null']) {
      expect(await from({ headers: { origin } }), origin).toBe(403);
      expect(await from({ method: 'POST', headers: { origin } }), origin).toBe(403);
    }
    expect(await from({ method: 'POST', headers: {} })).toBe(403);
    expect(await from({ headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' } })).toBe(403);
    expect(app.requests).toEqual([]);
    expect(
      await from({ headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' } }),
    ).toBe(200);
    expect(await from({ method: 'POST', headers: { origin: `http://${dark}` } })).toBe(200);
  });
});

describe('request smuggling', () => {
  const send = (port: number, text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text.replaceAll('\n', '\r\n')));
      let said = '';
      socket.on('data', (chunk) => (said += String(chunk)));
      socket.on('close', () => resolve(said));
      socket.on('error', () => resolve(said));
    });

  test.each([
    ['two lengths', 'Content-Length: 4\nContent-Length: 5\n\nabcd'],
    ['length and chunks', 'Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\nGET /smuggled HTTP/1.1\nHost: x\n\n'],
    ['chunks of another kind', 'Transfer-Encoding: xchunked\n\n0\n\n'],
    ['chunked twice', 'Transfer-Encoding: chunked, identity\n\n0\n\n'],
    ['a header that is folded', 'X-A: 1\n Transfer-Encoding: chunked\n\n'],
  ])('%s', async (_, rest) => {
    const { app, page, dark } = await behind();
    const said = await send(page.port, `POST / HTTP/1.1\nHost: ${dark}\nOrigin: http://${dark}\nCookie: ${page.cookie}\n${rest}`);
    expect(said).toMatch(/^HTTP\/1\.1 400/);
    expect(app.requests.map(({ url }) => url)).not.toContain('/smuggled');
  });

  test('requests for elsewhere: absolute, CONNECT, h2c', async () => {
    const { app, page, dark } = await behind();
    const head = `Host: ${dark}\nCookie: ${page.cookie}\n`;
    expect(await send(page.port, `GET http://127.0.0.1:${app.port}/ HTTP/1.1\n${head}Connection: close\n\n`)).toMatch(
      /^HTTP\/1\.1 400/,
    );
    expect(await send(page.port, `CONNECT 127.0.0.1:${app.port} HTTP/1.1\n${head}\n`)).not.toMatch(/^HTTP\/1\.1 200/);
    const h2c = `GET / HTTP/1.1\n${head}Origin: http://${dark}\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AA\n\n`;
    expect(await send(page.port, h2c)).toMatch(/^HTTP\/1\.1 400/);
    expect(app.requests).toEqual([]);
  });
});

describe('in the network', () => {
  test('an address is served, a name is not; each variant has a port behind the same cookie', async () => {
    const app = await anApp((req, res) => {
      res.setHeader('set-cookie', ['sid=1; HttpOnly', 'theme=dark']);
      res.end(JSON.stringify(req.headers));
    });
    const page = await aPage([variantOf('dark', app.port)], { host: '0.0.0.0' });
    expect(page.lanUrls.every((url) => /^http:\/\/[\d.]+:\d+\/\?t=/.test(url))).toBe(true);
    const host = `10.1.2.3:${page.port}`;
    expect((await ask(page.port, { host: `box.local:${page.port}`, path: `/?t=${TOKEN}` })).status).toBe(421);
    const entered = await ask(page.port, { host, path: `/?t=${TOKEN}` });
    const cookie = cookieOf(entered);
    const [, gate = ''] = /frame-src http:\/\/10\.1\.2\.3:(\d+);/.exec(String(entered.headers['content-security-policy'])) ?? [];
    const variant = { host: `10.1.2.3:${gate}`, headers: { cookie } };
    expect((await ask(Number(gate), { host: `10.1.2.3:${gate}` })).status).toBe(401);
    expect((await ask(Number(gate), { ...variant, host: `box.local:${gate}` })).status).toBe(421);
    expect((await ask(Number(gate), { ...variant, host })).status).toBe(421);
    const first = await ask(Number(gate), { ...variant, headers: { cookie, origin: `http://10.1.2.3:${gate}` } });
    // The app is asked as it knows itself; a cookie that scripts cannot read is kept apart from those of the other ports.
    expect(JSON.parse(first.text)).toMatchObject({ host: `localhost:${app.port}`, origin: `http://localhost:${app.port}` });
    expect(first.headers['set-cookie']).toEqual(['copse-v.dark.sid=1; HttpOnly', 'theme=dark']);
    const again = await ask(Number(gate), {
      ...variant,
      headers: { cookie: `${cookie}; copse-v.dark.sid=1; copse-v.light.sid=2; theme=dark` },
    });
    expect(JSON.parse(again.text)).toMatchObject({ cookie: 'sid=1; theme=dark' });
  });

  test('on loopback alone nothing listens for the network', async () => {
    const { page } = await behind();
    expect(page.lanUrls).toEqual([]);
    expect((await ask(page.port, { host: `10.1.2.3:${page.port}`, path: `/?t=${TOKEN}` })).status).toBe(421);
  });
});

test('blind: the answers name nobody until the vote, and who has voted sees all', async () => {
  const { page, home, dark } = await behind({ blind: true });
  const get = (host: string, path: string) => ask(page.port, { host, path, headers: { cookie: page.cookie } });
  const shown = await get(home, '/');
  expect(shown.text + JSON.stringify(shown.headers)).not.toMatch(/dark\.copse|light\.copse|>dark|>ui /);
  expect((await get(dark, '/')).status).toBe(404);
  expect((await get(`a.${home}`, '/')).status).toBe(200);
});

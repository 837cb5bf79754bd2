/** `Follow links` and `Scroll together` in real Chromium, over what apps do: caches, routers, service workers, policies. */
import type { RequestListener } from 'node:http';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { anApp, aPage, variantOf } from './a-page.ts';
import { eventually, open, withChromium } from './open-page.ts';

withChromium();

const document = (body: string): string =>
  `<!doctype html><html lang="en"><title>app</title><body style="margin:0"><p id="path"></p>${body}<script>
const show = () => { document.querySelector('#path').textContent = location.pathname; };
show();
for (const link of document.querySelectorAll('[data-to]')) link.addEventListener('click', () => { history.pushState({}, '', link.dataset.to); show(); });
addEventListener('popstate', show);
</script>`;

const LINKS = '<a href="/loaded">Load</a> <button data-to="/routed">Route</button>';

/** Answers every path with the same document, its caching and policy as given. */
const app =
  (headers: Readonly<Record<string, string>> = {}, body = LINKS): RequestListener =>
  (req, res) => {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    if (headers['etag'] !== undefined && req.headers['if-none-match'] === headers['etag']) {
      res.writeHead(304).end();
      return;
    }
    res.setHeader('content-type', 'text/html');
    res.end(document(body));
  };

async function twoOf(listener: RequestListener) {
  const apps = [await anApp(listener), await anApp(listener)];
  const served = await aPage(['a', 'b'].map((name, i) => variantOf(name, apps[i]?.port ?? 0)));
  return { served, apps };
}

const inFrame = (page: Page, name: string) => page.frameLocator(`iframe[title^="${name} at"]`);
const pathOf = (page: Page, name: string) => inFrame(page, name).locator('#path').textContent();

describe('links that load a page', () => {
  test.each([
    ['with an etag', { etag: '"1"' }],
    ['fresh for an hour', { 'cache-control': 'max-age=3600' }],
  ])('are followed on the second visit as on the first: %s', async (_, headers) => {
    const { served } = await twoOf(app(headers));
    const { page } = await open(served);
    await page.locator('#follow').check();
    for (const visit of [1, 2]) {
      await inFrame(page, 'a').getByRole('link', { name: 'Load' }).click();
      await eventually(async () => expect(await pathOf(page, 'b'), `visit ${visit}`).toBe('/loaded'));
      expect(await page.locator('#route').inputValue()).toBe('/loaded');
      await page.locator('#route').fill('/');
      await page.keyboard.press('Enter');
      for (const name of ['a', 'b']) await eventually(async () => expect(await pathOf(page, name)).toBe('/'));
    }
  });

  test('an app that forbids framing says so after a reload too', async () => {
    const { served } = await twoOf(app({ etag: '"1"', 'x-frame-options': 'DENY' }));
    const { page } = await open(served);
    for (let visit = 0; visit < 3; visit += 1) {
      await eventually(async () => expect(await page.locator('#t-a .down').innerText()).toContain('X-Frame-Options: DENY'));
      expect(await page.locator('iframe').count()).toBe(0);
      await page.reload();
      await page.waitForSelector('body[data-live=yes]');
    }
  });
});

describe('routes that an app handles by script', () => {
  test('a step of the history, and the way back, take the other frames along', async () => {
    const { served } = await twoOf(app());
    const { page } = await open(served);
    await page.locator('#follow').check();
    await inFrame(page, 'a').getByText('Route').click();
    await eventually(async () => expect(await pathOf(page, 'b')).toBe('/routed'));
    // The frame that a person is in keeps its state: only the others are loaded.
    expect(await pathOf(page, 'a')).toBe('/routed');
  });

  test('what an app does by itself moves nobody else', async () => {
    const { served } = await twoOf(
      app({}, `${LINKS}<script>setTimeout(() => history.replaceState({}, '', '/by-itself'))</script>`),
    );
    const { page } = await open(served);
    await page.locator('#follow').check();
    await eventually(() => expect(page.frames().some((frame) => frame.url().endsWith('/by-itself'))).toBe(true));
    expect(await page.locator('#route').inputValue()).toBe('/');
    await inFrame(page, 'a').getByRole('link', { name: 'Load' }).click();
    await eventually(async () => expect(await page.locator('#route').inputValue()).toBe('/loaded'));
  });

  test('also where a service worker answers from its cache', async () => {
    const worker = `addEventListener('install', (event) => event.waitUntil(caches.open('1').then((cache) => cache.add('/')).then(() => skipWaiting())));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => { if (event.request.mode === 'navigate') event.respondWith(caches.match('/')); });`;
    const register = `<script>navigator.serviceWorker.register('/sw.js'); navigator.serviceWorker.ready.then(() => { document.title = 'ready'; });</script>`;
    const { served, apps } = await twoOf((req, res) => {
      if (req.url !== '/sw.js') return app({}, LINKS + register)(req, res);
      res.setHeader('content-type', 'text/javascript');
      res.end(worker);
    });
    const { page } = await open(served);
    await page.locator('#follow').check();
    for (const name of ['a', 'b'])
      await eventually(async () => expect(await inFrame(page, name).locator('title').textContent()).toBe('ready'));
    await eventually(async () => {
      await page.keyboard.press('r');
      const before = apps[0]?.requests.length ?? 0;
      await inFrame(page, 'a').locator('#path').waitFor();
      expect(apps[0]?.requests.length).toBe(before);
    });
    await eventually(async () => {
      await inFrame(page, 'a').getByText('Route').click();
      expect(await page.locator('#route').inputValue()).toBe('/routed');
    });
    await eventually(async () => expect(await pathOf(page, 'b')).toBe('/routed'));
  });

  test.each([
    ['a header', { 'content-security-policy': "script-src 'nonce-x' 'unsafe-inline'" }, LINKS],
    ['a header with strict-dynamic', { 'content-security-policy': "script-src 'self' 'strict-dynamic'" }, LINKS],
    ['a meta element', {}, `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">${LINKS}`],
  ])('nothing is put into a document whose policy forbids it, and its tile says so: %s', async (_, headers, body) => {
    const { served } = await twoOf(app(headers, body));
    const { page, complaints } = await open(served);
    await page.locator('#follow').check();
    await eventually(async () => expect(await page.locator('#t-a').getByText('not followed').isVisible()).toBe(true));
    await page.locator('#t-a').getByText('Details').click();
    expect(await page.locator('#t-a .panel').innerText()).toContain('its Content-Security-Policy forbids it');
    expect(await inFrame(page, 'a').locator('html').innerHTML()).not.toContain('.copse');
    expect(complaints.filter((text) => text.includes('follow.js'))).toEqual([]);
    await page.keyboard.press('Escape');
    // Links that load a page are followed anyway.
    await eventually(async () => {
      await inFrame(page, 'a').getByRole('link', { name: 'Load' }).click();
      expect(await page.locator('#route').inputValue()).toBe('/loaded');
    });
  });

  test('documents look to their app as it sent them', async () => {
    const { served } = await twoOf(app());
    const { page } = await open(served);
    await inFrame(page, 'a').locator('#path').waitFor();
    const head = await inFrame(page, 'a').locator('head').innerHTML();
    expect(head).toBe('<title>app</title>');
  });
});

test('a reload keeps Follow links, the width and the rest of the view', async () => {
  const { served } = await twoOf(app());
  const { page } = await open(served);
  await page.locator('#follow').check();
  await page.locator('#together').check();
  await page.locator('#width').selectOption('tablet');
  await page.reload();
  await page.waitForSelector('body[data-live=yes]');
  expect(await page.locator('#follow').isChecked()).toBe(true);
  expect(await page.locator('#together').isChecked()).toBe(true);
  expect(await page.locator('#width').inputValue()).toBe('tablet');
});

test('scrolled together, frames of different length are at the same part', async () => {
  const long = (height: number): RequestListener => app({}, `<div style="height:${height}px">${LINKS}</div>`);
  const [a, b] = [await anApp(long(3_000)), await anApp(long(9_000))];
  const served = await aPage([variantOf('a', a.port), variantOf('b', b.port)]);
  const { page } = await open(served);
  const at = (name: string) =>
    inFrame(page, name)
      .locator('html')
      .evaluate('document.documentElement.scrollTop / (document.documentElement.scrollHeight - innerHeight)') as Promise<number>;
  await inFrame(page, 'a').locator('#path').waitFor();
  await inFrame(page, 'b').locator('#path').waitFor();
  await page.locator('#together').check();
  await inFrame(page, 'a').locator('html').evaluate('scrollTo(0, (document.documentElement.scrollHeight - innerHeight) / 2)');
  await eventually(async () => expect(await at('b')).toBeCloseTo(0.5, 2));
  await page.locator('#together').uncheck();
  await inFrame(page, 'b').locator('html').evaluate('scrollTo(0, 0)');
  await eventually(async () => expect(await at('b')).toBe(0));
  expect(await at('a')).toBeCloseTo(0.5, 2);
});

/** Pictures of served variants, by the machine's own Chromium. */
import { once } from 'node:events';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findChromium, screenshotsOf } from '../../../src/compare/screenshots.ts';
import type { ServeRecord } from '../../../src/model/reports/served.ts';
import { type Store, storeAt } from '../../../src/store/layout.ts';
import { writeServing } from '../../../src/store/serving.ts';
import { hostIdentity, ownIdentity } from '../../../src/system/processes/process-identity.ts';
import { screenshotOf } from '../../../src/system/screenshot.ts';
import { needChromium, openHtml, startChromium } from '../../support/chromium.ts';
import { evidenceOf } from '../../support/evidence.ts';
import { reportHtml } from '../../support/report-html.ts';
import { anEvidence } from '../../unit/view/some-evidence.ts';

const environment = { PATH: process.env['PATH'] ?? '', HOME: tmpdir() };

async function anApp(colour: string): Promise<string> {
  const server = createServer((req, res) => {
    // As with hot reload: something is always still loading.
    if (req.url === '/events') {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return;
    }
    res.setHeader('content-type', 'text/html');
    res.end(`<body style="background:${colour}"><h1>Shop</h1><script>new EventSource('/events')</script>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

let store: Store;
beforeAll(async () => {
  store = storeAt(await mkdtemp(join(tmpdir(), 'pictures-')));
});

async function served(servers: readonly { variant: string; url: string; state?: 'ready' | 'failed' }[]): Promise<void> {
  const record: ServeRecord = {
    id: 'one',
    owner: await ownIdentity(),
    host: await hostIdentity(),
    detached: false,
    startedAt: '2026-01-01T00:00:00.000Z',
    page: null,
    lan: [],
    servers: servers.map(({ variant, url, state = 'ready' }) => ({
      label: variant,
      run: 'ui',
      variant,
      port: 1,
      url,
      state,
      detail: '',
      log: '/log',
      marker: `${'0'.repeat(16)}:${variant}:serve`,
    })),
  };
  await writeServing(store, record);
}

const variants = [evidenceOf('dark'), evidenceOf('light')];

describe('with Chromium', () => {
  test('each ready variant at its first page, put into the report, which still loads nothing', async (context) => {
    needChromium(context);
    const url = await anApp('#123');
    await served([
      { variant: 'dark', url },
      { variant: 'light', url: 'http://127.0.0.1:1/', state: 'failed' },
    ]);
    const { pictures, note } = await screenshotsOf({ store, variants, environment });
    expect(note).toBe('');
    expect(pictures.map(({ label }) => label)).toEqual(['dark']);
    const png = Buffer.from(pictures[0]?.png ?? []);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1280, 800]);

    const browser = await startChromium();
    onTestFinished(() => browser.close());
    const html = reportHtml(anEvidence(variants), { diffs: [], pictures, version: '1' });
    const { page, requests, complaints } = await openHtml(browser, html);
    const image = page.getByRole('img', { name: 'First page of dark' });
    await image.scrollIntoViewIfNeeded();
    expect(
      await page.evaluate(
        `document.querySelector('.looks img').decode().then(() => document.querySelector('.looks img').naturalWidth)`,
      ),
    ).toBe(1280);
    expect(requests.filter((request) => !request.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a server that accepts and says nothing costs its time and no more', async (context) => {
    needChromium(context);
    const server = createServer(() => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const program = (await findChromium(environment)) ?? '';
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const signal = AbortSignal.timeout(3_000);
    expect(await screenshotOf(url, { program, environment, width: 400, height: 300, timeoutMs: 60_000, signal })).toBeNull();
  });
});

test('without Chromium a sentence; where nothing is served not even that', async () => {
  const empty = { PATH: await mkdtemp(join(tmpdir(), 'path-')) };
  await served([{ variant: 'dark', url: 'http://127.0.0.1:1/' }]);
  expect(await screenshotsOf({ store, variants, environment: empty })).toEqual({
    pictures: [],
    note: 'There are no screenshots: neither chromium nor google-chrome is installed.',
  });
  const others = storeAt(await mkdtemp(join(tmpdir(), 'pictures-')));
  expect(await screenshotsOf({ store: others, variants, environment: empty })).toEqual({ pictures: [], note: '' });
});

test('a browser that fails leaves a sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'path-'));
  await writeFile(join(folder, 'google-chrome'), '#!/bin/sh\nexit 3\n');
  await chmod(join(folder, 'google-chrome'), 0o755);
  await served([{ variant: 'dark', url: 'http://127.0.0.1:1/' }]);
  expect(await screenshotsOf({ store, variants, environment: { PATH: `${folder}:/usr/bin-none:/bin-none` } })).toEqual({
    pictures: [],
    note: 'Chromium gave no screenshot of dark.',
  });
});

/** The page of `copse serve` in real Chromium, with real servers behind it. */
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { anApp, aPage, variantOf } from './a-page.ts';
import {
  axeFindings,
  eventually,
  HOSTILE,
  NAMES,
  newContext,
  open,
  shop,
  shownTiles,
  threeShops,
  withChromium,
} from './open-page.ts';

withChromium();

describe('tiles', () => {
  test('the link leads to the name, the key leaves the address, every variant loads in a frame of its own origin', async () => {
    const { served, variants } = await threeShops();
    const { page, complaints, inFrame } = await open(served);
    expect(page.url()).toBe(`http://copse.localhost:${served.port}/#route=%2F`);
    for (const name of NAMES) expect(await inFrame(name, 'h1')).toBe(name);
    const origins = page.frames().map((frame) => new URL(frame.url()).origin);
    expect(new Set(origins).size).toBe(4);
    expect(await page.locator('h1').textContent()).toBe('ui');
    const dark = page.locator('#t-dark');
    expect(await dark.locator('.head > .tags').innerText()).toMatch(
      /succeeded\s+✔ test\s+✔ types\s+3 files \+120 −14\s+≈\$0\.41/,
    );
    await dark.getByText('Details').click();
    await dark.getByText('Agent’s summary').click();
    expect(await dark.locator('.prose').innerText()).toBe('Made it dark.');
    expect(await dark.getByRole('link', { name: 'Open without copse' }).getAttribute('href')).toBe(variants[0]?.url);
    expect(complaints).toEqual([]);
  });

  test('cookies of the apps work in the frames and do not mix', async () => {
    const { served } = await threeShops();
    const { page, inFrame } = await open(served);
    // All of them: a frame that is moved on before its first answer came has been given no login.
    for (const name of NAMES) await inFrame(name, 'h1');
    await page.keyboard.press('r');
    for (const name of NAMES) await eventually(async () => expect(await inFrame(name, '#cookie')).toBe(`login=${name}`));
  });

  test('a person who comes by the address alone is told what to open', async () => {
    const { served } = await threeShops();
    const context = await newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const answer = await page.goto(`http://copse.localhost:${served.port}/`);
    expect(answer?.status()).toBe(401);
    expect(await page.locator('main').innerText()).toContain('Open the link that copse serve printed');
  });
});

describe('the route', () => {
  test('one field moves all frames, without a history of its own', async () => {
    const { served } = await threeShops();
    const { page, inFrame } = await open(served);
    for (const name of NAMES) await inFrame(name, 'h1');
    const before = await page.evaluate('history.length');
    await page.locator('#route').fill('about?x=1&y=/#z');
    await page.keyboard.press('Enter');
    for (const name of NAMES) await eventually(async () => expect(await inFrame(name, '#path')).toBe('/about?x=1&y=/'));
    expect(await page.locator('#route').inputValue()).toBe('/about?x=1&y=/#z');
    expect(await page.evaluate('history.length')).toBe(before);
    // A reload, and the address handed on, come back to it.
    await page.reload();
    await eventually(async () => expect(await inFrame('light', '#path')).toBe('/about?x=1&y=/'));
    await page.locator('#route').fill('http://localhost:3000/pasted?a');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await inFrame('light', '#path')).toBe('/pasted?a'));
    for (const wanted of ['//evil.example/x', 'javascript:alert(1)']) {
      await page.locator('#route').fill(wanted);
      await page.keyboard.press('Enter');
      await eventually(async () =>
        expect(decodeURIComponent((await inFrame('light', '#path')) ?? '')).toContain(wanted.slice(2)),
      );
    }
    expect(page.frames().every((frame) => new URL(frame.url()).hostname.endsWith('copse.localhost'))).toBe(true);
  });

  test('with follow a link in one frame takes the others along, without it they stay', async () => {
    const { served } = await threeShops();
    const { page, inFrame } = await open(served);
    for (const name of NAMES) await inFrame(name, 'h1');
    const click = (name: string) => page.frameLocator(`iframe[title^="${name} at"]`).getByRole('link').click();
    await click('dark');
    await eventually(async () => expect(await inFrame('dark', '#path')).toBe('/about'));
    expect(await inFrame('light', '#path')).toBe('/');
    await page.locator('#follow').check();
    await eventually(async () => {
      // Right after a frame was moved its own steps count as redirects.
      await click('light');
      expect(await page.locator('#route').inputValue()).toBe('/about');
    }, 300);
    await eventually(async () => expect(await inFrame('adaptive', '#path')).toBe('/about'));
  });

  test('a redirect moves nobody else', async () => {
    const { served } = await threeShops();
    const { page, inFrame } = await open(served);
    await page.locator('#follow').check();
    await page.locator('#route').fill('/old');
    await page.keyboard.press('Enter');
    for (const name of NAMES) await eventually(async () => expect(await inFrame(name, '#path')).toBe('/new'));
    expect(await page.locator('#route').inputValue()).toBe('/old');
  });
});

describe('keyboard and layouts', () => {
  test('1–9, Shift, arrows, 0, / and ?', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    expect(await shownTiles(page)).toEqual(NAMES);
    await page.keyboard.press('2');
    expect(await shownTiles(page)).toEqual(['light']);
    await page.keyboard.press('ArrowRight');
    expect(await shownTiles(page)).toEqual(['adaptive']);
    await page.keyboard.press('ArrowRight');
    expect(await shownTiles(page)).toEqual(['dark']);
    await page.keyboard.press('ArrowLeft');
    expect(await shownTiles(page)).toEqual(['adaptive']);
    await page.keyboard.press('1');
    await page.keyboard.press('Shift+3');
    expect(await shownTiles(page)).toEqual(['dark', 'adaptive']);
    await page.keyboard.press('0');
    expect(await shownTiles(page)).toEqual(NAMES);
    await page.keyboard.press('7');
    expect(await shownTiles(page)).toEqual(NAMES);
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('route');
    await page.keyboard.type('/2?');
    expect(await page.locator('#route').inputValue()).toBe('/2?');
    expect(await shownTiles(page)).toEqual(NAMES);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    expect(await page.locator('#keys').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#keys').isVisible()).toBe(false);
    // Of several, none is meant.
    await page.keyboard.press('f');
    expect(await page.locator('#said').innerText()).toContain('Show one variant alone');
    await page.keyboard.press('2');
    await page.keyboard.press('f');
    await eventually(() => expect(served.votes.votes).toMatchObject([{ label: 'light' }]));
  });

  test('with the mouse: any two beside each other', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    await page.getByRole('button', { name: 'Two' }).click();
    expect(await shownTiles(page)).toEqual(['dark', 'light']);
    await page.locator('.tab', { hasText: 'adaptive' }).click();
    expect(await shownTiles(page)).toEqual(['dark', 'adaptive']);
    await page.getByRole('button', { name: 'One', exact: true }).click();
    await page.locator('.tab', { hasText: 'light' }).click();
    expect(await shownTiles(page)).toEqual(['light']);
  });

  test('everything that acts can be reached by Tab', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    const unreachable = `[...document.querySelectorAll('a, button, input, summary')].filter((element) => element.checkVisibility() && element.tabIndex < 0).length`;
    expect(await page.evaluate(unreachable)).toBe(0);
  });
});

describe('what is not shown in a frame', () => {
  test('a route that forbids framing says so and links; the next route is shown again', async () => {
    const { served } = await threeShops();
    const { page, inFrame } = await open(served);
    await page.locator('#route').fill('/closed');
    await page.keyboard.press('Enter');
    const down = page.locator('#t-dark .down');
    await eventually(async () => expect(await down.innerText()).toContain('dark can’t be embedded.'));
    expect(await down.innerText()).toContain("Content-Security-Policy: frame-ancestors 'self'");
    expect(await down.getByRole('link').getAttribute('href')).toBe(`http://dark.copse.localhost:${served.port}/closed`);
    expect(await page.locator('iframe:visible').count()).toBe(0);
    await page.locator('#route').fill('/about');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await inFrame('dark', '#path')).toBe('/about'));
    expect(await down.isVisible()).toBe(false);
  });

  test('a server that is down: its state, its sentence, its last lines; ready again it is loaded anew', async () => {
    const { apps, variants, served } = await threeShops();
    const { page, inFrame } = await open(served);
    expect(await inFrame('dark', 'h1')).toBe('dark');
    const [dark, ...others] = variants;
    if (dark === undefined) return;
    served.change([
      { ...dark, state: 'restarting', detail: 'It ended with code 1 and starts again.', tail: ['boom', HOSTILE] },
      ...others,
    ]);
    const down = page.locator('#t-dark .down');
    await down.waitFor();
    expect(await down.innerText()).toContain('dark: restarting');
    expect(await down.innerText()).toContain('It ended with code 1 and starts again.');
    expect(await down.innerText()).toContain(HOSTILE);
    expect(await page.locator('#t-dark iframe').count()).toBe(0);
    const asked = apps[0]?.requests.length ?? 0;
    served.change([dark, ...others]);
    expect(await inFrame('dark', 'h1')).toBe('dark');
    expect(apps[0]?.requests.length).toBeGreaterThan(asked);
    expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
    expect(await inFrame('light', 'h1')).toBe('light');
  });

  test('the end of copse serve is told', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    await served.close();
    await eventually(async () => expect(await page.locator('#said').innerText()).toContain('Connection lost'));
  });
});

describe('votes', () => {
  test('a favourite with a note, kept, shown, moved and taken back', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    const dark = page.locator('#t-dark');
    await dark.getByRole('button', { name: 'Vote' }).click();
    await dark.getByLabel('Add a reason (optional)').fill(`calm ${HOSTILE}`);
    await dark.getByRole('button', { name: 'Save' }).click();
    await eventually(() => expect(served.votes.votes).toMatchObject([{ label: 'dark', note: `calm ${HOSTILE}`, blind: false }]));
    // Once, where it can be changed.
    await eventually(async () => expect(await dark.getByRole('button', { name: 'Voted for dark' }).isVisible()).toBe(true));
    expect(await page.locator('.votes:visible').count()).toBe(0);
    const other = await open(served);
    await other.page.locator('#t-dark').getByText('Details').click();
    expect(await other.page.locator('#t-dark .votes').innerText()).toBe(`calm ${HOSTILE}`);
    await page.locator('#t-light').getByRole('button', { name: 'Vote' }).click();
    await eventually(() => expect(served.votes.votes).toMatchObject([{ label: 'light' }]));
    await eventually(async () =>
      expect(await dark.getByRole('button', { name: 'Vote' }).getAttribute('aria-pressed')).toBe('false'),
    );
    await page.locator('#t-light').getByRole('button', { name: 'Vote' }).click();
    await eventually(() => expect(served.votes.votes).toEqual([]));
    expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
  });

  test('blind: letters in another order, no name, branch or summary before the vote, all of them after it', async () => {
    const { served } = await threeShops({ blind: true });
    const { page, inFrame } = await open(served);
    expect(await shownTiles(page)).toEqual(['A', 'B', 'C']);
    expect(await page.getByText('are hidden until you have voted').isVisible()).toBe(true);
    const first = (await inFrame('A', 'h1')) ?? '';
    const order = await Promise.all(['A', 'B', 'C'].map((letter) => inFrame(letter, 'h1')));
    expect(order.toSorted()).toEqual(NAMES.toSorted());
    expect(order).not.toEqual(NAMES);
    // Cost, size and checks sway as a name does.
    expect(await page.locator('main').innerText()).not.toMatch(/≈|files|✔|succeeded/);
    const shown: string = await page.evaluate(
      `document.title + document.querySelector('header').outerHTML + document.querySelector('main').outerHTML`,
    );
    const hidden =
      shown +
      page
        .frames()
        .map((frame) => frame.url())
        .join(' ');
    expect(hidden).not.toMatch(/dark|light\b|adaptive|ui side/);
    expect(page.frames().map((frame) => new URL(frame.url()).hostname)).toContain('a.copse.localhost');
    await page.locator('#t-a').getByRole('button', { name: 'Vote' }).click();
    await eventually(async () => expect(await shownTiles(page)).toEqual(order.map((name, i) => `${'ABC'[i]} · ${name}`)));
    expect(served.votes.votes).toMatchObject([{ label: first, blind: true }]);
    // Who has not voted yet still sees letters.
    const other = await open(served);
    expect(await shownTiles(other.page)).toEqual(['A', 'B', 'C']);
    expect(await other.page.locator('.votes:visible').count()).toBe(0);
  });
});

describe('looks', () => {
  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['a phone', { viewport: { width: 400, height: 800 } }],
  ] as const)('axe finds nothing: %s', async (_, o) => {
    const { variants, served } = await threeShops();
    // Without motion: in the middle of a change of colour contrast is anything.
    const { page, inFrame } = await open(served, { ...o, reducedMotion: 'reduce', bypassCSP: true });
    await inFrame('dark', 'h1');
    const [dark, light, adaptive] = variants;
    if (dark === undefined || light === undefined || adaptive === undefined) return;
    await page.locator('#t-dark').getByRole('button', { name: 'Vote' }).click();
    await page.locator('#t-dark .prose').waitFor({ state: 'hidden' });
    await page.locator('#t-dark').getByText('Agent’s summary').click();
    served.change([
      dark,
      { ...light, state: 'failed', detail: 'It ended.', tail: ['boom'], outcome: 'failed' },
      { ...adaptive, state: 'starting', detail: 'It starts.' },
    ]);
    await eventually(async () => expect(await page.locator('#t-light .tag').first().textContent()).toBe('failed to start'));
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('2');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('?');
    expect(await axeFindings(page)).toEqual([]);
  });

  test('on a phone one tile at a time, chosen by tabs, and nothing is wider than the screen', async () => {
    const { served } = await threeShops();
    const { page, inFrame } = await open(served, { viewport: { width: 400, height: 800 } });
    expect(await shownTiles(page)).toEqual(['dark']);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    await page.locator('.tab', { hasText: 'light' }).click();
    expect(await shownTiles(page)).toEqual(['light']);
    expect(await inFrame('light', 'h1')).toBe('light');
    const frame = await page.locator('iframe:visible').boundingBox();
    expect(frame?.width).toBeGreaterThan(390);
    expect(frame?.height).toBeGreaterThan(400);
  });

  test('frames side by side begin in one line, whatever stands above them, and a vote does not move the page', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    const tops = (): Promise<number[]> =>
      page.evaluate(`[...document.querySelectorAll('iframe')].map((frame) => frame.getBoundingClientRect().top)`);
    const top = (): Promise<number | undefined> =>
      page
        .locator('main')
        .boundingBox()
        .then((box) => box?.y);
    await eventually(async () => expect(await tops()).toHaveLength(3));
    const before = await top();
    await page.locator('#t-dark').getByRole('button', { name: 'Vote' }).click();
    await page.locator('#t-dark').getByLabel('Add a reason (optional)').waitFor();
    await page.locator('#t-light').getByText('Details').click();
    await page.locator('#t-light').getByText('Agent’s summary').click();
    expect(new Set(await tops()).size).toBe(1);
    expect(await top()).toBe(before);
  });

  test('dark where the person wants dark', async () => {
    const { served } = await threeShops();
    const background = (page: Page): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await open(served, { colorScheme: 'light' });
    const dark = await open(served, { colorScheme: 'dark' });
    expect(await background(dark.page)).not.toBe(await background(light.page));
  });

  test('names, summaries and sentences stay text', async () => {
    const app = await anApp(shop('dark'));
    const parts = { detail: HOSTILE, summary: HOSTILE, checks: [{ name: HOSTILE, status: 'failed' }] } as const;
    const served = await aPage([variantOf(HOSTILE, app.port, parts), variantOf('b', app.port, { ...parts, state: 'failed' })], {
      title: HOSTILE,
    });
    const { page, complaints } = await open(served);
    expect(await page.locator('h2').first().textContent()).toBe(HOSTILE);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
    expect(complaints).toEqual([]);
  });
});

test('under an address frames are on ports; the page works all the same', async () => {
  const { served } = await threeShops();
  const { page, inFrame, complaints } = await open(served, {}, `${served.url.replace('localhost', '127.0.0.1')}&here=1`);
  for (const name of NAMES) expect(await inFrame(name, 'h1')).toBe(name);
  const hosts = page.frames().map((frame) => new URL(frame.url()).host);
  expect(new Set(hosts).size).toBe(4);
  expect(hosts.every((host) => host.startsWith('127.0.0.1:'))).toBe(true);
  expect(complaints).toEqual([]);
});

test('an app in a frame cannot read the page, another app, or move the page away', async () => {
  const results: string[] = [];
  const spy = await anApp((req, res) => {
    if (req.url?.startsWith('/result') === true) results.push(decodeURIComponent(req.url.slice(8)));
    res.setHeader('content-type', 'text/html');
    res.end(`<script>(async () => {
const said = [];
const tries = {
  parent: () => parent.document.title,
  read: () => fetch(location.origin.replace('//spy.', '//') + '/events', { credentials: 'include' }).then((r) => r.status),
  vote: () => fetch(location.origin.replace('//spy.', '//') + '/vote', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"key":"spy","favourite":true,"note":"","name":""}' }).then(() => 'sent'),
  other: () => fetch(location.origin.replace('//spy.', '//dark.') + '/', { credentials: 'include' }).then((r) => r.text()),
  socket: () => new Promise((ok) => { const s = new WebSocket(location.origin.replace('http', 'ws').replace('//spy.', '//dark.') + '/'); s.onopen = () => ok('open'); s.onerror = () => ok('refused'); }),
  cookie: () => document.cookie.includes('copse') ? 'seen' : 'none',
  top: () => { top.location = 'http://evil.invalid/'; return 'tried'; },
};
for (const [name, act] of Object.entries(tries)) { try { said.push(name + '=' + await act()); } catch (error) { said.push(name + '=' + error.name); } }
fetch('/result?' + encodeURIComponent(said.join(' ')));
})()</script>`);
  });
  const dark = await anApp(shop('dark'));
  const served = await aPage([variantOf('spy', spy.port), variantOf('dark', dark.port)]);
  const { page } = await open(served);
  await eventually(() => expect(results).toHaveLength(1));
  expect(results[0]).toBe(
    'parent=SecurityError read=TypeError vote=TypeError other=TypeError socket=refused cookie=none top=SecurityError',
  );
  expect(served.votes.votes).toEqual([]);
  expect(page.url()).toContain('copse.localhost');
});

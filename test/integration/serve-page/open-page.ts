/** The page of `copse serve` opened in real Chromium, which a test file starts once. */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, onTestFinished, vi } from 'vitest';
import { hasChromium, needChromium, startChromium } from '../../support/chromium.ts';
import { anApp, aPage, type TestPage, variantOf } from './a-page.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>';

let browser: Browser | undefined;

/** In each file that opens pages: starts its browser, and skips its tests where there is none. */
export function withChromium(): void {
  beforeAll(async () => {
    if (hasChromium()) browser = await startChromium();
  });
  afterAll(() => browser?.close());
  beforeEach((context) => needChromium(context));
}

export function newContext(o: BrowserContextOptions = {}): Promise<BrowserContext> {
  if (browser === undefined) throw new Error('Chromium runs, or the test is skipped');
  return browser.newContext({ viewport: { width: 1400, height: 900 }, ...o });
}

/** An app of three pages that keeps a login in a cookie and says what it was asked. */
export const shop =
  (name: string): RequestListener =>
  (req, res) => {
    res.setHeader('set-cookie', `login=${name}`);
    if (req.url === '/old') {
      res.writeHead(302, { location: '/new' }).end();
      return;
    }
    if (req.url === '/closed') res.setHeader('content-security-policy', "frame-ancestors 'self'");
    res.setHeader('content-type', 'text/html');
    res.end(`<!doctype html><html lang="en"><title>${name}</title><main><h1>${name}</h1><p id="path">${req.url}</p>
<p id="cookie">${req.headers.cookie ?? ''}</p><a href="/about">About</a></main>`);
  };

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
  /** The text of an element in the frame of a variant. */
  inFrame(name: string, selector: string): Promise<string | null>;
}

export async function open(
  served: Pick<TestPage, 'url'>,
  o: BrowserContextOptions & { readonly in?: BrowserContext } = {},
  url = served.url,
): Promise<Opened> {
  const { in: given, ...options } = o;
  const context = given ?? (await newContext(options));
  if (given === undefined) onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.waitForSelector('body[data-live=yes]');
  const inFrame = (name: string, selector: string): Promise<string | null> =>
    page.frameLocator(`iframe[title^="${name} at"]`).locator(selector).textContent();
  return { page, context, complaints, inFrame };
}

/** A browser beside other tests on few cores takes its time: the second that `waitFor` waits by itself is no limit of copse. */
export const eventually = <T>(check: () => T | Promise<T>, interval = 50): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval });

export const NAMES = ['dark', 'light', 'adaptive'];

export async function threeShops(o: Parameters<typeof aPage>[1] = {}) {
  const apps = await Promise.all(NAMES.map((name) => anApp(shop(name))));
  const variants = NAMES.map((name, i) => variantOf(name, apps[i]?.port ?? 0));
  return { apps, variants, served: await aPage(variants, o) };
}

export const shownTiles = (page: Page): Promise<string[]> => page.locator('.tile:visible h2').allTextContents();

/** What axe finds, each with the elements. */
export async function axeFindings(page: Page): Promise<unknown[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(
    `axe.run(document, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }));
}

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { TestContext } from 'vitest';
import { hasOnPath, needProgram } from './need-program.ts';

export const CHROMIUM = 'chromium';

/** Debian's Chromium, silent: it does not check for updates. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Requests beside the page itself; all are refused. */
  readonly requests: string[];
  /** Messages of the console that warn or worse, and errors of scripts. */
  readonly complaints: string[];
}

/** Opens HTML as a file would be opened, with whatever it asks for refused and recorded. */
export async function openHtml(
  browser: Browser,
  html: string,
  o: { readonly width?: number; readonly dark?: boolean; readonly script?: boolean; readonly bypassPolicy?: boolean } = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: o.width ?? 1400, height: 900 },
    colorScheme: o.dark === true ? 'dark' : 'light',
    javaScriptEnabled: o.script ?? true,
    bypassCSP: o.bypassPolicy ?? false,
    // Nothing listens there: any request fails even if it got past the route.
    proxy: { server: 'http://127.0.0.1:9' },
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  const address = 'http://report.invalid/';
  await context.route('**/*', async (route) => {
    if (route.request().url() === address) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    requests.push(route.request().url());
    return route.abort();
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  return { page, context, requests, complaints };
}

/** Skips, counted, where Chromium is missing; fails in CI. */
export function needChromium(context: TestContext): void {
  needProgram(context, CHROMIUM);
}

export const hasChromium = (): boolean => hasOnPath(CHROMIUM);

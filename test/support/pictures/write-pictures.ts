import { execFileSync, spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { hints } from '../../../src/commands/run/watch-messages.ts';
import { readEvents } from '../../../src/store/events/event-log.ts';
import { foldEvents } from '../../../src/store/events/fold.ts';
import { runPaths, storeAt } from '../../../src/store/layout.ts';
import { rowsOf } from '../../../src/view/live/live-rows.ts';
import { renderLive } from '../../../src/view/live/render-live.ts';
import { startChromium } from '../chromium.ts';
import { livePicture, type Theme } from './live-picture.ts';

/*
 * Takes the pictures of README from a tour: `npm run pictures`. It needs Chromium.
 */
const TOP = fileURLToPath(new URL('../../../', import.meta.url));
const PICTURES = join(TOP, 'docs/pictures');
const MAIN = join(TOP, 'dist/main.js');
const COLUMNS = 96;
const FRAMES = 24;

const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    background: '#ffffff',
    border: '#d1d9e0',
    text: '#1f2328',
    dim: '#6e7781',
    red: '#cf222e',
    green: '#1a7f37',
    yellow: '#9a6700',
    cyan: '#0a7ea4',
  },
  dark: {
    background: '#0d1117',
    border: '#3d444d',
    text: '#e6edf3',
    dim: '#8b949e',
    red: '#ff7b72',
    green: '#3fb950',
    yellow: '#d29922',
    cyan: '#56d4dd',
  },
};
type Scheme = keyof typeof THEMES;
const SCHEMES: readonly Scheme[] = ['light', 'dark'];

async function writePictures(): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  process.stderr.write('Running the tour …\n');
  const printed = execFileSync(process.execPath, [MAIN, 'tour'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const app = /^ {2}cd (\S+)$/m.exec(printed)?.[1];
  if (app === undefined) throw new Error(`the tour names no repository:\n${printed}`);
  const folder = join(app, '..');
  const browser = await startChromium();
  try {
    await takeLive(app);
    const report = pathToFileURL(join(folder, 'report.html')).href;
    for (const scheme of SCHEMES) await take(browser, { name: 'report', scheme, height: 950 }, (page) => page.goto(report));
    await serving(app, join(folder, 'home'), async (address) => {
      for (const scheme of SCHEMES) {
        await take(browser, { name: 'serve', scheme, height: 660 }, async (page) => {
          await page.goto(address, { waitUntil: 'domcontentloaded' });
          await allShown(page);
        });
      }
    });
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The live view at evenly spaced moments of the run, and at its end. */
async function takeLive(app: string): Promise<void> {
  const events = await readEvents(runPaths(storeAt(join(app, '.git')), 'ui').events);
  const began = Date.parse(events.find(({ type }) => type === 'attempt.started')?.at ?? '');
  const last = events.findLastIndex(({ type }) => type === 'variant.finished');
  const ended = Date.parse(events[last]?.at ?? '');
  const frames = Array.from({ length: FRAMES }, (_, n) => {
    const now = began + ((ended - began) * n) / (FRAMES - 1);
    const upTo = n === FRAMES - 1 ? last + 1 : events.findIndex(({ at }) => Date.parse(at) > now);
    const screen = {
      columns: COLUMNS,
      rows: 24,
      colour: true,
      unicode: true,
      now: new Date(now),
      frame: n,
      hints: hints(true, 0),
    };
    const state = foldEvents(events.slice(0, upTo));
    return renderLive(state, rowsOf(state, screen), screen);
  });
  for (const scheme of SCHEMES) {
    const picture = livePicture(frames, { columns: COLUMNS, title: 'copse run', theme: THEMES[scheme] });
    await writeFile(join(PICTURES, `live-${scheme}.svg`), picture);
  }
}

async function take(
  browser: Browser,
  o: { readonly name: string; readonly scheme: Scheme; readonly height: number },
  open: (page: Page) => Promise<unknown>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: o.height },
    colorScheme: o.scheme,
    deviceScaleFactor: 1.5,
  });
  const page = await context.newPage();
  await open(page);
  const png = await page.screenshot({ animations: 'disabled' });
  await writeFile(join(PICTURES, `${o.name}-${o.scheme}.webp`), await webpOf(browser, png));
  await context.close();
}

/** A picture as WebP, a quarter of its size as PNG: Chromium encodes it. */
async function webpOf(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  // A string: the types of a browser are not those of the project.
  const base64 = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.72).split(',')[1];
  })()`);
  await page.close();
  return Buffer.from(base64, 'base64');
}

/** Runs `copse serve` in the sample repository until `act` is done. The tour's own home has the approval. */
async function serving(app: string, home: string, act: (address: string) => Promise<void>): Promise<void> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8' };
  const serve = spawn(process.execPath, [MAIN, 'serve'], { cwd: app, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => serve.once('close', () => resolve()));
  try {
    let printed = '';
    for await (const chunk of serve.stdout) {
      printed += String(chunk);
      const address = /http:\/\/localhost:\d+\/\?t=\S+/.exec(printed)?.[0];
      if (address === undefined) continue;
      await act(address);
      return;
    }
    throw new Error(`copse serve gives no address:\n${printed}`);
  } finally {
    serve.kill('SIGINT');
    await ended;
  }
}

/** Each variant's frame has loaded its page. */
async function allShown(page: Page): Promise<void> {
  await page.locator('iframe').nth(2).waitFor();
  for (const frame of page.frames().slice(1)) await frame.waitForSelector('body :is(h1, h2, p)');
}

await writePictures();

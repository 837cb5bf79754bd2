/** Real widths, zoom, before and after, and the room that the apps get, in real Chromium. */
import type { RequestListener } from 'node:http';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { anApp, aPage, variantOf } from './a-page.ts';
import { axeFindings, eventually, open, shownTiles, withChromium } from './open-page.ts';

withChromium();

const app =
  (name: string): RequestListener =>
  (_, res) => {
    res.setHeader('content-type', 'text/html');
    res.end(`<!doctype html><html lang="en"><title>${name}</title><h1>${name}</h1><p id="width"></p>
<script>const show = () => { document.querySelector('#width').textContent = innerWidth; }; show(); addEventListener('resize', show);</script>`);
  };

async function served(names: readonly string[]) {
  const apps = await Promise.all(names.map((name) => anApp(app(name))));
  return { apps, served: await aPage(names.map((name, i) => variantOf(name, apps[i]?.port ?? 0))) };
}

const widthOf = (page: Page, name: string) =>
  page.frameLocator(`iframe[title^="${name} at"]`).locator('#width').textContent().then(Number);
const boxOf = (page: Page, name: string) => page.locator(`#t-${name} iframe`).boundingBox();

test('each frame renders at the width that was asked for, and is scaled into its tile', async () => {
  const all = await served(['dark', 'light']);
  const { page, complaints } = await open(all.served, { viewport: { width: 1440, height: 900 } });
  for (const [width, pixels] of [
    ['phone', 390],
    ['tablet', 820],
    ['laptop', 1440],
  ] as const) {
    await page.locator('#width').selectOption(width);
    for (const name of ['dark', 'light']) {
      await eventually(async () => expect(await widthOf(page, name)).toBe(pixels));
      const box = await boxOf(page, name);
      const stage = await page.locator(`#t-${name} .stage`).boundingBox();
      // A layout rounds to whole pixels.
      expect(Math.abs((box?.width ?? 0) - Math.min(pixels, stage?.width ?? 0))).toBeLessThanOrEqual(1);
      expect(Math.abs((box?.height ?? 0) - (stage?.height ?? 0))).toBeLessThanOrEqual(1);
    }
  }
  await page.locator('#zoom').selectOption('50');
  await eventually(async () => expect((await boxOf(page, 'dark'))?.width).toBeCloseTo(720, 0));
  expect(await widthOf(page, 'dark')).toBe(1440);
  // By the keyboard, and a reload keeps it.
  await page.locator('h1').click();
  await page.keyboard.press('w');
  await eventually(async () => expect(await page.locator('#width').inputValue()).toBe('fit'));
  expect(complaints).toEqual([]);
});

test('before and after: a variant over the base, parted by a slider that the keyboard moves', async () => {
  const { served: page0 } = await served(['dark', 'light', 'base']);
  const { page } = await open(page0);
  await page.keyboard.press('b');
  expect(await shownTiles(page)).toEqual(['dark', 'base']);
  const [over, under] = [await boxOf(page, 'dark'), await boxOf(page, 'base')];
  expect(over).toEqual(under);
  const at = (x: number): Promise<string> =>
    page.evaluate(`document.elementFromPoint(${x}, ${(over?.y ?? 0) + 200})?.title ?? ''`);
  const middle = (over?.x ?? 0) + (over?.width ?? 0) / 2;
  expect(await at(middle - 100)).toContain('base at');
  expect(await at(middle + 100)).toContain('dark at');
  await page.locator('#split').focus();
  await page.keyboard.press('Home');
  await eventually(async () => expect(await at(middle + 100)).toContain('base at'));
  await page.keyboard.press('End');
  await eventually(async () => expect(await at(middle - 100)).toContain('dark at'));
  await page.locator('h1').click();
  await page.keyboard.press('2');
  expect(await shownTiles(page)).toEqual(['light', 'base']);
});

describe('the apps get the room', () => {
  test.each([
    ['1440', { viewport: { width: 1440, height: 900 } }, 130],
    ['1024', { viewport: { width: 1024, height: 768 } }, 90],
    ['a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, 110],
  ] as const)('the page takes little, and a tile one line: %s', async (_, o, most) => {
    const all = await served(['dark', 'light', 'base']);
    const { page } = await open(all.served, { ...o, reducedMotion: 'reduce', bypassCSP: true });
    const header = await page.locator('header.top').boundingBox();
    expect(header?.height).toBeLessThanOrEqual(most);
    const head = await page.locator('.tile:visible .head').first().boundingBox();
    expect(head?.height).toBeLessThanOrEqual(56);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(o.viewport.width);
    expect(await axeFindings(page)).toEqual([]);
    // The panel lies over the app and within the screen.
    const before = await page.locator('iframe:visible').first().boundingBox();
    await page.locator('.tile:visible').first().getByText('Details').click();
    expect(await page.locator('iframe:visible').first().boundingBox()).toEqual(before);
    const panel = await page.locator('.panel:visible').boundingBox();
    expect((panel?.x ?? -1) >= 0 && (panel?.x ?? 0) + (panel?.width ?? 0) <= o.viewport.width).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    expect(await page.locator('.head > .tags:visible').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
  });
});

test('of twenty variants only those in sight are alive', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `v${i + 1}`);
  const { served: page0 } = await served(names);
  const { page, inFrame } = await open(page0);
  expect(await inFrame('v1', 'h1')).toBe('v1');
  const alive = () => page.locator('iframe').count();
  await eventually(async () => expect(await alive()).toBeLessThanOrEqual(9));
  await page.locator('#t-v20').scrollIntoViewIfNeeded();
  expect(await inFrame('v20', 'h1')).toBe('v20');
  await eventually(async () => expect(await page.locator('#t-v1 iframe').count()).toBe(0));
  expect(await alive()).toBeLessThanOrEqual(12);
});

test('a link for the network is shown as a code to scan', async () => {
  const all = await served(['dark']);
  const lan = await aPage([variantOf('dark', all.apps[0]?.port ?? 0)], { host: '0.0.0.0' });
  const { page, complaints } = await open(lan);
  await page.getByRole('button', { name: 'Share' }).click();
  await eventually(async () =>
    expect(await page.evaluate(`document.querySelector('#codes img').naturalWidth`)).toBeGreaterThan(0),
  );
  expect(await page.locator('#codes code').first().innerText()).toBe(lan.lanUrls[0]);
  expect(lan.lanUrls[0]).not.toContain(new URL(lan.url).searchParams.get('t') ?? '');
  expect(complaints).toEqual([]);
});

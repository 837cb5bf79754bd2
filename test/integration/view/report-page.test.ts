/** The report in real Chromium. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasChromium, needChromium, openHtml, startChromium } from '../../support/chromium.ts';
import { evidenceOf } from '../../support/evidence.ts';
import { codePatch, patchOf } from '../../support/patches.ts';
import { reportHtml } from '../../support/report-html.ts';
import { HOSTILE, hostileEvidence, hostileOptions } from '../../unit/view/html/hostile.ts';
import { anEvidence, hard, usual } from '../../unit/view/some-evidence.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const labels = Array.from({ length: 20 }, (_, i) => `variant-${i + 1}-with-a-name`);
const twenty = anEvidence(
  labels.map((label) => evidenceOf(label, { summary: 'Said.' })),
  {
    overlap: labels.flatMap((a, i) =>
      labels.slice(i + 1).map((b, j) => ({ a, b, files: ['src/a.ts'], conflicts: j % 3 === 0 ? ['src/a.ts'] : [] })),
    ),
  },
);

const full = reportHtml(
  { ...usual, judge: hard.judge, notes: ['A note.'] },
  {
    version: '1.2.3',
    diffs: [
      {
        label: 'dark',
        patch: patchOf('src/theme/dark.css', ['+:root {', '+  color: red; /* a */', '+}']) + codePatch('src/theme/index.ts', 30),
      },
      { label: 'light', patch: codePatch('src/theme/index.ts', 20) + codePatch('src/long.ts', 600) },
      { label: 'adaptive', patch: codePatch('src/app.ts', 20) },
    ],
    pairs: [{ a: 'dark', b: 'adaptive', patch: codePatch('src/theme/index.ts', 25) }],
    outputs: [{ label: 'light', check: 'test', text: 'expected dark, got light\n' }],
  },
);
const PAGES: readonly (readonly [string, string])[] = [
  ['a usual run', full],
  ['a hard one', reportHtml(hard, { diffs: [], version: '1' })],
  [
    'twenty variants',
    reportHtml(twenty, { diffs: labels.map((label) => ({ label, patch: codePatch('src/a.ts', 4) })), version: '1' }),
  ],
  ['hostile words', reportHtml(hostileEvidence, hostileOptions)],
];

let browser: Browser | undefined;
beforeAll(async () => {
  if (hasChromium()) browser = await startChromium();
});
afterAll(() => browser?.close());
beforeEach((context) => needChromium(context));

async function open(html: string, o: Parameters<typeof openHtml>[2] = {}) {
  if (browser === undefined) throw new Error('Chromium runs, or the test is skipped');
  return openHtml(browser, html, o);
}

/** The serious and critical findings of axe-core, in words: of all its rules, or of those that colours decide. */
async function findings(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  const only = rules === 'all' ? '' : `, runOnly: ['color-contrast', 'link-in-text-block']`;
  // axe measures once, before long files off the screen are laid out: it would compare texts with the former contents.
  await page.evaluate(
    `document.styleSheets[0].insertRule('pre.big { content-visibility: visible !important }', document.styleSheets[0].cssRules.length)`,
  );
  await page.evaluate(AXE);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'], preload: false${only} }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 160) + any.map(({ message }) => message)).join(' | ')))`);
}

describe.each(PAGES)('%s', (_, html) => {
  test.each([
    [1400, false, 'all'],
    [1400, true, 'colours'],
    [400, false, 'colours'],
    [400, true, 'all'],
  ] as const)('at %i pixels, dark: %s, %s rules of axe', async (width, dark, rules) => {
    const { page, context, requests, complaints } = await open(html, { width, dark });
    const [scroll, client] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(scroll).toBeLessThanOrEqual(client);
    await page.evaluate(`document.querySelectorAll('details').forEach((details) => { details.open = true; })`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(client);
    expect(await findings(page, rules)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await context.close();
  });

  test('reads the same without script', async () => {
    const { page, context, requests, complaints } = await open(html, { script: false });
    expect(await page.locator('h1').isVisible()).toBe(true);
    for (const tools of await page.locator('.tools, .theme').all()) expect(await tools.isVisible()).toBe(false);
    expect(await page.locator('.variant').count()).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([]);
    await context.close();
  });
});

test('hostile words stay words', async () => {
  const { page, context, requests, complaints } = await open(reportHtml(hostileEvidence, hostileOptions));
  expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
  expect(await page.locator('img, iframe, object, embed, base, form, link, video, audio').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(1);
  const acting = `[...document.querySelectorAll('*')].flatMap((element) => [...element.attributes].filter(({ name, value }) => name.startsWith('on') || name === 'style' || (name === 'href' && !value.startsWith('#'))).map(({ name }) => name))`;
  expect(await page.evaluate(acting)).toEqual([]);
  const said = await page.locator('.said').nth(1).textContent();
  expect(said).toContain('<script>window.pwned=1</script> </script><script>window.pwned=2</script>');
  expect(await page.locator('pre.diff').nth(1).textContent()).toContain(HOSTILE.slice(0, 60));
  // The script copies names and diffs about.
  await page.locator('#right').selectOption({ index: 0 });
  await page.locator('#left').selectOption({ index: 1 });
  expect(await page.locator('#pair').textContent()).toContain('Does not touch');
  await page.locator('#filter').fill('<script>');
  expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
  expect(await page.locator('script').count()).toBe(1);
  expect(requests).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test('the policy stops what would slip through', async () => {
  const { page, context, requests, complaints } = await open(full);
  await page.evaluate(`(() => {
    const script = document.createElement('script');
    try { script.textContent = 'window.pwned = 1'; } catch { /* trusted types */ }
    document.body.append(script);
    try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.pwned = 2">'); } catch { /* trusted types */ }
    const image = document.createElement('img');
    image.src = 'http://evil.invalid/a.png';
    const frame = document.createElement('iframe');
    frame.src = 'http://evil.invalid/';
    const sheet = document.createElement('link');
    sheet.rel = 'stylesheet';
    sheet.href = 'http://evil.invalid/a.css';
    const button = document.createElement('button');
    try { button.setAttribute('onclick', 'window.pwned = 3'); } catch { /* trusted types */ }
    document.body.append(image, frame, sheet, button);
    button.click();
    return fetch('http://evil.invalid/').catch(() => null).then(() => null);
  })()`);
  expect(await page.evaluate('typeof window.pwned')).toBe('undefined');
  expect(requests).toEqual([]);
  expect(complaints.join('\n')).toMatch(/Content Security Policy/);
  await context.close();
});

test('without script a prepared pair is readable, each side under its name', async () => {
  const { page, context } = await open(full, { script: false });
  const pair = page.locator('details.pair').first();
  expect(await pair.locator('table.split').first().isVisible()).toBe(true);
  expect(await pair.locator('thead th').allTextContents()).toEqual(['dark', 'adaptive']);
  expect(await page.locator('#v2 details.file[open]').count()).toBe(1);
  expect(await page.getByText('expected dark, got light').isVisible()).toBe(true);
  await context.close();
});

test('script: any two beside each other', async () => {
  const { page, context, complaints } = await open(full);
  expect(await page.locator('details.pair').isVisible()).toBe(true);
  await page.locator('#right').selectOption({ label: 'light' });
  expect(await page.locator('details.pair').isVisible()).toBe(false);
  const rows = page.locator('#pair .beside');
  expect(await rows.first().locator('details.file').count()).toBe(2);
  expect(await rows.last().textContent()).toContain('Does not touch src/long.ts');
  await page.locator('#swap').click();
  expect(await page.locator('#left').inputValue()).toBe('v2');
  await page.locator('a[data-a]').first().click();
  expect([await page.locator('#left').inputValue(), await page.locator('#right').inputValue()].sort()).toEqual(['v1', 'v2']);
  await page.locator('#left').selectOption({ label: 'dark' });
  await page.locator('#right').selectOption({ label: 'dark' });
  expect(await page.locator('#pair').textContent()).toContain('two different');
  expect(
    await page.evaluate(
      `document.querySelectorAll('[id]').length === new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size`,
    ),
  ).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

test('script: filter and folding', async () => {
  const { page, context } = await open(full);
  const shown = page.locator('#variants details.file:visible');
  const all = await shown.count();
  await page.locator('#filter').fill('LONG');
  expect(await shown.count()).toBe(1);
  expect(await page.locator('#found').textContent()).toBe(`1 of ${all} files`);
  await page.locator('#filter').fill('');
  expect(await shown.count()).toBe(all);
  await page.locator('#fold').click();
  expect(await page.locator('#variants details.file[open]').count()).toBe(0);
  await page.locator('#unfold').click();
  expect(await page.locator('#variants details.file[open]').count()).toBe(all);
  await context.close();
});

test('script: the theme', async () => {
  const { page, context } = await open(full);
  const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await background();
  await page.locator('.theme').click();
  const dark = await background();
  expect(dark).not.toBe(light);
  expect(await page.locator('.theme').textContent()).toBe('Light colours');
  await page.locator('.theme').click();
  expect(await background()).toBe(light);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(`document.documentElement.removeAttribute('data-theme')`);
  expect(await background()).toBe(dark);
  await context.close();
});

test('keyboard: first to the comparison, then through all that acts', async () => {
  const { page, context } = await open(full);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the comparison');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  const unreachable = `[...document.querySelectorAll('a:not([hidden]), button, select, input, summary')].filter((element) => element.tabIndex < 0).length`;
  expect(await page.evaluate(unreachable)).toBe(0);
  const summary = page.locator('#v2 details.file:not([open]) summary').first();
  await summary.focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('#v2 details.file:not([open])').count()).toBe(0);
  await context.close();
});

/** The page as a meeting leaves it: votes, a choice and pictures. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const vote = (name: string, note: string) => ({ name, note, changed: false, blind: false, at: usual.at });
const decided = reportHtml(
  {
    ...usual,
    variants: usual.variants.map((variant, i) => ({
      ...variant,
      votes: i === 1 ? [vote('AB', 'calm, and easy to read'), vote('', '')] : [vote('CD', '')],
    })),
    decision: {
      voting: 'closed',
      chosen: usual.variants[1]?.label ?? '',
      why: 'the team reads it best',
      at: usual.at,
      changed: false,
    },
  },
  {
    version: '1',
    diffs: [{ label: 'light', patch: codePatch('src/long.ts', 2_000) }],
    pictures: usual.variants.map(({ label }) => ({ label, png: PNG })),
  },
);

test('on a phone the decision, the votes and their reasons are within the first screen', async () => {
  const { page, context } = await open(decided, { width: 390 });
  expect(await page.locator('.decided').innerText()).toContain('Chosen: light, 2 of 4');
  for (const text of ['Chosen: light, 2 of 4', 'the team reads it best', '“AB: calm, and easy to read”']) {
    const box = await page.getByText(text).first().boundingBox();
    expect((box?.y ?? 900) + (box?.height ?? 0), text).toBeLessThan(700);
  }
  const picture = await page.locator('.looks img').first().boundingBox();
  const ranking = await page.locator('#ranking').boundingBox();
  expect(picture?.y ?? 0).toBeLessThan(ranking?.y ?? 0);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await context.close();
});

test('printed, closed files stay closed, tables fit the paper, and page one is the decision', async () => {
  const { page, context } = await open(decided);
  // 182 mm between the margins, in pixels.
  await page.setViewportSize({ width: 688, height: 1_000 });
  await page.emulateMedia({ media: 'print' });
  const wide: number[] = await page.evaluate(
    `[...document.querySelectorAll('.scroll')].map((one) => one.scrollWidth - one.clientWidth)`,
  );
  expect(wide.length).toBeGreaterThan(1);
  expect(Math.max(...wide)).toBeLessThanOrEqual(1);
  expect(await page.locator('details.file:not([open]) pre').first().isVisible()).toBe(false);
  expect(await page.evaluate(`getComputedStyle(document.querySelector('.first-page')).breakAfter`)).toBe('page');
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  // With its 2,000 lines open it would be 40.
  expect(pdf.match(/\/Type \/Page\b/g)?.length ?? 0).toBeLessThan(12);
  await context.close();
});

test('printed, no controls are there, and dark is light', async () => {
  const { page, context } = await open(full, { dark: true });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await page.locator('.tools').first().isVisible()).toBe(false);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  expect((await page.pdf()).length).toBeGreaterThan(20_000);
  await context.close();
});

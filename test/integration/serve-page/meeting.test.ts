/** What people do together on the page, in real Chromium: votes, the voting, the choice, a presenter, and a server that comes back. */
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { anApp, aPage, variantOf } from './a-page.ts';
import { eventually, HOSTILE, NAMES, newContext, open, shop, shownTiles, threeShops, withChromium } from './open-page.ts';

withChromium();

const voteFor = (page: Page, name: string) =>
  page
    .locator(`#t-${name}`)
    .getByRole('button', { name: `Vote for ${name}` })
    .click();

describe('one browser, one vote', () => {
  test('also after serve has started again, at the same address or another', async () => {
    const { apps, variants, served } = await threeShops();
    const context = await newContext();
    onTestFinished(() => context.close());
    const first = await open(served, { in: context });
    await voteFor(first.page, 'dark');
    await eventually(() => expect(served.votes.votes).toHaveLength(1));
    await served.close();
    for (const port of [served.port, 0]) {
      const again = await aPage(variants, { port, votes: served.votes });
      const { page } = await open(again, { in: context });
      await eventually(async () =>
        expect(await page.locator('#t-dark').getByRole('button', { name: 'Voted for dark' }).isVisible()).toBe(true),
      );
      await voteFor(page, 'light');
      await eventually(() => expect(served.votes.votes).toMatchObject([{ label: 'light' }]));
      await voteFor(page, 'dark');
      await eventually(() => expect(served.votes.votes).toMatchObject([{ label: 'dark' }]));
      await page.close();
      await again.close();
    }
    expect(apps).toHaveLength(3);
  });

  test('a vote keeps the commit that was seen, and is marked once the variant has another', async () => {
    const { variants, served } = await threeShops();
    const { page } = await open(served);
    await voteFor(page, 'dark');
    await eventually(() => expect(served.votes.votes).toMatchObject([{ label: 'dark', commit: 'tip-of-dark' }]));
    const other = await open(served);
    expect(await other.page.locator('#t-dark .votes').textContent()).not.toContain('changed since');
    const [dark, ...others] = variants;
    if (dark === undefined) return;
    served.change([{ ...dark, commit: 'another' }, ...others]);
    await eventually(async () => expect(await other.page.locator('#t-dark .votes').textContent()).toContain('changed since'));
  });

  test('a name or initials, if the voter gives them; remembered for the next vote', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    await voteFor(page, 'dark');
    const dark = page.locator('#t-dark');
    await dark.getByLabel('Name or initials (optional)').fill(`AB ${HOSTILE}`.slice(0, 60));
    await dark.getByLabel('Add a reason (optional)').fill('calm');
    await dark.getByRole('button', { name: 'Save' }).click();
    await eventually(() => expect(served.votes.votes).toMatchObject([{ name: `AB ${HOSTILE}`.slice(0, 60), note: 'calm' }]));
    const other = await open(served);
    await other.page.locator('#t-dark').getByText('Details').click();
    expect(await other.page.locator('#t-dark .votes').innerText()).toContain(': calm');
    expect(await other.page.locator('main img').count()).toBe(0);
    await page.reload();
    await page.waitForSelector('body[data-live=yes]');
    expect(await page.locator('#t-light-voter').inputValue()).toContain('AB');
  });
});

describe('the decision', () => {
  test('the owner closes the voting and chooses; everybody sees the result; it can be taken back', async () => {
    const { served } = await threeShops();
    const owner = await open(served);
    const guest = await open(served, {}, served.guestUrl);
    await voteFor(owner.page, 'light');
    await voteFor(guest.page, 'dark');
    await eventually(async () => expect(await owner.page.locator('#total').innerText()).toBe('2 votes'));
    // Guests vote, and that is all.
    expect(await guest.page.locator('#host').isVisible()).toBe(false);
    expect(await guest.page.locator('.decide:visible').count()).toBe(0);

    await owner.page.getByRole('button', { name: 'Close voting' }).click();
    await eventually(async () =>
      expect(await guest.page.locator('#result').innerText()).toContain('Voting is closed. 2 votes: dark 1, light 1'),
    );
    expect(await guest.page.getByRole('button', { name: /^Vote/ }).count()).toBe(0);
    await owner.page.getByRole('button', { name: 'Reopen voting' }).click();
    await eventually(async () => expect(await guest.page.locator('#result').isVisible()).toBe(false));

    // The vote has opened it.
    await owner.page.locator('#t-light').getByLabel('Why (optional)').fill(`reads best ${HOSTILE}`);
    await owner.page.getByRole('button', { name: 'Choose light' }).click();
    await eventually(async () =>
      expect(await guest.page.locator('#result').innerText()).toBe(`Chosen: light, 1 of 2 reads best ${HOSTILE}`),
    );
    expect(await guest.page.locator('#t-light').getByText('★ chosen').isVisible()).toBe(true);
    await owner.page.getByRole('button', { name: 'Take the choice back' }).click();
    await eventually(async () => expect(await guest.page.locator('#result').isVisible()).toBe(false));
    expect(guest.complaints).toEqual([]);
  });

  test.each(['/choose', '/voting', '/start', '/present', '/lead'])('a guest may not ask for %s', async (path) => {
    const { served } = await threeShops();
    const guest = await open(served, {}, served.guestUrl);
    const status = await guest.page.evaluate(
      `fetch('${path}', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key: 'dark', why: '', open: false, on: true }) }).then(({ status }) => status)`,
    );
    expect(status).toBe(403);
    expect(served.votes.decided).toEqual({ voting: 'open', choice: null });
    expect(await guest.page.evaluate(`fetch('/log?key=dark').then(({ status }) => status)`)).toBe(404);
  });

  test('closed, a vote is refused', async () => {
    const { served } = await threeShops();
    const { page } = await open(served);
    await served.votes.setVoting('closed');
    await served.votesChanged();
    await eventually(async () => expect(await page.locator('#total').innerText()).toContain('closed'));
    const status = await page.evaluate(
      `fetch('/vote', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key: 'dark', favourite: true, note: '', name: '' }) }).then(({ status }) => status)`,
    );
    expect(status).toBe(409);
  });

  test('blind, a choice or the end of the voting shows the names to all', async () => {
    const { served } = await threeShops({ blind: true });
    const { page } = await open(served);
    expect(await shownTiles(page)).toEqual(['A', 'B', 'C']);
    await page.getByRole('button', { name: 'Close voting' }).click();
    await eventually(async () => expect((await shownTiles(page)).map((name) => name.slice(0, 3))).toEqual(['A ·', 'B ·', 'C ·']));
  });
});

describe('servers and worktrees', () => {
  test('a server that failed is started again, and its log shown, from its tile', async () => {
    const { variants, served } = await threeShops();
    const { page } = await open(served);
    const [dark, ...others] = variants;
    if (dark === undefined) return;
    served.change([{ ...dark, state: 'failed', detail: 'It ended.', tail: ['boom'] }, ...others]);
    await page.getByRole('button', { name: 'Start again' }).click();
    await eventually(() => expect(served.started).toEqual(['dark']));
    const opened = page.waitForEvent('popup');
    await page.locator('#t-dark .down').getByRole('link', { name: 'Show log' }).click();
    const log = await opened;
    expect(await log.locator('body').innerText()).toContain('log of dark');
  });

  test('merged, removed and working again are said while people watch', async () => {
    const { variants, served } = await threeShops();
    const { page } = await open(served);
    const [dark, light, adaptive] = variants;
    if (dark === undefined || light === undefined || adaptive === undefined) return;
    served.change([
      { ...dark, work: 'merged' },
      { ...light, work: 'removed', state: 'stopped', detail: 'Another command stopped it.' },
      { ...adaptive, work: 'working-again' },
    ]);
    await eventually(async () => expect(await page.locator('#t-dark .head').innerText()).toContain('merged'));
    expect(await page.locator('#t-light .down').innerText()).toContain('light: removed');
    expect(await page.locator('#t-light .down').innerText()).toContain('copse undo');
    expect(await page.getByRole('button', { name: 'Start again' }).count()).toBe(0);
    expect(await page.locator('#t-adaptive .head').innerText()).toContain('working again');
  });

  test('open pages come back by themselves, with the frames of the new servers', async () => {
    const { apps, variants, served } = await threeShops();
    const { page, inFrame, complaints } = await open(served);
    expect(await inFrame('dark', 'h1')).toBe('dark');
    await served.close();
    await eventually(async () => expect(await page.locator('#said').innerText()).toContain('Connection lost'));
    const asked = apps[0]?.requests.length ?? 0;
    await aPage(variants, { port: served.port, votes: served.votes });
    await eventually(async () => expect(await page.locator('#said').innerText()).toBe(''));
    await eventually(() => expect(apps[0]?.requests.length).toBeGreaterThan(asked));
    await eventually(async () => expect(await inFrame('dark', 'h1')).toBe('dark'));
    expect(complaints.filter((text) => !text.includes('ERR_'))).toEqual([]);
  });

  test('with other keys an open page says that its link is no longer valid', async () => {
    const { variants, served } = await threeShops();
    const { page } = await open(served);
    await served.close();
    await aPage(variants, { port: served.port, tokens: { owner: 'x'.repeat(43), guest: 'y'.repeat(22) } });
    await eventually(async () => expect(await page.locator('#said').innerText()).toContain('no longer valid'));
  });
});

describe('a presenter', () => {
  test('leads route, width and scroll of all open pages; a viewer may look around alone', async () => {
    const tall = (name: string) =>
      anApp((req, res) => {
        res.setHeader('content-type', 'text/html');
        res.end(
          `<!doctype html><html lang="en"><title>${name}</title><h1>${name}</h1><p id="path">${req.url}</p><div style="height:4000px"></div>`,
        );
      });
    const apps = await Promise.all(NAMES.map(tall));
    const served = await aPage(NAMES.map((name, i) => variantOf(name, apps[i]?.port ?? 0)));
    const owner = await open(served);
    const guest = await open(served, {}, served.guestUrl);
    await guest.inFrame('dark', 'h1');
    await owner.page.getByRole('button', { name: 'Lead everyone' }).click();
    await guest.page.getByRole('button', { name: 'Look around alone' }).waitFor();
    await owner.page.locator('#route').fill('/tour');
    await owner.page.keyboard.press('Enter');
    await owner.page.locator('#width').selectOption('phone');
    await owner.page.locator('h1').click();
    await owner.page.keyboard.press('2');
    await eventually(async () => expect(await shownTiles(guest.page)).toEqual(['light']));
    expect(await guest.page.locator('#width').inputValue()).toBe('phone');
    await eventually(async () => expect(await guest.inFrame('light', '#path')).toBe('/tour'));
    const scroll = (page: Page) => page.frameLocator('iframe[title^="light at"]').locator('html');
    await eventually(async () => {
      await scroll(owner.page).evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      expect(await scroll(guest.page).evaluate('scrollY')).toBeGreaterThan(1_000);
    });
    await guest.page.getByRole('button', { name: 'Look around alone' }).click();
    await guest.page.keyboard.press('1');
    await owner.page.keyboard.press('3');
    await owner.page.locator('#route').fill('/more');
    await owner.page.keyboard.press('Enter');
    await guest.page.getByRole('button', { name: 'Look around alone' }).click();
    await eventually(async () => expect(await guest.inFrame('adaptive', '#path')).toBe('/more'));
    await owner.page.close();
    await eventually(async () => expect(await guest.page.locator('#stray').isVisible()).toBe(false));
  });
});

test('a page that needs its link is a page: the page itself, the report, a variant', async () => {
  const app = await anApp(shop('dark'));
  const served = await aPage([variantOf('dark', app.port)]);
  const context = await newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  for (const [host, path] of [
    ['copse.localhost', '/'],
    ['copse.localhost', '/report'],
    ['dark.copse.localhost', '/'],
  ] as const) {
    const answer = await page.goto(`http://${host}:${served.port}${path}`);
    expect([answer?.status(), answer?.headers()['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('main').innerText()).toContain('link');
  }
});

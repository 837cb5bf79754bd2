import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hints } from '../../src/commands/watch-messages.ts';
import { readEvents } from '../../src/store/event-log.ts';
import { foldEvents } from '../../src/store/fold.ts';
import { runPaths, storeAt } from '../../src/store/layout.ts';
import { renderLive } from '../../src/view/render-live.ts';
import { fencedBlocks } from '../support/docs/fenced-blocks.ts';
import { fits, likeLine } from '../support/docs/screen-lines.ts';
import { Person } from '../support/person.ts';

const README = new URL('../../README.md', import.meta.url);

describe('copse tour', () => {
  it('builds three variants with the real claude, without account or network, and asks nothing', async () => {
    const person = await Person.create({ env: { ANTHROPIC_API_KEY: '' } });
    const before = await person.fingerprint();
    const ended = await person.copse(['tour']);
    expect(ended.stderr).not.toContain('bug');
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('3 of 3 succeeded');
    const app = /cd (\S+)/.exec(ended.stdout)?.[1] ?? '';
    expect(await readdir(join(app, '..', 'app.worktrees'))).toEqual(
      expect.arrayContaining(['ui-adaptive', 'ui-dark', 'ui-light']),
    );
    // What it says one can look at, one can.
    const status = await person.copse(['status'], { cwd: app });
    expect(status.stdout).toContain('adaptive');
    expect((await person.copse(['logs', 'dark'], { cwd: app })).stdout).toContain('theme.css');
    expect(await person.fingerprint()).toEqual(before);
    expect(ended.stderr).toContain('report.html');
    // README shows these screens. Which one was the quickest, and gets the star, differs from time to time.
    const [live, summary, comparison] = fencedBlocks(await readFile(README, 'utf8')).filter(
      ({ language }) => language === 'text',
    );
    expect(fits(summary?.text ?? '?', ended.stdout)).toEqual([]);
    const starless = (text: string): string => text.replaceAll('*', '');
    expect(fits(starless(comparison?.text ?? '?'), starless(ended.stdout))).toEqual([]);
    const drawn = new Set((await framesOf(app)).map(likeLine));
    const shown = (live?.text ?? '?').trimEnd().split('\n').map(likeLine);
    expect(shown.filter((line) => !drawn.has(line))).toEqual([]);
  });
});

/** Every line that the live view had to show after some event of the tour's run. */
async function framesOf(app: string): Promise<readonly string[]> {
  const events = await readEvents(runPaths(storeAt(join(app, '.git')), 'ui').events);
  return events.flatMap(({ at }, i) =>
    renderLive(foldEvents(events.slice(0, i + 1)), {
      columns: 96,
      rows: 24,
      colour: false,
      unicode: true,
      now: new Date(at),
      frame: 0,
      hints: hints(true, 0),
    }),
  );
}

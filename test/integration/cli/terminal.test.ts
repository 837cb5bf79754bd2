import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ColourTerminal } from '../../support/colour-terminal.ts';
import { hermeticEnvironment } from '../../support/environment.ts';
import { MAIN } from '../../support/person.ts';

const cwd = mkdtempSync(join(tmpdir(), 'terminal-'));

it.for([100, 60])('the help is as wide as a terminal of %d columns, and coloured', async (columns, context) => {
  const terminal = await ColourTerminal.open(context, [process.execPath, MAIN, '--help'], {
    cwd,
    env: hermeticEnvironment(),
    columns,
    rows: 60,
  });
  expect(await terminal.exit()).toBe(0);
  const lines = await terminal.shows('no-color');
  // The longest one: of a help that is longer than the screen the first lines are gone.
  const longest = Math.max(...lines.map((line) => line.length));
  expect(longest).toBeLessThanOrEqual(columns);
  expect(longest).toBeGreaterThan(columns - 20);
  expect((await terminal.screen({ colours: true })).join('\n')).toContain('\u001b[1m');
});

it.for([{ NO_COLOR: '1' }, { CI: 'true' }])('without colours with %j', async (more, context) => {
  const env = { ...hermeticEnvironment(), ...more };
  const terminal = await ColourTerminal.open(context, [process.execPath, MAIN, 'stauts'], { cwd, env, columns: 80, rows: 20 });
  expect(await terminal.exit()).toBe(2);
  await terminal.shows('Did you mean status?');
  expect((await terminal.screen({ colours: true })).join('\n')).not.toContain('\u001b[');
});

it('a mistake is red in a terminal', async (context) => {
  const terminal = await ColourTerminal.open(context, [process.execPath, MAIN, 'stauts'], {
    cwd,
    env: hermeticEnvironment(),
    columns: 80,
    rows: 20,
  });
  await terminal.shows('Did you mean status?');
  expect((await terminal.screen({ colours: true })).join('\n')).toContain('\u001b[31m');
});

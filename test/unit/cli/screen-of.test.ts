import { describe, expect, it } from 'vitest';
import { screenOf } from '../../../src/cli/screen-of.ts';
import { isCi } from '../../../src/text/is-ci.ts';

const terminal = { isTTY: true, columns: 120, rows: 40 };

describe('screenOf', () => {
  it('is as large as the terminal, 80 by 24 without one or where it says 0', () => {
    expect(screenOf(terminal, {}, true)).toMatchObject({ columns: 120, rows: 40, colour: true });
    expect(screenOf({ columns: 200, rows: 50 }, {}, true)).toMatchObject({ columns: 80, rows: 24, colour: false });
    expect(screenOf({ isTTY: true, columns: 0, rows: 0 }, {}, true)).toMatchObject({ columns: 80, rows: 24 });
  });

  it.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ CI: 'true' }, false],
    [{ CI: 'false' }, true],
    [{ TERM: 'dumb' }, false],
  ])('with %j colour is %s', (environment, colour) => {
    expect(screenOf(terminal, environment, true).colour).toBe(colour);
  });

  it('has no colour with --no-color', () => {
    expect(screenOf(terminal, {}, false).colour).toBe(false);
  });

  it.each([
    [{}, true],
    [{ LANG: 'C' }, false],
    [{ LANG: 'C', LC_ALL: 'de_DE.UTF-8' }, true],
    [{ LANG: 'en_US.utf8' }, true],
    [{ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, false],
    [{ TERM: 'linux', LANG: 'en_US.UTF-8' }, false],
  ])('with %j Unicode is %s', (environment, unicode) => {
    expect(screenOf(terminal, environment, true).unicode).toBe(unicode);
  });
});

it.each([
  [undefined, false],
  ['', false],
  ['0', false],
  ['false', false],
  ['1', true],
  ['true', true],
  ['woodpecker', true],
])('CI=%s: %s', (value, expected) => {
  expect(isCi(value === undefined ? {} : { CI: value })).toBe(expected);
});

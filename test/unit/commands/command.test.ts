import { expect, it } from 'vitest';
import { drawsInPlace } from '../../../src/commands/command.ts';
import { isCi } from '../../../src/text/is-ci.ts';

it.each([
  [{}, true],
  [{ CI: '0' }, true],
  [{ CI: 'false' }, true],
  [{ CI: 'true' }, false],
  [{ TERM: 'dumb' }, false],
])('with %j the live view is drawn: %s', (environment, drawn) => {
  const stderr = { isTTY: true } as NodeJS.WriteStream;
  expect(drawsInPlace({ stderr, environment: environment as Record<string, string>, ci: isCi(environment) })).toBe(drawn);
});

it('is never drawn into a file', () => {
  expect(drawsInPlace({ stderr: {} as NodeJS.WriteStream, environment: {}, ci: false })).toBe(false);
});

import { expect, it } from 'vitest';
import type { SerializedError, TestModule } from 'vitest/node';
import { closingLine } from '../reporter.ts';

const moduleOf = (states: readonly string[], errors = 0, suiteErrors = 0): TestModule =>
  ({
    errors: () => Array.from({ length: errors }),
    children: {
      allTests: () => states.map((state) => ({ result: () => ({ state }) })),
      allSuites: () => Array.from({ length: suiteErrors }, () => ({ errors: () => [{}] })),
    },
  }) as unknown as TestModule;

it.each([
  [[moduleOf(['passed', 'passed'])], 0, '2 passed, 0 failed'],
  [[moduleOf(['passed', 'skipped']), moduleOf(['failed'])], 0, '1 passed, 1 failed, 1 skipped'],
  // A module that cannot be imported, a hook that fails, a test that never ran to its end, an unhandled rejection.
  [[moduleOf([], 1)], 0, '0 passed, 1 failed'],
  [[moduleOf(['passed'], 0, 1)], 0, '1 passed, 1 failed'],
  [[moduleOf(['pending'])], 0, '0 passed, 1 failed'],
  [[moduleOf(['passed'])], 2, '1 passed, 2 failed'],
])('the closing line counts whatever went wrong', (modules, unhandled, line) => {
  expect(closingLine(modules, Array.from({ length: unhandled }) as SerializedError[])).toBe(line);
});

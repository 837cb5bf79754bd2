import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** The closing line: `12 passed, 0 failed, 1 skipped`. A module that cannot be imported has no tests, and still fails. */
export function closingLine(modules: readonly TestModule[], unhandled: readonly SerializedError[]): string {
  let passed = 0;
  let failed = unhandled.length;
  let skipped = 0;
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'skipped') skipped += 1;
      else failed += 1;
    }
  }
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    process.stdout.write(`${closingLine(modules, unhandled)}\n`);
  }
}

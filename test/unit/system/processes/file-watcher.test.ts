import { expect, test } from 'vitest';
import { saysItWatches } from '../../../../src/system/processes/file-watcher.ts';

test.each([
  [
    'jest',
    'Watch Usage\n › Press f to run only failed tests.\n › Press q to quit watch mode.\n › Press Enter to trigger a test run.\n',
  ],
  ['jest, nothing changed', 'No tests found related to files changed since last commit.\n\nWatch Usage: Press w to show more.'],
  ['vitest', ' Test Files  1 passed (1)\n\n PASS  Waiting for file changes...\n       press h to show help, press q to quit\n'],
  ['tsc', '10:00:00 - Found 0 errors. Watching for file changes.\n'],
  ['nodemon', '[nodemon] clean exit - waiting for changes before restart\n'],
  ['node --watch', "Completed running 'a.js'. Waiting for file changes before restarting...\n"],
  ['mocha', '  1 passing (2ms)\n\nℹ [mocha] waiting for changes...\n'],
  ['Playwright', '  Serving HTML report at http://localhost:9323. Press Ctrl+C to quit.\n'],
  ['rollup', 'created dist in 12ms\n\n[2026-01-01 10:00:00] waiting for changes...\n'],
])('%s waits for changes', (_, printed) => {
  expect(saysItWatches(printed)).not.toBeNull();
});

test.each([
  ['a suite', 'ok 1 - reads\nok 2 - writes\n1..2\n'],
  ['an earlier line about it', 'Watching for file changes.\none\ntwo\nthree\n'],
  ['a test about watching', '✓ watches the folder (12 ms)\n✓ stops watching\n✓ waits\n'],
  ['nothing', ''],
])('%s does not', (_, printed) => {
  expect(saysItWatches(printed)).toBeNull();
});

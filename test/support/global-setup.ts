import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../build.ts';

/** Once before all tests: `dist/` is what `src/` says, and one folder holds whatever they leave in the temporary folder. */
export default async function setUp(): Promise<() => void> {
  await buildOrSay();
  // Short: paths of Unix sockets below it hold at most 104 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'ct-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Tests of one room need no build: a room that does not bundle fails the tests that start copse, which find none. */
async function buildOrSay(): Promise<void> {
  try {
    await build({ clean: false });
  } catch (error) {
    rmSync(new URL('../../dist/main.js', import.meta.url), { force: true });
    process.stderr.write(
      `copse cannot be built, tests that start it will fail: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}

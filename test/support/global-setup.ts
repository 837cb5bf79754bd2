import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../build.ts';

/** Once before all tests: `dist/` is what `src/` says, and one folder holds whatever they leave in the temporary folder. */
export default async function setUp(): Promise<() => void> {
  await build({ clean: false });
  // Short: paths of Unix sockets below it hold at most 104 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'ct-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { isErrno } from '../../src/system/files.ts';
import { temporaryFolder } from './temporary-run.ts';

/**
 * A separate file system of so many kB at `folder` (default: a new one), unmounted with the test. Skips the test if it may not
 * mount.
 */
export async function smallDisk(context: TestContext, kilobytes: number, at?: string): Promise<string> {
  const folder = at ?? (await temporaryFolder());
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    // Not root, or a container without the right, or macOS.
    return context.skip('a small file system cannot be mounted here');
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
  });
  return folder;
}

export function remountReadOnly(folder: string): void {
  execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'ignore' });
}

/** Takes the last byte. */
export async function fillDisk(folder: string): Promise<void> {
  for (let bytes = 32_768, index = 0; bytes >= 1; ) {
    try {
      await writeFile(join(folder, `filler-${index}`), Buffer.alloc(bytes, 'x'));
      index += 1;
    } catch (error) {
      if (!isErrno(error, 'ENOSPC')) throw error;
      bytes = Math.floor(bytes / 2);
    }
  }
}

/** Gives back what {@link fillDisk} took. */
export async function emptyDisk(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.startsWith('filler-')) await unlink(join(folder, name));
}

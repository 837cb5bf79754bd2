import { rename, writeFile } from 'node:fs/promises';
import { temporaryBeside } from '../../system/files.ts';

/**
 * Replaces a file as a whole, mode 0600, without waiting for the disk: complete after a crash of copse, perhaps not after a power cut. For
 * files that can be written again; syncing costs 2 ms a file.
 */
export async function replaceUnsynced(path: string, text: string): Promise<void> {
  const temporary = temporaryBeside(path);
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}

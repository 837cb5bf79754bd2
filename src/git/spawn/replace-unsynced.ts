import { rename, writeFile } from 'node:fs/promises';
import { temporaryBeside } from '../../system/files.ts';

/**
 * Replaces a file as a whole, mode 0600, without waiting for the disk: whole after a crash of ours, perhaps not after a power cut. For
 * what can be made again; syncing costs 2 ms a file.
 */
export async function replaceUnsynced(path: string, text: string): Promise<void> {
  const temporary = temporaryBeside(path);
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}

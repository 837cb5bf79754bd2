import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../system/environment.ts';
import { isErrno } from '../system/files.ts';

/**
 * Absolute path of a program on PATH, null if there is none. Relative and empty entries are skipped: they mean the current
 * directory, where a clone may have put a program of that name.
 */
export async function findOnPath(program: string, environment: Environment): Promise<string | null> {
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, program);
    try {
      await access(file, constants.X_OK);
      if ((await stat(file)).isFile()) return file;
    } catch (error) {
      // Not in this folder, or not ours to run: as a shell does, look on.
      if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG')) throw error;
    }
  }
  return null;
}

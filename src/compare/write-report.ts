import { writeFile } from 'node:fs/promises';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';

/** Writes a report, part by part, where the person asked for it; an older one is replaced. CopseError `not-written` (exit 3) with the reason. */
export async function writeReport(path: AbsolutePath, parts: Iterable<string>): Promise<void> {
  try {
    await writeFile(path, parts);
  } catch (error) {
    // The parts are made while they are written: an error there is a bug in copse.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new CopseError({
      code: 'not-written',
      exit: EXIT.precondition,
      what: `The report ${path} cannot be written.`,
      why: error.message,
      hint: 'Choose another path: copse compare --html report.html',
      cause: error,
    });
  }
}

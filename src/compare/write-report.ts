import { writeFile } from 'node:fs/promises';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';

/** Writes a report where the person asked for it; an older one is replaced. CopseError `not-written` (exit 3) with the reason. */
export async function writeReport(path: AbsolutePath, html: string): Promise<void> {
  try {
    await writeFile(path, html);
  } catch (error) {
    throw new CopseError({
      code: 'not-written',
      exit: EXIT.precondition,
      what: `The report ${path} cannot be written.`,
      why: error instanceof Error ? error.message : String(error),
      hint: 'Name another place: copse compare --html report.html',
      cause: error,
    });
  }
}

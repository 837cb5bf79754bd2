import type { ReadDocument } from './document-positions.ts';
import { readText } from './read-text.ts';

/** Reads a YAML or JSON file (JSON is YAML). Nothing in it is executed, whatever it holds. */
export async function readDocument(path: string): Promise<ReadDocument> {
  const read = await readText(path);
  if (!read.ok) return { ok: false, missing: read.missing, problems: [read.problem] };
  // Loading the parser takes longer than most commands do, and most settings files are not there.
  const { parseText } = await import('./parse-text.ts');
  return parseText(path, read.text);
}

import { readFile, writeFile } from 'node:fs/promises';
import { withDecisions } from './docs/decisions.ts';
import { referenceText } from './docs/reference.ts';
import { withKeys } from './docs/variants-keys.ts';

/*
 * Writes the parts of `docs/` that follow from the code: `npm run docs`. A test fails if it is out of date.
 */
const docs = new URL('../../docs/', import.meta.url);
await writeFile(new URL('reference.md', docs), await referenceText());
for (const [name, current] of [
  ['variants-file.md', withKeys],
  ['architecture.md', withDecisions],
] as const) {
  const page = new URL(name, docs);
  await writeFile(page, current(await readFile(page, 'utf8')));
}

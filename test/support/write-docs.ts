import { readFile, writeFile } from 'node:fs/promises';
import { referenceText } from './docs/reference.ts';
import { withKeys } from './docs/variants-keys.ts';

/*
 * Writes what of `docs/` follows from the code: `npm run docs`. A test fails where it is out of date.
 */
const docs = new URL('../../docs/', import.meta.url);
await writeFile(new URL('reference.md', docs), await referenceText());
const page = new URL('variants-file.md', docs);
await writeFile(page, withKeys(await readFile(page, 'utf8')));

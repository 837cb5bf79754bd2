import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsJsonSchema, variantsJsonSchema } from './json-schemas.ts';

/*
 * Writes the published schemas: `node src/config/write-schemas.ts`. A test fails if they are out of date.
 */
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../schemas');
await mkdir(folder, { recursive: true });
for (const [name, schema] of [
  ['variants', variantsJsonSchema()],
  ['settings', settingsJsonSchema()],
] as const) {
  await writeFile(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
}

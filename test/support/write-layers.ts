import { readFileSync, writeFileSync } from 'node:fs';
import { MAY_IMPORT, restrictionsOf } from './layers.ts';

/*
 * Writes the table of `layers.ts` into `biome.json`: `node test/support/write-layers.ts`, then `npx biome format --write biome.json`.
 */
const path = new URL('../../biome.json', import.meta.url);
const biome = JSON.parse(readFileSync(path, 'utf8')) as { overrides: { includes: string[] }[] };
const others = biome.overrides.filter((override) => !override.includes.every((glob) => glob.startsWith('src/')));
const layers = Object.keys(MAY_IMPORT).flatMap(restrictionsOf);
writeFileSync(path, `${JSON.stringify({ ...biome, overrides: [...layers, ...others] }, null, 2)}\n`);

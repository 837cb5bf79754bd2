import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingsJsonSchema, variantsJsonSchema } from '../../../src/config/json-schemas.ts';

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));

it('is published as it is: else run node src/config/write-schemas.ts', () => {
  expect(published('variants')).toEqual(JSON.parse(JSON.stringify(variantsJsonSchema())));
  expect(published('settings')).toEqual(JSON.parse(JSON.stringify(settingsJsonSchema())));
});

it('describes every key', () => {
  for (const schema of [variantsJsonSchema(), settingsJsonSchema()]) {
    const properties = schema['properties'] as Record<string, { description?: string }>;
    const silent = Object.entries(properties).filter(([, property]) => property.description === undefined);
    expect(silent.map(([key]) => key)).toEqual([]);
  }
});

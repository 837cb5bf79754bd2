import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { PLANNING_OPTIONS, planningShape } from '../../../src/commands/run/planning.ts';
import { BUILT_IN_SETTINGS } from '../../../src/config/settings/built-in-settings.ts';
import { settingsSchema } from '../../../src/config/settings/settings-schema.ts';
import { SHARED_FLAGS, SHARED_KEYS, SHARED_OPTIONS } from '../../../src/config/shared-options.ts';
import { optionShape } from '../../../src/config/variants/options-schema.ts';

const settings = settingsSchema('person', null);
const variant = z.strictObject(optionShape());
const flags = z.partial(z.strictObject(planningShape()));

/** Per kind: as a file says it, as a flag says it, as copse holds it, and one that neither may say. */
const SAID = {
  model: ['opus', 'opus', 'opus', ''],
  effort: ['high', 'high', 'high', ''],
  isolation: ['sandbox', 'sandbox', 'sandbox', 'none'],
  duration: ['90s', '90s', 90_000, 'soon'],
  dollars: [2.5, '2.50', 2.5, 'much'],
  count: [3, '3', 3, '-1'],
} as const;

it.each(Object.entries(SHARED_OPTIONS))('%s is a setting, an option of a variant and a flag', (key, { takes }) => {
  const flag = SHARED_FLAGS[Object.keys(SHARED_OPTIONS).indexOf(key)];
  const [inFile, onLine, held, wrong] = SAID[takes];
  for (const schema of [settings, variant]) {
    expect(z.safeParse(schema, { [key]: inFile }).success).toBe(true);
    expect(z.safeParse(schema, { [key]: wrong }).success).toBe(false);
  }
  const name = flag?.name ?? '';
  expect(PLANNING_OPTIONS).toHaveProperty([name, 'summary']);
  expect(z.parse(flags, { [name]: onLine })).toEqual({ [name]: held });
  expect(z.safeParse(flags, { [name]: wrong }).success).toBe(false);
});

it('has a built-in value for each, and one bound for file and flag', () => {
  expect(Object.keys(BUILT_IN_SETTINGS)).toEqual(expect.arrayContaining([...SHARED_KEYS]));
  for (const { name, option } of SHARED_FLAGS) {
    const most = option.between?.[1];
    if (most === undefined) continue;
    expect(z.safeParse(flags, { [name]: String(most) }).success).toBe(true);
    expect(z.safeParse(flags, { [name]: String(most + 1) }).success).toBe(false);
  }
});

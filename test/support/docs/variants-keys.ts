import { variantsJsonSchema } from '../../../src/config/json-schemas.ts';
import { withPart } from './generated-part.ts';
import type { KeySchema } from './settings-keys.ts';
import { EXAMPLES, NOTES } from './variants-examples.ts';

const BEGIN = '<!-- Keys: written by `npm run docs` from the schema and test/support/docs/variants-examples.ts. Do not edit. -->';
const END = '<!-- End of keys. -->';

type Keys = Readonly<Record<string, KeySchema>>;

/** The page with its part about keys as the schema has them now. */
export function withKeys(page: string): string {
  const { top, variant, shared } = keys();
  const parts = [
    '## At the top',
    ...sections(top),
    '## In a variant',
    'A variant that is only a text means `approach`. An empty variant gets the shared prompt alone.',
    ...sections(variant),
    '## In `defaults` or in a variant',
    'A value in a variant applies to that variant, a value in `defaults` to all variants without their own. The examples use `defaults`; in a variant, write the same key beside `approach`.',
    ...sections(shared),
  ];
  return withPart(page, BEGIN, END, parts.join('\n\n'));
}

/** Keys of the schema without an example. */
export function keysWithoutExample(): readonly string[] {
  return Object.values(keys()).flatMap((place) => Object.keys(place).filter((name) => EXAMPLES[name] === undefined));
}

/** By place, under the names that examples and notes have: `prompt` at the top is not `variant.prompt`. */
function keys(): { readonly top: Keys; readonly variant: Keys; readonly shared: Keys } {
  const { properties: top = {} } = variantsJsonSchema() as KeySchema;
  const shared = top['defaults']?.properties ?? {};
  const whole = top['variants']?.additionalProperties?.anyOf?.find((schema) => schema.properties !== undefined)?.properties ?? {};
  const under = (place: string, all: Keys): Keys =>
    Object.fromEntries(Object.entries(all).map(([key, schema]) => [`${place}.${key}`, schema]));
  return {
    top: Object.fromEntries(Object.entries(top).filter(([key]) => key !== '$schema')),
    variant: under('variant', Object.fromEntries(Object.entries(whole).filter(([key]) => !(key in shared)))),
    shared: under('defaults', shared),
  };
}

function sections(place: Keys): string[] {
  return Object.entries(place).flatMap(([name, schema]) => {
    const [note, example] = [NOTES[name], EXAMPLES[name]];
    return [
      `### \`${name.slice(name.indexOf('.') + 1)}\``,
      schema.description ?? '',
      ...innerKeys(schema),
      ...(note === undefined ? [] : [note]),
      ...(example === undefined ? [] : [`\`\`\`yaml\n${example.trim()}\n\`\`\``]),
    ];
  });
}

/** A table of the keys inside: of the value itself, or of each entry of a map of names. */
function innerKeys(schema: KeySchema): string[] {
  const shapes = [schema, ...(schema.anyOf ?? []), ...(schema.additionalProperties?.anyOf ?? [])];
  const inner = shapes.find((shape) => shape.properties !== undefined)?.properties;
  // What `defaults` and a variant have inside is listed by itself.
  if (inner === undefined || 'approach' in inner || ('model' in inner && 'effort' in inner)) return [];
  const rows = Object.entries(inner).map(
    ([key, { description = '' }]) => `| \`${key}\` | ${description.replaceAll('|', '\\|')} |`,
  );
  return [['| key | meaning |', '| --- | --- |', ...rows].join('\n')];
}

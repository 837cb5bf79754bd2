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
    'A variant that is only a text means `approach`. A variant of nothing gets the shared prompt alone.',
    ...sections(variant),
    '## In `defaults` or in a variant',
    'What a variant says counts for it alone, what `defaults` says for all that say nothing else. The examples stand in `defaults`; in a variant the same key stands beside `approach`.',
    ...sections(shared),
  ];
  return withPart(page, BEGIN, END, parts.join('\n\n'));
}

/** Keys that the schema has and nobody has written an example for. */
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
      ...(note === undefined ? [] : [note]),
      ...(example === undefined ? [] : [`\`\`\`yaml\n${example.trim()}\n\`\`\``]),
    ];
  });
}

import { variantsJsonSchema } from '../../../src/config/json-schemas.ts';
import type { KeySchema } from './settings-keys.ts';
import { EXAMPLES, NOTES } from './variants-examples.ts';

const BEGIN = '<!-- Keys: written by `npm run docs` from the schema and test/support/docs/variants-examples.ts. Do not edit. -->';
const END = '<!-- End of keys. -->';

/** The page with its part about keys as the schema has them now. */
export function withKeys(page: string): string {
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error('docs/variants-file.md has lost the marks around its keys');
  return `${page.slice(0, before)}${BEGIN}\n\n${keysText()}\n\n${page.slice(after)}`;
}

function keysText(): string {
  const { properties: top = {} } = variantsJsonSchema() as KeySchema;
  const shared = top['defaults']?.properties ?? {};
  const variant =
    top['variants']?.additionalProperties?.anyOf?.find((schema) => schema.properties !== undefined)?.properties ?? {};
  const own = Object.fromEntries(Object.entries(variant).filter(([key]) => !(key in shared)));
  return [
    '## At the top',
    sections('', top),
    '## In a variant',
    'A variant that is only a text means `approach`. A variant of nothing gets the shared prompt alone.',
    sections('variant', own),
    '## In `defaults` or in a variant',
    'What a variant says counts for it alone, what `defaults` says for all that say nothing else. The examples stand in `defaults`; in a variant the same key stands beside `approach`.',
    sections('defaults', shared),
  ].join('\n\n');
}

/** `place` tells keys apart that mean different things in different places, such as `prompt`. */
function sections(place: string, keys: Readonly<Record<string, KeySchema>>): string {
  return Object.entries(keys)
    .filter(([key]) => key !== '$schema')
    .map(([key, schema]) => {
      const name = place === '' ? key : `${place}.${key}`;
      const example = EXAMPLES[name];
      if (example === undefined) throw new Error(`${name} needs an example in variants-examples.ts`);
      const note = NOTES[name];
      const parts = [
        `### \`${key}\``,
        schema.description ?? '',
        ...(note === undefined ? [] : [note]),
        `\`\`\`yaml\n${example.trim()}\n\`\`\``,
      ];
      return parts.join('\n\n');
    })
    .join('\n\n');
}

import * as z from 'zod/mini';
import { settingsSchema } from './settings/settings-schema.ts';
import { variantsFileSchema } from './variants/variants-schema.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema (draft 7) of the variants file, for editors. Refinements are not in it: the loader is stricter. */
export function variantsJsonSchema(): JsonSchema {
  return published(variantsFileSchema(), 'copse variants file', 'One task and its parallel approaches.');
}

/** JSON Schema (draft 7) of `.worktreerc` and of the person's settings, for editors. */
export function settingsJsonSchema(): JsonSchema {
  return published(settingsSchema('person', null), 'copse settings', 'Settings of a repository (.worktreerc) or of a person.');
}

function published(schema: z.core.$ZodType, title: string, description: string): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', reused: 'inline' });
  return { $schema, title, description, ...rest };
}

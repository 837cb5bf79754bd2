import { settingsJsonSchema } from '../../../src/config/json-schemas.ts';
import { BUILT_IN_SETTINGS } from '../../../src/config/settings/built-in-settings.ts';
import { formatDuration } from '../../../src/text/duration.ts';

/** A key of a JSON Schema, as far as the docs show it. */
export interface KeySchema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly anyOf?: readonly KeySchema[];
  readonly additionalProperties?: { readonly anyOf?: readonly KeySchema[] };
}

/** Every key of `.worktreerc` with its default. */
export function settingsText(): string {
  const { properties = {} } = settingsJsonSchema() as KeySchema;
  const rows = Object.entries(properties)
    .filter(([key]) => key !== '$schema')
    .map(([key, schema]) => `| \`${key}\` | ${builtIn(key)} | ${schema.description ?? ''} |`);
  return ['| key | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function builtIn(key: string): string {
  const settings: Readonly<Record<string, unknown>> = { ...BUILT_IN_SETTINGS };
  const ms = settings[`${key}Ms`];
  const value = typeof ms === 'number' ? formatDuration(ms) : settings[key];
  if (value === null || (Array.isArray(value) && value.length === 0)) return '';
  if (typeof value === 'object' && !Array.isArray(value))
    return `\`{${Object.entries(value)
      .map(([name, one]) => `${name}: ${String(one)}`)
      .join(', ')}}\``;
  return `\`${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}\``;
}

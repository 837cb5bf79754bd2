import { relative } from 'node:path';
import * as z from 'zod/mini';
import { settingsJsonSchema, variantsJsonSchema } from '../config/json-schemas.ts';
import { invalid, variantsFilePath } from '../config/read-configuration.ts';
import { loadSettings } from '../config/settings/load-settings.ts';
import {
  type ReportedOverride,
  type ReportedSetting,
  reportOverrides,
  reportSettings,
} from '../config/settings/settings-report.ts';
import { loadVariantsFile } from '../config/variants/load-variants-file.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { openHere } from '../repository/current-repository.ts';
import { visibleText } from '../text/plain-text.ts';
import { padEnd } from '../view/kit/width.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { someText } from './option-values.ts';

const SCHEMAS = { variants: variantsJsonSchema, settings: settingsJsonSchema } as const;

export const command = defineCommand({
  description:
    'Prints each effective setting and its source: flag > variant > defaults > variants file > repository (.worktreerc) > person (~/.config/copse/config.yaml) > built in.',
  examples: [
    { line: 'copse config', does: 'the settings in effect here' },
    { line: 'copse config -f other.yaml', does: 'with another variants file' },
    { line: 'copse config --schema variants > variants.schema.json', does: 'the JSON Schema, for an editor' },
  ],
  options: {
    file: { kind: 'text', alias: 'f', summary: 'the variants file (default: variants.yaml, if it exists)', file: true },
    schema: { kind: 'text', summary: 'print a JSON Schema instead', choices: ['variants', 'settings'] },
    json: JSON_OPTION,
  },
  schema: z.strictObject({
    file: z.optional(someText('a path')),
    schema: z.optional(z.enum(['variants', 'settings'], 'variants or settings')),
    json: z.boolean(),
  }),
  async run(options, context) {
    if (options.schema !== undefined) {
      context.stdout.write(`${JSON.stringify(SCHEMAS[options.schema](), null, 2)}\n`);
      return EXIT.ok;
    }
    const root = await rootOf(context);
    const { settings, problems, files } = await loadSettings({ root, environment: context.environment, flags: {} });
    const path =
      root === null && options.file === undefined
        ? null
        : await variantsFilePath(root ?? context.cwd, context.cwd, options.file ?? null, settings);
    if (path === null && options.file !== undefined) throw missing(options.file);
    const loaded = path === null ? null : await loadVariantsFile(path, { root: root ?? context.cwd });
    const all = [...problems, ...(loaded?.ok === false ? loaded.problems : [])];
    if (all.length > 0) throw invalid(all);
    const file = loaded?.ok === true ? loaded.file : null;
    const shared = reportSettings(settings, file);
    const overrides = file === null ? [] : reportOverrides(settings, file);
    if (options.json) {
      const read = [...(path === null ? [] : [path]), ...files];
      context.stdout.write(`${JSON.stringify({ schema: 1, files: read, settings: shared, variants: overrides })}\n`);
    } else {
      context.stdout.write(`${table(shared, overrides, context.cwd).join('\n')}\n`);
    }
    return EXIT.ok;
  },
});

/** Outside a repository the person's settings are still worth showing. */
async function rootOf(context: Context): Promise<string | null> {
  try {
    return (await openHere(context.cwd)).repository.here;
  } catch (error) {
    if (error instanceof CopseError && error.code === 'not-a-repository') return null;
    throw error;
  }
}

function table(shared: readonly ReportedSetting[], overrides: readonly ReportedOverride[], cwd: string): string[] {
  const rows = [
    ...shared.map((setting) => ({ label: setting.key, setting })),
    ...overrides.map((setting) => ({ label: `${setting.variant}.${setting.key}`, setting })),
  ].map(({ label, setting }) => ({ label, value: visibleText(valueText(setting.value)), source: sourceText(setting, cwd) }));
  const labels = Math.max(...rows.map((row) => row.label.length));
  // A long list pushes its own source to the right, not everybody's.
  const values = Math.max(...rows.map((row) => row.value.length).filter((length) => length <= 40));
  return rows.map((row) => `${padEnd(row.label, labels)}  ${padEnd(row.value, values)}  ${row.source}`);
}

function valueText(value: unknown): string {
  if (value === null) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.map((entry) => String(entry)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function sourceText({ source, file }: ReportedSetting, cwd: string): string {
  return file === null
    ? source
    : `${source} (${visibleText(relative(cwd, file).startsWith('../..') ? file : relative(cwd, file))})`;
}

function missing(file: string): CopseError {
  return new CopseError({
    code: 'no-variants-file',
    exit: EXIT.usage,
    what: `There is no variants file ${file}.`,
    hint: 'See the settings without it:\n  copse config',
  });
}

import { glob, realpath } from 'node:fs/promises';
import { dirname, extname, join, sep } from 'node:path';
import type { Problem } from '../../model/errors.ts';
import type { DataDocument } from '../document/document-positions.ts';
import { readText } from '../document/read-text.ts';
import { keyPathText } from '../document/schema-problems.ts';
import { slugOf } from './names.ts';
import { fillVars, varsIn } from './prompt-vars.ts';
import { type EachInput, MOST_VARIANTS, type VariantInput, type VariantsFileInput } from './variants-schema.ts';

/** Variables of one row: `page`, `page.name`, `index`. */
type Row = Readonly<Record<string, string>>;

/** A variant as declared, after `each`: `key` is the place it comes from in the file. */
export interface DeclaredVariant {
  readonly name: string;
  readonly key: string;
  readonly value: string | VariantInput | null;
  readonly row: Row;
}

/**
 * The variants of a file in its order; those whose key holds `{{…}}` once for each row of `each`. Their names, needs and
 * branches are filled in with slugs here; prompts keep their `{{…}}` and get the row as variables.
 */
export async function declaredVariants(
  document: DataDocument,
  input: VariantsFileInput,
  root: string,
): Promise<{ readonly variants: readonly DeclaredVariant[]; readonly problems: readonly Problem[] }> {
  const keys = document.keys(['variants']);
  const templates = keys.filter((key) => varsIn(key).length > 0);
  const plain = (key: string): DeclaredVariant => ({ name: key, key, value: input.variants[key] ?? null, row: {} });
  if (input.each === undefined) return { variants: keys.map(plain), problems: [] };
  if (templates.length === 0) {
    const [first = 'x'] = Object.keys(input.each);
    const fix = `Put a variable into the key of the variant that is to be made for each row, e.g. "task-{{${first}}}".`;
    return { variants: keys.map(plain), problems: [problem(document, ['each'], 'each makes no variant.', fix)] };
  }
  const { rows, problems } = await readRows(document, input.each, root);
  if (problems.length > 0) return { variants: [], problems };
  if (rows.length * templates.length > MOST_VARIANTS) {
    const what = `each makes ${rows.length * templates.length} variants; ${MOST_VARIANTS} is the most.`;
    return { variants: [], problems: [problem(document, ['each'], what, 'Narrow the list, the glob or the table.')] };
  }
  const found: Problem[] = [];
  const variants = keys.flatMap((key) =>
    varsIn(key).length === 0
      ? [plain(key)]
      : rows.flatMap((row) => makeOne(document, key, input.variants[key] ?? null, row, found)),
  );
  return { variants, problems: [...found, ...twins(document, variants)] };
}

function makeOne(
  document: DataDocument,
  key: string,
  value: string | VariantInput | null,
  row: Row,
  problems: Problem[],
): DeclaredVariant[] {
  const unknown = varsIn(key).filter((name) => !Object.hasOwn(row, name));
  if (unknown.length > 0) {
    if (row['index'] !== '1') return [];
    const what = `${unknown.map((name) => `{{${name}}}`).join(', ')} is not among what each gives.`;
    problems.push(
      problem(
        document,
        ['variants', key],
        what,
        `It gives ${Object.keys(row)
          .map((name) => `{{${name}}}`)
          .join(', ')}.`,
      ),
    );
    return [];
  }
  const slugs = Object.fromEntries(Object.entries(row).map(([name, text]) => [name, slugOf(text) ?? '']));
  const empty = varsIn(key).find((name) => slugs[name] === '');
  if (empty !== undefined) {
    const what = `Row ${row['index']} of each gives no usable name: {{${empty}}} is ${JSON.stringify(row[empty])}.`;
    problems.push(problem(document, ['variants', key], what, 'Use {{index}} in the key, or another column.'));
    return [];
  }
  const fill = (text: string): string => fillVars(text, slugs);
  const filled =
    value === null || typeof value === 'string'
      ? value
      : {
          ...value,
          ...(value.needs && { needs: value.needs.map(fill) }),
          ...(value.branch !== undefined && { branch: fill(value.branch) }),
        };
  return [{ name: fill(key).slice(0, 64), key, value: filled, row }];
}

function twins(document: DataDocument, variants: readonly DeclaredVariant[]): Problem[] {
  const seen = new Map<string, DeclaredVariant>();
  const problems: Problem[] = [];
  for (const variant of variants) {
    const other = seen.get(variant.name);
    seen.set(variant.name, variant);
    if (other === undefined) continue;
    const rows = [other, variant].map(({ row }) => row['index']).filter((index) => index !== undefined);
    const what =
      rows.length === 2
        ? `Rows ${rows.join(' and ')} of each both make a variant ${variant.name}.`
        : `each makes a second variant ${variant.name}.`;
    problems.push(problem(document, ['variants', variant.key], what, 'Put {{index}} or another column into the key.'));
  }
  return problems;
}

async function readRows(
  document: DataDocument,
  each: EachInput,
  root: string,
): Promise<{ rows: readonly Row[]; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const columns: { name: string; rows: readonly Row[] }[] = [];
  for (const [name, source] of Object.entries(each)) {
    const rows = await rowsOf(name, source, root);
    if (typeof rows === 'string') problems.push(problem(document, ['each', name], rows));
    else columns.push({ name, rows });
  }
  const [first, ...others] = columns;
  for (const other of first === undefined ? [] : others) {
    if (first === undefined || other.rows.length === first.rows.length) continue;
    const what = `each.${first.name} has ${first.rows.length} rows, each.${other.name} has ${other.rows.length}: they are zipped and must be equally long.`;
    problems.push(problem(document, ['each', other.name], what));
  }
  const rows = (first?.rows ?? []).map(
    (_, index) => Object.assign({ index: String(index + 1) }, ...columns.map((column) => column.rows[index])) as Row,
  );
  return { rows, problems };
}

async function rowsOf(name: string, source: EachInput[string], root: string): Promise<readonly Row[] | string> {
  if (Array.isArray(source)) return source.map((entry) => ({ [name]: String(entry) }));
  if ('files' in source) {
    const files = await filesOf(source.files, root);
    if (files.length > MOST_VARIANTS) return `${source.files} matches more than ${MOST_VARIANTS} files.`;
    return files.length === 0 ? `${source.files} matches no file in the repository.` : files.map((file) => fileRow(name, file));
  }
  const path = join(root, source.table);
  if (!(await isWithin(path, root))) return `${source.table} is not a file within the repository.`;
  const read = await readText(path);
  if (!read.ok) return `${source.table}: ${read.problem.what}`;
  const { parseTable } = await import('./table.ts');
  const table = parseTable(read.text, source.table.toLowerCase().endsWith('.tsv') ? '\t' : ',');
  if (!table.ok) return `${source.table}, line ${table.line}: ${table.what}`;
  return table.rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, cell]) => [`${name}.${column}`, cell])));
}

function fileRow(name: string, file: string): Row {
  const extension = extname(file);
  const base = file.slice(file.lastIndexOf('/') + 1);
  return {
    [name]: file,
    [`${name}.name`]: base.slice(0, base.length - extension.length),
    [`${name}.dir`]: dirname(file),
    [`${name}.ext`]: extension.slice(1),
  };
}

/** Regular files that the glob matches, relative to `root`, sorted; never below `.git` or `node_modules`. */
async function filesOf(pattern: string, root: string): Promise<readonly string[]> {
  const files: string[] = [];
  const matches = glob(pattern, {
    cwd: root,
    withFileTypes: true,
    exclude: (entry) => entry.name === '.git' || entry.name === 'node_modules',
  });
  for await (const entry of matches) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (await isWithin(path, root)) files.push(path.slice(join(root, sep).length).split(sep).join('/'));
    if (files.length > MOST_VARIANTS) break;
  }
  return files.sort();
}

/** A folder on the way may be a symbolic link out of the repository. */
async function isWithin(path: string, root: string): Promise<boolean> {
  try {
    const [real, top] = await Promise.all([realpath(path), realpath(root)]);
    return real.startsWith(top + sep);
  } catch {
    // Gone or unreadable: nothing to read there.
    return false;
  }
}

function problem(document: DataDocument, path: readonly string[], what: string, fix?: string): Problem {
  return { what, path: keyPathText(path), position: document.keyPosition(path), ...(fix === undefined ? {} : { fix }) };
}

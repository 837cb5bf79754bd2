import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse/sync';
import { VARIABLE_PATTERN } from './variants-schema.ts';

export type Table =
  | { readonly ok: true; readonly columns: readonly string[]; readonly rows: readonly Readonly<Record<string, string>>[] }
  | Refusal;

interface Refusal {
  readonly ok: false;
  readonly what: string;
  readonly line: number;
}

/**
 * Reads a table with a header row: CSV as RFC 4180 has it (quotes double inside quotes, quoted line breaks), or the same
 * with tabs. Strict: a row with another number of cells than the header is refused, never shifted.
 */
export function parseTable(text: string, separator: ',' | '\t'): Table {
  const read = readRows(text, separator);
  if (!Array.isArray(read)) return read;
  const [header, ...body] = read;
  if (header === undefined || body.length === 0)
    return { ok: false, what: 'It needs a header row and at least one row below.', line: 1 };
  const columns = header.cells.map((cell) => cell.trim());
  const odd = columns.find((column, index) => !VARIABLE_PATTERN.test(column) || columns.indexOf(column) !== index);
  if (odd !== undefined) {
    const what = VARIABLE_PATTERN.test(odd)
      ? `Two columns are named ${odd}.`
      : `The column ${JSON.stringify(odd)} needs a name of letters, digits, "-" and "_".`;
    return { ok: false, what, line: header.line };
  }
  const rows: Record<string, string>[] = [];
  for (const { cells, line } of body) {
    if (cells.length !== columns.length)
      return { ok: false, what: `The row has ${cells.length} cells, the header ${columns.length}.`, line };
    rows.push(Object.fromEntries(columns.map((column, index) => [column, (cells[index] ?? '').trim()])));
  }
  return { ok: true, columns, rows };
}

interface Row {
  readonly cells: readonly string[];
  /** Where it begins. */
  readonly line: number;
}

const OPTIONS = {
  bom: true,
  raw: true,
  // Without it a quote in the middle of an unquoted cell, as in 5" pipe, would be refused.
  relax_quotes: true,
  relax_column_count: true,
  record_delimiter: ['\r\n', '\n'],
} as const satisfies Options;

function readRows(text: string, delimiter: string): Row[] | Refusal {
  const rows: Row[] = [];
  let torn: number | null = null;
  let ended = 0;
  const take = (given: unknown, { lines }: InfoRecord): null => {
    // Its types leave out what `raw` does.
    const { record: cells, raw } = given as { readonly record: string[]; readonly raw: string };
    const line = ended + 1;
    ended = lines;
    // relax_quotes also accepts a cell that begins with a quote and continues after the closing one.
    if (cells.some((cell) => cell.startsWith('"') && !raw.includes(`"${cell.replaceAll('"', '""')}"`))) torn ??= lines;
    if (cells.length > 1 || cells[0] !== '') rows.push({ cells, line });
    return null;
  };
  try {
    parse(text, { ...OPTIONS, delimiter, on_record: take });
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    return { ok: false, what: 'A quoted cell is never closed.', line: ended + 1 };
  }
  return torn === null ? rows : { ok: false, what: 'There is text after the closing quote of a cell.', line: torn };
}

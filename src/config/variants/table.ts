import { VARIABLE_PATTERN } from './variants-schema.ts';

export type Table =
  | { readonly ok: true; readonly columns: readonly string[]; readonly rows: readonly Readonly<Record<string, string>>[] }
  | { readonly ok: false; readonly what: string; readonly line: number };

/**
 * Reads a table with a header row: CSV as RFC 4180 has it (quotes double inside quotes, quoted line breaks), or the same
 * with tabs. Strict: a row with another number of cells than the header is refused, never shifted.
 */
export function parseTable(text: string, separator: ',' | '\t'): Table {
  const read = readRows(text.replace(/^\uFEFF/, ''), separator);
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
  readonly cells: string[];
  readonly line: number;
}

function readRows(text: string, separator: string): Row[] | Extract<Table, { ok: false }> {
  const rows: Row[] = [];
  let line = 1;
  let index = 0;
  while (index < text.length) {
    const row: Row = { cells: [], line };
    let more = true;
    while (more) {
      let cell = '';
      if (text[index] === '"') {
        const opened = line;
        for (index++; ; index++) {
          const char = text[index];
          if (char === undefined) return { ok: false, what: 'A quoted cell is never closed.', line: opened };
          if (char === '\n') line++;
          if (char !== '"') cell += char;
          else if (text[index + 1] === '"') cell += text[index++];
          else break;
        }
        index++;
        if (!endsCell(text, index, separator))
          return { ok: false, what: 'There is text after the closing quote of a cell.', line };
      } else {
        while (!endsCell(text, index, separator)) cell += text[index++];
      }
      row.cells.push(cell);
      more = text[index] === separator;
      if (more) index++;
    }
    if (text[index] === '\r') index++;
    if (text[index] === '\n') index++;
    line++;
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
  }
  return rows;
}

function endsCell(text: string, index: number, separator: string): boolean {
  const char = text[index];
  return char === undefined || char === separator || char === '\n' || (char === '\r' && text[index + 1] === '\n');
}

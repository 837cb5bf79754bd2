import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../../model/errors.ts';
import { type ReadDocument, withPositions } from './document-positions.ts';
import { type Place, problemAt } from './problem-at.ts';
import { yamlFaults } from './yaml-faults.ts';
import { badAlias, keepTexts, MAX_ALIASES, oddKeys, TOO_MANY_ALIASES, tooMuch } from './yaml-hazards.ts';

/** A hostile file can be wrong 300,000 times. */
const MAX_REPORTED = 50;

/** Text as `readDocument` reads it from a file. */
export function parseText(path: string, text: string): ReadDocument {
  const much = tooMuch(path, text);
  if (much !== null) return refused(much);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, strict: true });
  const place: Place = (offset) => lines.linePos(offset);
  const faults = [...document.errors, ...document.warnings].slice(0, MAX_REPORTED);
  if (faults.length > 0) {
    return refused(...yamlFaults(text, faults).map(({ what, fix, offset }) => problemAt(path, what, fix, place(offset))));
  }
  const odd = oddKeys(path, text, document, place).slice(0, MAX_REPORTED);
  if (odd.length > 0) return refused(...odd);
  const alias = badAlias(document);
  if (alias !== null) return refused(problemAt(path, alias.what, alias.fix, place(alias.offset)));
  keepTexts(document);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // What `yaml` throws where aliases of aliases multiply.
    if (!(error instanceof ReferenceError)) throw error;
    return refused(problemAt(path, TOO_MANY_ALIASES, 'Write the values out.'));
  }
  return { ok: true, document: withPositions(path, value, document, place) };
}

function refused(...problems: readonly Problem[]): ReadDocument {
  return { ok: false, missing: false, problems };
}

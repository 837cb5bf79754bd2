import type { TestVerdict } from '../../model/evidence/test-report.ts';
import { plainText } from '../../text/plain-text.ts';
import { linesOf } from './lines-of.ts';
import type { ReportBuilder } from './report-builder.ts';

/* `cargo test`: libtest's lines for people, or its JSON, between what cargo says about which program runs. */

const JSON_TEST = /^\{ ?"type": ?"test",/;

const VERDICTS: Readonly<Record<string, TestVerdict>> = {
  ok: 'passed',
  bench: 'passed',
  FAILED: 'failed',
  failed: 'failed',
  timeout: 'failed',
  ignored: 'skipped',
};

/** Whether a line is the result of a test. */
export const isCargoTest = (line: string): boolean => JSON_TEST.test(line) || ofText(line) !== null;

export function parseCargo(text: string, builder: ReportBuilder): void {
  let target = '';
  for (const raw of linesOf(text)) {
    const line = plainText(raw.slice(0, 2_000));
    target = targetOf(line) ?? target;
    const found = JSON_TEST.test(line) ? ofJson(raw) : ofText(line);
    if (found !== null) builder.add([target, found.name], found.verdict);
  }
}

/** Which program's tests follow, as cargo says: `Running unittests src/lib.rs (target/debug/deps/words-0123456789abcdef)`. */
function targetOf(line: string): string | null {
  const [verb, ...words] = line.trim().split(' ', 5);
  if (verb === 'Doc-tests' && words.length === 1) return `${words[0]} (documentation)`;
  const program = words.at(-1);
  if (verb !== 'Running' || words.length < 2 || !program?.startsWith('(') || !program.endsWith(')')) return null;
  const name = program.slice(1, -1).replace(/^.*[/\\]/, '');
  return `${name.replace(/-[0-9a-f]{16}(?:\.exe)?$/, '')} ${words.at(-2)}`;
}

/** `test name ... ok`, `test name - should panic ... ok`, `test name ... ignored, why`. */
function ofText(line: string): { readonly name: string; readonly verdict: TestVerdict } | null {
  const dots = line.startsWith('test ') ? line.indexOf(' ... ') : -1;
  if (dots === -1) return null;
  const verdict = VERDICTS[/^[A-Za-z]+/.exec(line.slice(dots + 5))?.[0] ?? ''];
  return verdict === undefined ? null : { name: line.slice(5, dots).replace(/ - should panic$/, ''), verdict };
}

function ofJson(line: string): { readonly name: string; readonly verdict: TestVerdict } | null {
  try {
    const { name, event } = JSON.parse(line) as { readonly name?: unknown; readonly event?: unknown };
    const verdict = VERDICTS[String(event)];
    return typeof name === 'string' && verdict !== undefined ? { name, verdict } : null;
  } catch {
    // A test printed something like it.
    return null;
  }
}

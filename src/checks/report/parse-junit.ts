import { SaxesParser } from 'saxes';
import type { TestVerdict } from '../../model/evidence/test-report.ts';
import type { ReportBuilder } from './report-builder.ts';
import { UnusableReport } from './unusable-report.ts';

/** Text that runners write although XML forbids it: escape sequences in names and messages, `]]>` in a text. Harmless if it is not shown. */
const TOLERATED = /(?:disallowed character\.|malformed character entity\.|is disallowed in char data\.)$/;

/** No runner writes more; each level and attribute costs memory. */
const DEEPEST = 64;
const MOST_ATTRIBUTES = 200;

/** Each character costs a step: between pieces of this length other work gets its turn. */
const PIECE = 256 * 1024;

const ROOTS = new Set(['testsuites', 'testsuite']);

interface OpenCase {
  readonly parts: readonly string[];
  verdict: TestVerdict;
}

/**
 * Reads JUnit XML as vitest, jest-junit, pytest, mocha, Node, surefire, gotestsum, nextest and others write it. False: it is well-formed, but
 * of another kind. Throws UnusableReport. Entities other than XML's own five cannot be declared: a document type is refused.
 */
export async function parseJunit(text: string, builder: ReportBuilder): Promise<boolean> {
  const reader = new JunitReader(builder);
  const parser = new SaxesParser();
  let attributes = 0;
  parser.on('error', (error) => {
    if (!TOLERATED.test(error.message)) throw new UnusableReport('is cut off or not well-formed XML');
  });
  parser.on('doctype', () => {
    throw new UnusableReport('declares a document type or entities, which copse does not read');
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MOST_ATTRIBUTES) throw new UnusableReport('has an element with too many attributes');
  });
  parser.on('opentag', (tag) => {
    attributes = 0;
    reader.open(tag.name, tag.attributes as Readonly<Record<string, string>>);
  });
  parser.on('closetag', (tag) => reader.close(tag.name));
  for (let start = 0; start < text.length && !reader.isOther; start += PIECE) {
    parser.write(text.slice(start, start + PIECE));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (reader.isOther) return false;
  parser.close();
  return true;
}

class JunitReader {
  isOther = false;
  readonly #builder: ReportBuilder;
  readonly #suites: string[] = [];
  #depth = 0;
  #case: OpenCase | null = null;

  constructor(builder: ReportBuilder) {
    this.#builder = builder;
  }

  open(tag: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#depth === 0) this.isOther = !ROOTS.has(tag);
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new UnusableReport('is nested too deeply');
    if (this.isOther) return;
    if (tag === 'testsuite') this.#suites.push(attributes['name'] ?? '');
    else if (tag === 'testcase') this.#case = { parts: nameParts(this.#suites, attributes), verdict: verdictOf(attributes) };
    else if (this.#case !== null) {
      // The reruns of surefire and nextest (`flakyFailure`, `rerunFailure`) say nothing that the verdict itself does not.
      if (tag === 'failure' || tag === 'error') this.#case.verdict = 'failed';
      else if (tag === 'skipped' && this.#case.verdict === 'passed') this.#case.verdict = 'skipped';
    }
  }

  close(tag: string): void {
    this.#depth -= 1;
    if (tag === 'testsuite') this.#suites.pop();
    else if (tag === 'testcase' && this.#case !== null) {
      this.#builder.add(this.#case.parts, this.#case.verdict);
      this.#case = null;
    }
  }
}

/** CTest and GoogleTest say it in an attribute. */
function verdictOf(attributes: Readonly<Record<string, string>>): TestVerdict {
  const status = attributes['status'];
  if (status === 'fail' || status === 'failed') return 'failed';
  return status === 'notrun' || status === 'disabled' || attributes['result'] === 'skipped' ? 'skipped' : 'passed';
}

/**
 * Each runner has its own idea of `classname`: the file (vitest), the class (pytest, surefire), the package (Go), the path of groups or `test`
 * (Node), the whole name again (jest-junit), the last part of it (mocha).
 */
function nameParts(suites: readonly string[], attributes: Readonly<Record<string, string>>): string[] {
  const name = attributes['name'] ?? '';
  const file = attributes['file'] ?? '';
  const classname = attributes['classname'] ?? '';
  const says = (group: string): boolean => group !== '' && !isWithin(group, name);
  // Node's `a.b` for the groups a and b, which are suites too: these hold the names as they are.
  const ofClass = says(classname) && classname !== 'test' && suites.length < 2;
  const groups = ofClass ? [classname] : suites.filter((suite) => says(suite) && suite !== file);
  const stem = file.replace(/\.[^./]+$/, '').replace(/^.*\//, '');
  const namesFile = stem !== '' && [...groups, name].some((text) => text.includes(stem));
  return [...(file === '' || namesFile ? [] : [file]), ...groups, name];
}

/** Whether `name` is this group or begins or ends with it, as whole words. */
function isWithin(group: string, name: string): boolean {
  return name === group || name.startsWith(`${group} `) || name.endsWith(` ${group}`);
}

import type { TestComparison, TestReport, TestVerdict } from '../../model/evidence/test-report.ts';
import { WITHIN } from './report-builder.ts';

/**
 * A variant's tests compared with the base's. `flaky`: names to leave out of what was fixed and broken. A test that fails as a whole (a
 * file that cannot be loaded, a package that does not compile, a hook) is compared with the tests within it on the other side. Pure.
 */
export function compareReports(base: TestReport, own: TestReport, flaky: ReadonlySet<string> = new Set()): TestComparison {
  const found = { fixed: [], broke: [], stillFailing: [], added: [], missing: [], silenced: [] } satisfies Record<
    string,
    string[]
  >;
  const lists: Record<keyof typeof found, string[]> = found;
  const onBase = verdictsOf(base);
  const here = verdictsOf(own);
  for (const name of new Set([...base.tests.keys(), ...own.tests.keys()])) {
    const list = kindOf(onBase(name), here(name));
    if (list !== null && !(flaky.has(name) && (list === 'fixed' || list === 'broke'))) lists[list].push(name);
  }
  for (const list of Object.values(lists)) list.sort();
  return lists;
}

function kindOf(base: TestVerdict | null, own: TestVerdict | null): keyof TestComparison | null {
  const ranHere = own === 'passed' || own === 'failed';
  switch (base) {
    case 'passed':
      return own === 'failed' ? 'broke' : ranHere ? null : 'missing';
    case 'failed':
      return own === 'passed' ? 'fixed' : own === 'failed' ? 'stillFailing' : 'silenced';
    default:
      return ranHere ? 'added' : null;
  }
}

/** The verdict on a test, or on all that is within it: failed if any of these is, passed if one is and none fails. */
function verdictsOf(report: TestReport): (name: string) => TestVerdict | null {
  const groups = new Map<string, TestVerdict>();
  for (const [name, verdict] of report.tests) {
    for (const end of groupEnds(name)) {
      const group = name.slice(0, end);
      const known = groups.get(group);
      if (known === undefined || verdict === 'failed' || (verdict === 'passed' && known === 'skipped'))
        groups.set(group, verdict);
    }
  }
  return (name) => report.tests.get(name) ?? groups.get(name) ?? null;
}

/** Separators of the groups in a name. Go's subtests come after a slash. */
function groupEnds(name: string): number[] {
  const ends: number[] = [];
  for (let at = name.indexOf(WITHIN); at !== -1; at = name.indexOf(WITHIN, at + 1)) ends.push(at);
  const last = (ends.at(-1) ?? 0) + WITHIN.length;
  if (name.startsWith('Test', last))
    for (let at = name.indexOf('/', last); at !== -1; at = name.indexOf('/', at + 1)) ends.push(at);
  return ends;
}

import { createHash } from 'node:crypto';
import type { ReportFormat, TestReport, TestVerdict } from '../../model/evidence/test-report.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { shortLine } from '../../text/plain-text.ts';
import { UnusableReport } from './unusable-report.ts';

const MOST_TESTS = 200_000;
const LONGEST_NAME = 300;
/** The part of a name that is used: runners put whole objects into the names of parametrised tests. */
const READ_OF_NAME = 4_000;

const ORDER: readonly TestVerdict[] = ['passed', 'skipped', 'failed'];

/** Between the parts of a name. */
export const WITHIN = ' > ';

/** Collects the tests of one report under names that are the same in each worktree. */
export class ReportBuilder {
  readonly #tests = new Map<string, TestVerdict | TestVerdict[]>();
  readonly #roots: readonly string[];
  #count = 0;

  /** `worktree`: its paths, which are taken out of names. */
  constructor(worktree: readonly AbsolutePath[]) {
    const paths = [...new Set(worktree)].sort((a, b) => b.length - a.length);
    this.#roots = paths.flatMap((path) => [`file://${path}/`, `${path}/`]);
  }

  /** Empty parts are left out. Throws UnusableReport for more tests than anybody has. */
  add(parts: readonly (string | undefined)[], verdict: TestVerdict): void {
    this.#count += 1;
    if (this.#count > MOST_TESTS) throw new UnusableReport(`lists more than ${MOST_TESTS.toLocaleString('en')} tests`);
    const name = this.#nameOf(parts);
    const known = this.#tests.get(name);
    if (known === undefined) this.#tests.set(name, verdict);
    else if (typeof known === 'string') this.#tests.set(name, [known, verdict]);
    else known.push(verdict);
  }

  finish(format: ReportFormat): TestReport {
    this.#dropParents();
    const tests = new Map<string, TestVerdict>();
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const [name, found] of this.#tests) {
      // Which of several came first depends on what ran at the same time; how many passed does not.
      const verdicts = typeof found === 'string' ? [found] : found.sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
      verdicts.forEach((verdict, index) => {
        tests.set(index === 0 ? name : `${name} (no. ${index + 1} of this name)`, verdict);
        counts[verdict] += 1;
      });
    }
    return { format, tests, ...counts };
  }

  /** Go lists `TestOrder` as well as `TestOrder/third`: it only sums up, unless it fails and none of these does. */
  #dropParents(): void {
    const parents = new Map<string, boolean>();
    for (const [name, found] of this.#tests) {
      const test = name.lastIndexOf(WITHIN) + WITHIN.length;
      if (!name.startsWith('Test', test)) continue;
      const fails = found === 'failed' || found.includes('failed');
      for (let slash = name.indexOf('/', test); slash !== -1; slash = name.indexOf('/', slash + 1)) {
        const parent = name.slice(0, slash);
        parents.set(parent, fails || parents.get(parent) === true);
      }
    }
    for (const [name, childFails] of parents) {
      const found = this.#tests.get(name);
      if (found !== undefined && (childFails || (found !== 'failed' && !found.includes('failed')))) this.#tests.delete(name);
    }
  }

  #nameOf(parts: readonly (string | undefined)[]): string {
    const whole = parts.filter((part) => part !== undefined && part.trim() !== '').join(WITHIN);
    const relative = this.#roots.reduce((text, root) => (text.includes(root) ? text.replaceAll(root, '') : text), whole);
    const name = shortLine(relative, READ_OF_NAME) || '(a test without a name)';
    if (relative.length <= LONGEST_NAME && name.length <= LONGEST_NAME) return name;
    // Cut names must still differ.
    const digest = createHash('sha256').update(relative).digest('hex').slice(0, 8);
    return name.length <= LONGEST_NAME ? name : `${shortLine(name, LONGEST_NAME - 10)} ${digest}`;
  }
}

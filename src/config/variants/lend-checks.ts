import type { PlannedCheck } from '../../model/plan.ts';
import type { VariantsFile } from '../../model/variants-file.ts';

/** What of the repository's file a task without one of its own is checked with, and what its checks need. */
const LENT = [
  'verify',
  'protect',
  'setup',
  'copy',
  'disposable',
  'commandTimeoutMs',
] as const satisfies readonly (keyof VariantsFile)[];

/** The file of a task that was typed, with the checks of the repository's. */
export function withLentChecks(file: VariantsFile, repository: VariantsFile): VariantsFile {
  const lent = Object.fromEntries(LENT.flatMap((key) => (repository[key] === undefined ? [] : [[key, repository[key]]])));
  return Object.keys(lent).length === 0 ? file : { ...lent, ...file, lent: true };
}

/** With checks that were typed, in place of the repository's: `npm test`, or with a name: `unit=npm test`. */
export function withTypedChecks(file: VariantsFile, lines: readonly string[]): VariantsFile {
  const verify: PlannedCheck[] = [];
  for (const line of lines) {
    const [, said, rest] = /^([a-z][a-z0-9-]*)=(.+)$/s.exec(line) ?? [];
    const free = verify.length === 0 ? 'test' : `test-${verify.length + 1}`;
    verify.push({ name: said ?? free, run: (rest ?? line).trim(), report: null, repeat: 1, tests: [] });
  }
  return { ...file, verify };
}

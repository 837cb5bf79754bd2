import { matchesPattern } from '../../git/commit/path-pattern.ts';

/* How the usual frameworks name tests, and the files that belong to them. */

const NAMED =
  /(?:^|\/)test_[^/]*\.py$|[._-](?:test|tests|spec|specs|cy|e2e)\.[^/]+$|_test\.(?:go|py|rb|ex|exs|dart|c|cc|cpp|ts|js|mjs)$|_spec\.rb$|(?:Test|Tests|Spec|IT)\.(?:java|kt|cs|scala|swift|php|groovy)$|(?:^|\/)tests?\.\w+$|\.(?:t|bats|feature)$/;
const BESIDE =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|__snapshots__|__fixtures__|fixtures?|testdata|test-data|test_data|golden|e2e|cypress|step_definitions)\/|(?:^|\/)conftest\.py$|\.(?:snap|golden)$|\.approved\.\w+$/;

/** A test by its name, or a helper, fixture, snapshot in a folder of tests. */
export function isOfTests(path: string): boolean {
  return NAMED.test(path) || BESIDE.test(path);
}

/** Whether a run of the tests that are chosen depends on this file; none chosen: all are. `exact`: the rest of the folders is left out. */
export function isPartOfTests(path: string, chosen: readonly string[], exact: boolean): boolean {
  if (chosen.some((one) => one === path || (/[*?{]/.test(one) && expanded(one).some((glob) => matchesPattern(path, glob)))))
    return true;
  // A snapshot is its test's.
  const test = path.replace(/__snapshots__\/([^/]+)\.snap$/, '$1');
  if (NAMED.test(test) || exact) return isOfTests(path) && (chosen.length === 0 || chosen.some((one) => chooses(one, test)));
  return BESIDE.test(path);
}

function chooses(one: string, path: string): boolean {
  return one === '' || one === path || path.startsWith(`${one}/`) || path.endsWith(`/${one}`);
}

/** `*.{js,ts}` as two. */
function expanded(glob: string): readonly string[] {
  const [, before = '', inner, after = ''] = /^(.*?)\{([^{}]*)\}(.*)$/.exec(glob) ?? [];
  return inner === undefined ? [glob] : inner.split(',').flatMap((one) => expanded(`${before}${one}${after}`));
}

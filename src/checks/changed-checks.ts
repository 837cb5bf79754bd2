import { matchesPattern } from '../git/commit/path-pattern.ts';
import type { NamedCommand } from '../model/plan.ts';
import type { FileChange } from '../model/reports/evidence.ts';
import { type Manifests, ranWords, scriptsOf } from './scripts-of.ts';

export interface ChangedChecksOptions {
  readonly checks: readonly NamedCommand[];
  readonly protect: readonly string[];
  /** What the variant changed against its start. */
  readonly files: readonly FileChange[];
  /** Text of `package.json` at the start and at the tip; null: there is none. Only looked at where it changed. */
  readonly manifests: Manifests;
}

/** Names of the checks of which the variant changed what they run: it may pass them for that alone. Pure. */
export function changedItsChecks(o: ChangedChecksOptions): ReadonlyMap<string, readonly string[]> {
  const touched = o.files.flatMap(({ path, from }) => (from === null ? [path] : [path, from]));
  // What stood there before and does not stand there as it was. An added file changes no check that was there.
  const altered = o.files.flatMap(({ path, from, status }) =>
    status === 'added' || status === 'copied' ? [] : status === 'renamed' && from !== null ? [from] : [path],
  );
  const guarded = touched.some((path) => o.protect.some((pattern) => matchesPattern(path, pattern)));
  const changed = o.checks.filter(({ run }) => {
    if (guarded) return true;
    const before = scriptsOf(run, o.manifests.before);
    if (touched.includes('package.json') && before !== scriptsOf(run, o.manifests.after)) return true;
    const words = ranWords(`${run}\n${before}`);
    return (
      touched.some((path) => words.has(path)) ||
      altered.some((path) => [...words].some((word) => word.includes('*') && matchesPattern(path, word))) ||
      touched.some((path) => configures(path, words)) ||
      (RUNS_TESTS.test(`${run}\n${before}`) && altered.some((path) => TEST_FILE.test(path)))
    );
  });
  return new Map(changed.map(({ name }) => [name, altered]));
}

/** The tip's manifest with the scripts of the start. */
export function manifestWithScripts(tip: string, start: string): string {
  return JSON.stringify({ ...JSON.parse(tip), scripts: JSON.parse(start).scripts }, null, 2);
}

const RUNS_TESTS =
  /\b(?:tests?|spec|specs|vitest|jest|mocha|ava|tap|pytest|unittest|nose|tox|nox|playwright|cypress|rspec|phpunit|ctest|e2e)\b|--test\b/i;

/** How the usual frameworks find tests and what they load before them. */
const TEST_FILE =
  /(?:^|\/)(?:tests?|specs?|__tests__|__snapshots__|e2e|cypress|features|t)\/|(?:^|\/)(?:test_[^/]*|conftest)\.py$|[._-](?:test|tests|spec|specs|cy|e2e)\.[^/]+$|_test\.(?:go|py|rb|ex|exs|dart|c|cc|cpp)$|(?:Test|Tests|Spec)\.(?:java|kt|cs|scala|swift|php)$/;

/** Files that say how a tool checks, by a word of the command that runs it. A looser one passes more. */
const CONFIGURATION: readonly (readonly [tool: RegExp, file: RegExp])[] = [
  [/^(?:tsc|vue-tsc|tsgo)$/, /^(?:ts|js)config[\w.-]*\.json$/],
  [/^vitest$/, /^(?:vitest|vite)\.(?:config|workspace)\.[cm]?[jt]s$/],
  [/^jest$/, /^jest\.config\.[\w.]+$|^babel\.config\.[\w.]+$/],
  [/^mocha$/, /^\.mocharc[\w.]*$/],
  [/^(?:ava|tap|c8|nyc)$/, /^(?:ava\.config\.[\w.]+|\.taprc|\.c8rc[\w.]*|\.nycrc[\w.]*)$/],
  [/^eslint$/, /^(?:\.eslintrc[\w.]*|eslint\.config\.[\w.]+|\.eslintignore)$/],
  [
    /^(?:biome|prettier|stylelint|oxlint)$/,
    /^(?:biome\.jsonc?|\.prettier(?:rc|ignore)[\w.]*|prettier\.config\.[\w.]+|\.?stylelint[\w.]*|\.oxlintrc\.json)$/,
  ],
  [/^(?:playwright|cypress)$/, /^(?:playwright|cypress)\.config\.[\w.]+$/],
  [
    /^(?:pytest|tox|nox|mypy|ruff|flake8|pylint|python3?|pyright)$/,
    /^(?:pytest\.ini|tox\.ini|noxfile\.py|setup\.cfg|pyproject\.toml|mypy\.ini|ruff\.toml|\.flake8|\.pylintrc|pyrightconfig\.json|conftest\.py)$/,
  ],
  [/^(?:make|gmake|just|task|rake)$/, /^(?:Makefile|makefile|GNUmakefile|[\w.-]+\.mk|[Jj]ustfile|Taskfile\.ya?ml|Rakefile)$/],
  [/^(?:rspec|rubocop|bundle)$/, /^(?:\.rspec|\.rubocop\.yml|Rakefile)$/],
  [/^(?:golangci-lint)$/, /^\.golangci\.[\w]+$/],
  [/^(?:cargo|clippy)$/, /^(?:clippy\.toml|\.clippy\.toml|rustfmt\.toml)$/],
  [/^(?:phpunit|phpstan|psalm)$/, /^(?:phpunit|phpstan|psalm)[\w.-]*\.(?:xml|neon|dist)$/],
  [/^(?:turbo|nx|lerna|wireit)$/, /^(?:turbo\.json|nx\.json|lerna\.json|project\.json)$/],
];

function configures(path: string, words: ReadonlySet<string>): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return CONFIGURATION.some(([tool, file]) => file.test(name) && [...words].some((word) => tool.test(word)));
}

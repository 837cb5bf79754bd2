import { describe, expect, it } from 'vitest';
import {
  changedItsChecks,
  changedProtected,
  type JudgedCheck,
  restoredPaths,
} from '../../../../src/checks/changed/changed-checks.ts';
import { manifestWithScripts } from '../../../../src/checks/changed/scripts-of.ts';
import type { FileChange } from '../../../../src/model/reports/evidence.ts';

function change(path: string, status: FileChange['status'] = 'modified', from: string | null = null): FileChange {
  return { path, from, status, insertions: 1, deletions: 1, binary: false, modes: null, submodule: null };
}

/** `!a` deleted, `+a` added, `a > b` renamed, `a` modified. */
function changeOf(text: string): FileChange {
  const [from = '', to] = text.split(' > ');
  if (to !== undefined) return change(to, 'renamed', from);
  if (text.startsWith('!')) return change(text.slice(1), 'deleted');
  return text.startsWith('+') ? change(text.slice(1), 'added') : change(text);
}

interface More {
  readonly protect?: readonly string[];
  readonly before?: object;
  readonly after?: object;
  readonly check?: Partial<JudgedCheck>;
}

/** The files that are named for the check; `scripts`: of package.json. */
function named(run: string, files: readonly string[], { protect = [], before = {}, after = before, check = {} }: More = {}) {
  const manifests = { before: JSON.stringify(before), after: JSON.stringify(after) };
  const found = changedItsChecks({
    checks: [{ name: 'c', run, ...check }],
    protect,
    files: files.map(changeOf),
    manifests,
  });
  return found.get('c') ?? [];
}

const scripts = (test: string, more: Record<string, string> = {}) => ({ scripts: { test, ...more } });

describe('scripts of package.json', () => {
  it.each<[string, string, object, object]>([
    ['the script itself', 'npm test', scripts('vitest'), scripts('true')],
    ['a script taken out', 'npm test', scripts('vitest'), {}],
    ['by its short name', 'npm t -- --run', scripts('vitest'), scripts('true')],
    [
      'by run, with options before it',
      'npm -s run --if-present check',
      scripts('x', { check: 'tsc' }),
      scripts('x', { check: 'true' }),
    ],
    [
      'what the script runs in turn',
      'npm test',
      scripts('npm run unit && npm run lint', { unit: 'vitest', lint: 'x' }),
      scripts('npm run unit && npm run lint', { unit: 'exit 0', lint: 'x' }),
    ],
    ['what comes before it', 'npm test', scripts('vitest'), scripts('vitest', { pretest: 'rm -r test' })],
    ['with yarn', 'cd . && yarn test', scripts('vitest'), scripts('true')],
    ['by run-s', 'npx run-s lint test', scripts('vitest', { lint: 'x' }), scripts('true', { lint: 'x' })],
    ['settings of the runner', 'npm test', { ...scripts('jest'), jest: { bail: 1 } }, { ...scripts('jest'), jest: {} }],
  ])('marks %s', (_, run, before, after) => {
    expect(named(run, ['package.json'], { before, after })).toEqual(['package.json']);
  });

  it.each<[string, string, object, object]>([
    [
      'a dependency',
      'npm test',
      { ...scripts('jest'), dependencies: { a: '1' } },
      { ...scripts('jest'), dependencies: { a: '2' } },
    ],
    ['a script of another name', 'npm test', scripts('jest', { build: 'tsc' }), scripts('jest', { build: 'vite build' })],
    ['settings of another tool', 'npm test', { ...scripts('vitest'), jest: { bail: 1 } }, scripts('vitest')],
    ['a script, for a check that runs none', 'npx tsc', scripts('jest'), scripts('true')],
  ])('does not mark %s', (_, run, before, after) => {
    expect(named(run, ['package.json'], { before, after })).toEqual([]);
  });
});

it.each<[run: string, changed: string, marked: string]>([
  // What is run as the check.
  ['node ./tools/check.js', 'tools/check.js', 'tools/check.js'],
  ['node scripts/check.js lib/a.js', 'scripts/check.js', 'scripts/check.js'],
  ['node -r ./scripts/hook.js lib/a.js', 'scripts/hook.js', 'scripts/hook.js'],
  ['sh check.sh', '!check.sh', 'check.sh'],
  ['./check.sh --all', 'check.sh', 'check.sh'],
  ['test -d lib && bash -e ci/check.sh', 'ci/check.sh', 'ci/check.sh'],
  ['sh -c "node tools/a.mjs"', 'tools/a.mjs', 'tools/a.mjs'],
  ['CI=1 python3 tools/validate.py src', 'tools/validate.py', 'tools/validate.py'],
  ['cd web && node ../tools/check.js', 'tools/check.js', 'tools/check.js'],
  ['out=$(node tools/count.js) && [ "$out" = 3 ]', 'tools/count.js', 'tools/count.js'],
  ['node check.js > out.txt 2>&1', 'check.js > check-old.js', 'check.js'],
  ['bin/check', 'bin/check', 'bin/check'],
  // Tests.
  ['node test.js', 'test.js', 'test.js'],
  ['node test/run.js', '!test/parse.test.js', 'test/parse.test.js'],
  ['node --test', 'src/a.test.mjs', 'src/a.test.mjs'],
  ['node --test "checks/*.js"', '!checks/a.js', 'checks/a.js'],
  ['npx mocha "spec/**/*.{js,mjs}"', 'spec/deep/x.mjs', 'spec/deep/x.mjs'],
  ['npx vitest run', 'test/theme.ts', 'test/theme.ts'],
  ['npx vitest run test/a.test.ts', 'test/a.test.ts', 'test/a.test.ts'],
  ['npx vitest run test/a.test.ts', 'test/__snapshots__/a.test.ts.snap', 'test/__snapshots__/a.test.ts.snap'],
  ['npx vitest run test/a.test.ts', 'test/helpers.ts', 'test/helpers.ts'],
  ['npx vitest run --project unit', 'src/x.spec.ts', 'src/x.spec.ts'],
  ['npm test', '!src/theme.test.ts', 'src/theme.test.ts'],
  ['pytest', 'tests/test_x.py > old/x.py', 'tests/test_x.py'],
  ['python -m pytest tests/test_a.py::test_one', 'tests/test_a.py', 'tests/test_a.py'],
  ['python -m pytest tests/test_a.py', 'tests/conftest.py', 'tests/conftest.py'],
  ['python -m unittest tests.test_a', 'tests/test_a.py', 'tests/test_a.py'],
  ['uv run pytest -k slow', 'tests/test_a.py', 'tests/test_a.py'],
  ['coverage run -m pytest', 'tests/test_a.py', 'tests/test_a.py'],
  ['go test ./...', 'pkg/a/a_test.go', 'pkg/a/a_test.go'],
  ['go test ./pkg/a', 'pkg/a/testdata/in.txt', 'pkg/a/testdata/in.txt'],
  ['cargo test', 'tests/cli.rs', 'tests/cli.rs'],
  ['./gradlew test', 'src/test/java/ATest.java', 'src/test/java/ATest.java'],
  ['mvn -q verify', 'src/test/resources/a.json', 'src/test/resources/a.json'],
  ['make test', 'test/a.sh', 'test/a.sh'],
  ['make -C sub check', 'sub/test/a.sh', 'sub/test/a.sh'],
  ['diff test/expected.txt out.txt', 'test/expected.txt', 'test/expected.txt'],
  // What says how to check.
  ['npx tsc --noEmit', 'tsconfig.json', 'tsconfig.json'],
  ['tsc -p config/strict.json', 'config/strict.json', 'config/strict.json'],
  ['tsc -p tsconfig.json', 'tsconfig.base.json', 'tsconfig.base.json'],
  ['eslint --config=lint/rules.mjs lib', 'lint/rules.mjs', 'lint/rules.mjs'],
  ['pnpm exec eslint lib/a.js', 'eslint.config.mjs', 'eslint.config.mjs'],
  ['npx c8 --check-coverage node --test', '.c8rc.json', '.c8rc.json'],
  ['make test', 'Makefile', 'Makefile'],
  ['make -f build/ci.make lint', 'build/ci.make', 'build/ci.make'],
  ['ruff check src', 'ruff.toml', 'ruff.toml'],
  ['npm --prefix web test', 'web/package.json', 'web/package.json'],
])('`%s` depends on %s', (run, changed, marked) => {
  expect(named(run, [changed, 'src/theme.ts', '+test/new.test.ts'], { before: scripts('node tools/run.js') })).toEqual([marked]);
});

it.each<[run: string, changed: string]>([
  // The file under test.
  ['node --check lib/a.js', 'lib/a.js'],
  ['node -c lib/a.js', 'lib/a.js'],
  ['node lib/a.js', 'lib/a.js'],
  ['node index.js --version', 'index.js'],
  ['./bin/app --version', 'bin/app'],
  ['node scripts/check.js lib/a.js', 'lib/a.js'],
  ['eslint lib/a.js "src/**/*.ts"', 'lib/a.js'],
  ['npx eslint "src/**/*.ts"', 'src/x/y.ts'],
  ['tsc --noEmit src/a.ts', 'src/a.ts'],
  ['python -m py_compile app.py', 'app.py'],
  ['sh -n deploy.sh', 'deploy.sh'],
  ['php -l page.php', 'page.php'],
  ['grep -q title app.txt', 'app.txt'],
  ['test -f data.json', 'data.json'],
  ['node -e "require(\'./lib/a.js\')"', 'lib/a.js'],
  ['cat < config.json', 'config.json'],
  ['mypy -p app', 'app/__init__.py'],
  // Something else.
  ['npm test', 'src/theme.ts'],
  ['npm test', 'readme.md'],
  ['npx tsc --noEmit', '!test/a.test.ts'],
  ['npx eslint src', 'tsconfig.json'],
  ['npx vitest run test/a.test.ts', 'test/b.test.ts'],
  ['npx vitest run test/a.test.ts', 'test/__snapshots__/b.test.ts.snap'],
  ['python -m pytest tests/test_a.py', 'tests/test_b.py'],
  ['go test ./pkg/a', 'pkg/b/b_test.go'],
  ['cd web && npx vitest run', 'api/a.test.ts'],
  ['npx playwright test', 'src/features/login.tsx'],
  ['npx jest', 'vitest.config.ts'],
  ['echo "node tools/check.js"', 'tools/check.js'],
  ['npm test', 'web/package.json'],
  // Added.
  ['npx vitest run', '+test/new.test.ts'],
  ['sh check.sh', '+check.sh'],
  ['npx eslint .', '+eslint.config.js'],
])('`%s` does not depend on %s', (run, changed) => {
  expect(named(run, [changed], { before: scripts('vitest run') })).toEqual([]);
});

it('sees what a script runs as if it were the check', () => {
  const o = { before: scripts('vitest run test/a.test.ts && node lib/a.js') };
  expect(named('npm test', ['test/a.test.ts', 'test/b.test.ts', 'lib/a.js', 'vitest.config.ts'], o)).toEqual([
    'test/a.test.ts',
    'vitest.config.ts',
  ]);
  expect(
    named('npm test', ['cli/main.mjs'], { before: { ...scripts('node cli/main.mjs'), bin: { app: './cli/main.mjs' } } }),
  ).toEqual([]);
  expect(named('npm test', ['cli/main.mjs'], { before: scripts('node cli/main.mjs') })).toEqual(['cli/main.mjs']);
});

it('goes by the patterns of a check alone where it has some', () => {
  const check = { tests: ['spec/**', 'run.sh'] };
  const before = scripts('vitest');
  const files = ['package.json', 'spec/a.txt', 'test/a.test.ts', '!run.sh', '+spec/new.txt', 'vitest.config.ts'];
  expect(named('npm test', files, { before, after: scripts('true'), check })).toEqual(['spec/a.txt', 'run.sh']);
  expect(named('npm test', ['test/a.test.ts'], { before, check: { tests: [] } })).toEqual(['test/a.test.ts']);
});

it('leaves out what is protected: the check saw the base’s version of it', () => {
  const protect = ['test/**', 'vitest.config.ts'];
  expect(named('npx vitest run', ['test/a.test.ts', 'vitest.config.ts', 'src/b.test.ts'], { protect })).toEqual([
    'src/b.test.ts',
  ]);
  const files = ['test/a.ts > lib/a.ts', '+test/new.ts', 'src/a.ts', 'lib/b.ts > test/b.ts'].map(changeOf);
  expect(changedProtected(files, protect)).toEqual(['test/a.ts', 'test/new.ts', 'test/b.ts']);
  expect(changedProtected(files, [])).toEqual([]);
});

it('says what to put back, of package.json what says how checks run and nothing else', () => {
  const start = `{\n    "name": "a",\n    "scripts": { "test": "jest" },\n    "jest": { "bail": 1 },\n    "dependencies": { "x": "1" }\n}\n`;
  const tip = `{\n    "name": "a",\n    "scripts": { "test": "true", "pretest": "rm" },\n    "mocha": {},\n    "dependencies": { "x": "2" }\n}\n`;
  const files = ['package.json', '!test/a.test.js', 'lib/a.js', '+test/b.test.js'].map(changeOf);
  const changed = changedItsChecks({
    checks: [
      { name: 'test', run: 'npm test' },
      { name: 'lint', run: 'eslint .' },
    ],
    protect: [],
    files,
    manifests: { before: start, after: tip },
  });
  expect([...changed.keys()]).toEqual(['test']);
  expect(restoredPaths(changed, 'test')).toEqual({ paths: ['test/a.test.js'], manifest: true });
  expect(restoredPaths(changed, 'lint')).toEqual({ paths: [], manifest: false });
  const made = manifestWithScripts(tip, start);
  expect(JSON.parse(made)).toEqual({ name: 'a', scripts: { test: 'jest' }, jest: { bail: 1 }, dependencies: { x: '2' } });
  expect(made).toContain('\n    "name"');
});

it('reads no manifest that is none', () => {
  for (const before of [null, '', '[]', '{"scripts":5}', '{"scripts":{"test":1}}']) {
    const manifests = { before, after: '{' };
    const found = changedItsChecks({
      checks: [{ name: 'c', run: 'npm test' }],
      protect: [],
      files: [change('package.json')],
      manifests,
    });
    expect(found).toEqual(new Map());
  }
});

it.each([
  '',
  '   ',
  '"',
  "'",
  '\\',
  '$(',
  'a |',
  '&& ||',
  'sh -c',
  'cd',
  'npx',
  'timeout 5',
  'node',
  'x=1',
  '# all',
  'a "$(b `c`',
  '<',
  '>',
  '2>',
])('looks at a line that says little: %s', (run) => {
  expect(named(run, ['src/a.ts', 'test/a.test.ts'])).toEqual([]);
});

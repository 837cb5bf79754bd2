/** A small project of one kind: what `init` proposes for it, and two changes, of which the proposed check passes one. */
export interface StackFixture {
  readonly name: string;
  /** Programs that run it for real. */
  readonly tools: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly setup: readonly string[];
  /** Check by name. */
  readonly verify: Readonly<Record<string, string>>;
  readonly disposable: readonly string[];
  /** Present: it is run, which takes a few seconds and no registry. */
  readonly changes?: { readonly path: string; readonly passes: string; readonly fails: string };
}

const manifest = (more: object): string => JSON.stringify({ name: 'app', version: '1.0.0', private: true, ...more });
const LOCK = JSON.stringify({
  name: 'app',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: { '': { name: 'app', version: '1.0.0' } },
});
const NODE_TEST = `const test = require('node:test');\nconst { sum } = require('./sum.js');\ntest('adds', () => require('node:assert').equal(sum(1, 2), 3));\n`;
const js = (operator: string): string => `exports.sum = (a, b) => a ${operator} b;\n`;
const PY_TEST =
  'import unittest\nfrom app import add\n\n\nclass Adds(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n';
const py = (operator: string): string => `def add(a, b):\n    return a ${operator} b\n`;
const rust = (operator: string): string =>
  `pub fn sum(a: i32, b: i32) -> i32 {\n    a ${operator} b\n}\n\n#[test]\nfn adds() {\n    assert_eq!(sum(1, 2), 3);\n}\n`;
const GO_TEST = `package app\n\nimport "testing"\n\nfunc TestAdds(t *testing.T) {\n\tif Sum(1, 2) != 3 {\n\t\tt.Fatal("wrong")\n\t}\n}\n`;
const go = (operator: string): string => `package app\n\nfunc Sum(a, b int) int {\n\treturn a ${operator} b\n}\n`;
const c = (operator: string): string => `int main(void) {\n  return 1 ${operator} 2 == 3 ? 0 : 1;\n}\n`;
const change = (path: string, of: (operator: string) => string) => ({ path, passes: `${of('+')}\n`, fails: of('-') });
const pip = (files: string): string => `python3 -m venv .venv && .venv/bin/pip install ${files}`;
const NPM_TEST = 'npm test -- --test-reporter=tap';

export const STACK_FIXTURES: readonly StackFixture[] = [
  {
    name: 'npm',
    tools: ['npm'],
    files: {
      'package.json': manifest({ scripts: { test: 'node --test' } }),
      'package-lock.json': LOCK,
      'sum.js': js('+'),
      'sum.test.js': NODE_TEST,
    },
    setup: ['npm ci --prefer-offline'],
    verify: { test: NPM_TEST },
    disposable: ['node_modules'],
    changes: change('sum.js', js),
  },
  {
    name: 'a monorepo without a manifest at the top',
    tools: ['npm', 'go'],
    files: {
      'packages/web/package.json': manifest({ scripts: { test: 'node --test' } }),
      'packages/web/package-lock.json': LOCK,
      'packages/web/sum.js': js('+'),
      'packages/web/sum.test.js': NODE_TEST,
      'api/go.mod': 'module example.org/app\n\ngo 1.21\n',
      'api/sum.go': go('+'),
      'api/sum_test.go': GO_TEST,
    },
    setup: ['cd api && go mod download', 'cd packages/web && npm ci --prefer-offline'],
    verify: { 'api-test': 'cd api && go test -json ./...', 'web-test': `cd packages/web && ${NPM_TEST}` },
    disposable: ['node_modules'],
    changes: change('packages/web/sum.js', js),
  },
  {
    name: 'npm workspaces, whose members are installed from the top',
    tools: ['npm'],
    files: {
      'package.json': manifest({ workspaces: ['packages/*'], scripts: { test: 'node --test' } }),
      'package-lock.json': LOCK,
      'packages/a/package.json': '{"name":"a","scripts":{"test":"x"}}',
      'turbo.json': '{}',
    },
    setup: ['npm ci --prefer-offline'],
    verify: { test: NPM_TEST },
    disposable: ['node_modules', '.turbo'],
  },
  {
    name: 'pip without pytest',
    tools: ['python3'],
    files: { 'requirements.txt': '', 'app.py': py('+'), 'test_app.py': PY_TEST },
    setup: [pip('-r requirements.txt')],
    verify: { test: '.venv/bin/python -m unittest' },
    disposable: ['.venv'],
    changes: change('app.py', py),
  },
  {
    name: 'pip with requirements for development',
    tools: ['python3'],
    files: { 'requirements.txt': '', 'requirements-dev.txt': 'pytest\n', tests: '' },
    setup: [pip('-r requirements.txt -r requirements-dev.txt')],
    verify: { test: '.venv/bin/python -m pytest --junitxml=.pytest_cache/junit.xml' },
    disposable: ['.venv'],
  },
  {
    name: 'Django',
    tools: ['python3'],
    files: { 'requirements.txt': 'django\n', 'manage.py': '' },
    setup: [pip('-r requirements.txt')],
    verify: { test: '.venv/bin/python manage.py test', django: '.venv/bin/python manage.py check' },
    disposable: ['.venv'],
  },
  {
    name: 'uv',
    tools: ['uv'],
    files: { 'pyproject.toml': '[dependency-groups]\ndev = ["pytest"]\n', 'uv.lock': '' },
    setup: ['uv sync --frozen'],
    verify: { test: 'uv run pytest --junitxml=.pytest_cache/junit.xml' },
    disposable: ['.venv'],
  },
  {
    name: 'poetry',
    tools: ['poetry'],
    files: { 'pyproject.toml': '', 'poetry.lock': '', 'test_app.py': '' },
    setup: ['poetry install'],
    verify: { test: 'poetry run python -m unittest' },
    disposable: ['.venv'],
  },
  {
    name: 'pdm',
    tools: ['pdm'],
    files: { 'pyproject.toml': 'pytest', 'pdm.lock': '' },
    setup: ['pdm install --frozen-lockfile'],
    verify: { test: 'pdm run pytest' },
    disposable: ['.venv'],
  },
  {
    name: 'Pipfile',
    tools: ['pipenv'],
    files: { Pipfile: 'pytest = "*"', 'Pipfile.lock': '{}' },
    setup: ['pipenv sync --dev'],
    verify: { test: 'pipenv run pytest' },
    disposable: ['.venv'],
  },
  {
    name: 'cargo',
    tools: ['cargo'],
    files: {
      'Cargo.toml': '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': rust('+'),
    },
    setup: ['cargo fetch'],
    verify: { test: 'cargo test' },
    disposable: ['target'],
    changes: change('src/lib.rs', rust),
  },
  {
    name: 'go',
    tools: ['go'],
    files: { 'go.mod': 'module example.org/app\n\ngo 1.21\n', 'sum.go': go('+'), 'sum_test.go': GO_TEST },
    setup: ['go mod download'],
    verify: { test: 'go test -json ./...' },
    disposable: [],
    changes: change('sum.go', go),
  },
  {
    name: 'go.work',
    tools: ['go'],
    files: {
      'go.work': 'go 1.21\n\nuse (\n\t./lib\n\t./tool // the second\n)\n',
      'lib/go.mod': 'module example.org/lib\n\ngo 1.21\n',
      'lib/sum.go': go('+'),
      'lib/sum_test.go': GO_TEST,
      'tool/go.mod': 'module example.org/tool\n\ngo 1.21\n',
      'tool/main.go': 'package main\n\nfunc main() {}\n',
    },
    setup: ['go mod download'],
    verify: { test: 'go test -json ./lib/... ./tool/...' },
    disposable: [],
    changes: change('lib/sum.go', go),
  },
  {
    name: 'CMake',
    tools: ['cmake', 'cc'],
    files: {
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.16)\nproject(app C)\nenable_testing()\nadd_executable(app main.c)\nadd_test(NAME adds COMMAND app)\n',
      'main.c': c('+'),
    },
    setup: ['cmake -S . -B build'],
    verify: {
      test: 'cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure --output-junit test-report.xml',
    },
    disposable: ['build'],
    changes: change('main.c', c),
  },
  {
    name: 'a Makefile',
    tools: ['make'],
    files: { Makefile: 'CC := cc\n\ntest:\n\tsh ./test.sh\n', 'test.sh': 'test $((1 + 2)) = 3\n' },
    setup: [],
    verify: { test: 'make test' },
    disposable: [],
    changes: change('test.sh', (operator) => `test $((1 ${operator} 2)) = 3\n`),
  },
  {
    name: 'Maven with a wrapper',
    tools: ['java'],
    files: { 'pom.xml': '<project/>', mvnw: '' },
    setup: ['./mvnw -B -q dependency:go-offline'],
    verify: { test: './mvnw -B test' },
    disposable: ['target'],
  },
  {
    name: 'Gradle',
    tools: ['gradle'],
    files: { 'settings.gradle.kts': '', 'app/build.gradle.kts': '', gradlew: '' },
    setup: ['./gradlew --quiet testClasses'],
    verify: { test: './gradlew test' },
    disposable: ['build', '.gradle'],
  },
  {
    name: 'Composer',
    tools: ['composer'],
    files: { 'composer.json': '{}', 'composer.lock': '{}', 'phpunit.xml.dist': '' },
    setup: ['composer install --no-interaction'],
    verify: { test: 'vendor/bin/phpunit --log-junit vendor/.test-report.xml' },
    disposable: ['vendor'],
  },
  {
    name: 'mix',
    tools: ['mix'],
    files: { 'mix.exs': '', 'mix.lock': '' },
    setup: ['mix deps.get'],
    verify: { test: 'mix test' },
    disposable: ['deps', '_build'],
  },
  {
    name: '.NET',
    tools: ['dotnet'],
    files: { 'App.sln': '', 'app/App.csproj': '' },
    setup: ['dotnet restore'],
    verify: { test: 'dotnet test' },
    disposable: ['bin', 'obj'],
  },
  {
    name: 'deno',
    tools: ['deno'],
    files: { 'deno.json': '{"tasks":{"test":"deno test -A"}}', 'deno.lock': '{}' },
    setup: ['deno install --frozen'],
    verify: { test: 'deno task test' },
    disposable: [],
  },
  {
    name: 'Rails',
    tools: ['ruby'],
    files: { Gemfile: 'gem "rails"\n', 'bin/rails': '', 'config.ru': '', 'test/x': '' },
    setup: ['bundle install && bin/rails db:prepare'],
    verify: { test: 'bin/rails test' },
    disposable: [],
  },
];

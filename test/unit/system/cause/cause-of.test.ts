import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../../../src/system/cause/cause-of.ts';

const FOLDER = new URL('../../../fixtures/outputs/', import.meta.url);
const recorded = (name: string): string => readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8');

/** Recorded output of a real tool → the line that a person would quote. */
const CAUSES: Readonly<Record<string, string>> = {
  ava: 'keeps the contrast contrast 2.99 is below 4.5',
  'bash-missing-ruby': 'bundle: not found',
  'bash-unset': 'DATABASE_URL: is not set',
  'biome-syntax': "d.js:1:7 parse: Expected an identifier, an array pattern, or an object pattern but instead found '= 3'.",
  biome: 'c.js:2:1 lint/suspicious/noDebugger: This is an unexpected use of the debugger statement.',
  'black-check': 'would reformat c.py',
  black: 'cannot parse: b.py:1:6',
  'cargo-compile': 'src/lib.rs:2:17: cannot find type `Strin` in this scope',
  'cargo-dependency': 'failed to select a version for the requirement `serde = "^99"`',
  'cargo-manifest': 'Cargo.toml:5:11: unclosed inline table, expected `}`',
  'cargo-run-panic': 'no first item',
  'cargo-test': 'tests::keeps_contrast: assertion `left == right` failed, left: 21.0, right: 4.5',
  clippy: 'src/main.rs:3:4: function `f` is never used',
  'cmake-package': 'CMakeLists.txt:3: Could not find a package configuration file provided by "Zorglub"',
  crlf: 'output directory C is read-only',
  'curl-404': 'curl: (22) The requested URL returned error: 404',
  curl: "curl: (7) Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
  'deno-check': "TS2322: Type 'string' is not assignable to type 'number'.",
  'deno-test': 'keeps contrast: contrast 2.99 is below 4.5',
  'disk-full': 'cat: write error: No space left on device',
  'django-test': 'test_contrast: 2.99 not greater than or equal to 4.5',
  'docker-build': 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  'docker-run': 'docker: Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?',
  'env-ruby': 'ruby: not found',
  esbuild: 'e.js:1:14: Could not resolve "./nothere.js"',
  'eslint-bad-config': 'Configuration for rule "semi" is invalid. Expected severity of "off", 0, "warn", 1, "error", or 2.',
  'eslint-colour': "/home/me/app/b.js:2:1: 'foo' is not defined (no-undef)",
  'eslint-no-config': "ESLint couldn't find an eslint.config.(js|mjs|cjs) file.",
  'eslint-no-file': 'No files matching the pattern "nothere.js" were found.',
  eslint: "/home/me/app/b.js:2:1: 'foo' is not defined (no-undef)",
  flake8: 'a.py:4:1: E305 expected 2 blank lines after class or function definition, found 1',
  'git-apply': "can't open patch 'nothere.patch': No such file or directory",
  'git-clone': "repository '/nowhere/x' does not exist",
  'git-merge': 'merge: nothere - not something we can merge',
  'go-compile': './a.go:2:8: "os" imported and not used',
  'go-missing-package':
    'm.go:2:8: cannot find module providing package example.org/nothing/here: module lookup disabled by GOPROXY=off',
  'go-panic': 'TestNil: panic: assignment to entry in nil map',
  'go-test-compile': './a.go:2:8: "os" imported and not used',
  'go-test': 'TestContrast/dark: contrast 3.00 is below 4.5',
  'go-version': 'go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)',
  'go-vet': 'a.go:3:51: fmt.Printf format %d has arg "x" of wrong type string',
  jasmine: 'theme keeps the contrast: Expected 2.99 to be greater than 4.5.',
  java: 'java.lang.NullPointerException: Cannot invoke "Object.toString()" because "<local1>" is null',
  javac: 'A.java:1: incompatible types: String cannot be converted to int',
  'jest-import': "Cannot find module './nothere.js' from 'b.test.js'",
  jest: 'theme › keeps the contrast: expected >= 4.5, received 2.99',
  'just-message': 'DATABASE_URL is not set',
  just: 'test -f nothere.json',
  'killed-137': 'Killed: bash -c "kill -9 \\$\\$"',
  'make-gcc': 'main.c:4:18: ‘greeting’ undeclared (first use in this function)',
  'make-link': "undefined reference to `greet'",
  'make-no-rule': "No rule to make target 'nothing'",
  'make-recursive': 'contrast 2.99 is below 4.5',
  'maven-compile': 'src/main/java/x/A.java:1:78: cannot find symbol: variable strng',
  'maven-dependency': 'Could not find artifact junit:junit:jar:4.99.9 in central (https://repo.example.org/maven2)',
  'maven-test-surefire3': 'ATest.keepsContrast: contrast 2.99 is below 4.5',
  'maven-test': 'keepsContrast(x.ATest): contrast 2.99 is below 4.5',
  'mocha-require': "Cannot find module 'express-nothere'",
  mocha: 'theme > keeps the contrast: contrast 2.99 is below 4.5',
  mypy: 'a.py:2: Incompatible return value type (got "int", expected "str") [return-value]',
  ninja: 'a.c:1:22: ‘x’ undeclared (first use in this function)',
  'node-assert-message': 'contrast 2.99 is below 4.5',
  'node-assert': 'Expected values to be strictly equal: false !== true',
  'node-disk-full': 'ENOSPC: no space left on device, write',
  'node-eaddrinuse': 'listen EADDRINUSE: address already in use :::45991',
  'node-econnrefused': 'connect ECONNREFUSED 127.0.0.1:1',
  'node-heap': 'Reached heap limit Allocation failed - JavaScript heap out of memory',
  'node-missing-module': "Cannot find module 'express'",
  'node-missing-package-esm': "Cannot find package 'express-none' imported from /home/me/app/c.mjs",
  'node-no-export': "/home/me/app/g.mjs:1: SyntaxError: The requested module 'node:fs' does not provide an export named 'z'",
  'node-no-file': "Cannot find module '/home/me/app/nothere.js'",
  'node-plain': 'DATABASE_URL is not set',
  'node-rejection': 'UnhandledPromiseRejection: #<Object>',
  'node-syntax': "/home/me/app/e.js:1: SyntaxError: Unexpected token '='",
  'node-test-import': "Cannot find module '/home/me/app/b/no.mjs' imported from /home/me/app/b/b.test.mjs",
  'node-test-spec': 'keeps the contrast: contrast 2.99 is below 4.5',
  'node-test-tap': 'keeps the contrast: contrast 2.99 is below 4.5',
  'node-test-timeout': 'waits for the database: test timed out after 50ms',
  'node-type-error': 'TypeError: a.foo is not a function',
  'npm-ci-no-lock':
    'The `npm ci` command can only install with an existing package-lock.json or npm-shrinkwrap.json with lockfileVersion >= 1.',
  'npm-ci-sync': 'npm ci: package.json and package-lock.json are not in sync: Missing: is-odd@3.0.1 from lock file',
  'npm-e404': '404 Not Found - GET https://registry.example.org/@copse-none%2fcopse-nothing',
  'npm-eresolve': 'ERESOLVE unable to resolve dependency tree: peer react@"^19.3.1" from react-dom@19.3.1, found react@18.3.1',
  'npm-etarget': 'No matching version found for is-number@^99.0.0.',
  'npm-json':
    'Invalid package.json: JSONParseError: Expected double-quoted property name in JSON at position 65 (line 1 column 66) while parsing near "...\\":{\\"is-number\\":\\…',
  'npm-missing-script': 'Missing script: "lint"',
  'npm-mocha-missing': 'mocha: not found',
  'npm-no-package': "Could not read package.json: Error: ENOENT: no such file or directory, open '/home/me/app/package.json'",
  'npm-preinstall': 'libfoo.so: not found',
  'npm-run-uncaught': 'DATABASE_URL is not set',
  'npm-workspaces': 'TypeError: x is not a function',
  'npx-missing': '404 Not Found - GET https://registry.example.org/nothere-tool',
  'nyc-threshold': 'Coverage for lines (33.33%) does not meet global threshold (90%)',
  openssl: 'Could not open file or uri for loading certificate from none.pem',
  'perl-test-more': "contrast: expected '4.5', got '2.99'",
  perl: "Can't locate Nothere/Module.pm",
  'pip-build': 'RuntimeError: libxml2 is required',
  'pip-conflict': 'Cannot install click==8.1.0 and click>=8.2 because these package versions have conflicting dependencies.',
  'pip-no-file': "Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'",
  'pip-no-version': 'Could not find a version that satisfies the requirement click==99.0.0',
  playwright: 'pw.spec.ts:1:48 › keeps contrast: expected > 4.5, received 2.99',
  'pnpm-frozen':
    'ERR_PNPM_OUTDATED_LOCKFILE Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with <ROOT>/package.json',
  'pnpm-missing-script': 'ERR_PNPM_NO_SCRIPT Missing script: lint',
  'pnpm-recursive': 'TypeError: x is not a function',
  'pnpm-test-exit3': 'node -e "process.exit(3)" failed and printed nothing',
  prettier: 'a.js: not formatted as Prettier would',
  'progress-bar': 'Downloading model: checksum mismatch, expected 3f2a but got 91bc',
  'pytest-collection': "test_b.py: ModuleNotFoundError: No module named 'nothere'",
  'pytest-compare': "test_dict: assert {'a': 1, 'b': [1, 2]} == {'a': 1, 'b': [1, 3]}",
  'pytest-failure': 'test_contrast: contrast 2.99 is below 4.5',
  'pytest-fixture': 'setup of test_x: RuntimeError: DATABASE_URL is not set',
  'pytest-none': 'no tests ran',
  'pytest-unknown-option': 'unrecognized arguments: --cov=app',
  'python-disk-full': 'OSError: [Errno 28] No space left on device',
  'python-import': "ModuleNotFoundError: No module named 'flask_not_here'",
  'python-memory': 'MemoryError',
  'python-port-in-use': 'OSError: [Errno 98] Address already in use',
  'python-sqlite': 'sqlite3.OperationalError: no such table: t',
  'python-syntax': '/home/me/app/t3.py:1: SyntaxError: invalid syntax',
  'python-traceback': 'RuntimeError: DATABASE_URL is not set',
  'python-unittest': "test_boom: KeyError: 'missing'",
  qunit: 'theme > contrast: contrast 2.99 is below 4.5',
  rollup: '[!] RollupError: Could not resolve "./none.js" from "r.js"',
  ruff: 'a.py:5:8: F401 `os` imported but unused',
  sass: 'a.scss:1:12: Undefined variable.',
  segfault: 'Segmentation fault: python3 -c "import ctypes; ctypes.string_at(0)"',
  'sh-missing': 'mocha: not found',
  'sh-no-file': './nothere.sh: not found',
  'sh-permission': './noexec.sh: Permission denied',
  'sh-psql': 'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory',
  'sh-unset': 'PORT_NOT: parameter not set',
  sqlite: 'in prepare, no such table: nothere',
  ssh: 'ssh: connect to host 127.0.0.1 port 1: Connection refused',
  stylelint: 'a.css:1:9: Invalid hex color "#ggg" (color-no-invalid-hex)',
  tar: 'tar: nothere.tgz: Cannot open: No such file or directory',
  tox: "ModuleNotFoundError: No module named 'nothere'",
  'tsc-build': "TS6053: File '/home/me/app/none/tsconfig.json' not found.",
  'tsc-pretty': "a.ts:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.",
  tsc: "a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
  tsx: "SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
  'uv-locked':
    'Unable to find lockfile at `uv.lock`, but `--locked` was provided. To create a lockfile, run `uv lock` or `uv sync` without the flag.',
  uv: 'Because there is no version of click==99.0.0 and you require click==99.0.0, we can conclude that your requirements are unsatisfiable.',
  'vite-build': "[UNRESOLVED_IMPORT] Could not resolve './nothere.js' in e.js",
  'vite-port': 'Port 45993 is already in use',
  'vitest-colour': 'theme > keeps the contrast: contrast 2.99 is below 4.5',
  'vitest-import': "b.test.js: Cannot find module './nothere.js' imported from /home/me/app/b/b.test.js",
  'vitest-none': 'No test files found, exiting with code 1',
  'vitest-snapshot': 'renders: Snapshot `renders 1` mismatched',
  vitest: 'theme > keeps the contrast: contrast 2.99 is below 4.5',
  'webpack-no-entry': "Module not found: Error: Can't resolve './e.js' in '/home/me/app'",
  'yarn-berry-script': `Couldn't find a script named "lint".`,
  'yarn-berry': 'The lockfile would have been modified by this install, which is explicitly forbidden.',
  'yarn-frozen': 'Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.',
  'yarn-missing-script': 'Command "lint" not found.',
  'yarn-mocha-missing': 'mocha: not found',
};

describe('causeOf', () => {
  it('has a cause written for every recorded output', () => {
    const files = readdirSync(FOLDER).map((file) => file.replace(/\.txt$/, ''));
    expect(files.toSorted()).toEqual(Object.keys(CAUSES).toSorted());
  });

  it.each(Object.entries(CAUSES))('of %s', (name, cause) => {
    expect(causeOf(recorded(name))).toBe(cause);
  });

  it.each(Object.entries(CAUSES))('of %s, with Windows line ends and a progress bar before', (name, cause) => {
    const bar = Array.from({ length: 40 }, (_, n) => `fetching ${n * 2.5}%`).join('\r');
    expect(causeOf(`${bar}\r\n${recorded(name).replaceAll('\n', '\r\n')}`)).toBe(cause);
  });

  const noise = Array.from({ length: 2_500 }, (_, n) => `GET /static/chunk-${n}.js 200 in ${n % 7} ms`).join('\n');

  // Silence has no cause to find, so that whatever comes last is shown.
  it.each(Object.entries(CAUSES).filter(([name]) => !['pnpm-test-exit3', 'just'].includes(name)))(
    'of %s, with 100 kB of noise after it',
    (name, cause) => {
      expect(causeOf(`${recorded(name)}\n${noise}`)).toBe(cause);
    },
  );

  it('leaves out what says that nothing failed', () => {
    expect(causeOf('Error: boom\n0 failed')).toBe('boom');
  });

  it('takes a test of a TAP report that gives no message by its line', () => {
    expect(causeOf('ok 1\nnot ok 2 theme.spec.ts\n# tests 48\n# duration 12')).toBe('not ok 2 theme.spec.ts');
  });

  it('takes the first error of the part that failed, not one of an earlier part', () => {
    const earlier = 'warming the cache\nerror: cache is cold, continuing';
    const steps = Array.from({ length: 40 }, (_, n) => `step ${n} done`).join('\n');
    const last = 'error: cannot read theme.json\nerror: cannot build the page\nerror: giving up';
    expect(causeOf(`${earlier}\n${steps}\n${last}`)).toBe('cannot read theme.json');
  });

  it('is the last line where no error is stated, and empty for an empty output', () => {
    expect(causeOf('one\n\ntwo\n\n')).toBe('two');
    expect(causeOf('\n \n')).toBe('');
  });

  it('says how a command ended that stated no error', () => {
    expect(causeOf('compiling 3 of 9\n', 'ended by SIGKILL')).toBe('ended by SIGKILL; it printed last: compiling 3 of 9');
    expect(causeOf('', 'ended by SIGKILL')).toBe('ended by SIGKILL');
    expect(causeOf('TypeError: x is not a function\n', 'ended by SIGKILL')).toBe('TypeError: x is not a function');
  });

  it('is one line of at most 160 characters that no terminal obeys', () => {
    const cause = causeOf(`error: \u001b[31m${'word '.repeat(100)}\u001b]0;title\u0007\u202e`);
    expect(cause).toMatch(/^word word [\w ]+…$/);
    expect(cause).toHaveLength(160);
  });

  it('shortens a long path before it cuts what happened', () => {
    const path = `/home/me/${'deep/'.repeat(30)}src/a.js`;
    expect(causeOf(`error: cannot parse ${path}: missing brace`)).toBe('cannot parse …/src/a.js: missing brace');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causeOf } from '../../../../src/system/cause/cause-of.ts';

const FOLDER = new URL('../../../fixtures/outputs/', import.meta.url);
const recorded = (name: string): string => readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8');

/** Recorded output of a real tool → the line that a person would quote. */
const CAUSES: Readonly<Record<string, string>> = {
  'bash-missing-ruby': 'bundle: not found',
  'bash-unset': 'DATABASE_URL: is not set',
  'biome-syntax': "d.js:1:7 parse: Expected an identifier, an array pattern, or an object pattern but instead found '= 3'.",
  biome: 'c.js:2:1 lint/suspicious/noDebugger: This is an unexpected use of the debugger statement.',
  'cargo-compile': 'src/lib.rs:2:17: cannot find type `Strin` in this scope',
  'cargo-manifest': 'Cargo.toml:5:11: unclosed inline table, expected `}`',
  'cargo-test': 'tests::keeps_contrast: assertion `left == right` failed, left: 21.0, right: 4.5',
  'cmake-package': 'CMakeLists.txt:3: Could not find a package configuration file provided by "Zorglub"',
  crlf: 'output directory C is read-only',
  'curl-404': 'curl: (22) The requested URL returned error: 404',
  'disk-full': 'cat: write error: No space left on device',
  'docker-build': 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  'env-ruby': 'ruby: not found',
  esbuild: 'e.js:1:14: Could not resolve "./nothere.js"',
  'eslint-colour': "/home/me/app/b.js:2:1: 'foo' is not defined (no-undef)",
  'eslint-no-config': "ESLint couldn't find an eslint.config.(js|mjs|cjs) file.",
  'eslint-no-file': 'No files matching the pattern "nothere.js" were found.',
  eslint: "/home/me/app/b.js:2:1: 'foo' is not defined (no-undef)",
  'git-clone': "repository '/nowhere/x' does not exist",
  'go-compile': './a.go:2:8: "os" imported and not used',
  'go-missing-package':
    'm.go:2:8: cannot find module providing package example.org/nothing/here: module lookup disabled by GOPROXY=off',
  'go-panic': 'TestNil: panic: assignment to entry in nil map',
  'go-test-compile': './a.go:2:8: "os" imported and not used',
  'go-test': 'TestContrast/dark: contrast 3.00 is below 4.5',
  'go-vet': 'a.go:3:51: fmt.Printf format %d has arg "x" of wrong type string',
  'jest-import': "Cannot find module './nothere.js' from 'b.test.js'",
  jest: 'theme › keeps the contrast: expected >= 4.5, received 2.99',
  'killed-137': 'Killed: bash -c "kill -9 \\$\\$"',
  'make-gcc': 'main.c:4:18: ‘greeting’ undeclared (first use in this function)',
  'make-link': "undefined reference to `greet'",
  'make-no-rule': "No rule to make target 'nothing'",
  'maven-compile': 'src/main/java/x/A.java:1:78: cannot find symbol: variable strng',
  'maven-dependency': 'Could not find artifact junit:junit:jar:4.99.9 in central (https://repo.example.org/maven2)',
  'maven-test-surefire3': 'ATest.keepsContrast: contrast 2.99 is below 4.5',
  'maven-test': 'keepsContrast(x.ATest): contrast 2.99 is below 4.5',
  'mocha-require': "Cannot find module 'express-nothere'",
  mocha: 'theme > keeps the contrast: contrast 2.99 is below 4.5',
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
  'npm-run-uncaught': 'DATABASE_URL is not set',
  'pip-conflict': 'Cannot install click==8.1.0 and click>=8.2 because these package versions have conflicting dependencies.',
  'pip-no-file': "Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'",
  'pip-no-version': 'Could not find a version that satisfies the requirement click==99.0.0',
  'pnpm-frozen':
    'ERR_PNPM_OUTDATED_LOCKFILE Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with <ROOT>/package.json',
  'pnpm-missing-script': 'ERR_PNPM_NO_SCRIPT Missing script: lint',
  'pnpm-test-exit3': 'node -e "process.exit(3)" failed and printed nothing',
  'progress-bar': 'Downloading model: checksum mismatch, expected 3f2a but got 91bc',
  'pytest-collection': "test_b.py: ModuleNotFoundError: No module named 'nothere'",
  'pytest-compare': "test_dict: assert {'a': 1, 'b': [1, 2]} == {'a': 1, 'b': [1, 3]}",
  'pytest-failure': 'test_contrast: contrast 2.99 is below 4.5',
  'pytest-fixture': 'setup of test_x: RuntimeError: DATABASE_URL is not set',
  'pytest-none': 'no tests ran',
  'python-disk-full': 'OSError: [Errno 28] No space left on device',
  'python-import': "ModuleNotFoundError: No module named 'flask_not_here'",
  'python-port-in-use': 'OSError: [Errno 98] Address already in use',
  'python-syntax': '/home/me/app/t3.py:1: SyntaxError: invalid syntax',
  'python-traceback': 'RuntimeError: DATABASE_URL is not set',
  'python-unittest': "test_boom: KeyError: 'missing'",
  segfault: 'Segmentation fault: python3 -c "import ctypes; ctypes.string_at(0)"',
  'sh-missing': 'mocha: not found',
  'sh-no-file': './nothere.sh: not found',
  'sh-permission': './noexec.sh: Permission denied',
  'sh-unset': 'PORT_NOT: parameter not set',
  'tsc-pretty': "a.ts:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.",
  tsc: "a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
  'vite-build': "[UNRESOLVED_IMPORT] Could not resolve './nothere.js' in e.js",
  'vite-port': 'Port 45993 is already in use',
  'vitest-colour': 'theme > keeps the contrast: contrast 2.99 is below 4.5',
  'vitest-import': "b.test.js: Cannot find module './nothere.js' imported from /home/me/app/b/b.test.js",
  'vitest-none': 'No test files found, exiting with code 1',
  vitest: 'theme > keeps the contrast: contrast 2.99 is below 4.5',
  'webpack-no-entry': "Module not found: Error: Can't resolve './e.js' in '/home/me/app'",
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
  it.each(Object.entries(CAUSES).filter(([name]) => name !== 'pnpm-test-exit3'))(
    'of %s, with 100 kB of noise after it',
    (name, cause) => {
      expect(causeOf(`${recorded(name)}\n${noise}`)).toBe(cause);
    },
  );
});

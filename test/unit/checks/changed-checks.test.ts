import { expect, it } from 'vitest';
import { changedItsChecks } from '../../../src/checks/changed-checks.ts';
import type { FileChange } from '../../../src/model/reports/evidence.ts';

function change(path: string, status: FileChange['status'] = 'modified', from: string | null = null): FileChange {
  return { path, from, status, insertions: 1, deletions: 1, binary: false, modes: null, submodule: null };
}

function marked(
  run: string,
  files: readonly FileChange[],
  o: { protect?: readonly string[]; before?: object; after?: object } = {},
): boolean {
  const manifests = {
    before: JSON.stringify({ scripts: o.before ?? {} }),
    after: JSON.stringify({ scripts: o.after ?? o.before ?? {} }),
  };
  return changedItsChecks({ checks: [{ name: 'c', run }], protect: o.protect ?? [], files, manifests }).has('c');
}

const PACKAGE = [change('package.json')];

it.each<[string, string, object, object]>([
  ['the script itself', 'npm test', { test: 'vitest' }, { test: 'true' }],
  ['a script taken out', 'npm test', { test: 'vitest' }, {}],
  ['by its short name', 'npm t -- --run', { test: 'vitest' }, { test: 'true' }],
  ['by run, with options before it', 'npm -s run --if-present check', { check: 'tsc' }, { check: 'true' }],
  [
    'what the script runs in turn',
    'npm test',
    { test: 'npm run unit && npm run lint', unit: 'vitest', lint: 'x' },
    { test: 'npm run unit && npm run lint', unit: 'exit 0', lint: 'x' },
  ],
  ['what comes before it', 'npm test', { test: 'vitest' }, { test: 'vitest', pretest: 'rm -r test' }],
  ['with yarn', 'cd . && yarn test', { test: 'vitest' }, { test: 'true' }],
  ['by run-s', 'npx run-s lint test', { test: 'vitest', lint: 'x' }, { test: 'true', lint: 'x' }],
])('marks a changed script: %s', (_, run, before, after) => {
  expect(marked(run, PACKAGE, { before, after })).toBe(true);
});

it.each<[string, string, readonly FileChange[]]>([
  ['the file that the command names', 'node ./tools/check.js', [change('tools/check.js')]],
  ['one that was added in its place', 'sh check.sh', [change('check.sh', 'added')]],
  ['the file that the script names', 'npm test', [change('tools/run.js')]],
  ['a deleted test', 'npm test', [change('src/theme.test.ts', 'deleted')]],
  ['a changed test', 'npx vitest run', [change('test/theme.ts')]],
  ['a test that was moved away', 'pytest', [change('old/x.py', 'renamed', 'tests/test_x.py')]],
  ['a looser compiler', 'npx tsc --noEmit', [change('tsconfig.json')]],
  ['the make file', 'make check', [change('Makefile')]],
  ['a file of a glob', 'node --test "checks/*.js"', [change('checks/a.js', 'deleted')]],
])('marks %s', (_, run, files) => {
  expect(marked(run, files, { before: { test: 'node tools/run.js' } })).toBe(true);
});

it.each<[string, string, readonly FileChange[]]>([
  ['other files', 'npm test', [change('src/theme.ts'), change('readme.md')]],
  ['an added test', 'npm test', [change('test/new.test.ts', 'added')]],
  ['a test, for a check that runs none', 'npx tsc --noEmit', [change('test/a.test.ts', 'deleted')]],
  ['a dependency', 'npm test', PACKAGE],
  ['the configuration of another tool', 'npx eslint src', [change('tsconfig.json')]],
])('does not mark %s', (_, run, files) => {
  expect(marked(run, files, { before: { test: 'node --run x', x: 'node run.js' } })).toBe(false);
});

it('marks every check where a protected path is touched, added files included', () => {
  const o = { protect: ['golden/**'] };
  expect(marked('npx tsc', [change('golden/new.txt', 'added')], o)).toBe(true);
  expect(marked('npx tsc', [change('elsewhere/x', 'renamed', 'golden/x')], o)).toBe(true);
  expect(marked('npx tsc', [change('src/golden.ts')], o)).toBe(false);
});

it('reads no manifest that is none', () => {
  const files = PACKAGE;
  for (const before of [null, '', '[]', '{"scripts":5}', '{"scripts":{"test":1}}']) {
    expect(
      changedItsChecks({ checks: [{ name: 'c', run: 'npm test' }], protect: [], files, manifests: { before, after: '{' } }),
    ).toEqual(new Map());
  }
});

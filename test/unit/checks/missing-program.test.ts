import { expect, test } from 'vitest';
import { missingProgram } from '../../../src/checks/missing-program.ts';
import type { CheckResult } from '../../../src/model/evidence/check.ts';

function ended(detail: string, more: Partial<CheckResult> = {}): CheckResult {
  return { name: 'test', status: 'could-not-run', exitCode: 127, durationMs: 1, detail, onBase: null, ...more };
}

test.each([
  ['npm test', 'mocha: not found', 'mocha'],
  ['npm test', 'nosuchword', 'npm'],
  ['./run.sh', 'ruby: not found', 'ruby'],
  ['./run.sh', './run.sh: /usr/bin/ruby: bad interpreter: No such file or directory', '/usr/bin/ruby'],
  ['/opt/check', '/opt/check: not found', '/opt/check'],
  ['node_modules/.bin/mocha', 'node_modules/.bin/mocha: not found', 'node_modules/.bin/mocha'],
  ['cd web && .venv/bin/pytest', '.venv/bin/pytest: not found', '.venv/bin/pytest'],
  ['vendor/bin/phpunit', './vendor/bin/phpunit: No such file or directory', './vendor/bin/phpunit'],
])('%s that ends with %s lacks %s', (run, detail, program) => {
  expect(missingProgram({ run }, ended(detail))).toBe(program);
});

test.each([
  ['./demo.sh', './demo.sh: not found'],
  ['./demo.sh', './demo.sh: Permission denied'],
  ['npm run demo', 'tools/demo: not found'],
  ['bash demo.sh', 'bash: demo.sh: No such file or directory'],
  ['./demo.sh', 'kein solches Programm'],
])('%s that ends with %s may be what is to be written', (run, detail) => {
  expect(missingProgram({ run }, ended(detail))).toBeNull();
});

test.each([
  ['a failure', { status: 'failed', exitCode: 1 }],
  ['a kill', { exitCode: 137 }],
  ['a signal', { exitCode: null }],
] as const)('%s says nothing about programs', (_, more) => {
  expect(missingProgram({ run: 'mocha' }, ended('mocha: not found', more))).toBeNull();
});

import { expect, it } from 'vitest';
import { withReport } from '../../../../src/config/init/report-flags.ts';

const VITEST = '--reporter=default --reporter=junit --outputFile.junit=node_modules/.test-report.xml';
const JEST = '--json --outputFile=node_modules/.test-report.json';

it.each([
  ['npm test', 'vitest', `npm test -- ${VITEST}`, 'node_modules/.test-report.xml'],
  ['yarn test', 'tsc && vitest run --coverage', `yarn test ${VITEST}`, 'node_modules/.test-report.xml'],
  ['pnpm test', 'NODE_ENV=test npx jest --ci', `pnpm test ${JEST}`, 'node_modules/.test-report.json'],
  ['bun run test', 'cross-env CI=1 nyc mocha test', 'bun run test --reporter=tap', '-'],
  ['npm test', 'node --test', 'npm test -- --test-reporter=tap', '-'],
  ['npm test', 'node --import=tsx --test', 'npm test -- --test-reporter=tap', '-'],
  ['uv run pytest', null, 'uv run pytest --junitxml=.pytest_cache/junit.xml', '.pytest_cache/junit.xml'],
  [
    '.venv/bin/python -m pytest',
    null,
    '.venv/bin/python -m pytest --junitxml=.pytest_cache/junit.xml',
    '.pytest_cache/junit.xml',
  ],
  ['go test ./...', null, 'go test -json ./...', '-'],
  ['cargo test', null, 'cargo test', '-'],
  ['mvn -B test', null, 'mvn -B test', '**/target/surefire-reports/*.xml'],
])('%s (%s)', (run, script, wanted, report) => {
  expect(withReport(run, script)).toEqual({ run: wanted, report });
});

it.each([
  ['flags would go to another command', 'npm test', 'vitest run && eslint .'],
  ['flags would go to the test file', 'npm test', 'node --test test/a.test.js'],
  ['a reporter was chosen', 'npm test', 'vitest run --reporter=verbose'],
  ['a reporter was chosen, in short', 'npm test', 'mocha -R dot'],
  ['a report was chosen', 'npm test', 'jest --json --outputFile out.json'],
  ['it is piped', 'npm test', 'jest | tee log'],
  ['it may not be reached', 'npm test', 'mocha || true'],
  ['it is a subshell', 'npm test', '(cd a && vitest)'],
  ['it is no run of tests', 'npm test', 'vitest bench'],
  ['the runner is not known', 'npm test', 'tap test/*.js'],
  ['the name only begins alike', 'npm test', 'jest-runner'],
  ['it is nothing that tests', 'go vet ./...', null],
  ['it is nothing that tests either', 'bundle exec rake test', null],
])('leaves it as it is where %s', (_, run, script) => {
  expect(withReport(run, script)).toEqual({ run, report: null });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTestReport, parseTestReports } from '../../../../src/checks/report/parse-test-report.ts';
import type { TestReport } from '../../../../src/model/evidence/test-report.ts';

const FIXTURES = new URL('../../../fixtures/reports/', import.meta.url);
const WORKTREE = ['/home/me/app'];

const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');

async function read(text: string): Promise<TestReport> {
  const report = await parseTestReport(text, { name: 'report', worktree: WORKTREE });
  if ('problem' in report) throw new Error(report.problem);
  return report;
}

async function problemOf(text: string): Promise<string> {
  const report = await parseTestReport(text, { name: 'junit.xml', worktree: WORKTREE });
  return 'problem' in report ? report.problem : `no problem: ${report.tests.size} tests`;
}

const lines = (report: TestReport): string[] => [...report.tests].map(([name, verdict]) => `${verdict} ${name}`);

describe('what the tools themselves wrote', () => {
  it.each(readdirSync(FIXTURES).filter((name) => name !== 'surefire'))('%s', async (name) => {
    const report = await read(fixture(name));
    expect({ format: report.format, tests: lines(report) }).toMatchSnapshot();
    expect(report.passed + report.failed + report.skipped).toBe(report.tests.size);
  });

  it('surefire, one file a class', async () => {
    const texts = ['ParseTest', 'CountTest'].map((name) => ({ name, text: fixture(`surefire/TEST-app.${name}.xml`) }));
    const report = await parseTestReports(texts, WORKTREE);
    expect('tests' in report ? lines(report) : report).toMatchSnapshot();
  });

  it('vitest names a test alike in XML and in JSON, Node in a file and among what npm prints', async () => {
    expect((await read(fixture('vitest.xml'))).tests).toEqual((await read(fixture('vitest.json'))).tests);
    const printed = `\n> app@1.0.0 test\n> node --test --test-reporter=tap\n\n${fixture('node.tap')}npm error code 1\n`;
    expect((await read(printed)).tests).toEqual((await read(fixture('node.tap'))).tests);
    expect((await read(`\n> app@1.0.0 test\n> jest --json\n\n${fixture('jest.json')}\n`)).tests).toEqual(
      (await read(fixture('jest.json'))).tests,
    );
  });

  it.each(readdirSync(FIXTURES).filter((name) => /\.(?:xml|json|tap)$/.test(name)))('%s, cut off', async (name) => {
    const text = fixture(name);
    for (const part of [0.5, 0.9]) expect(await problemOf(text.slice(0, text.length * part))).toContain('cut off');
  });
});

describe('names', () => {
  const junit = (...cases: string[]): string => `<testsuites><testsuite name="s">${cases.join('')}</testsuite></testsuites>`;

  it('are the same in each worktree', async () => {
    const text = junit('<testcase classname="/home/me/app/test/a.js" name="file:///home/me/app/x.js of /home/me/app/y"/>');
    expect(lines(await read(text))).toEqual(['passed test/a.js > x.js of y']);
    expect(lines(await read(text.replaceAll('/home/me/app', '/other')))).toEqual([
      'passed /other/test/a.js > file:///other/x.js of /other/y',
    ]);
  });

  it('cannot steer a terminal', async () => {
    const text = junit('<testcase classname="a" name="b&#27;[2J \u001b]0;title\u0007 c&#10;d \u202e e"/>');
    const [line] = lines(await read(text));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(line).toMatch(/^passed a > b/);
  });

  it('are bounded, and still differ', async () => {
    const long = 'x'.repeat(5_000);
    const names = [...(await read(junit(`<testcase name="${long}a"/>`, `<testcase name="${long}b"/>`))).tests.keys()];
    expect(names).toHaveLength(2);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(300);
  });

  it('of which several tests have the same are numbered, whichever ran first', async () => {
    const passed = '<testcase classname="a" name="b"/>';
    const failed = '<testcase classname="a" name="b"><failure/></testcase>';
    const report = await read(junit(failed, passed));
    expect(lines(report)).toEqual(['passed a > b', 'failed a > b (no. 2 of this name)']);
    expect(report.tests).toEqual((await read(junit(passed, failed))).tests);
  });

  it('of more tests than anybody has are refused', async () => {
    expect(await problemOf(junit('<testcase name="a"/>'.repeat(200_001)))).toBe('junit.xml lists more than 200,000 tests.');
  });
});

describe('verdicts', () => {
  it('takes reruns for what they came to, and an aborted test for a failed one', async () => {
    const text = `<testsuite name="s">
      <testcase classname="a" name="flaky"><flakyFailure message="once"/></testcase>
      <testcase classname="a" name="failed"><failure/><rerunFailure/><skipped/></testcase>
      <testcase classname="a" name="errs"><error/></testcase>
      <testcase classname="a" name="ctest" status="notrun"/><testcase classname="a" name="ctest fails" status="fail"/></testsuite>`;
    expect(lines(await read(text))).toEqual([
      'passed a > flaky',
      'failed a > failed',
      'failed a > errs',
      'skipped a > ctest',
      'failed a > ctest fails',
    ]);
  });

  it('knows TAP without a version, with the plan first or last, with todo and skip, and subtests in braces', async () => {
    const tap = '1..4\nok 1 - a\nnot ok 2 - b # TODO later\nok 3 c # skip no network\nnot ok 4 - d\n';
    expect(lines(await read(tap))).toEqual(['passed a', 'skipped b', 'skipped c', 'failed d']);
    const nested = 'TAP version 14\nok 1 - group {\n    ok 1 - inner\n    1..1\n}\nok 2 - alone\n1..2\n';
    expect(lines(await read(nested))).toEqual(['passed group > inner', 'passed alone']);
  });

  it('does not take diagnostics for tests', async () => {
    const tap = 'TAP version 13\nnot ok 1 - a\n  ---\n  got: |\n    ok 1 - printed\n  bomb: &a [*a]\n  ...\nok 2 - b\n1..2\n';
    expect(lines(await read(tap))).toEqual(['failed a', 'passed b']);
  });

  it('takes a Go test that never ended for a failed one, and a package without an end for a cut report', async () => {
    const start = '{"Action":"run","Package":"p","Test":"TestA"}\n';
    expect(lines(await read(`${start}{"Action":"fail","Package":"p"}\n`))).toEqual(['failed p > TestA']);
    expect(await problemOf(start)).toBe('junit.xml is cut off: a package has no result.');
  });
});

describe('what is no report', () => {
  it.each([
    ['an empty file', '', 'junit.xml is empty.'],
    ['blanks', ' \n\t\n', 'junit.xml is empty.'],
    ['binary', '\u0000\u0001\u007fELF', 'junit.xml is not text.'],
    ['prose', 'All is well.\n12 passing\n', 'junit.xml is no test report that copse can read.'],
    ['other XML', '<html><body/></html>', 'junit.xml is no test report that copse can read.'],
    ['other JSON', '{"a":1}', 'junit.xml is cut off, or is no test report that copse can read.'],
    ['a list of something else', '{"testResults":[{"name":1}]}', 'junit.xml lists something that is no test.'],
    ['two roots', '<testsuite name="a"/><testsuite name="b"/>', 'junit.xml is cut off or not well-formed XML.'],
    [
      'a run that gave up',
      'TAP version 13\nok 1 - a\nBail out! no database\n',
      'junit.xml ends early: the test runner bailed out.',
    ],
  ])('%s', async (_, text, sentence) => {
    expect(await problemOf(text)).toBe(sentence);
  });

  it.each([
    ['an XML bomb', '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><testsuite name="&b;"/>'],
    ['an external entity', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite name="&x;"/>'],
    ['a document type elsewhere', '<!DOCTYPE testsuite SYSTEM "http://localhost/x.dtd"><testsuite/>'],
  ])('%s', async (_, text) => {
    expect(await problemOf(text)).toBe('junit.xml declares a document type or entities, which copse does not read.');
  });

  it('an entity that nothing declares', async () => {
    expect(await problemOf('<testsuite name="&x;"/>')).toBe('junit.xml is cut off or not well-formed XML.');
  });

  it.each([
    ['XML nested without end', '<testsuite>'.repeat(1_000_000), 'nested too deeply'],
    ['an element of attributes', `<testsuite ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}/>`, 'attributes'],
    ['JSON nested without end', `{"testResults":${'['.repeat(5_000_000)}`, 'no test report'],
    ['JSON of nothing but lists', `{"testResults":[${'[],'.repeat(5_000_000)}[]]}`, 'no test report'],
    ['TAP of nothing but plans', `TAP version 13\n${'1..1\n'.repeat(1_100_000)}`, 'more lines of TAP'],
  ])('%s', { timeout: 60_000 }, async (_, text, word) => {
    expect(await problemOf(text)).toContain(word);
  });
});

import { spawn } from 'node:child_process';
import { closeSync, cpSync, openSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { compareReports } from '../../src/checks/report/compare-reports.ts';
import { readPrintedReport, readTestReport } from '../../src/checks/report/read-test-report.ts';
import type { TestReport } from '../../src/model/evidence/test-report.ts';
import { mergeJson } from './merged.ts';
import { Person } from './person.ts';
import { variantsYaml } from './variants.ts';

/** A project as its registry has it, and how it is tested. */
export interface RealSuite {
  /** Holds the project; what git ignores there is in the person's checkout too. */
  readonly folder: string;
  readonly check: string;
  /** The file of the check's report, as in a variants file. */
  readonly report: string;
  readonly setup?: readonly string[];
  readonly copy?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A new file that `protect` covers. Each variant adds it: its own worktree does not do for the checks then. */
  readonly protectedFile: string;
  readonly protect: readonly string[];
  /** A line of the project, and how it would be wrong. */
  readonly regression: { readonly path: string; readonly from: string; readonly to: string };
}

/**
 * Runs `honest` and `broken` side by side, lets main move on, and merges both. Base, variants and merge results must end as in a clone of the
 * same commit that is set up the same way, by exit code and by the names of the tests.
 */
export async function agreesWithClones(suite: RealSuite): Promise<void> {
  const person = await Person.create();
  cpSync(suite.folder, person.repo, { recursive: true, verbatimSymlinks: true });
  await appendFile(join(person.repo, '.gitignore'), '\nnode_modules/\n__pycache__/\n.pytest_cache/\nreport.xml\n');
  await person.git('add', '-A');
  await person.git('commit', '-qm', 'The project');
  const base = await person.git('rev-parse', 'HEAD');
  expect(await person.read(suite.regression.path)).toContain(suite.regression.from);
  await person.write('variants.yaml', await variantsOf(person, suite));

  const ended = await person.approved(['run']);
  const said = `${ended.stdout}${ended.stderr}`;
  const { baseChecks, variants } = await person.state();
  const [honest, broken] = variants;
  expect(baseChecks, said).toMatchObject([{ status: 'passed', exitCode: 0 }]);
  const baseClone = await inClone(person, suite, base);
  expect(baseClone.code).toBe(0);
  expect(baseClone.report.tests.size).toBeGreaterThan(0);
  const honestClone = await inClone(person, suite, 'ui/honest');
  expect(honestClone.code).toBe(0);
  const same = testsAgainst(baseClone, honestClone);
  expect(honest?.checks, said).toMatchObject([{ status: 'passed', exitCode: 0, tests: same }]);
  const brokenClone = await inClone(person, suite, 'ui/broken');
  const { code } = brokenClone;
  expect(code).not.toBe(0);
  const tests = testsAgainst(baseClone, brokenClone);
  expect(tests.broke.count).toBeGreaterThan(0);
  expect(broken?.checks, said).toMatchObject([{ status: 'failed', exitCode: code, onBase: 'passed', tests }]);

  // The result of a merge is then a tree that no worktree has.
  await person.write('later.md', 'Later.\n');
  await person.git('add', 'later.md');
  await person.git('commit', '-qm', 'later');
  const refused = await mergeJson(person, ['broken'], { exit: 1 });
  expect(refused.refused).toMatchObject([{ reason: 'checks-fail', checks: [{ exitCode: code, onTarget: 'passed' }] }]);
  const landed = await mergeJson(person, ['honest']);
  expect(landed.landed).toMatchObject([{ checks: [{ status: 'passed', exitCode: 0 }] }]);
  expect((await inClone(person, suite, 'main')).code).toBe(0);
}

/** The agent breaks one line as `broken`, none as `honest`; each adds a note and the protected file. */
async function variantsOf(person: Person, suite: RealSuite): Promise<string> {
  const { setup, copy, env, protect, regression } = suite;
  const agent = join(person.home, 'agent.cjs');
  await writeFile(
    agent,
    `const fs = require('node:fs');
const { path, from, to } = ${JSON.stringify(regression)};
const variant = process.env.COPSE_VARIANT;
if (variant === 'broken') fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace(from, () => to));
fs.writeFileSync(variant + '.md', 'A note.\\n');
fs.writeFileSync(${JSON.stringify(suite.protectedFile)}, '');
console.log('Done.');
`,
  );
  return variantsYaml(['honest', 'broken'], {
    verify: { test: { run: suite.check, report: suite.report } },
    protect,
    ...(setup === undefined ? {} : { setup }),
    ...(copy === undefined ? {} : { copy }),
    defaults: { runner: { command: [process.execPath, agent] }, ...(env === undefined ? {} : { env }) },
  });
}

interface InClone {
  readonly code: number | null;
  readonly report: TestReport;
}

/** copse's expected answer: the same comparison, of the clones' reports. */
function testsAgainst(base: InClone, own: InClone) {
  const { fixed, broke, missing } = compareReports(base.report, own.report);
  const { passed, failed } = own.report;
  const named = (names: readonly string[]) => ({ count: names.length, names: names.slice(0, 20) });
  return { passed, failed, fixed: named(fixed), broke: named(broke), gone: named(missing) };
}

/** The check in a clone beside the repository. */
async function inClone(person: Person, suite: RealSuite, commit: string): Promise<InClone> {
  const clone = join(dirname(person.repo), `clone-${commit.replaceAll('/', '-')}`);
  const tip = await person.git('rev-parse', commit);
  await person.git('clone', '-q', '--no-checkout', person.repo, clone);
  await person.git('-C', clone, 'checkout', '-q', '--detach', tip);
  const env = { ...person.env, ...suite.env };
  for (const folder of suite.copy ?? [])
    cpSync(join(person.repo, folder), join(clone, folder), { recursive: true, verbatimSymlinks: true });
  const log = `${clone}.log`;
  for (const command of suite.setup ?? []) expect(await shell(command, clone, env, log)).toBe(0);
  const newerThanMs = Date.now();
  const code = await shell(suite.check, clone, env, log);
  const { report: path } = suite;
  const report =
    path === '-'
      ? await readPrintedReport({ log, worktree: clone })
      : await readTestReport({ path, worktree: clone, newerThanMs });
  if ('problem' in report) throw new Error(report.problem);
  return { code, report };
}

function shell(command: string, cwd: string, env: Readonly<Record<string, string>>, log: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const output = openSync(log, 'w');
    const child = spawn('/bin/sh', ['-c', command], { cwd, env, stdio: ['ignore', output, output] });
    closeSync(output);
    child.on('error', reject);
    child.on('close', resolve);
  });
}

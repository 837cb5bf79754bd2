import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readPrintedReport, readTestReport } from '../../../src/checks/report/read-test-report.ts';
import { initFacts } from '../../../src/config/init/init-facts.ts';
import { folderOf } from '../../support/folder-of.ts';
import { hasOnPath } from '../../support/need-program.ts';

/* What init proposes for a runner, run by that runner, is a report that copse reads: each suite has one test of each kind. */

const BIN = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

const JS = (test: string, more = ''): string =>
  `${more}${test}('passes', () => {}); ${test}('fails', () => { throw new Error('as it should'); }); ${test}.skip('skips', () => {});\n`;

const SUITES: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly names: readonly string[] }>> =
  {
    node: {
      files: {
        'package.json': JSON.stringify({ scripts: { test: 'node --test' } }),
        'a.test.js': JS('test', "const test = require('node:test');\n"),
      },
      names: ['passed passes', 'failed fails', 'skipped skips'],
    },
    vitest: {
      files: {
        'package.json': JSON.stringify({ scripts: { test: 'vitest run --globals' } }),
        'a.test.js': JS('it'),
        'node_modules/x/package.json': '{}',
      },
      names: ['passed a.test.js > passes', 'failed a.test.js > fails', 'skipped a.test.js > skips'],
    },
    pytest: {
      files: {
        'uv.lock': 'name = "pytest"',
        'test_a.py':
          'import pytest\ndef test_passes(): pass\ndef test_fails(): assert False\n@pytest.mark.skip\ndef test_skips(): pass\n',
      },
      names: ['passed test_a > test_passes', 'failed test_a > test_fails', 'skipped test_a > test_skips'],
    },
  };

// Only where the language is at hand: nothing else of copse needs it.
it.for(Object.entries(SUITES))('%s', async ([program, { files, names }], context) => {
  context.skip(program !== 'vitest' && !hasOnPath(program), `${program} is not installed`);
  const worktree = await folderOf(files);
  const [check] = (await initFacts(worktree)).verify;
  if (check === undefined || check.report === null) throw new Error(`init proposes no report for ${program}`);
  if (program === 'vitest') await symlink(join(BIN, '../vitest'), join(worktree, 'node_modules/vitest'));
  const started = Date.now();
  // uv is one of several ways to start pytest.
  const printed = await outputOf(check.run.replace(/^uv run /, ''), worktree);
  const log = join(await folderOf(), 'test.log');
  await writeFile(log, printed);
  const report =
    check.report === '-'
      ? await readPrintedReport({ log, worktree })
      : await readTestReport({ path: check.report, worktree, newerThanMs: started });
  if ('problem' in report) throw new Error(`${report.problem}\n${printed}`);
  expect([...report.tests].map(([name, verdict]) => `${verdict} ${name}`).sort()).toEqual(names.toSorted());
});

/** Of a command that fails: one of its tests does. */
function outputOf(run: string, cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', `${run} 2>&1`],
      { cwd, env: { ...process.env, PATH: `${BIN}:${process.env['PATH']}`, NODE_OPTIONS: '' } },
      (_, stdout) => resolve(stdout),
    );
  });
}

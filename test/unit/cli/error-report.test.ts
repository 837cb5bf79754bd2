import { describe, expect, it } from 'vitest';
import { errorReport } from '../../../src/cli/error-report.ts';
import { CopseError } from '../../../src/model/errors.ts';

const options = {
  json: false,
  screen: { columns: 80, rows: 24, colour: false, unicode: true },
  verb: 'run',
  cwd: '/home/somebody/secret-project',
};

describe('errorReport', () => {
  const error = new CopseError({
    code: 'dirty',
    exit: 3,
    what: 'The checkout is dirty.',
    why: 'a.txt changed.',
    hint: 'Commit it: git commit',
    problems: [{ what: 'One.' }, { what: 'Two.' }],
  });

  it('says what, why, every problem and what to do', () => {
    const report = errorReport(error, options);
    expect(report.exit).toBe(3);
    expect(report.stdout).toBe('');
    for (const part of ['The checkout is dirty.', 'a.txt changed.', 'One.', 'Two.', 'Commit it: git commit'])
      expect(report.stderr).toContain(part);
    expect(report.stderr.endsWith('\n')).toBe(true);
  });

  it('with --json also says it to programs', () => {
    expect(JSON.parse(errorReport(error, { ...options, json: true }).stdout)).toEqual({
      schema: 1,
      error: {
        code: 'dirty',
        what: 'The checkout is dirty.',
        why: 'a.txt changed.',
        hint: 'Commit it: git commit',
        problems: [{ what: 'One.' }, { what: 'Two.' }],
      },
    });
    expect(JSON.parse(errorReport(new CopseError({ code: 'x', what: 'X.' }), { ...options, json: true }).stdout)).toEqual({
      schema: 1,
      error: { code: 'x', what: 'X.', why: null, hint: null, problems: [] },
    });
  });

  it('takes what the machine refuses for no bug of ours', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: '/a/b' });
    const report = errorReport(full, options);
    expect(report.exit).toBe(3);
    expect(report.stderr).toContain('No space is left on the disk: /a/b');
    expect(report.stderr).not.toContain('bug');
  });

  it('takes everything else for a bug: exit 70, versions, no paths of the person', () => {
    const bug = new Error('broken');
    bug.stack = `Error: broken\n    at f (file:///home/somebody/secret-project/x.js:1:2)\n    at g (${process.cwd()}/src/y.ts:3:4)`;
    const report = errorReport(bug, options);
    expect(report.exit).toBe(70);
    expect(report.stderr).toContain('Error: broken');
    expect(report.stderr).toContain('<cwd>/x.js:1:2');
    expect(report.stderr).toContain('<copse>/src/y.ts:3:4');
    expect(report.stderr).toContain(`node ${process.versions.node}`);
    expect(report.stderr).toMatch(/copse \d+\.\d+\.\d+, verb run/);
    expect(report.stderr).not.toContain('somebody');
    expect(report.stderr).not.toContain(process.cwd());
  });

  it.each([['a string'], [undefined], [null], [{ toString: null }]])('survives %j being thrown', (thrown) => {
    expect(errorReport(thrown, { ...options, json: true })).toMatchObject({ exit: 70 });
  });
});

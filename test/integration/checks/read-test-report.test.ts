import { execFile } from 'node:child_process';
import { link, mkdir, mkdtemp, realpath, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPrintedReport, readTestReport } from '../../../src/checks/report/read-test-report.ts';

const run = promisify(execFile);

let home: string;
let worktree: string;
let started: number;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'copse-reports-')));
  worktree = join(home, 'tree');
  await mkdir(worktree);
  started = Date.now();
});

afterEach(() => rm(home, { recursive: true, force: true }));

const junit = (name: string): string => `<testsuite name="suite"><testcase classname="c" name="${name}"/></testsuite>`;

async function put(path: string, text = junit('a')): Promise<string> {
  const whole = join(worktree, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, text);
  return whole;
}

async function old(path: string): Promise<void> {
  const before = new Date(started - 60_000);
  await utimes(path, before, before);
}

async function read(path: string, newerThanMs = started): Promise<readonly string[] | string> {
  const report = await readTestReport({ path, worktree, newerThanMs });
  return 'problem' in report ? report.problem : [...report.tests.keys()];
}

describe('a file', () => {
  it('is read by its path in the worktree, or by its whole path', async () => {
    const whole = await put('out/junit.xml');
    expect(await read('out/junit.xml')).toEqual(['c > a']);
    expect(await read(whole)).toEqual(['c > a']);
  });

  it('takes braces and brackets of a path for themselves', async () => {
    await put('out {run}/[x].xml');
    expect(await read('out {run}/[x].xml')).toEqual(['c > a']);
  });

  it('that nobody wrote', async () => {
    expect(await read('junit.xml')).toBe('junit.xml was not written.');
    await put('file');
    expect(await read('file/junit.xml')).toBe('file/junit.xml was not written.');
    await rm(worktree, { recursive: true });
    expect(await read('junit.xml')).toBe('junit.xml was not written.');
  });

  it('from before, also one that is dated in the future', async () => {
    const path = await put('junit.xml');
    const stale = 'junit.xml was not written by this run: it is older.';
    await old(path);
    expect(await read('junit.xml')).toBe(stale);
    const future = new Date(Date.now() + 3_600_000);
    await utimes(path, future, future);
    expect(await read('junit.xml', Date.now() + 60_000)).toBe(stale);
  });

  it('that lies outside, or behind a link that leads there', async () => {
    await writeFile(join(home, 'secret.xml'), junit('secret'));
    await symlink(join(home, 'secret.xml'), join(worktree, 'junit.xml'));
    await symlink(home, join(worktree, 'out'));
    expect(await read('junit.xml')).toBe('junit.xml leads out of the worktree.');
    expect(await read('out/secret.xml')).toBe('out/secret.xml leads out of the worktree.');
    expect(await read('out/*.xml')).toContain('leads out of the worktree.');
    expect(await read('*.xml')).toBe('junit.xml leads out of the worktree.');
    expect(await read('out')).toContain('leads out of the worktree.');
    expect(await read('../secret.xml')).toBe('../secret.xml is not a path inside the worktree.');
    expect(await read(join(home, 'secret.xml'))).toContain('is not a path inside the worktree.');
  });

  it('behind a link that stays inside', async () => {
    await put('build/junit.xml');
    await symlink('build', join(worktree, 'out'));
    expect(await read('out/junit.xml')).toEqual(['c > a']);
  });

  it('that is none: a named pipe, a socket, a link to itself, an empty folder', async () => {
    await run('mkfifo', [join(worktree, 'pipe.xml')]);
    expect(await read('pipe.xml')).toBe('pipe.xml is not a regular file.');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(worktree, 's.xml'), resolve));
    expect(await read('s.xml')).toBe('s.xml cannot be opened.');
    await new Promise((resolve) => server.close(resolve));
    await symlink('loop.xml', join(worktree, 'loop.xml'));
    expect(await read('loop.xml')).toBe('loop.xml leads out of the worktree.');
    await mkdir(join(worktree, 'empty'));
    expect(await read('empty')).toBe('empty was not written.');
  });

  it('of 60 MB', async () => {
    await truncate(await put('junit.xml'), 60 * 1024 * 1024);
    expect(await read('junit.xml')).toBe('junit.xml is larger than 50 MB.');
  });

  it('with an escape sequence in its own name', async () => {
    await put('a\u001b[2J.xml', '<html/>');
    expect(await read('*.xml')).toBe('a.xml is no test report that copse can read.');
  });
});

describe('several files', () => {
  it('of a folder, of a glob, of one at any depth', async () => {
    await put('out/b.xml', junit('b'));
    await put('out/a.xml');
    await put('out/a.txt', 'no report');
    await put('m/deep/out/c.xml', junit('e'));
    await put('node_modules/x/out/d.xml', junit('d'));
    expect(await read('out')).toEqual(['c > a', 'c > b']);
    expect(await read('out/*.xml')).toEqual(['c > a', 'c > b']);
    expect(await read('out/?.xml')).toEqual(['c > a', 'c > b']);
    expect(await read('m/*/out/*.xml')).toEqual(['c > e']);
    expect(await read('**/out/*.xml')).toEqual(['c > e', 'c > a', 'c > b']);
    expect(await read('none/*.xml')).toBe('none/*.xml was not written.');
  });

  it('leaves out those of an earlier run, and XML of another kind', async () => {
    await old(await put('out/gone.xml', junit('gone')));
    await put('out/a.xml');
    await put('out/summary.xml', '<summary/>');
    expect(await read('out/*.xml')).toEqual(['c > a']);
    await old(join(worktree, 'out/a.xml'));
    await old(join(worktree, 'out/summary.xml'));
    expect(await read('out/*.xml')).toBe('out/*.xml was not written by this run: it is older.');
  });

  it('does not leave out one that cannot be read, or is too large', async () => {
    await put('out/a.xml');
    await put('out/b.xml', junit('b').slice(0, -5));
    expect(await read('out/*.xml')).toBe('out/b.xml is cut off or not well-formed XML.');
    await truncate(join(worktree, 'out/b.xml'), 60 * 1024 * 1024);
    expect(await read('out/*.xml')).toBe('out/*.xml names more than 50 MB.');
  });

  it('are bounded in number', async () => {
    const first = await put('out/0.xml');
    for (let i = 1; i <= 2_000; i += 1) await link(first, join(worktree, `out/${i}.xml`));
    expect(await read('out/*.xml')).toContain('is one of more than 2000 files: name fewer.');
  });
});

describe('what a check printed', () => {
  it('is read from its log', async () => {
    const log = join(home, 'test.log');
    await writeFile(log, 'compiling …\ntest parse::keeps_order ... FAILED\ntest parse::empty ... ok\n');
    const report = await readPrintedReport({ log, worktree });
    expect(report).toMatchObject({ format: 'cargo', passed: 1, failed: 1 });
    await writeFile(log, 'nothing of the kind\n');
    expect(await readPrintedReport({ log, worktree })).toEqual({
      problem: 'The output is no test report that copse can read.',
    });
  });
});

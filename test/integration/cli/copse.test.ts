import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { typedVerbs } from '../../../src/commands/registry.ts';
import { hermeticEnvironment } from '../../support/environment.ts';
import { MAIN } from '../../support/person.ts';

const env = hermeticEnvironment();
const place = realpathSync(mkdtempSync(join(tmpdir(), 'cli-')));

interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function copse(args: readonly string[], o: { cwd?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: o.cwd ?? place,
    env: { ...env, ...o.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr })));
}

/** A line of shell in which `copse` is the built one. */
function shell(line: string): Promise<Ended> {
  return new Promise((resolve) => {
    const copseIs = `copse() { '${process.execPath}' '${MAIN}' "$@"; }`;
    execFile('bash', ['-c', `${copseIs}\n${line}`], { cwd: place, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ exit: typeof error?.code === 'number' ? error.code : 0, signal: error?.signal ?? null, stdout, stderr });
    });
  });
}

describe('copse', () => {
  it('says its version in three ways', async () => {
    const said = await Promise.all(['--version', '-v', '-V'].map((option) => copse([option])));
    for (const ended of said) expect(ended).toMatchObject({ exit: 0, stderr: '' });
    expect(new Set(said.map(({ stdout }) => stdout)).size).toBe(1);
    expect(said[0]?.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(typedVerbs().map(({ name }) => name))('helps with %s, the same in both ways', async (name) => {
    const [option, word] = await Promise.all([copse([name, '--help']), copse(['help', name])]);
    expect(option).toMatchObject({ exit: 0, stderr: '' });
    expect(option.stdout).toMatch(new RegExp(`^copse ${name}`));
    expect(option.stdout).toContain('Examples:');
    expect(word).toEqual(option);
  });

  it.each([
    [['stauts'], 'Did you mean status?'],
    [['status', '--jsn'], 'Did you mean --json?'],
    [['run', '--count', 'abc'], '--count needs'],
    [['path'], '<variant> is missing.'],
    [['status', 'a', 'b'], 'There is no place for "b".'],
    [['--frobnicate'], 'There is no option --frobnicate.'],
  ])('refuses %j with exit 2 and says what to do', async (args, sentence) => {
    const ended = await copse(args);
    expect(ended).toMatchObject({ exit: 2, stdout: '' });
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr).toMatch(/copse [a-z-]+/);
    expect(ended.stderr).not.toContain('    at ');
    expect(ended.stderr).not.toContain('\u001b');
  });

  it('with --json says the error to programs too', async () => {
    const ended = await copse(['status', '--json']);
    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      schema: 1,
      error: { code: 'not-a-repository', what: expect.any(String), hint: expect.any(String) },
    });
    expect(ended.stderr).not.toBe('');
  });

  it('says it when the directory it was called in is gone', async () => {
    const ended = await shell('mkdir gone && cd gone && rmdir ../gone && copse status');
    expect(ended.exit).toBe(3);
    expect(ended.stderr).toContain('no longer exists');
  });

  it('fault 13: a reader that goes away ends it without a word', async () => {
    // The reader is gone before anything is written, so that every write fails.
    const ended = await shell('{ sleep 0.3; copse --help; echo "status $?" >&2; } | true');
    expect(ended.stderr).toMatch(/^status (0|141)\n$/);
    expect((await shell('copse --help | head -1')).stderr).toBe('');
  });

  it('a full disk behind stdout is an error, not silence', async () => {
    const ended = await shell('copse --help >/dev/full');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('cannot be written');
    expect(ended.stderr).toContain('No space left');
  });

  it('ends in exit 70 with a report without paths where it meets a bug of its own', async () => {
    const repo = join(place, 'bug');
    mkdirSync(join(repo, '.git/copse/v1/runs/ui'), { recursive: true });
    await shell(`git init -q '${repo}'`);
    // A log that copse never writes: a variant's work begins before it is prepared.
    const lines = [
      {
        type: 'run.created',
        run: 'ui',
        planHash: 'x',
        base: { ref: 'main', commit: 'a'.repeat(40) },
        target: null,
        isolation: 'guarded',
        concurrency: 1,
        totalBudgetUsd: 1,
        variants: [{ name: 'dark', branch: 'ui/dark', worktree: '/w', needs: [], model: null, budgetUsd: 1 }],
      },
      { type: 'worktree.created', variant: 'dark', path: '/w', branch: 'ui/dark', start: 'a'.repeat(40), nonce: 'n', port: null },
    ].map((body, index) => JSON.stringify({ seq: index + 1, at: '2026-01-01T00:00:00.000Z', gen: 1, ...body }));
    writeFileSync(join(repo, '.git/copse/v1/runs/ui/events.ndjson'), `${lines.join('\n')}\n`);
    const ended = await copse(['path', 'dark'], { cwd: repo });
    expect(ended.exit).toBe(70);
    expect(ended.stderr).toContain('bug in copse');
    expect(ended.stderr).toContain(`node ${process.versions.node}`);
    expect(ended.stderr).toContain('<copse>/dist/');
    expect(ended.stderr).not.toContain(place);
    expect(JSON.parse((await copse(['status', '--json'], { cwd: repo })).stdout)).toMatchObject({
      schema: 1,
      error: { code: 'bug' },
    });
  });

  it('runs without a home and keeps its compiled code under the cache directory', async () => {
    const { HOME: _home, XDG_CACHE_HOME: _cache, NODE_COMPILE_CACHE: _compiled, ...homeless } = env;
    const help = (own: Record<string, string>) =>
      new Promise<number | null>((resolve) => {
        spawn(process.execPath, [MAIN, '--help'], { cwd: place, env: own, stdio: 'ignore' }).on('close', resolve);
      });
    expect(await help(homeless)).toBe(0);
    const cache = join(place, 'cache');
    expect(await help({ ...homeless, XDG_CACHE_HOME: cache })).toBe(0);
    expect((await shell(`ls '${cache}/copse'`)).stdout).toBe('compiled\n');
  });
});

describe('signals', () => {
  const waiting = `
    const { Signals } = await import('${new URL('../../../src/cli/signals.ts', import.meta.url).href}');
    new Signals(process, (code) => process.exit(code));
    setInterval(() => {}, 1000);
    console.log('ready');
  `;

  it.each([
    ['SIGINT', 130, null],
    ['SIGTERM', 143, null],
    ['SIGHUP', null, 'SIGHUP'],
  ] as const)('%s ends a command that does not handle it', async (signal, exit, by) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', waiting], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', () => child.kill(signal));
    expect(await new Promise((resolve) => child.on('close', (code, name) => resolve([code, name])))).toEqual([exit, by]);
  });
});

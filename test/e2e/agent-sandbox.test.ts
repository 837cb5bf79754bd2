import { existsSync, mkdtempSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Attempted, type AttemptOptions, attempt, bash, Place } from '../support/claude-attempt.ts';
import { hasOnPath, needProgram } from '../support/need-program.ts';

/** Two attempts of one person. */
const STATE = mkdtempSync(join(tmpdir(), 'state-'));
const SHARING_A_HOME = (command: string): AttemptOptions => ({
  variant: { isolation: 'sandbox' },
  env: { XDG_STATE_HOME: STATE },
  turns: [bash(command), bash('sleep 1')],
});

/** macOS brings its own. */
const TOOLS = process.platform === 'darwin' ? [] : ['bwrap', 'socat'];

describe('sandbox, with the real claude', () => {
  let place: Place;
  let ended: Attempted;
  let text: (call: number) => string;

  beforeEach((context) => {
    for (const name of TOOLS) needProgram(context, name);
  });

  beforeAll(async () => {
    if (!TOOLS.every(hasOnPath)) return;
    place = await Place.create({ 'package.json': '{"scripts":{"check":"touch ../../escaped; echo checked > checked.txt"}}' });
    const common = join(place.repo, '.git');
    await place.write(
      join(place.worktree, 'ask.js'),
      "fetch(process.env.ANTHROPIC_BASE_URL).then(() => console.log('reached'), () => console.log('cut off'));",
    );
    await place.write(join(common, 'copse/v1/secret'), 'STATE-SECRET');
    await place.write(join(place.home, '.claude/.credentials.json'), '{"secret":"CREDENTIAL-SECRET"}');
    await place.write(join(place.home, '.ssh/id_rsa'), 'SSH-SECRET');
    ended = await attempt(place, {
      variant: { isolation: 'sandbox' },
      plan: { verify: [{ name: 'check', run: 'npm run -s check', report: null, repeat: 1, tests: [] }] },
      env: { ANTHROPIC_CUSTOM_HEADERS: 'x-own: HEADER-SECRET' },
      turns: [
        /* 0 */ bash("node -e \"fs.writeFileSync('inside.txt', '1')\" && echo written"),
        /* 1 */ bash(`touch ${join(place.top, 'outside')}`),
        /* 2 */ bash(
          `touch ${join(common, 'x')} ; git branch other; git update-ref refs/heads/main HEAD~0 --no-deref; echo x > ${join(common, 'refs/heads/evil')}`,
        ),
        /* 3 */ bash('npm run -s check'),
        /* 4 */ bash('printenv'),
        /* 5 */ bash(
          `cat ${join(place.home, '.claude/.credentials.json')} ${join(place.home, '.ssh/id_rsa')} ${join(common, 'copse/v1/secret')}`,
        ),
        /* 6 */ bash(`touch ${join(place.top, 'unsandboxed')}`, { dangerouslyDisableSandbox: true }),
        /* 7 */ bash('node ask.js'),
        /* 8 */ { name: 'Write', input: { file_path: join(place.worktree, 'written.txt'), content: 'x' } },
        /* 9 */ { name: 'Write', input: { file_path: join(place.top, 'outside.txt'), content: 'x' } },
        /* 10 */ bash('cat /proc/1/environ /proc/self/environ | tr "\\0" "\\n"'),
      ],
    });
    text = (call) => ended.results[call]?.text ?? '';
  });

  it('lets Bash work inside, without asking for each command', () => {
    expect(text(0)).toBe('written');
    expect(existsSync(join(place.worktree, 'inside.txt'))).toBe(true);
    expect(existsSync(join(place.worktree, 'written.txt'))).toBe(true);
    expect(ended.verdict.outcome).toBe('succeeded');
  });

  it('lets nothing write outside, checks and commands that ask to leave the sandbox included', async () => {
    expect(ended.results.map(({ failed }) => failed).slice(1, 3)).toEqual([true, true]);
    expect(existsSync(join(place.worktree, 'checked.txt'))).toBe(true);
    for (const name of ['outside', 'escaped', 'unsandboxed', 'outside.txt'])
      expect(existsSync(join(place.top, name))).toBe(false);
    expect(await place.git('branch', '--format=%(refname:short)')).toBe('main\nui/dark');
    expect(existsSync(join(place.repo, '.git/x'))).toBe(false);
  });

  it('keeps credentials and our state from it', () => {
    expect(text(4)).toContain('COPSE_VARIANT=dark');
    for (const call of [4, 5, 10]) {
      for (const secret of ['offline-dummy-key', 'HEADER-SECRET', 'CREDENTIAL-SECRET', 'SSH-SECRET', 'STATE-SECRET']) {
        expect(text(call)).not.toContain(secret);
      }
    }
    // The agent itself has them anyway.
    expect(ended.requests[0]?.headers['x-api-key']).toBe('offline-dummy-key');
    expect(ended.requests[0]?.headers['x-own']).toBe('HEADER-SECRET');
  });

  it('has no network', () => {
    expect(text(7)).toContain('cut off');
  });

  it.each([
    [['WebFetch(domain:localhost)'], 'REACHED'],
    [[], 'blocked'],
  ])('has the network that rules allow: %j', async (allowedTools, wanted) => {
    const server = createServer((_, response) => response.end('REACHED'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const outgoing = await Place.create();
      await outgoing.write(
        join(outgoing.worktree, 'ask.js'),
        `const proxy = new URL(process.env.HTTP_PROXY);
         const auth = 'Basic ' + Buffer.from(decodeURIComponent(proxy.username + ':' + proxy.password)).toString('base64');
         require('node:http').get({ host: proxy.hostname, port: proxy.port, path: 'http://localhost:${port}/', headers: { host: 'localhost:${port}', 'proxy-authorization': auth } }, (answer) => answer.pipe(process.stdout));`,
      );
      const { results } = await attempt(outgoing, {
        variant: { isolation: 'sandbox', allowedTools },
        turns: [bash('node ask.js')],
      });
      expect(results[0]?.text).toContain(wanted);
    } finally {
      server.close();
    }
  });

  it('fault 120: has a temporary folder of its own, and sees no other one', async () => {
    const look = `stat -c '%a %n' "$TMPDIR"; touch "$TMPDIR/mine" && echo own; ls -A "$(dirname "$(dirname "$TMPDIR")")"`;
    const both = await Promise.all([1, 2].map(async () => attempt(await Place.create(), SHARING_A_HOME(look))));
    const seen = both.map(({ results }) => results[0]?.text.split('\n') ?? []);
    const [one, two] = seen.map(([first]) => /^700 (.*)\/claude-\d+$/.exec(first ?? '')?.[1]);
    expect(one).toMatch(/^\/.*\/copse-[^/]+\/[0-9a-f]{10}$/);
    expect(two).not.toBe(one);
    expect(dirname(two ?? '')).toBe(dirname(one ?? ''));
    expect(seen.map((lines) => lines.slice(1))).toEqual([one, two].map((own) => ['own', basename(own ?? '')]));
    expect(await readdir(dirname(one ?? ''))).toEqual([]);
  });

  it('fault 119: as root, nothing that the kernel believes can be written', async () => {
    const writable = await Place.create();
    const script = `find /proc/sys -type f -writable | wc -l; v=$(cat /proc/sys/kernel/core_pattern); printf %s "$v" > /proc/sys/kernel/core_pattern && echo WROTE; mount -o remount,rw,bind /proc/sys && echo REMOUNTED; umount /proc/sys && echo UNMOUNTED; true`;
    await writable.write(join(writable.worktree, 'kernel.sh'), script);
    const { results } = await attempt(writable, { variant: { isolation: 'sandbox' }, turns: [bash('sh kernel.sh')] });
    expect(results[0]?.text.split('\n')[0]).toBe('0');
    for (const word of ['WROTE', 'REMOUNTED', 'UNMOUNTED']) expect(results[0]?.text).not.toContain(word);
  });

  it('leaves no commits of its own in the worktree', async () => {
    const status = (await readdir(place.worktree)).filter((name) => name !== '.claude').sort();
    expect(status).toEqual(['.git', 'ask.js', 'checked.txt', 'inside.txt', 'package.json', 'readme.md', 'written.txt']);
  });

  it('leaves no commits of its own in the worktree where it was killed in the middle of a command', async () => {
    const killed = await Place.create();
    const { verdict } = await attempt(killed, {
      variant: { isolation: 'sandbox' },
      turns: [bash('echo started > started.txt && tail -f readme.md')],
      onLine: (line, kill) => {
        if (line.includes('"subtype":"task_started"')) kill('SIGKILL');
      },
    });
    expect(verdict.outcome).toBe('lost');
    expect((await readdir(killed.worktree)).filter((name) => name !== '.claude').sort()).toEqual([
      '.git',
      'readme.md',
      'started.txt',
    ]);
  });
});

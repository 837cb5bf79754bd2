import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendFor } from '../../src/agent/backend-for.ts';
import type { Runner } from '../../src/model/plan.ts';
import type { ScriptedTurn } from '../../src/tour/endpoint.ts';
import { type Attempted, type AttemptOptions, attempt, bash, CLAUDE, Place } from '../support/claude-attempt.ts';

/** One kind of agent, and how to make a real process of it do what the suite wants. */
interface Kind {
  readonly name: string;
  readonly runner: Runner;
  /** Writes `made.txt`, ends with these last words. */
  good(place: Place, words: string): AttemptOptions;
  /** Ends in failure by itself. */
  bad(place: Place): AttemptOptions;
  /** Works until it is ended. */
  endless(place: Place): AttemptOptions;
  /** Is not there at all. */
  missing: AttemptOptions;
  /** Says on stdout what it was told, and its environment. */
  told(place: Place): AttemptOptions;
  wasTold(ended: Attempted): string;
}

const program = async (place: Place, script: string): Promise<Runner> => {
  const file = join(place.top, 'agent.sh');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { kind: 'command', command: [file, 'an argument with $(touch pwned)'] };
};

const scripted = (script: string) => (_: Place) => ({
  variant: { runner: { kind: 'command', command: ['sh', '-c', script] } as Runner },
});

const CLAUDE_KIND: Kind = {
  name: 'claude',
  runner: CLAUDE,
  good: (place, words) => ({
    turns: [{ name: 'Write', input: { file_path: join(place.worktree, 'made.txt'), content: 'made' } }, { text: words }],
  }),
  bad: () => ({
    turns: [...Array(3)].map((): ScriptedTurn => ({ status: 404, error: { type: 'not_found_error', message: 'no' } })),
  }),
  endless: () => ({ turns: [bash('tail -f readme.md')] }),
  missing: { env: { PATH: '/nowhere' } },
  told: () => ({ variant: { allowedTools: ['Bash(printenv)'] }, turns: [bash('printenv')] }),
  wasTold: (ended) => `${ended.requests[0]?.systemText}\n${ended.requests[0]?.userText}\n${ended.results[0]?.text}`,
};

const COMMAND_KIND: Kind = {
  name: 'command',
  runner: { kind: 'command', command: ['true'] },
  good: (place, words) => scripted(`cat >/dev/null; echo working; printf made >made.txt; printf '%s\\n' '${words}'`)(place),
  bad: scripted('echo working; echo "it broke" >&2; exit 3'),
  endless: scripted('echo working; exec tail -f readme.md'),
  missing: { variant: { runner: { kind: 'command', command: ['no-such-program-anywhere'] } } },
  told: scripted('cat; printenv'),
  wasTold: (ended) => ended.lines.map((line) => line.toString('utf8')).join('\n'),
};

describe.each([CLAUDE_KIND, COMMAND_KIND])('an agent backend: $name', (kind) => {
  const backend = backendFor(kind.runner);

  it('is the one for its runner', () => expect(backend.kind).toBe(kind.runner.kind));

  it('works in the worktree, succeeds, ends with a summary, tells what it does', async () => {
    const place = await Place.create();
    const { verdict, signals, exitCode } = await attempt(place, kind.good(place, 'All is made.'));
    expect(exitCode).toBe(0);
    expect(verdict).toMatchObject({ outcome: 'succeeded', reason: '', fatal: null, transient: false, modelNotFound: false });
    expect(verdict.summary).toContain('All is made.');
    expect(await readdir(place.worktree)).toContain('made.txt');
    expect(await readdir(place.repo)).not.toContain('made.txt');
    expect(signals.filter(({ kind: what }) => what === 'activity').length).toBeGreaterThan(0);
    expect(verdict.costUsd).toBeGreaterThanOrEqual(0);
  });

  it('tells a failure as one, with a reason', async () => {
    const place = await Place.create();
    const { verdict } = await attempt(place, kind.bad(place));
    expect(verdict.outcome).toBe('failed');
    expect(verdict.reason).not.toBe('');
  });

  it('tells a missing program as a failure', async () => {
    const { verdict } = await attempt(await Place.create(), kind.missing);
    expect(verdict.outcome).toBe('failed');
  });

  it.each([
    ['stopped', 'stopped'],
    ['timed-out', 'timed-out'],
    ['stalled', 'stalled'],
  ] as const)('%s by us: says so', async (stopped, outcome) => {
    const place = await Place.create();
    const { verdict } = await attempt(place, {
      ...kind.endless(place),
      stopped,
      onSignal: ({ kind: what }, kill) => {
        if (what === 'activity') kill('SIGTERM');
      },
    });
    expect(verdict.outcome).toBe(outcome);
  });

  it('an end without exit status is lost', () => {
    const reader = backend.reader({ sessionCostUsd: 0, secretValues: [], model: null });
    expect(reader.settle({ exit: null, stderrTail: '', stopped: null })).toMatchObject({ outcome: 'lost', transient: true });
  });

  it('is told prompt, preamble and variables, and nothing that was not meant for it', async () => {
    const place = await Place.create();
    const o = kind.told(place);
    const ended = await attempt(place, { ...o, env: { GITHUB_TOKEN: 'not-for-agents', GIT_DIR: '/not-for-agents' } });
    const told = kind.wasTold(ended);
    for (const words of ['Do the task.', 'one variant of a task', 'COPSE_VARIANT=dark', 'COPSE_RUN=ui'])
      expect(told).toContain(words);
    expect(told).not.toContain('not-for-agents');
    expect(ended.command.env['CLAUDECODE']).toBeUndefined();
  });

  it('fault 39: reads its prompt from a file, which ends', async () => {
    const place = await Place.create();
    const ended = await attempt(place, kind.told(place));
    expect(ended.command.stdin).toBe(ended.files.prompt);
    expect((await stat(ended.files.prompt)).mode & 0o777).toBe(0o600);
  });

  it('fault 24, 36, 37: its reader and transcript take anything, and give clean text', () => {
    const reader = backend.reader({ sessionCostUsd: 0, secretValues: ['own-secret-value'], model: null });
    const key = `sk-ant-api03-${'b'.repeat(24)}`;
    const lines = [
      '',
      '\u0000\u0001',
      '{"type":"assistant"',
      `\u001b[31m${key} own-secret-value\u202e`,
      'x'.repeat(3_000_000),
    ].map((text) => Buffer.from(text));
    const told = [...lines, Buffer.from([0xff, 0xfe])].flatMap((line) => [...reader.push(line), ...backend.transcript(line)]);
    const verdict = reader.settle({
      exit: { code: 1, timedOut: false },
      stderrTail: `\u001b[2J${key} own-secret-value`,
      stopped: null,
    });
    const text = JSON.stringify([told, verdict]);
    expect(text).not.toContain(key);
    expect(
      JSON.stringify([reader.settle({ exit: { code: 1, timedOut: false }, stderrTail: 'own-secret-value', stopped: null })]),
    ).not.toContain('own-secret-value');
    expect(text).not.toMatch(/\\u001b|\u202e|\\u0000/);
    expect(text.length).toBeLessThan(500_000);
  });

  it('fault 34: takes away leftovers also where the worktree is gone', async () => {
    await expect(backend.tidy('/nowhere/at/all')).resolves.toBeUndefined();
  });
});

describe('the command backend', () => {
  it('fault 49: passes arguments as they are, never through a shell', async () => {
    const place = await Place.create();
    const runner = await program(place, 'printf "%s\\n" "$1"');
    const { verdict } = await attempt(place, { variant: { runner } });
    expect(verdict.summary).toBe('an argument with $(touch pwned)');
    expect(await readdir(place.worktree)).not.toContain('pwned');
  });

  it("does not get the person's login of Claude Code unless the variant passes it", async () => {
    const place = await Place.create();
    const runner: Runner = { kind: 'command', command: ['printenv'] };
    const { lines } = await attempt(place, { variant: { runner } });
    expect(lines.join('\n')).not.toMatch(/ANTHROPIC|CLAUDE/);
  });
});

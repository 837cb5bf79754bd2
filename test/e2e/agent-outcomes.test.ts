import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attempt, bash, CLAUDE, Place } from '../support/claude-attempt.ts';

const failing = (status: number, type: string) =>
  [...Array(6)].map(() => ({ status, error: { type, message: `scripted ${status}` } }));

describe('what an attempt of the real claude comes to', () => {
  it('success, with tokens and cost of its result', async () => {
    const place = await Place.create();
    const { verdict, signals } = await attempt(place, {
      turns: [
        { text: 'I write.', tools: [{ name: 'Write', input: { file_path: join(place.worktree, 'a.txt'), content: 'x' } }] },
      ],
    });
    expect(verdict).toMatchObject({ outcome: 'succeeded', turns: 2, summary: 'Done.', costEstimated: false, fatal: null });
    expect(verdict.tokens).toEqual({ input: 2400, output: 100, cacheRead: 0, cacheWrite: 0 });
    expect(verdict.costUsd).toBeCloseTo(0.0116, 6);
    expect(existsSync(join(place.worktree, 'a.txt'))).toBe(true);
    const kinds = signals.map(({ kind }) => kind);
    expect(kinds[0]).toBe('session');
    expect(kinds.at(-1)).toBe('result');
    expect(signals).toContainEqual({ kind: 'activity', text: 'Write a.txt' });
  });

  it('fault 29: exit 0 with every call denied tells the calls and what would allow them', async () => {
    const { verdict, exitCode } = await attempt(await Place.create(), {
      turns: [bash('npm install zod'), bash('npm install zod')],
    });
    expect(exitCode).toBe(0);
    expect(verdict.outcome).toBe('succeeded');
    expect(verdict.denials).toEqual([{ tool: 'Bash', input: 'npm install zod', count: 2, allow: 'Bash(npm install *)' }]);
  });

  it('not logged in: fatal at once', async () => {
    const { verdict, signals } = await attempt(await Place.create(), { env: { ANTHROPIC_API_KEY: undefined } });
    expect(verdict).toMatchObject({ outcome: 'failed', fatal: 'not-logged-in' });
    expect(signals.filter(({ kind }) => kind === 'fatal')).toHaveLength(1);
  });

  it('a rejected key: fatal at the second rejection, while claude would go on', async () => {
    const { verdict, signals } = await attempt(await Place.create(), {
      env: { CLAUDE_CODE_MAX_RETRIES: '10' },
      turns: failing(401, 'authentication_error'),
      stopped: 'fatal',
      onSignal: ({ kind }, kill) => {
        if (kind === 'fatal') kill('SIGTERM');
      },
    });
    expect(verdict).toMatchObject({ outcome: 'failed', fatal: 'key-rejected' });
    expect(signals.filter(({ kind }) => kind === 'api-retry')).toHaveLength(2);
  });

  it('an unknown model', async () => {
    const { verdict } = await attempt(await Place.create(), {
      variant: { runner: { ...CLAUDE, model: 'claude-nope-1' } },
      turns: failing(404, 'not_found_error'),
    });
    expect(verdict).toMatchObject({ outcome: 'failed', modelNotFound: true, fatal: null, transient: false });
    expect(verdict.reason).toContain('claude-nope-1');
  });

  it('budget and turns used up', async () => {
    const place = await Place.create();
    const spent = await attempt(place, {
      budgetUsd: 0.3,
      turns: [{ tools: [bash('ls')], usage: { input: 100_000 } }, bash('ls')],
    });
    expect(spent.verdict).toMatchObject({ outcome: 'over-budget', costEstimated: false });
    expect(spent.verdict.costUsd).toBeCloseTo(0.401, 6);
    const turns = await attempt(place, {
      variant: { limits: { timeoutMs: 1, idleTimeoutMs: 1, budgetUsd: 1, maxTurns: 1, retries: 0 } },
      turns: [bash('ls'), bash('ls')],
    });
    expect(turns.verdict).toMatchObject({ outcome: 'failed', reason: 'It used up its turns (maxTurns).', transient: false });
  });

  it('fault 32: 429 and 529 until claude gives up', async () => {
    const place = await Place.create();
    const env = { CLAUDE_CODE_MAX_RETRIES: '1' };
    expect((await attempt(place, { env, turns: failing(429, 'rate_limit_error') })).verdict).toMatchObject({
      outcome: 'limited',
      transient: true,
    });
    expect((await attempt(place, { env, turns: failing(529, 'overloaded_error') })).verdict).toMatchObject({
      outcome: 'failed',
      transient: true,
    });
  });

  it.each([
    ['SIGINT', 'stopped'],
    ['SIGTERM', 'lost'],
    ['SIGKILL', 'lost'],
  ] as const)('%s from elsewhere while a command runs', async (name, outcome) => {
    const { verdict } = await attempt(await Place.create(), {
      turns: [bash('tail -f readme.md')],
      onLine: (line, kill) => {
        if (line.includes('"subtype":"task_started"')) kill(name);
      },
    });
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.costUsd).toBeGreaterThan(0);
    expect(verdict.sessionId).not.toBeNull();
  });

  it('stopped by us, whatever the end looks like', async () => {
    const { verdict } = await attempt(await Place.create(), {
      turns: [bash('tail -f readme.md')],
      stopped: 'stopped',
      onSignal: ({ kind }, kill) => {
        if (kind === 'tool-opened') kill('SIGINT');
      },
    });
    expect(verdict).toMatchObject({ outcome: 'stopped', reason: '' });
  });

  it('fault 26: a background command that holds the process: its result counts', async () => {
    const { verdict, signals } = await attempt(await Place.create(), {
      turns: [bash('tail -f readme.md', { run_in_background: true }), { text: 'Left it running.' }],
      stopped: 'after-result',
      onSignal: ({ kind }, kill) => {
        if (kind === 'result') kill('SIGTERM');
      },
    });
    expect(signals.some(({ kind }) => kind === 'result')).toBe(true);
    expect(verdict).toMatchObject({ outcome: 'succeeded', summary: 'Left it running.' });
  });

  it('a resumed session: only what this attempt cost', async () => {
    const place = await Place.create();
    const sessionId = randomUUID();
    const first = await attempt(place, { sessionId, turns: [bash('ls')] });
    const second = await attempt(place, {
      sessionId,
      resume: true,
      message: 'Smaller header.',
      sessionCostUsd: first.verdict.costUsd,
    });
    expect(second.verdict).toMatchObject({ outcome: 'succeeded', sessionId, turns: 1 });
    expect(second.verdict.costUsd).toBeCloseTo(0.0058, 6);
    expect(second.verdict.tokens.input).toBe(1200);
    expect(second.requests.at(-1)?.userText).toContain('Smaller header.');
    expect(second.requests.at(-1)?.userText).toContain('Do the task.');
  });

  it('a session that is not there, a session id that is taken', async () => {
    const place = await Place.create();
    const sessionId = randomUUID();
    const lost = await attempt(place, { sessionId, resume: true });
    expect(lost.verdict).toMatchObject({ outcome: 'failed', sessionGone: true, turns: 0, costUsd: 0 });
    await attempt(place, { sessionId });
    const taken = await attempt(place, { sessionId });
    expect(taken.verdict).toMatchObject({ outcome: 'failed', costUsd: 0 });
    expect(taken.verdict.reason).toContain('already in use');
  });

  it('no claude at all', async () => {
    const { verdict } = await attempt(await Place.create(), { env: { PATH: '/nowhere' } });
    expect(verdict).toMatchObject({ outcome: 'failed', fatal: 'agent-missing' });
  });

  it('a subagent: its cost counts, its words are not the summary', async () => {
    const { verdict } = await attempt(await Place.create(), {
      turns: [
        {
          tools: [{ name: 'Task', input: { description: 'Look', prompt: 'Look for usages.', subagent_type: 'general-purpose' } }],
        },
        { text: 'Waiting.' },
        { text: 'Nothing found.' },
        { text: 'All done.' },
      ],
    });
    expect(verdict.outcome).toBe('succeeded');
    expect(verdict.costUsd).toBeGreaterThan(0.0116);
  });
});

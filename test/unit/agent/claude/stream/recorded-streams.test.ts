import { describe, expect, it } from 'vitest';
import { ClaudeReader } from '../../../../../src/agent/claude/stream/stream-reader.ts';
import type { AgentSignal, AttemptVerdict } from '../../../../../src/model/attempt.ts';
import { recorded } from '../../../../support/claude-attempt.ts';

/** Exit status of each recorded run, and its verdict. */
const CASES: Readonly<Record<string, { exit: number; verdict: Partial<AttemptVerdict>; kinds: readonly AgentSignal['kind'][] }>> =
  {
    'success-edit-commit': {
      exit: 0,
      verdict: { outcome: 'succeeded', turns: 4, costUsd: 0.0232, summary: 'The greeting is now polite.', costEstimated: false },
      kinds: ['session', 'activity', 'usage', 'tool-opened', 'tool-closed', 'result'],
    },
    'write-new-file': { exit: 0, verdict: { outcome: 'succeeded', turns: 2, costUsd: 0.0116 }, kinds: ['result'] },
    'tool-error': { exit: 0, verdict: { outcome: 'succeeded', turns: 2 }, kinds: ['tool-closed', 'result'] },
    'permission-denied': {
      exit: 0,
      verdict: {
        outcome: 'succeeded',
        denials: [
          { tool: 'Bash', input: 'rm -rf /srv/data', count: 1, allow: null },
          { tool: 'Write', input: '/srv/outside.txt', count: 1, allow: null },
        ],
      },
      kinds: ['denied', 'result'],
    },
    'not-logged-in': { exit: 1, verdict: { outcome: 'failed', fatal: 'not-logged-in', costUsd: 0 }, kinds: ['fatal'] },
    'authentication-failed': {
      exit: 1,
      verdict: { outcome: 'failed', fatal: 'key-rejected', turns: 0 },
      kinds: ['api-retry', 'fatal'],
    },
    'model-not-found': {
      exit: 1,
      verdict: { outcome: 'failed', modelNotFound: true, fatal: null, transient: false },
      kinds: ['session', 'result'],
    },
    'max-budget': {
      exit: 1,
      verdict: { outcome: 'over-budget', costUsd: 0.401, tokens: { input: 100_000, output: 50, cacheRead: 0, cacheWrite: 0 } },
      kinds: ['result'],
    },
    'max-turns': { exit: 1, verdict: { outcome: 'failed', transient: false, costUsd: 0.0058 }, kinds: ['result'] },
    'overloaded-gives-up': {
      exit: 1,
      verdict: { outcome: 'failed', transient: true, fatal: null },
      kinds: ['api-retry', 'result'],
    },
    'rate-limit-gives-up': { exit: 1, verdict: { outcome: 'limited', resetsAt: null }, kinds: ['api-retry', 'result'] },
    'rate-limit-then-success': {
      exit: 0,
      verdict: { outcome: 'succeeded', summary: 'Done after waiting.' },
      kinds: ['api-retry', 'result'],
    },
    'interrupted-sigint': {
      exit: 0,
      verdict: { outcome: 'stopped', costUsd: 0.0058 },
      kinds: ['tool-opened', 'tool-closed', 'result'],
    },
    'interrupted-sigterm': {
      exit: 143,
      verdict: { outcome: 'lost', costEstimated: true, transient: true },
      kinds: ['tool-opened'],
    },
    'background-bash': {
      exit: 143,
      verdict: { outcome: 'succeeded', summary: 'Started a watcher; finishing.' },
      kinds: ['result'],
    },
    subagent: {
      exit: 0,
      verdict: { outcome: 'succeeded', turns: 3, costUsd: 0.0232, summary: 'The subagent found nothing.' },
      kinds: ['tool-opened', 'result'],
    },
    'structured-output': { exit: 0, verdict: { outcome: 'succeeded', costUsd: 0.0058 }, kinds: ['result'] },
    'partial-messages': { exit: 0, verdict: { outcome: 'succeeded', turns: 1, summary: 'streamed' }, kinds: ['result'] },
    'unicode-long-text': {
      exit: 0,
      verdict: { outcome: 'succeeded', summary: 'Ünïcödé ✓ 日本語 🌳 red  line1\nline2' },
      kinds: ['activity', 'result'],
    },
  };

describe('the recorded streams', () => {
  it.each(Object.entries(CASES))('%s', async (name, { exit, verdict, kinds }) => {
    const reader = new ClaudeReader({ sessionCostUsd: 0, secretValues: [], model: null });
    const signals = (await recorded(name)).flatMap((line) => reader.push(line));
    const settled = reader.settle({ exit: { code: exit, timedOut: false }, stderrTail: '', stopped: null });
    expect(settled).toMatchObject(verdict);
    expect(settled.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(signals.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...kinds]));
    expect(settled.costUsd).toBeGreaterThanOrEqual(0);
  });

  it('leave no call open where they ended by themselves', async () => {
    for (const name of Object.keys(CASES)) {
      const reader = new ClaudeReader({ sessionCostUsd: 0, secretValues: [], model: null });
      for (const line of await recorded(name)) reader.push(line);
      expect([name, reader.openTools]).toEqual([name, 0]);
    }
  });

  it('are read the same when cut anywhere: what is whole counts, nothing throws', async () => {
    for (const name of Object.keys(CASES)) {
      const lines = await recorded(name);
      for (let kept = 0; kept <= lines.length; kept += 1) {
        const reader = new ClaudeReader({ sessionCostUsd: 0, secretValues: [], model: null });
        for (const line of lines.slice(0, kept)) reader.push(line);
        const next = lines[kept];
        if (next !== undefined) reader.push(next.subarray(0, next.length / 2));
        const { outcome, costUsd } = reader.settle({ exit: null, stderrTail: '', stopped: 'stopped' });
        expect(['stopped', 'succeeded', 'failed']).toContain(outcome);
        expect(costUsd).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

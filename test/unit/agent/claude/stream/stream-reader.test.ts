import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AttemptStop } from '../../../../../src/agent/backend.ts';
import { ClaudeReader } from '../../../../../src/agent/claude/stream/stream-reader.ts';
import type { AgentSignal } from '../../../../../src/model/attempt.ts';

const line = (message: object | string): Buffer => Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
const usage = { input_tokens: 1000, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
const says = (content: object[], more: object = {}, id = 'msg_1') => ({
  type: 'assistant',
  message: { id, model: 'claude-sonnet-5-5', content, usage },
  parent_tool_use_id: null,
  ...more,
});
const calls = (name: string, input: object, id = 'toolu_1') => says([{ type: 'tool_use', id, name, input }], {}, `msg_${id}`);
const ended = (more: object = {}) => ({
  type: 'result',
  subtype: 'success',
  is_error: false,
  result: 'Done.',
  total_cost_usd: 0.5,
  ...more,
});
const retried = (status: number, error: string) => ({
  type: 'system',
  subtype: 'api_retry',
  attempt: 1,
  max_retries: 10,
  retry_delay_ms: 5,
  error_status: status,
  error,
});

function read(messages: readonly (object | string)[], o: { sessionCostUsd?: number; secretValues?: string[] } = {}) {
  const reader = new ClaudeReader({ sessionCostUsd: 0, secretValues: [], model: null, ...o });
  const signals = messages.flatMap((message) => reader.push(line(message)));
  const settle = (code: number | null = 0, stopped: AttemptStop = null, stderrTail = '') =>
    reader.settle({ exit: code === null ? null : { code, timedOut: false }, stderrTail, stopped });
  return { reader, signals, settle, of: (kind: AgentSignal['kind']) => signals.filter((signal) => signal.kind === kind) };
}

describe('ClaudeReader: money and tokens', () => {
  it('counts the usage of a message once, however many lines repeat it', () => {
    const { of } = read([says([{ type: 'text', text: 'a' }]), says([{ type: 'text', text: 'b' }]), says([], {}, 'msg_2')]);
    expect(of('usage').at(-1)).toMatchObject({ turns: 2, tokens: { input: 2000 } });
  });

  it('estimates the output from what was written while the stream says 1', () => {
    const { of } = read([says([{ type: 'text', text: 'x'.repeat(4000) }])]);
    expect(of('usage').at(-1)).toMatchObject({ tokens: { output: 1000 } });
  });

  it.each([-3, null, 'free', undefined])('fault 33: a cost of %s is estimated from tokens and marked', (cost) => {
    const verdict = read([says([{ type: 'text', text: 'x' }]), ended({ total_cost_usd: cost })]).settle();
    expect(verdict).toMatchObject({ outcome: 'succeeded', costEstimated: true, costUsd: 0.00201 });
  });

  it('fault 33: a result with a bare NaN in it is still read', () => {
    const verdict = read([says([]), JSON.stringify(ended()).replace('0.5', 'NaN')]).settle();
    expect(verdict).toMatchObject({ outcome: 'succeeded', summary: 'Done.', costEstimated: true });
  });

  it('subtracts what the session had cost before, and does not where it began anew', () => {
    expect(read([ended({ total_cost_usd: 0.5 })], { sessionCostUsd: 0.2 }).settle().costUsd).toBeCloseTo(0.3, 9);
    expect(read([ended({ total_cost_usd: 0.1 })], { sessionCostUsd: 0.2 }).settle().costUsd).toBeCloseTo(0.1, 9);
  });

  it('believes what came since the last result over any total', () => {
    const since = (cost: number) => ({
      total_cost_usd: 9,
      model_usage_since_last_result: { m: { costUSD: cost, inputTokens: 10, outputTokens: 1 } },
    });
    const verdict = read([ended(since(0.1)), ended(since(0.2))], { sessionCostUsd: 5 }).settle();
    expect(verdict.costUsd).toBeCloseTo(0.3, 9);
    expect(verdict.tokens).toMatchObject({ input: 20, output: 2 });
  });

  it("counts a subagent's cost but not its turns", () => {
    const { of } = read([says([]), says([{ type: 'text', text: 'sub' }], { parent_tool_use_id: 'toolu_1' }, 'msg_sub')]);
    expect(of('usage').at(-1)).toMatchObject({ turns: 1, tokens: { input: 2000 } });
    expect(of('activity')).toEqual([]);
  });
});

describe('ClaudeReader: what is fatal', () => {
  it('is a key rejected twice in a row, not once', () => {
    expect(read([retried(401, 'authentication_failed')]).of('fatal')).toEqual([]);
    expect(
      read([retried(401, 'authentication_failed'), retried(529, 'overloaded'), retried(401, 'authentication_failed')]).of(
        'fatal',
      ),
    ).toEqual([]);
    const rejected = retried(401, 'authentication_failed');
    const twice = read([rejected, rejected]);
    expect(read([rejected, rejected, rejected]).of('fatal')).toHaveLength(1);
    expect(twice.of('fatal')).toHaveLength(1);
    expect(twice.settle(143, 'fatal')).toMatchObject({ outcome: 'failed', fatal: 'key-rejected' });
  });

  it.each([
    ['Not logged in · Please run /login', null, 'authentication_failed', 'not-logged-in'],
    ['Failed to authenticate. API Error: 401', 401, 'authentication_failed', 'key-rejected'],
    ['Credit balance is too low', 400, 'billing_error', 'billing'],
  ] as const)('is %s', (text, status, error, fatal) => {
    const { of, settle } = read([says([{ type: 'text', text }], { error, api_error_status: status })]);
    expect(of('fatal')).toMatchObject([{ fatal }]);
    expect(settle(1)).toMatchObject({ outcome: 'failed', fatal });
  });

  it('is no claude', () => {
    expect(read([]).settle(127, null, 'exec: claude: not found')).toMatchObject({ fatal: 'agent-missing' });
  });
});

describe('ClaudeReader: limits', () => {
  const event = (status: string, resetsAt?: number) => ({ type: 'rate_limit_event', rate_limit_info: { status, resetsAt } });

  it('knows when a rejected limit resets, whatever error ends the attempt', () => {
    const { of, settle } = read([event('rejected', 1_800_000_000), ended({ is_error: true, result: 'You have hit your limit' })]);
    expect(of('rate-limit')).toEqual([{ kind: 'rate-limit', status: 'rejected', resetsAt: 1_800_000_000 }]);
    expect(settle(1)).toMatchObject({ outcome: 'limited', resetsAt: 1_800_000_000, transient: false });
  });

  it('forgets a rejection that was lifted', () => {
    const { settle } = read([
      event('rejected', 1),
      event('allowed'),
      ended({ is_error: true, result: 'API Error: 500', api_error_status: 500 }),
    ]);
    expect(settle(1)).toMatchObject({ outcome: 'failed', transient: true });
  });

  it('reads the reset out of an old text', () => {
    const { settle } = read([ended({ is_error: true, result: 'Claude AI usage limit reached|1800000000' })]);
    expect(settle(1)).toMatchObject({ outcome: 'limited', resetsAt: 1_800_000_000, reason: 'Claude AI usage limit reached' });
  });
});

describe('ClaudeReader: why it ended', () => {
  it.each([
    ['stopped', 'stopped'],
    ['timed-out', 'timed-out'],
    ['stalled', 'stalled'],
  ] as const)('%s by us, unless a good result came before', (stopped, outcome) => {
    expect(read([says([])]).settle(143, stopped).outcome).toBe(outcome);
    expect(
      read([ended({ subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_tools' })]).settle(0, stopped)
        .outcome,
    ).toBe(outcome);
    expect(read([ended()]).settle(143, stopped).outcome).toBe('succeeded');
  });

  it("by the shim's clock, where nobody else was there", () => {
    const { reader } = read([says([])]);
    expect(reader.settle({ exit: { code: 143, timedOut: true }, stderrTail: '', stopped: null }).outcome).toBe('timed-out');
  });

  it('fault 27: exit 0 without a result is no success', () => {
    expect(read([says([])]).settle(0)).toMatchObject({ outcome: 'lost', transient: true });
  });

  it('fault 28: exit 0 with is_error is a failure', () => {
    expect(read([ended({ is_error: true, subtype: 'error_during_execution', result: 'boom' })]).settle(0)).toMatchObject({
      outcome: 'failed',
      reason: 'boom',
    });
  });

  it('without a trace', () => {
    expect(read([]).settle(null)).toMatchObject({ outcome: 'lost', costUsd: 0 });
    expect(read([says([])]).settle(137)).toMatchObject({
      outcome: 'lost',
      reason: 'It was ended by SIGKILL before it was done.',
    });
  });

  it('at the start, with the cause that stderr states', () => {
    const verdict = read([]).settle(1, null, 'warning: x\nError: Session ID 1 is already in use.\n');
    expect(verdict).toMatchObject({
      outcome: 'failed',
      transient: false,
      reason: 'It could not start: Session ID 1 is already in use.',
    });
  });

  it('a later result replaces an earlier one', () => {
    expect(read([ended({ is_error: true, result: 'no' }), ended({ result: 'yes' })]).settle()).toMatchObject({
      outcome: 'succeeded',
      summary: 'yes',
    });
  });
});

describe('ClaudeReader: silence', () => {
  it('is no stall while a call is open, a long result included', () => {
    const { reader } = read([calls('Bash', { command: 'npm test' })]);
    expect(reader.openTools).toBe(1);
    const output = JSON.stringify({
      type: 'user',
      message: {
        role: 'user',
        content: [{ type: 'tool_result', content: `x "tool_use_id":"toolu_9" ${'y'.repeat(100_000)}`, tool_use_id: 'toolu_1' }],
      },
    });
    expect(reader.push(Buffer.from(output))).toEqual([{ kind: 'tool-closed', id: 'toolu_1', failed: false }]);
    expect(reader.openTools).toBe(0);
  });

  it('is none while a subagent works behind the conversation; its end brings the result', () => {
    const task = { type: 'system', subtype: 'task_started', task_id: 't', is_backgrounded: true, task_type: 'local_agent' };
    const { reader, of } = read([task]);
    expect(reader.openTools).toBe(1);
    expect(reader.push(line(ended()))).toEqual([]);
    expect(of('result')).toEqual([]);
    reader.push(line({ type: 'system', subtype: 'task_notification', task_id: 't', status: 'completed' }));
    expect(reader.push(line(ended()))).toEqual([{ kind: 'result' }]);
    expect(reader.hasResult).toBe(true);
  });

  it('is one after a result with a command left in the background', () => {
    const task = { type: 'system', subtype: 'task_started', task_id: 't', is_backgrounded: true, task_type: 'local_bash' };
    const { reader, of } = read([task, ended()]);
    expect(of('result')).toHaveLength(1);
    expect(reader.openTools).toBe(0);
  });
});

describe('ClaudeReader: hostile and broken output', () => {
  it('fault 24: garbage, half lines, invalid UTF-8 and foreign JSON say nothing', () => {
    const reader = new ClaudeReader({ sessionCostUsd: 0, secretValues: [], model: null });
    const junk = [
      '',
      'not json',
      '{"type":"assis',
      '[]',
      'null',
      '42',
      '"text"',
      '{}',
      '{"type":7}',
      '{"type":"system"}',
      '{"type":"assistant"}',
      '{"type":"user","message":[]}',
      '{"type":"assistant","message":{"content":[null,1,{"type":"tool_use"}]}}',
      `${'['.repeat(30_000)}`,
    ];
    for (const text of junk) expect(() => reader.push(Buffer.from(text))).not.toThrow();
    expect(() => reader.push(Buffer.from([0xff, 0xfe, 0x7b, 0x80]))).not.toThrow();
    expect(reader.push(line(ended()))).toEqual([{ kind: 'result' }]);
  });

  it('reads text with invalid UTF-8 in it', () => {
    const reader = new ClaudeReader({ sessionCostUsd: 0, secretValues: [], model: null });
    const [before, after] = JSON.stringify(says([{ type: 'text', text: 'a|b' }])).split('|');
    const signals = reader.push(Buffer.concat([Buffer.from(before ?? ''), Buffer.from([0xff]), Buffer.from(after ?? '')]));
    expect(signals[0]).toMatchObject({ kind: 'activity', text: 'a\ufffdb' });
  });

  it('a result that nobody can read is one all the same', () => {
    const { of, settle } = read(['{"type":"result","subtype":"success","is_error":false,"result":"x" "broken"}']);
    expect(of('result')).toHaveLength(1);
    expect(settle()).toMatchObject({ outcome: 'failed', reason: 'Its result cannot be read.' });
  });

  it('fault 25: 50 MB in one line are looked at, not parsed', () => {
    const reader = new ClaudeReader({ sessionCostUsd: 0, secretValues: [], model: null });
    reader.push(line(calls('Read', { file_path: '/x' })));
    const huge = Buffer.alloc(50 * 1024 * 1024, 'x');
    huge.write('{"type":"user","message":{"content":[{"tool_use_id":"toolu_1","type":"tool_result","content":"');
    const texts = vi.spyOn(Buffer.prototype, 'toString');
    onTestFinished(() => texts.mockRestore());
    expect(reader.push(huge)).toEqual([{ kind: 'tool-closed', id: 'toolu_1', failed: false }]);
    expect(reader.push(Buffer.alloc(50 * 1024 * 1024, '{"type":"assistant","x":"'))).toEqual([]);
    const lengths = texts.mock.results.map(({ value }) => String(value).length);
    // Their beginnings were looked at as text, neither as a whole.
    expect(lengths.length).toBeGreaterThan(0);
    expect(Math.max(...lengths)).toBeLessThan(64 * 1024);
  });

  it('fault 36: escape sequences and bidirectional overrides are stripped everywhere', () => {
    const evil = '\u001b]0;owned\u0007\u001b[2Jx\u202ey';
    const { signals, settle } = read([
      says([{ type: 'text', text: evil }]),
      calls(evil, { command: evil }),
      { type: 'system', subtype: 'permission_denied', tool_name: evil, tool_use_id: 'toolu_1', message: evil },
      ended({ result: evil }),
    ]);
    const told = JSON.stringify([signals, settle()]);
    expect(told).toContain('xy');
    expect(told).not.toMatch(/\\u001b|\\u0007|\u202e|owned/);
  });

  it('fault 37: keys of known shape and given values are redacted everywhere', () => {
    const key = `sk-ant-api03-${'a'.repeat(30)}`;
    const own = 'own-secret-value';
    const { signals, settle } = read(
      [
        says([{ type: 'text', text: `using ${key} and ${own}` }]),
        calls('Bash', { command: `curl -H ${own} ${key}` }),
        ended({
          result: `${own} ${key}`,
          permission_denials: [{ tool_name: 'Bash', tool_use_id: 'toolu_1', tool_input: { command: `curl ${own} ${key}` } }],
        }),
      ],
      { secretValues: [own] },
    );
    const told = JSON.stringify([signals, settle()]);
    expect(told).not.toContain(key);
    expect(told).not.toContain(own);
    expect(told).toContain('[redacted]');
  });
});

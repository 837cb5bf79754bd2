import { describe, expect, it } from 'vitest';
import { transcriptEntries } from '../../../../../src/agent/claude/stream/transcript-entries.ts';
import { recorded } from '../../../../support/claude-attempt.ts';

const entriesOf = async (name: string) => (await recorded(name)).flatMap((line) => transcriptEntries(line));

describe('transcriptEntries', () => {
  it('tells a whole run in order', async () => {
    const entries = await entriesOf('success-edit-commit');
    expect(entries.map((entry) => (entry.kind === 'tool' ? `${entry.tool} ${entry.input}` : entry.kind))).toEqual([
      'start',
      'text',
      'Read /home/dev/app/src/greet.js',
      'tool-result',
      'Edit /home/dev/app/src/greet.js',
      'tool-result',
      'Bash git add -A && git commit -qm "Greet politely"',
      'tool-result',
      'text',
      'result',
    ]);
    expect(entries.at(-1)).toEqual({ kind: 'result', ok: true, text: 'The greeting is now polite.', turns: 4, costUsd: 0.0232 });
  });

  it('marks denials with what would have needed approval', async () => {
    const denied = (await entriesOf('permission-denied')).filter(({ kind }) => kind === 'denied');
    expect(denied).toHaveLength(2);
    expect(denied[0]).toMatchObject({ tool: 'Bash', reason: expect.stringMatching(/^rm in '\/srv\/data' needs approval/) });
  });

  it('tells subagents, retries and failures apart', async () => {
    expect((await entriesOf('subagent')).filter((entry) => entry.kind === 'text' && entry.subagent)).toHaveLength(1);
    expect(await entriesOf('overloaded-gives-up')).toContainEqual({
      kind: 'notice',
      text: 'The API answered overloaded (529); next try in 1 s.',
    });
    expect((await entriesOf('not-logged-in')).at(-1)).toMatchObject({ kind: 'result', ok: false });
  });

  it('shows what is no JSON as a notice, and a long output by its size', () => {
    expect(transcriptEntries(Buffer.from('warning: \u001b[31mold'))).toEqual([{ kind: 'notice', text: 'warning: old' }]);
    const long = `{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"${'x'.repeat(3_000_000)}"}]}}`;
    expect(transcriptEntries(Buffer.from(long))).toEqual([
      { kind: 'tool-result', id: 't1', text: '(3.0 MB of output)', failed: false },
    ]);
  });
});

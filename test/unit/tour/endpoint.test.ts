import { describe, expect, it } from 'vitest';
import { type Script, startEndpoint } from '../../../src/tour/endpoint.ts';

interface Failure {
  readonly error: { readonly type: string; readonly message: string };
}

const TOOL = { name: 'Read', input_schema: {} };
const post = (url: string, body: unknown, path = '/v1/messages?beta=true') =>
  fetch(`${url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

async function withEndpoint(script: Script, act: (url: string) => Promise<void>) {
  const endpoint = await startEndpoint(script);
  try {
    await act(endpoint.url);
    return endpoint.requests;
  } finally {
    await endpoint.close();
  }
}

describe('startEndpoint', () => {
  it('answers with the events of the Messages API, text before tools', async () => {
    await withEndpoint(
      () => ({ text: 'Hi', tools: [{ name: 'Read', input: { file_path: '/a' } }], usage: { input: 7, cacheRead: 3, output: 9 } }),
      async (url) => {
        const response = await post(url, { model: 'm', messages: [{ role: 'user', content: 'do' }], tools: [TOOL] });
        expect(response.headers.get('content-type')).toBe('text/event-stream');
        const events = (await response.text())
          .split('\n\n')
          .filter(Boolean)
          .map((event) => JSON.parse(event.split('\ndata: ')[1] ?? ''));
        expect(events.map(({ type }) => type)).toEqual([
          'message_start',
          ...['content_block_start', 'content_block_delta', 'content_block_stop'],
          ...['content_block_start', 'content_block_delta', 'content_block_stop'],
          'message_delta',
          'message_stop',
        ]);
        expect(events[0].message).toMatchObject({ model: 'm', usage: { input_tokens: 7, cache_read_input_tokens: 3 } });
        expect(JSON.parse(events[5].delta.partial_json)).toEqual({ file_path: '/a' });
        expect(events[7]).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } });
      },
    );
  });

  it('tells the script where the conversation stands', async () => {
    const requests = await withEndpoint(
      () => ({}),
      async (url) => {
        const messages = [
          { role: 'user', content: 'first' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'Read', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'secret', is_error: true }] },
          { role: 'assistant', content: 'ok' },
          { role: 'user', content: [{ type: 'text', text: 'second' }] },
        ];
        await (await post(url, { model: 'm', system: [{ type: 'text', text: 'be kind' }], messages, tools: [TOOL] })).text();
      },
    );
    expect(requests[0]).toMatchObject({
      conversation: 2,
      systemText: 'be kind',
      userText: 'first\nsecond',
      lastUserText: 'second',
      side: false,
    });
    expect(requests[0]?.body.messages[2]?.toolResults).toEqual([{ id: 't', text: 'secret', failed: true }]);
  });

  it('answers a request without tools by itself', async () => {
    let asked = 0;
    const requests = await withEndpoint(
      () => {
        asked += 1;
        return {};
      },
      async (url) => {
        expect(await (await post(url, { model: 'm', messages: [] })).text()).toContain('end_turn');
      },
    );
    expect(asked).toBe(0);
    expect(requests[0]?.side).toBe(true);
  });

  it('fails as scripted, and where the script itself fails', async () => {
    await withEndpoint(
      ({ lastUserText }) => {
        if (lastUserText === 'throw') throw new Error('no such step');
        return { status: 429, error: { type: 'rate_limit_error', message: 'slow' }, headers: { 'retry-after': '3' } };
      },
      async (url) => {
        const ask = (content: string) => post(url, { model: 'm', messages: [{ role: 'user', content }], tools: [TOOL] });
        const limited = await ask('x');
        expect([limited.status, limited.headers.get('retry-after'), ((await limited.json()) as Failure).error.type]).toEqual([
          429,
          '3',
          'rate_limit_error',
        ]);
        const thrown = await ask('throw');
        expect([thrown.status, ((await thrown.json()) as Failure).error.message]).toEqual([
          400,
          'the script failed: no such step',
        ]);
      },
    );
  });

  it('refuses what is no request of the API', async () => {
    await withEndpoint(
      () => ({}),
      async (url) => {
        expect((await fetch(url)).status).toBe(404);
        expect((await post(url, {}, '/v1/messages/count_tokens')).status).toBe(404);
        for (const body of ['', 'nonsense', '[]', '{}', '{"messages":1}']) expect((await post(url, body)).status).toBe(400);
        expect((await post(url, { messages: [null, 1, { content: [null] }], tools: [null] })).status).toBe(200);
      },
    );
  });

  it('closes also while an answer hangs', async () => {
    const endpoint = await startEndpoint(() => ({ hang: true }));
    const answer = post(endpoint.url, { model: 'm', messages: [], tools: [TOOL] }).then(
      () => 'answered',
      () => 'cut off',
    );
    while (endpoint.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await endpoint.close();
    expect(await answer).toBe('cut off');
  });
});

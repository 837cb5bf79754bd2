import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Tokens } from '../model/outcome.ts';
import { type MessagesRequest, parseMessagesRequest } from './messages-request.ts';

/** One tool call that the scripted model asks for. */
export interface ScriptedTool {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One answer of the scripted model. Everything is optional; an empty turn answers with empty text. */
export interface ScriptedTurn {
  readonly text?: string;
  readonly tools?: readonly ScriptedTool[];
  /** Waits before anything is sent, ms. */
  readonly delayMs?: number;
  /** Answers with this HTTP status and `error` instead of a message. */
  readonly status?: number;
  readonly error?: { readonly type: string; readonly message: string };
  /** Extra response headers, e.g. `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly usage?: Partial<Tokens>;
  /** Never answers; the connection stays open until the client or the endpoint closes. */
  readonly hang?: boolean;
}

export interface ScriptRequest {
  readonly body: MessagesRequest;
  /** Assistant turns so far in this conversation (0 in the first request; a resumed session keeps counting). */
  readonly conversation: number;
  readonly systemText: string;
  /** All that the user said, tool results left out. */
  readonly userText: string;
  /** The last thing that the user said, tool results left out. */
  readonly lastUserText: string;
  readonly headers: IncomingHttpHeaders;
}

export type Script = (request: ScriptRequest) => ScriptedTurn | Promise<ScriptedTurn>;

export interface RecordedRequest extends ScriptRequest {
  readonly path: string;
  /** A request without tools: a title or a summary, not a turn; the script is not asked. */
  readonly side: boolean;
}

export interface Endpoint {
  /** `http://127.0.0.1:PORT`, for `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** Grows while the endpoint lives. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 256 * 1024 * 1024;
const DEFAULT_USAGE: Tokens = { input: 1200, output: 50, cacheRead: 0, cacheWrite: 0 };

/**
 * Starts a Messages API on loopback, ephemeral port, whose model is `script`. Claude Code works against it without account or
 * network and really runs the tools that the script asks for. A script that throws answers 400 with the message, which
 * Claude Code does not retry.
 */
export async function startEndpoint(script: Script): Promise<Endpoint> {
  const requests: RecordedRequest[] = [];
  const closing = new AbortController();
  const ids = { next: 0 };
  const server = createServer((request, response) => {
    answer({ request, response, script, requests, ids, closing: closing.signal }).catch((error: unknown) => {
      // The client went away while we wrote, or sent what is not a request: only its own connection is affected.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint has no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * The variables that a `claude` needs besides PATH to talk to the endpoint and to nothing else: dummy key, its own home, no telemetry or
 * updates, no proxy for loopback.
 */
export function endpointEnvironment(url: string, home: string): Readonly<Record<string, string>> {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'offline-dummy-key',
    HOME: home,
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly script: Script;
  readonly requests: RecordedRequest[];
  readonly ids: { next: number };
  readonly closing: AbortSignal;
}

async function answer(x: Exchange): Promise<void> {
  const url = new URL(x.request.url ?? '/', 'http://127.0.0.1');
  if (x.request.method !== 'POST' || url.pathname !== '/v1/messages') {
    sendError(x.response, 404, { type: 'not_found_error', message: `no ${url.pathname} here` }, {});
    return;
  }
  const body = parseMessagesRequest(await readBody(x.request));
  if (body === null) {
    sendError(x.response, 400, { type: 'invalid_request_error', message: 'not a Messages request' }, {});
    return;
  }
  const texts = body.messages.filter((m) => m.role === 'user').map((m) => m.text);
  const asked: ScriptRequest = {
    body,
    conversation: body.messages.filter((m) => m.role === 'assistant').length,
    systemText: body.systemText,
    userText: texts.filter((t) => t !== '').join('\n'),
    lastUserText: texts.findLast((t) => t !== '') ?? '',
    headers: x.request.headers,
  };
  const side = body.tools.length === 0;
  x.requests.push({ ...asked, path: url.pathname, side });
  const turn = side ? { text: 'Scripted session' } : await turnOf(x.script, asked);
  if (turn.delayMs !== undefined && turn.delayMs > 0) await pause(turn.delayMs, x.closing);
  if (turn.hang === true || x.closing.aborted || x.response.destroyed) return;
  if (turn.status !== undefined && turn.status !== 200) {
    const error = turn.error ?? { type: 'api_error', message: `scripted ${turn.status}` };
    sendError(x.response, turn.status, error, turn.headers ?? {});
    return;
  }
  sendMessage(x.response, body.model, turn, x.ids);
}

async function turnOf(script: Script, asked: ScriptRequest): Promise<ScriptedTurn> {
  try {
    return await script(asked);
  } catch (error) {
    // Reaches the person through Claude Code's own error text; a crash here would end every variant's conversation.
    const message = error instanceof Error ? error.message : String(error);
    return { status: 400, error: { type: 'invalid_request_error', message: `the script failed: ${message}` } };
  }
}

/** Message ids and block order as the real API sends them: one block after the other, usage in start and delta. */
function sendMessage(response: ServerResponse, model: string, turn: ScriptedTurn, ids: { next: number }): void {
  const usage: Tokens = { ...DEFAULT_USAGE, ...turn.usage };
  const tools = turn.tools ?? [];
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...turn.headers });
  const send = (event: string, data: object): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify({ type: event, ...data })}\n\n`);
  };
  const input = {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
  };
  ids.next += 1;
  send('message_start', {
    message: {
      id: `msg_scripted_${ids.next}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...input, output_tokens: 1 },
    },
  });
  let index = 0;
  const block = (start: object, delta: object): void => {
    send('content_block_start', { index, content_block: start });
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
    index += 1;
  };
  if (turn.text !== undefined || tools.length === 0) {
    block({ type: 'text', text: '' }, { type: 'text_delta', text: turn.text ?? '' });
  }
  for (const tool of tools) {
    ids.next += 1;
    block(
      { type: 'tool_use', id: `toolu_scripted_${ids.next}`, name: tool.name, input: {} },
      { type: 'input_json_delta', partial_json: JSON.stringify(tool.input) },
    );
  }
  send('message_delta', {
    delta: { stop_reason: tools.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
    usage: { ...input, output_tokens: usage.output },
  });
  send('message_stop', {});
  response.end();
}

function sendError(
  response: ServerResponse,
  status: number,
  error: { readonly type: string; readonly message: string },
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ type: 'error', error }));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Resolves early when the endpoint closes. */
function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      closing.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    closing.addEventListener('abort', done);
  });
}

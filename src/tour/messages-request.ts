/** One message of a conversation as far as scripts look at it. */
export interface RequestMessage {
  readonly role: 'user' | 'assistant';
  /** Its text blocks, a line each. */
  readonly text: string;
  /** Tool calls of an assistant message. */
  readonly toolUses: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  /** Tool results of a user message. */
  readonly toolResults: readonly { readonly id: string; readonly text: string; readonly failed: boolean }[];
}

/** A request of the Messages API, narrowed to what is read here. */
export interface MessagesRequest {
  readonly model: string;
  readonly systemText: string;
  readonly messages: readonly RequestMessage[];
  /** Names of the tools offered. */
  readonly tools: readonly string[];
}

/** Reads a Messages request; null when the text is not one. */
export function parseMessagesRequest(text: string): MessagesRequest | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: the caller answers 400.
    return null;
  }
  if (!isRecord(body) || !Array.isArray(body['messages'])) return null;
  const tools: unknown[] = Array.isArray(body['tools']) ? body['tools'] : [];
  return {
    model: typeof body['model'] === 'string' ? body['model'] : 'unknown',
    systemText: textOf(body['system']),
    messages: body['messages'].filter(isRecord).map(messageOf),
    tools: tools.filter(isRecord).map((tool) => String(tool['name'])),
  };
}

function messageOf(message: Record<string, unknown>): RequestMessage {
  const content: unknown[] = Array.isArray(message['content']) ? message['content'] : [];
  const blocks = content.filter(isRecord);
  return {
    role: message['role'] === 'assistant' ? 'assistant' : 'user',
    text: textOf(message['content']),
    toolUses: blocks
      .filter((b) => b['type'] === 'tool_use')
      .map((b) => ({ id: String(b['id']), name: String(b['name']), input: b['input'] })),
    toolResults: blocks
      .filter((b) => b['type'] === 'tool_result')
      .map((b) => ({ id: String(b['tool_use_id']), text: textOf(b['content']), failed: b['is_error'] === true })),
  };
}

/** Text of a string or of the text blocks of a list. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const blocks: unknown[] = content;
  return blocks
    .filter(isRecord)
    .filter((b) => b['type'] === 'text' && typeof b['text'] === 'string')
    .map((b) => String(b['text']))
    .join('\n');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { TranscriptEntry } from '../../../model/reports/transcript-entry.ts';
import { bytes } from '../../../text/amounts.ts';
import { plainText } from '../../../text/plain-text.ts';
import { redactSecrets } from '../../../text/redact-secrets.ts';
import { isObject, type JsonObject, numberOf, objectsOf, textOf } from '../json.ts';
import { readStreamLine } from './stream-line.ts';
import { toolInput } from './tool-input.ts';

const MAX_TEXT = 100_000;

/** One line of the stream as text for people. Lines without meaning to people give nothing. */
export function transcriptEntries(line: Buffer): TranscriptEntry[] {
  const read = readStreamLine(line);
  switch (read.kind) {
    case 'message':
      return entriesOf(read.message);
    case 'long-results':
      return read.ids.map((id) => ({ kind: 'tool-result', id, text: `(${bytes(line.length)} of output)`, failed: read.failed }));
    case 'broken-result':
      return [{ kind: 'notice', text: 'The result line cannot be read.' }];
    case 'noise':
      return line.length > 0 && line[0] !== 0x7b ? [{ kind: 'notice', text: clean(line.toString('utf8', 0, 2000)) }] : [];
  }
}

function entriesOf(message: JsonObject): TranscriptEntry[] {
  const inner = isObject(message['message']) ? message['message'] : {};
  const subagent = typeof message['parent_tool_use_id'] === 'string';
  switch (message['type']) {
    case 'assistant':
      if (typeof message['error'] === 'string') return [{ kind: 'notice', text: clean(textIn(inner['content'])) }];
      return objectsOf(inner['content']).flatMap((block) => blockEntry(block, subagent));
    case 'user':
      return objectsOf(inner['content']).flatMap((block) => resultEntry(block));
    case 'system':
      return systemEntry(message);
    case 'rate_limit_event':
      return rateLimitEntry(message);
    case 'result':
      return [
        {
          kind: 'result',
          ok: message['subtype'] === 'success' && message['is_error'] !== true,
          text: clean(textOf(message['result']) ?? textOf(message['subtype']) ?? ''),
          turns: numberOf(message['num_turns']) ?? 0,
          costUsd: numberOf(message['total_cost_usd']),
        },
      ];
    default:
      return [];
  }
}

function blockEntry(block: JsonObject, subagent: boolean): TranscriptEntry[] {
  if (block['type'] === 'text') {
    const text = clean(textOf(block['text']) ?? '');
    return text.trim() === '' ? [] : [{ kind: 'text', text, subagent }];
  }
  if (block['type'] !== 'tool_use') return [];
  const input = isObject(block['input']) ? block['input'] : {};
  return [
    {
      kind: 'tool',
      id: textOf(block['id']) ?? '',
      tool: clean(textOf(block['name']) ?? 'unknown'),
      input: clean(toolInput(input, null)),
      subagent,
    },
  ];
}

function resultEntry(block: JsonObject): TranscriptEntry[] {
  if (block['type'] !== 'tool_result') return [];
  const text = clean(textIn(block['content']));
  return [{ kind: 'tool-result', id: textOf(block['tool_use_id']) ?? '', text, failed: block['is_error'] === true }];
}

function systemEntry(message: JsonObject): TranscriptEntry[] {
  switch (message['subtype']) {
    case 'init':
      return [{ kind: 'start', model: textOf(message['model']), sessionId: textOf(message['session_id']) }];
    case 'permission_denied': {
      const why = textOf(message['message']) ?? textOf(message['decision_reason']) ?? '';
      const telling = /What required approval: ([\s\S]+)$/.exec(why)?.[1] ?? why;
      return [{ kind: 'denied', tool: clean(textOf(message['tool_name']) ?? 'unknown'), input: '', reason: clean(telling) }];
    }
    case 'api_retry': {
      const wait = Math.round((numberOf(message['retry_delay_ms']) ?? 0) / 1000);
      const status = numberOf(message['error_status']);
      const what = `${textOf(message['error']) ?? 'error'}${status === null ? '' : ` (${status})`}`;
      return [{ kind: 'notice', text: clean(`The API answered ${what}; next try in ${wait} s.`) }];
    }
    default:
      return [];
  }
}

function rateLimitEntry(message: JsonObject): TranscriptEntry[] {
  const info = isObject(message['rate_limit_info']) ? message['rate_limit_info'] : {};
  return info['status'] === 'rejected' ? [{ kind: 'notice', text: 'The rate limit is reached.' }] : [];
}

/** Text of a string or of a list's text blocks. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .map((block) => textOf(block['text']) ?? (block['type'] === 'image' ? '(an image)' : ''))
    .join('\n');
}

function clean(text: string): string {
  return redactSecrets(plainText(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} …` : text));
}

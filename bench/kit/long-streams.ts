import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** A line of the length that reading a large picture or log gives. */
const LONG_BYTES = 5 * 1024 * 1024;
const SHORT_LINES = 300;
/** Four long results of tools, and a message of the model, which has to be parsed. */
const LONG_LINES = ['user', 'user', 'assistant', 'user', 'user'] as const;

/** Streams of an agent, each with lines of 5 MB between ordinary ones, with what characters take more than a byte. */
export async function longStreams(
  lab: Lab,
  count: number,
): Promise<{ readonly files: readonly string[]; readonly bytes: number }> {
  const stream = Buffer.from(streamText());
  const folder = join(lab.folder, 'streams');
  await mkdir(folder);
  const files = Array.from({ length: count }, (_, n) => join(folder, `${n}.ndjson`));
  for (const file of files) await writeFile(file, stream);
  return { files, bytes: stream.length * count };
}

function streamText(): string {
  const lines: string[] = [
    line({ type: 'system', subtype: 'init', session_id: 's', model: 'claude-fake-1', cwd: '/', tools: [] }),
  ];
  for (const [part, type] of LONG_LINES.entries()) {
    for (let n = 0; n < SHORT_LINES; n += 2) {
      const id = `toolu_${part}_${n}`;
      lines.push(assistant(id, 'Théme ▸ '.repeat(60)), result(id, 'ok ✓ '.repeat(120)));
    }
    const id = `toolu_${part}_long`;
    const long = 'const größe = "12px"; // ← hier\n'.repeat(LONG_BYTES / 38);
    if (type === 'assistant') lines.push(assistant(id, long), result(id, 'ok'));
    else lines.push(assistant(id, 'x'), result(id, long));
  }
  lines.push(
    line({ type: 'result', subtype: 'success', is_error: false, num_turns: 1, result: 'Done.', total_cost_usd: 0.1, usage: {} }),
  );
  return lines.join('');
}

function line(message: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(message)}\n`;
}

function assistant(id: string, content: string): string {
  const block = { type: 'tool_use', id, name: 'Write', input: { file_path: 'theme.ts', content } };
  const usage = { input_tokens: 100, output_tokens: 20 };
  return line({
    type: 'assistant',
    parent_tool_use_id: null,
    message: { id: `msg_${id}`, role: 'assistant', usage, content: [block] },
  });
}

function result(id: string, content: string): string {
  const block = { type: 'tool_result', tool_use_id: id, content };
  return line({ type: 'user', parent_tool_use_id: null, message: { role: 'user', content: [block] } });
}

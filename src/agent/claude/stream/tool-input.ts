import { relative, sep } from 'node:path';
import { shortLine } from '../../../text/plain-text.ts';
import { type JsonObject, textOf } from '../json.ts';

const MAX = 300;
/** Names of the arguments that describe a call best, the best first. */
const TELLING = [
  'command',
  'file_path',
  'notebook_path',
  'path',
  'pattern',
  'url',
  'query',
  'description',
  'prompt',
  'skill',
  'task_id',
];

/** A tool call in one line: the command of a Bash call, the path of a file tool (relative to `cwd`), the pattern of a search. */
export function toolInput(input: JsonObject, cwd: string | null): string {
  for (const key of TELLING) {
    const value = textOf(input[key]);
    if (value === null || value === '') continue;
    return shortLine(key.endsWith('path') ? shortPath(value, cwd) : value, MAX);
  }
  const first = Object.values(input).find((value) => typeof value === 'string');
  return shortLine(textOf(first) ?? '', MAX);
}

/** What a call does, for the live view: `Edit src/theme/dark.css`. MCP tools lose their prefix. */
export function activityOf(tool: string, input: string): string {
  const name = tool.replace(/^mcp__/, '').replaceAll('__', ' ');
  return shortLine(input === '' ? name : `${name} ${input}`, MAX);
}

function shortPath(path: string, cwd: string | null): string {
  if (cwd === null || !path.startsWith(cwd + sep)) return path;
  return relative(cwd, path);
}

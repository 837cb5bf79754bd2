import * as z from 'zod/mini';
import { runCommand } from '../system/processes/run-command.ts';
import { plainText } from '../text/plain-text.ts';
import type { NextJson } from '../view/next-json.ts';
import { fitted } from './fitted.ts';
import type { Answer, Tool } from './tools.ts';

/** Of every result, with all that belongs to it. */
const MOST_BYTES = 2_000;
/** Of `next`, and of the rest of the envelope. */
const NEXT_BYTES = 600;

export interface Caller {
  /** Program and first arguments of this very copse. */
  readonly self: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
}

/**
 * Runs a tool as its line of copse, in a process of its own: it can do what that line can, and no more than an agent that types it. Exit codes 1 and 8
 * are answers (something failed, it still runs), not errors.
 */
export async function callTool(tool: Tool, input: unknown, caller: Caller, signal: AbortSignal): Promise<ToolResult> {
  let words: readonly string[];
  try {
    words = tool.words(input ?? {});
  } catch (error) {
    if (!(error instanceof z.core.$ZodError)) throw error;
    const why = error.issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ');
    return resultOf({ exit: 2, result: { what: `${tool.name} does not take this.`, why }, next: [] }, true);
  }
  const [program, ...first] = caller.self;
  const { stdout, stderr, exitCode, startError } = await runCommand(program, [...first, ...words], {
    cwd: caller.cwd,
    // Whoever calls a tool is an agent.
    env: { CLAUDECODE: '1', ...caller.environment },
    signal,
  });
  const answer = tool.answersInText === true && exitCode === 0 ? { text: plainText(String(stdout)) } : parsed(String(stdout));
  if (answer === null || 'error' in answer) {
    const said = plainText(startError ?? String(stderr)).trim();
    return resultOf({ exit: exitCode, result: answer?.['error'] ?? { what: said }, next: [] }, true);
  }
  const { next: own, truncated, schema: _, ...rest } = answer;
  const next = Array.isArray(own) ? (own as readonly NextJson[]) : (tool.next?.(answer) ?? []);
  const result = tool.pick === undefined || 'next' in answer ? rest : tool.pick(answer);
  return resultOf({ exit: exitCode, result, next, truncated: truncated === true }, false);
}

function resultOf(
  o: { readonly exit: number | null; readonly result: unknown; readonly next: readonly NextJson[]; readonly truncated?: boolean },
  isError: boolean,
): ToolResult {
  const next = fitted(o.next, NEXT_BYTES);
  const envelope = (result: unknown, truncated: boolean): string =>
    JSON.stringify({ schema: 1, exit: o.exit, truncated, result, next: next.value });
  const room = MOST_BYTES - Buffer.byteLength(envelope(null, false));
  const result = fitted(o.result, room);
  return { text: envelope(result.value, o.truncated === true || result.truncated || next.truncated), isError };
}

/** The first line of JSON; null: there is none. */
function parsed(stdout: string): Answer | null {
  const [line = ''] = stdout.split('\n');
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Answer) : null;
  } catch {
    // Not an answer: what was said on stderr is.
    return null;
  }
}

import { count } from '../../text/amounts.ts';
/** Sentences of `logs`. */

export const start = (model: string | null, sessionId: string | null): string =>
  ['session', ...(sessionId === null ? [] : [sessionId]), ...(model === null ? [] : [`with ${model}`])].join(' ');
export const folded = (ellipsis: string, lines: number): string => `${ellipsis} ${count(lines, 'more line')}`;
export const denied = (call: string): string => `denied: ${call}`;
export const failed = 'failed';
export const done = 'done';
export const noOutput = '(no output)';

import { unreachable } from '../../model/errors.ts';
import type { TranscriptEntry } from '../../model/reports/transcript-entry.ts';
import { cost } from '../../text/amounts.ts';
import { oneLine, plainText } from '../../text/plain-text.ts';
import type { Screen } from '../kit/screen.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { wrapLines } from '../kit/wrap.ts';
import * as say from './transcript-messages.ts';

/** Lines of a tool's result that are shown; a failed one shows more, the error is what one looks for. */
const FOLDED = 2;
const FAILED = 8;

const indent = (text: string, by: string, columns: number): string =>
  wrapLines(text, columns - by.length)
    .map((line) => (by + line).trimEnd())
    .join('\n');

export interface TranscriptScreen extends Screen {
  /** Results of tools are not folded. */
  readonly full?: boolean;
  /** Text is broken between words, for a terminal; else its lines are the agent's own. */
  readonly wrap?: boolean;
}

/** One entry of a transcript: text as it is, tools with their arguments in a line, results folded unless `full`, denials marked. */
export function transcriptText(entry: TranscriptEntry, o: TranscriptScreen): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const width = o.wrap === true ? o.columns : Number.POSITIVE_INFINITY;
  const cut = (text: string, room: number): string => truncate(text, Math.max(8, room), symbols.ellipsis);
  switch (entry.kind) {
    case 'start':
      return style.dim(oneLine(say.start(entry.model, entry.sessionId)));
    case 'text':
      return indent(plainText(entry.text).trim(), entry.subagent ? '    ' : '', width);
    case 'tool': {
      const left = entry.subagent ? '    ' : '';
      const tool = oneLine(entry.tool);
      return `${left}${style.cyan(symbols.tool)} ${style.bold(tool)} ${cut(oneLine(entry.input), o.columns - left.length - tool.length - 3)}`.trimEnd();
    }
    case 'tool-result': {
      const lines = plainText(entry.text)
        .trimEnd()
        .split('\n')
        .filter((line) => line.trim() !== '');
      const limit = o.full === true ? lines.length : entry.failed ? FAILED : FOLDED;
      const shown = lines
        .slice(0, limit)
        .map((line) => `  ${o.full === true ? line : cut(line.replaceAll('\t', '  '), o.columns - 2)}`);
      const hidden = lines.length - shown.length;
      if (lines.length === 0) shown.push(`  ${say.noOutput}`);
      if (hidden > 0) shown.push(`  ${say.folded(symbols.ellipsis, hidden)}`);
      if (entry.failed) return [`  ${style.red(symbols.failure)} ${style.red(say.failed)}`, ...shown.map(style.red)].join('\n');
      return shown.map(style.dim).join('\n');
    }
    case 'denied': {
      const reason = oneLine(entry.reason);
      const call = `${oneLine(entry.tool)} ${oneLine(entry.input)}`.trim();
      return [
        `${style.yellow(symbols.failure)} ${style.yellow(say.denied(call))}`,
        ...(reason === '' ? [] : [`  ${reason}`]),
      ].join('\n');
    }
    case 'notice':
      return style.dim(`${symbols.dot} ${oneLine(entry.text)}`);
    case 'result': {
      const facts = [
        // Claude Code's own `num_turns` counts differently from the turns that every other screen shows.
        entry.ok ? say.done : say.failed,
        ...(entry.costUsd === null ? [] : [cost(entry.costUsd, symbols)]),
      ].join('  ');
      const mark = entry.ok ? style.green(symbols.success) : style.red(symbols.failure);
      const text = plainText(entry.text).trim();
      return [`${mark} ${facts}`, ...(text === '' ? [] : [indent(text, '  ', width)])].join('\n');
    }
    default:
      return unreachable(entry);
  }
}

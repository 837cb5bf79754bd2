import * as z from 'zod/mini';
import { CopseError, unreachable } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { TranscriptEntry } from '../model/reports/transcript-entry.ts';
import { openHere } from '../repository/current-repository.ts';
import { type Found, findVariant } from '../repository/find-variant.ts';
import { findCheckLog, findSetupLogs, readLogs, readTranscript } from '../run/watch/read-transcript.ts';
import { oneLine, plainText } from '../text/plain-text.ts';
import { transcriptText } from '../view/run/transcript-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { wholeNumber } from './option-values.ts';
import { writeOut } from './write-out.ts';

const schema = z.strictObject({
  variant: z.string(),
  follow: z.boolean(),
  attempt: z.optional(wholeNumber({ min: 1 })),
  check: z.optional(z.string()),
  setup: z.boolean(),
  answer: z.boolean(),
  full: z.boolean(),
  raw: z.boolean(),
  json: z.boolean(),
});
type Options = z.infer<typeof schema>;

export const command = defineCommand({
  description: 'Shows what an agent said and did: text, tool calls with arguments, shortened results, denied calls.',
  examples: [
    { line: 'copse logs dark', does: 'the transcript' },
    { line: 'copse logs dark -f', does: 'and follow it' },
    { line: 'copse logs dark --check test', does: 'output of a check' },
    { line: 'copse logs dark --setup', does: 'output of the set-up' },
    { line: 'copse logs audit --answer', does: "only the agent's final message" },
  ],
  arguments: { variant: 'dark, or ui-2/dark' },
  options: {
    follow: { kind: 'flag', alias: 'f', summary: 'follow until the variant has finished' },
    attempt: { kind: 'text', summary: 'this attempt only, counted from 1' },
    check: { kind: 'text', summary: 'output of this check instead of the transcript' },
    setup: { kind: 'flag', summary: 'output of set-up instead of the transcript' },
    answer: { kind: 'flag', summary: "only the agent's final message" },
    full: { kind: 'flag', summary: 'do not shorten tool results' },
    raw: { kind: 'flag', summary: "the agent's raw output" },
    json: { ...JSON_OPTION, summary: 'print entries as JSON lines' },
  },
  schema,
  async run(options, context) {
    const here = await openHere(context.cwd);
    const found = await findVariant(here.store, options.variant);
    const { paths } = found.run;
    if (options.check !== undefined) await showLogs([await findCheckLog(paths, found.variant, options.check)], context);
    else if (options.setup) await showLogs(await findSetupLogs(paths, found.variant), context);
    else if (options.answer) await showLines(answerOf(found), context);
    else await showTranscript(found, options, context);
    return EXIT.ok;
  },
});

const NEWLINE = 0x0a;

async function showLogs(files: readonly string[], context: Context): Promise<void> {
  for await (const lines of readLogs(files)) await showLines(lines, context);
}

async function showLines(text: string | Buffer, context: Context): Promise<void> {
  // Output of a check or an agent may hold escape sequences: a terminal must not obey them.
  const shown = context.stdout.isTTY === true ? plainText(text.toString()) : text;
  await writeOut(context.stdout, shown);
  const last = shown.at(-1);
  if (last !== undefined && last !== '\n' && last !== NEWLINE) await writeOut(context.stdout, '\n');
}

function answerOf({ variant }: Found): string {
  const answer = variant.attempts.findLast((attempt) => (attempt.verdict?.summary ?? '') !== '')?.verdict?.summary;
  if (answer !== undefined) return answer;
  throw new CopseError({
    code: 'no-answer',
    exit: EXIT.precondition,
    what: `Variant ${variant.name} has no answer.`,
    why: variant.phase.kind === 'finished' ? 'Its agent ended without a final message.' : 'It is not finished.',
    hint: `See what it did: copse logs ${variant.name}`,
  });
}

async function showTranscript(found: Found, options: Options, context: Context): Promise<void> {
  const { run, variant } = found;
  const stop = new AbortController();
  // Without -f an end is near, and a signal does what it does to any program.
  const release = options.follow ? context.onSignal(() => stop.abort()) : () => {};
  const textOf = options.json ? (entry: TranscriptEntry) => JSON.stringify(entry) : entryTexts(options, context);
  let begun = false;
  for await (const part of readTranscript({
    paths: run.paths,
    variant,
    ...(options.attempt === undefined ? {} : { attempt: options.attempt }),
    follow: options.follow,
    raw: options.raw,
    signal: stop.signal,
    clock: context.clock,
  })) {
    begun = true;
    switch (part.kind) {
      case 'attempt': {
        const told = part.told === null ? '' : `: ${oneLine(part.told)}`;
        const isShown = part.attempt > 1 && !options.raw && !options.json;
        if (isShown) await writeOut(context.stdout, `\n--- attempt ${part.attempt}${told} ---\n`);
        break;
      }
      case 'entries': {
        const texts = part.entries.map(textOf).filter((text) => text !== '');
        await writeOut(context.stdout, texts.map((text) => `${text}\n`).join(''));
        break;
      }
      case 'raw':
        await writeOut(context.stdout, part.bytes);
        break;
      default:
        unreachable(part);
    }
  }
  release();
  const missing = options.attempt === undefined ? 'an attempt' : `attempt ${options.attempt}`;
  if (!begun) context.stderr.write(`${variant.name} has not started ${missing} yet.\n`);
}

/** Texts of entries in their order: the result repeats the agent's last words, which are left out then. */
function entryTexts(options: Options, context: Context): (entry: TranscriptEntry) => string {
  const screen = { ...context.screen('stdout'), full: options.full, wrap: context.stdout.isTTY === true };
  let said = '';
  return (entry) => {
    const repeats = entry.kind === 'result' && entry.text.trim() === said;
    if (entry.kind === 'text' && !entry.subagent) said = entry.text.trim();
    return transcriptText(repeats ? { ...entry, text: '' } : entry, screen);
  };
}

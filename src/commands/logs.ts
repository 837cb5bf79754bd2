import * as z from 'zod/mini';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { type Found, findVariant } from '../repository/address.ts';
import { openHere } from '../repository/here.ts';
import { readCheckLog, readSetupLogs, readTranscript } from '../run/watch/transcript.ts';
import { oneLine, plainText } from '../text/plain-text.ts';
import { transcriptText } from '../view/run/transcript-text.ts';
import { type Context, defineCommand, JSON_OPTION } from './command.ts';
import { wholeNumber } from './option-values.ts';

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
  description: 'Shows what an agent said and did: its text, its tools with their arguments, results folded, denied calls marked.',
  examples: [
    { line: 'copse logs dark', does: 'the transcript' },
    { line: 'copse logs dark -f', does: 'and what comes' },
    { line: 'copse logs dark --check test', does: 'output of a check' },
    { line: 'copse logs dark --setup', does: 'output of the set-up' },
    { line: 'copse logs audit --answer', does: "only the agent's last words" },
  ],
  arguments: { variant: 'dark, or ui-2/dark' },
  options: {
    follow: { kind: 'flag', alias: 'f', summary: 'go on until it is finished' },
    attempt: { kind: 'text', summary: 'this attempt only, counted from 1' },
    check: { kind: 'text', summary: 'output of this check in place of the transcript' },
    setup: { kind: 'flag', summary: 'output of the set-up in place of the transcript' },
    answer: { kind: 'flag', summary: "only the agent's last words" },
    full: { kind: 'flag', summary: 'do not fold the results of tools' },
    raw: { kind: 'flag', summary: "the agent's own stream, as it wrote it" },
    json: { ...JSON_OPTION, summary: 'print entries as JSON lines' },
  },
  schema,
  async run(options, context) {
    const here = await openHere(context.cwd);
    const found = await findVariant(here.store, options.variant);
    if (options.check !== undefined) return print(await readCheckLog(found.run.paths, found.variant, options.check), context);
    if (options.setup) return print(await readSetupLogs(found.run.paths, found.variant), context);
    if (options.answer) return print(answerOf(found), context);
    await showTranscript(found, options, context);
    return EXIT.ok;
  },
});

function print(text: string, context: Context): typeof EXIT.ok {
  // Output of a check or an agent may hold escape sequences: a terminal must not obey them.
  const shown = context.stdout.isTTY === true ? plainText(text) : text;
  context.stdout.write(shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`);
  return EXIT.ok;
}

function answerOf({ variant }: Found): string {
  const answer = variant.attempts.findLast((attempt) => (attempt.verdict?.summary ?? '') !== '')?.verdict?.summary;
  if (answer !== undefined) return answer;
  throw new CopseError({
    code: 'no-answer',
    exit: EXIT.precondition,
    what: `Variant ${variant.name} has given no answer.`,
    why: variant.phase.kind === 'finished' ? 'Its agent ended without a last word.' : 'It is not finished.',
    hint: `See what it did: copse logs ${variant.name}`,
  });
}

async function showTranscript(found: Found, options: Options, context: Context): Promise<void> {
  const { run, variant } = found;
  const stop = new AbortController();
  const release = context.onSignal(() => stop.abort());
  const screen = { ...context.screen('stdout'), full: options.full, wrap: context.stdout.isTTY === true };
  let said = '';
  let begun = false;
  await readTranscript({
    paths: run.paths,
    variant,
    ...(options.attempt === undefined ? {} : { attempt: options.attempt }),
    follow: options.follow,
    signal: stop.signal,
    clock: context.clock,
    onAttempt: (number, told) => {
      begun = true;
      if (number === 1 || options.raw || options.json) return;
      context.stdout.write(`\n--- attempt ${number}${told === null ? '' : `: ${oneLine(told)}`} ---\n`);
    },
    onEntry: (entry) => {
      // The result repeats the agent's last words.
      const repeats = entry.kind === 'result' && entry.text.trim() === said;
      if (entry.kind === 'text' && !entry.subagent) said = entry.text.trim();
      const text = options.json ? JSON.stringify(entry) : transcriptText(repeats ? { ...entry, text: '' } : entry, screen);
      if (text !== '') context.stdout.write(`${text}\n`);
    },
    ...(options.raw ? { onRaw: (line: Buffer) => context.stdout.write(Buffer.concat([line, Buffer.from('\n')])) } : {}),
  });
  release();
  const missing = options.attempt === undefined ? 'an attempt' : `attempt ${options.attempt}`;
  if (!begun) context.stderr.write(`${variant.name} has not started ${missing} yet.\n`);
}

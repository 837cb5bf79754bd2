import { plainText } from '../../text/plain-text.ts';

export type Trailer = readonly [key: string, value: string];

const SUBJECT_WIDTH = 72;

/**
 * A whole commit message: subject, body, trailers. Control characters are dropped (git refuses a NUL, a terminal obeys the others).
 * Not through `git interpret-trailers`: its configuration may name programs.
 */
export function commitMessage(message: string, trailers: readonly Trailer[]): string {
  const clean = plainText(message).trim();
  const [first = '', ...rest] = clean.split('\n');
  const { subject, overflow } = cutSubject(first.trim() === '' ? 'Work of an agent' : first.trim());
  const body = [overflow, rest.join('\n').trim()].filter((part) => part !== '').join('\n');
  const signed = trailers.map(([key, value]) => `${key}: ${plainText(value).replaceAll('\n', ' ').trim()}`).join('\n');
  return `${[subject, body, signed].filter((part) => part !== '').join('\n\n')}\n`;
}

/**
 * The message for a variant's work from its agent's summary, or from the words of its task if there is none. `template` is the
 * variants file's, with `{summary}` and others.
 */
export function workMessage(o: {
  readonly run: string;
  readonly variant: string;
  /** Empty: the agent did not get to one. */
  readonly summary: string;
  /** The agent's task. */
  readonly task: string;
  readonly template: string | null;
}): string {
  const summary = o.summary.trim();
  const first = firstLine(summary);
  const subject = shortened(first) || shortened(firstLine(o.task)) || `${o.variant}: work of run ${o.run}`;
  if (o.template !== null) {
    const values: Record<string, string> = { run: o.run, variant: o.variant, summary, subject };
    return o.template.replace(/\{(run|variant|summary|subject)\}/g, (_, key: string) => values[key] ?? '');
  }
  if (first === '') return subject;
  // A first line that was cut is complete in the body.
  const body = subject === first ? summary.slice(summary.indexOf(first) + first.length).trim() : summary;
  return body === '' ? subject : `${subject}\n\n${body}`;
}

function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (lines.find((line) => line !== '') ?? '').replace(/^#+\s*/, '');
}

function shortened(line: string): string {
  return line.length <= SUBJECT_WIDTH ? line : `${line.slice(0, SUBJECT_WIDTH - 1).trimEnd()}…`;
}

function cutSubject(line: string): { subject: string; overflow: string } {
  if ([...line].length <= SUBJECT_WIDTH) return { subject: line, overflow: '' };
  const head = [...line].slice(0, SUBJECT_WIDTH - 1).join('');
  const space = head.lastIndexOf(' ');
  const subject = space > SUBJECT_WIDTH / 2 ? head.slice(0, space) : head;
  return { subject: `${subject}…`, overflow: `…${line.slice(subject.length).trim()}` };
}

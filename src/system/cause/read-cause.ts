import { plainText } from '../../text/plain-text.ts';
import { redactSecrets } from '../../text/redact-secrets.ts';
import { readEnds } from '../files.ts';
import { signalName } from '../processes/signal-name.ts';
import { causeOf } from './cause-of.ts';

/** Of each end of a log: the cause may be far before the last line, and what follows it may be long. */
const END_BYTES = 256 * 1024;

/**
 * Why a command failed, in one line, from the log that it wrote and its exit code (null: a signal ended it). Empty if it printed
 * nothing and its exit code says no more than that it failed.
 */
export async function readCause(log: string, exitCode: number | null, secretValues: readonly string[] = []): Promise<string> {
  const output = redactSecrets(plainText(await readEnds(log, END_BYTES)), secretValues);
  return causeOf(output, endedBy(exitCode));
}

/** Shells end with 128 + n if signal n ended their command. */
function endedBy(exitCode: number | null): string {
  if (exitCode === null) return 'ended by a signal';
  return exitCode > 128 && exitCode <= 128 + 31 ? `ended by ${signalName(exitCode - 128)}` : '';
}

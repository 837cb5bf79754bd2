import type { Context } from '../commands/command.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';
import { callingAgent } from '../system/processes/agent-caller.ts';
import { type GlobalFlags, takeGlobalFlags } from './command-line.ts';
import { flush, watchOutput } from './output.ts';
import { processContext } from './process-context.ts';
import { runCommandLine } from './run-command-line.ts';
import { screenOf } from './screen-of.ts';
import { Signals } from './signals.ts';

/**
 * One command line in this process, from its words to the exit code: the only place that ends the process, and the only one
 * that reports errors. Does not return.
 */
export async function runProcess(args: readonly string[]): Promise<void> {
  const { flags, rest } = takeGlobalFlags(args);
  let leaving = false;
  let failing = false;
  let unwritten: CopseError | null = null;

  const leave = async (code: ExitCode): Promise<void> => {
    if (leaving) return;
    leaving = true;
    await Promise.all([flush(process.stdout), flush(process.stderr)]);
    // The last words are the ones that most often do not fit on a full disk: without them the command has failed.
    if (unwritten !== null && code === EXIT.ok) process.exit(await tell(unwritten, flags, rest));
    process.exit(code);
  };
  const fail = async (error: unknown): Promise<void> => {
    // Something failed while leaving, say a terminal's restoring. A second exit skips the hooks, so this one ends it.
    if (leaving) return process.exit(EXIT.bug);
    // Only the first error is reported; failures that follow from it are not.
    if (failing) return;
    failing = true;
    await leave(await tell(error, flags, rest));
  };

  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  watchOutput(process.stdout, (end) => {
    if (end.kind === 'reader-gone') return void leave(EXIT.readerGone);
    unwritten = new CopseError({
      code: 'output',
      what: 'The answer cannot be written to stdout.',
      why: `${end.reason}.`,
      hint: 'Redirect it elsewhere, or free some space, then repeat the command.',
    });
    if (!leaving) void fail(unwritten);
  });
  // Nothing is left to say it with.
  watchOutput(process.stderr, () => undefined);

  try {
    const signals = new Signals(process, (code) => void leave(code));
    await leave(await runCommandLine(rest, contextOf(signals, flags.colour)));
  } catch (error) {
    await fail(error);
  }
}

/** Reports an error and says how to exit. Does not throw: it would be called again for what it threw, for ever. */
async function tell(error: unknown, flags: GlobalFlags, rest: readonly string[]): Promise<ExitCode> {
  try {
    const { errorReport } = await import('./error-report.ts');
    const report = errorReport(error, {
      json: flags.json,
      screen: { ...screenOf(process.stderr, process.env, flags.colour), agent: callingAgent() !== null },
      verb: rest.find((word) => !word.startsWith('-')) ?? '',
      cwd: workingDirectory() ?? '',
    });
    process.stderr.write(report.stderr);
    if (report.stdout !== '') process.stdout.write(report.stdout);
    return report.exit;
  } catch (second) {
    // The package was replaced or removed while we ran, so that not even the report loads.
    const { inspect } = await import('node:util');
    process.stderr.write(`${inspect(error)}\nand it could not be reported: ${inspect(second)}\n`);
    return EXIT.bug;
  }
}

function contextOf(signals: Signals, colour: boolean): Context {
  const cwd = workingDirectory();
  if (cwd !== null) return processContext({ signals, colour, cwd });
  throw new CopseError({
    code: 'no-working-directory',
    exit: EXIT.precondition,
    what: 'The current directory no longer exists.',
    hint: 'Change to another directory: cd',
  });
}

/** null: it was deleted under us, and getcwd says ENOENT. */
function workingDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

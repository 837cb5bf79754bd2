import { Writable } from 'node:stream';
import { runCommandLine } from '../../../src/cli/run-command-line.ts';
import type { Context } from '../../../src/commands/command.ts';
import { typedVerbs } from '../../../src/commands/registry.ts';
import { CopseError } from '../../../src/model/errors.ts';
import { systemClock } from '../../../src/system/system-clock.ts';

export interface Answer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Code of what was refused; null: nothing was. */
  readonly refused: string | null;
}

/** `copse <args>` in this process, as a script types it: no terminal. Rejects with what is a bug. */
export async function typeLine(cwd: string, args: readonly string[]): Promise<Answer> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const context: Context = {
    cwd,
    environment: Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ''])),
    get stdin(): never {
      throw new Error('nothing is read from a person here');
    },
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    screen: () => ({ columns: 100, rows: 40, colour: false, unicode: true }),
    ci: false,
    agent: null,
    interactive: false,
    ask: () => Promise.resolve(''),
    clock: systemClock,
    openBrowser: () => Promise.resolve(false),
    onSignal: () => () => undefined,
    onExit: () => () => undefined,
    pid: process.pid,
    self: [process.execPath, 'copse'],
    version: '0.0.0',
    packageRoot: '/nowhere',
    verbs: new Set(typedVerbs().map(({ name }) => name)),
  };
  try {
    const exit = await runCommandLine(args, context);
    return { exit, stdout: stdout.text, stderr: stderr.text, refused: null };
  } catch (error) {
    if (!(error instanceof CopseError)) throw error;
    const said = `${stderr.text}${error.message}\n${error.hint ?? ''}`;
    return { exit: error.exit, stdout: stdout.text, stderr: said, refused: error.code };
  }
}

class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

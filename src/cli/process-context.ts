import type { Context } from '../commands/command.ts';
import { typedVerbs } from '../commands/registry.ts';
import { callingAgent, personEnvironment } from '../system/processes/agent-caller.ts';
import { systemClock } from '../system/system-clock.ts';
import { isCi } from '../text/is-ci.ts';
import { mainFile, packageRoot } from './package-root.ts';
import { screenOf } from './screen-of.ts';
import type { Signals } from './signals.ts';
import { VERSION } from './version.ts';

/** The context of a command that runs in this process. The working directory may be gone: throws CopseError then. */
export function processContext(o: { readonly signals: Signals; readonly colour: boolean; readonly cwd: string }): Context {
  const caller = callingAgent();
  const environment = Object.freeze(personEnvironment());
  return {
    cwd: o.cwd,
    environment,
    // Touching process.stdin opens it; a command that never asks leaves it alone.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    screen: (stream) => ({ ...screenOf(process[stream], environment, o.colour), agent: caller !== null }),
    ci: isCi(environment),
    agent: caller?.name ?? null,
    get interactive() {
      return process.stdin.isTTY === true && process.stderr.isTTY === true && !isCi(environment);
    },
    ask,
    clock: systemClock,
    openBrowser: async (url) => (await import('../system/open-browser.ts')).openBrowser(url, environment),
    onSignal: (handler) => o.signals.take(handler),
    onExit: (act) => {
      process.on('exit', act);
      return () => process.off('exit', act);
    },
    pid: process.pid,
    get self(): readonly [string, ...string[]] {
      return [process.execPath, mainFile()];
    },
    version: VERSION,
    get packageRoot() {
      return packageRoot();
    },
    get verbs() {
      return new Set(typedVerbs().map((verb) => verb.name));
    },
  };
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  // An ended stdin never answers; waiting for it would hang.
  const ended = new Promise<null>((resolve) => reader.once('close', () => resolve(null)));
  try {
    const answer = await Promise.race([reader.question(question), ended]);
    // Ctrl-C and Ctrl-D leave the cursor behind the question.
    if (answer === null) process.stderr.write('\n');
    return answer ?? '';
  } finally {
    reader.close();
  }
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext, vi } from 'vitest';
import { needProgram } from './need-program.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A terminal with a person in front of it: tmux with a separate server, gone with the test. Skips if there is no tmux. */
export class Terminal {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Runs `command` in a terminal of this size; what follows it (` ; …`) sees its exit status. */
  static open(
    context: TestContext,
    command: readonly string[],
    o: {
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      readonly columns?: number;
      readonly rows?: number;
    },
  ): Terminal {
    needProgram(context, 'tmux');
    const folder = mkdtempSync(join(tmpdir(), 'tm-'));
    const terminal = new Terminal(join(folder, 's'));
    const exports = Object.entries(o.env)
      .filter(([name]) => name !== 'TERM')
      .map(([name, value]) => `export ${name}=${quoted(value)}`);
    const script = join(folder, 'run.sh');
    // The status stays on the screen, and the terminal open, until the test has seen it.
    // Ctrl-C without raw mode is for all that runs there, this script too.
    writeFileSync(
      script,
      ['trap : INT', ...exports, command.map(quoted).join(' '), 'echo "exit=$?"', 'exec sleep 600', ''].join('\n'),
    );
    const { columns = 100, rows = 24 } = o;
    execFileSync(
      'tmux',
      [
        '-f',
        '/dev/null',
        '-S',
        terminal.#socket,
        'new-session',
        '-d',
        '-s',
        'person',
        '-x',
        `${columns}`,
        '-y',
        `${rows}`,
        `sh ${quoted(script)}`,
      ],
      { cwd: o.cwd, env: { ...o.env }, stdio: 'ignore' },
    );
    onTestFinished(() => terminal.close());
    return terminal;
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }

  /** The screen, line by line. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'person');
  }

  /** The screen and what scrolled out of it. */
  all(): string {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-', '-t', 'person');
  }

  /** In tmux's names: `C-c`, `Enter`, `d`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', '-t', 'person', ...keys);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 'person', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** Waits until the screen, with what scrolled out, matches; rejects with the screen. */
  async shows(pattern: RegExp, timeout = 20_000): Promise<string> {
    return vi.waitFor(
      () => {
        const screen = this.all();
        if (!pattern.test(screen)) throw new Error(`no ${pattern} on the screen:\n${screen}`);
        return screen;
      },
      { timeout, interval: 40 },
    );
  }

  /** Closes the window as a person does: its programs get SIGHUP. */
  close(): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // It is closed already.
    }
  }
}

import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext, vi } from 'vitest';
import { needProgram } from './need-program.ts';

/** A real terminal for programs that draw once and end, with its colours: a separate tmux server, gone with the test. */
export class ColourTerminal {
  readonly #socket: string;
  readonly #status: string;

  private constructor(folder: string) {
    this.#socket = join(folder, 's');
    this.#status = join(folder, 'status');
  }

  /** Opens a terminal of this size running `command` with exactly this environment. Skips the test if there is no tmux. */
  static async open(
    context: TestContext,
    command: readonly string[],
    o: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly columns: number; readonly rows: number },
  ): Promise<ColourTerminal> {
    needProgram(context, 'tmux');
    const tmux = new ColourTerminal(mkdtempSync(join(tmpdir(), 't-')));
    onTestFinished(async () => {
      await tmux.#do('kill-server').catch(() => undefined);
    });
    const variables = Object.entries(o.env).map(([name, value]) => `${name}=${value}`);
    // The window stays when the command has ended, so that its last screen can be read. A trap, unlike ignoring, is not inherited.
    const script = 'trap : INT QUIT; "$@"; echo $? >"$0.new"; mv "$0.new" "$0"; exec cat';
    const line = ['env', '-i', ...variables, 'TERM=tmux-256color', 'sh', '-c', script, tmux.#status, ...command];
    const size = ['-x', String(o.columns), '-y', String(o.rows)];
    await tmux.#do('-f', '/dev/null', 'new-session', '-d', ...size, '-c', o.cwd, 'cat');
    await tmux.#do('set-option', '-g', 'status', 'off');
    await tmux.#do('resize-window', ...size);
    await tmux.#do('respawn-pane', '-k', '-c', o.cwd, ...line);
    return tmux;
  }

  /** Lines on the screen now, without trailing spaces; with `colours` the escape sequences that draw them. */
  async screen(o: { readonly colours?: boolean } = {}): Promise<string[]> {
    const text = await this.#do('capture-pane', '-p', ...(o.colours === true ? ['-e'] : []));
    return text.replace(/\n+$/, '').split('\n');
  }

  /** Waits until the screen shows `text`. */
  async shows(text: string | RegExp, timeout = 20_000): Promise<string[]> {
    return vi.waitFor(
      async () => {
        const lines = await this.screen();
        const whole = lines.join('\n');
        if (typeof text === 'string' ? !whole.includes(text) : !text.test(whole)) throw new Error(`the screen is:\n${whole}`);
        return lines;
      },
      { timeout, interval: 40 },
    );
  }

  /** Waits for the command's end; its exit status. */
  async exit(timeout = 20_000): Promise<number> {
    return vi.waitFor(
      async () => {
        const status = await readFile(this.#status, 'utf8').catch(() => null);
        if (status === null) throw new Error(`still running:\n${(await this.screen()).join('\n')}`);
        return Number(status);
      },
      { timeout, interval: 40 },
    );
  }

  #do(...args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile('tmux', ['-S', this.#socket, ...args], { encoding: 'utf8' }, (error, stdout) =>
        error === null ? resolve(stdout) : reject(error),
      );
    });
  }
}

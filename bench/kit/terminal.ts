import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { run } from './processes.ts';

/** Every frame of the view begins with it: synchronised output. */
const FRAME_BEGIN = '\u001b[?2026h';

/** A program in a terminal of its own (tmux), with what it draws kept. */
export class Terminal {
  readonly #tmux: (...args: string[]) => Promise<string>;
  readonly #drawn: string;

  private constructor(tmux: (...args: string[]) => Promise<string>, drawn: string) {
    this.#tmux = tmux;
    this.#drawn = drawn;
  }

  /** 120 columns by 40 rows. */
  static async open(
    lab: Lab,
    name: string,
    command: readonly string[],
    o: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ): Promise<Terminal> {
    const socket = join(lab.folder, `${name}.tmux`);
    const drawn = join(lab.folder, `${name}.drawn`);
    const tmux = (...args: string[]): Promise<string> => run('tmux', ['-S', socket, '-f', '/dev/null', ...args], o);
    const line = ['exec', ...command.map((word) => `'${word}'`)].join(' ');
    await tmux('new-session', '-d', '-s', 'bench', '-x', '120', '-y', '40', line);
    await tmux('pipe-pane', '-t', 'bench', `cat > '${drawn}'`);
    return new Terminal(tmux, drawn);
  }

  /** The program's own process. */
  async pid(): Promise<number> {
    return Number(await this.#tmux('list-panes', '-t', 'bench', '-F', '#{pane_pid}'));
  }

  /** Frames drawn since it was opened. */
  async frames(): Promise<number> {
    return (await readFile(this.#drawn, 'utf8')).split(FRAME_BEGIN).length - 1;
  }

  /** Ends the program too. */
  async close(): Promise<void> {
    // A server whose last program ended is gone already.
    await this.#tmux('kill-server').catch(() => undefined);
  }
}

export async function hasTmux(lab: Lab): Promise<boolean> {
  const found = await run('sh', ['-c', 'command -v tmux || true'], { cwd: lab.folder, env: lab.env });
  return found.trim() !== '';
}

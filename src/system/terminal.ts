/** A key by its name if it has one, else the character typed. */
export type Key = 'ctrl-b' | 'ctrl-c' | (string & {});

export interface KeyHandlers {
  readonly onKey: (key: Key) => void;
  /** Ctrl-Z, before we stop: put the screen in order. */
  readonly onSuspend?: () => void;
  /** The process runs again after a stop: draw again. */
  readonly onContinue?: () => void;
}

export interface Keys {
  /** Gives the terminal back; further calls do nothing. */
  close(): void;
  /** The action of Ctrl-Z: releases the terminal and stops until SIGCONT. */
  suspend(): void;
}

const SHOW_CURSOR = '\u001b[?25h';

/**
 * Reads keys one by one. In raw mode the terminal sends no signal for Ctrl-C and Ctrl-Z: the first is a key like others, the
 * second suspends us here. Without a terminal on stdin nothing is read and nothing happens.
 */
export function openKeys(handlers: KeyHandlers, stdin: NodeJS.ReadStream = process.stdin): Keys {
  if (stdin.isTTY !== true) return { close: () => {}, suspend: () => {} };
  let open = true;

  const onData = (chunk: Buffer): void => {
    for (const key of keysOf(chunk)) {
      if (!open) return;
      if (key === 'ctrl-z') suspend();
      else handlers.onKey(key);
    }
  };
  const leaveRawMode = (): void => {
    stdin.setRawMode(false);
    // Whatever hid the cursor may have no chance to show it again.
    if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
  };
  const onContinue = (): void => {
    stdin.setRawMode(true);
    handlers.onContinue?.();
  };
  const suspend = (): void => {
    if (!open) return;
    handlers.onSuspend?.();
    leaveRawMode();
    // The whole group, as the terminal would have done: the parent (npm, a script) stops too.
    process.kill(0, 'SIGTSTP');
  };
  const close = (): void => {
    if (!open) return;
    open = false;
    stdin.off('data', onData);
    process.off('SIGCONT', onContinue);
    process.off('exit', leaveRawMode);
    leaveRawMode();
    // Otherwise the open terminal keeps the process alive.
    stdin.pause();
    stdin.unref();
  };

  stdin.setRawMode(true);
  stdin.ref();
  stdin.on('data', onData);
  stdin.resume();
  process.on('SIGCONT', onContinue);
  process.on('exit', leaveRawMode);
  return { close, suspend };
}

const NAMED: Readonly<Record<number, string>> = { 2: 'ctrl-b', 3: 'ctrl-c', 26: 'ctrl-z' };
const ESCAPE = 0x1b;

/** Keys in what was typed. Escape sequences (arrows, pasted marks) mean nothing here and must not be taken for letters. */
export function keysOf(chunk: Buffer): Key[] {
  if (chunk[0] === ESCAPE) return [];
  return Array.from(chunk.toString('utf8'), (character) => NAMED[character.charCodeAt(0)] ?? character);
}

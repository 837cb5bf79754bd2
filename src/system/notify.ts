import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { shortLine } from '../text/plain-text.ts';

export interface Notification {
  readonly title: string;
  readonly body: string;
  /** Also through the desktop, if it has a program for that. */
  readonly desktop: boolean;
  /** A terminal to ring and to send OSC 9 to (which iTerm2, WezTerm, kitty, Windows Terminal show); null or not one: none. */
  readonly stream: NodeJS.WriteStream | null;
}

/** Notifies a user who may be looking elsewhere. Never fails: a notification that cannot be shown is no reason to stop. */
export async function notify(o: Notification): Promise<void> {
  const title = shortLine(o.title, 80);
  const body = shortLine(o.body, 200);
  if (o.stream?.isTTY === true) {
    // A semicolon right after the number would make ConEmu read a progress command.
    o.stream.write(`\u0007\u001b]9;${title}: ${body}\u0007`);
  }
  if (!o.desktop) return;
  const command = desktopCommand(title, body);
  if (command !== null) await startAndForget(command);
}

/** The command that shows a desktop notification, or null if there is no desktop or no such program. */
export function desktopCommand(title: string, body: string): readonly [string, ...string[]] | null {
  if (process.platform === 'darwin') {
    // As arguments, not as script text: nothing in them can become AppleScript.
    const script = 'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run';
    const program = findProgram('osascript');
    return program === null ? null : [program, '-e', script, title, body];
  }
  const session = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  const program = session === undefined ? null : findProgram('notify-send');
  return program === null ? null : [program, '--app-name=copse', '--', title, body];
}

function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    try {
      const path = join(folder, name);
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

function startAndForget([file, ...args]: readonly [string, ...string[]]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { detached: true, stdio: 'ignore' });
    child.on('error', () => resolve());
    child.on('spawn', () => resolve());
    child.unref();
  });
}

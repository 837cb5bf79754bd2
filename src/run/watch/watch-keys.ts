import { openKeys } from '../../system/terminal.ts';

export interface KeyWatch {
  close(): void;
}

/**
 * Keys of the live view: `d` and Ctrl-B leave, Ctrl-C interrupts, Ctrl-Z suspends. In raw mode the terminal sends no signals for
 * them, so all four are ours.
 */
export function watchKeys(o: {
  readonly onInterrupt: () => void;
  readonly onLeave: () => void;
  readonly onSuspend: () => void;
  readonly onContinue: () => void;
}): KeyWatch {
  return openKeys({
    onKey: (key) => {
      if (key === 'ctrl-c') o.onInterrupt();
      else if (key === 'd' || key === 'ctrl-b') o.onLeave();
    },
    onSuspend: o.onSuspend,
    onContinue: o.onContinue,
  });
}

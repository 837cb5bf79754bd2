import type { StopSignal } from '../commands/command.ts';
import { EXIT, type ExitCode } from '../model/exit-code.ts';

/**
 * The handler of SIGINT, SIGTERM and SIGHUP. Without one SIGINT and SIGTERM end us with 130 and 143, SIGHUP does
 * what it does to any program.
 */
export class Signals {
  readonly #handlers: ((signal: StopSignal) => void)[] = [];
  readonly #target: NodeJS.EventEmitter;
  readonly #end: (code: ExitCode) => void;
  readonly #hangUp = (): void => this.#heard('SIGHUP');

  /** `target` is `process`. `end` leaves the process. */
  constructor(target: NodeJS.EventEmitter, end: (code: ExitCode) => void) {
    this.#target = target;
    this.#end = end;
    target.on('SIGINT', () => this.#heard('SIGINT'));
    target.on('SIGTERM', () => this.#heard('SIGTERM'));
  }

  /** Gives the signals to `handler` until the returned function is called; the latest handler counts. */
  take(handler: (signal: StopSignal) => void): () => void {
    // A listener disables the kernel's default action, so it is installed only while there is a handler.
    if (this.#handlers.length === 0) this.#target.on('SIGHUP', this.#hangUp);
    this.#handlers.push(handler);
    return () => {
      const at = this.#handlers.lastIndexOf(handler);
      if (at < 0) return;
      this.#handlers.splice(at, 1);
      if (this.#handlers.length === 0) this.#target.off('SIGHUP', this.#hangUp);
    };
  }

  #heard(signal: StopSignal): void {
    const handler = this.#handlers.at(-1);
    if (handler !== undefined) handler(signal);
    else if (signal !== 'SIGHUP') this.#end(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
  }
}

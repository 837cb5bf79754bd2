import {
  entriesOf,
  NOTICE_PLACES,
  type Notice,
  type NoticePlace,
  type NotifyEntry,
  type NotifyPlace,
  type NotifySetting,
} from '../model/notice.ts';
import type { RunEvent } from '../model/run-state/events.ts';
import { isGood } from '../model/run-state/run-facts.ts';
import type { RunState } from '../model/run-state/state.ts';
import type { Environment } from '../system/environment.ts';
import { notify } from '../system/notify.ts';
import { postText } from '../system/post-text.ts';
import { runCommand } from '../system/processes/run-command.ts';
import { oneLine } from '../text/plain-text.ts';

/** A message that cannot be sent must not keep a supervisor. */
const PATIENCE_MS = 10_000;

/** What an event of a run is worth telling a person who is elsewhere; null: nothing. `state`: after it. */
export function noticeOf(event: RunEvent, state: RunState): Notice | null {
  const run = state.id;
  switch (event.type) {
    case 'run.finished': {
      const good = state.variants.filter(isGood).length;
      return { kind: 'done', run, text: `${good} of ${state.variants.length} succeeded` };
    }
    case 'run.paused':
      if (event.until !== null) return { kind: 'limited', run, text: `A rate limit holds it until ${event.until}` };
      return { kind: 'asks', run, text: `It needs you: copse resume ${run}` };
    case 'variant.finished':
      return event.outcome === 'over-budget'
        ? { kind: 'over-budget', run, text: `The budget of ${event.variant} is used up` }
        : null;
    default:
      return null;
  }
}

/** Sends notices to where the person's settings say, beside the run's own work. */
export class Notices {
  readonly #entries: readonly NotifyEntry[];
  readonly #environment: Environment;
  readonly #cwd: string;
  readonly #onFailure: (sentence: string) => void;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    setting: NotifySetting,
    o: { readonly environment: Environment; readonly cwd: string; readonly onFailure: (sentence: string) => void },
  ) {
    this.#entries = entriesOf(setting);
    this.#environment = o.environment;
    this.#cwd = o.cwd;
    this.#onFailure = o.onFailure;
  }

  /** Returns at once. */
  send(notice: Notice): void {
    this.#sending = this.#sending.then(async () => {
      await Promise.all(this.#entries.map((entry) => this.#sendTo(entry, notice)));
    });
  }

  /** After the last one has been sent, or given up. */
  settled(): Promise<void> {
    return this.#sending;
  }

  async #sendTo(entry: NotifyEntry, notice: Notice): Promise<void> {
    // The terminal of whoever watches rings by itself.
    if (entry === 'bell') return;
    if (entry === 'desktop') {
      await notify({ title: `copse: ${notice.run}`, body: notice.text, desktop: true, stream: null });
      return;
    }
    if (entry.on !== undefined && !entry.on.includes(notice.kind)) return;
    const place = NOTICE_PLACES.find((name) => entry[name] !== undefined);
    if (place === undefined) return;
    const failure = await this.#reach(place, entry, notice);
    // Where it was sent may hold a secret: only the kind of place is named.
    if (failure !== null) this.#onFailure(`A message to ${place} was not sent: ${oneLine(failure)}`);
  }

  async #reach(place: NoticePlace, entry: NotifyPlace, notice: Notice): Promise<string | null> {
    const { kind, run, text } = notice;
    const line = `copse ${run}: ${text}`;
    if (place === 'command') {
      const env = { ...this.#environment, COPSE_NOTICE: kind, COPSE_RUN: run, COPSE_TEXT: line };
      const ended = await runCommand('/bin/sh', ['-c', entry.command ?? ''], { cwd: this.#cwd, env, timeoutMs: PATIENCE_MS });
      return ended.exitCode === 0 ? null : (ended.startError ?? `exit ${ended.exitCode}`);
    }
    const { url, missing } = expanded(entry[place] ?? '', this.#environment);
    if (missing !== null) return `${missing} is not set.`;
    const token = this.#environment['NTFY_TOKEN'];
    const headers =
      place === 'ntfy'
        ? { title: `copse ${run}`, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
        : { 'content-type': 'application/json' };
    const body = {
      webhook: JSON.stringify({ schema: 1, kind, run, text: line }),
      slack: JSON.stringify({ text: line }),
      ntfy: text,
    };
    return postText(url, { headers, body: body[place], timeoutMs: PATIENCE_MS });
  }
}

/** With `$NAME` and `${NAME}` replaced. */
function expanded(text: string, environment: Environment): { readonly url: string; readonly missing: string | null } {
  let missing: string | null = null;
  const url = text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    const value = environment[name];
    if (value === undefined) missing ??= name;
    return value ?? '';
  });
  return { url, missing };
}

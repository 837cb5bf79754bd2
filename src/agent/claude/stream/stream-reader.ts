import type { AgentSignal, AttemptVerdict } from '../../../model/attempt.ts';
import type { SessionId } from '../../../model/ids.ts';
import { plainText, shortLine } from '../../../text/plain-text.ts';
import { redactSecrets } from '../../../text/redact-secrets.ts';
import type { AttemptEndFacts, AttemptReader, ReaderOptions } from '../../backend.ts';
import { isObject, type JsonObject, numberOf, objectsOf, textOf } from '../json.ts';
import { decideVerdict } from './decide-verdict.ts';
import { Denials } from './denials.ts';
import { FATAL_REASONS, type Failure, failed, fatalOf } from './failure.ts';
import { ResultTotals } from './result-totals.ts';
import { readStreamLine } from './stream-line.ts';
import { activityOf, toolInput } from './tool-input.ts';
import { UsageMeter } from './usage-meter.ts';

const MAX_SUMMARY = 20_000;
/** A key that is rejected once may be a token in the middle of its renewal. */
const REJECTIONS_THAT_COUNT = 2;

/**
 * Reads the NDJSON of one `claude -p --output-format stream-json`. Unknown messages are skipped, broken ones too; memory grows
 * with the number of distinct messages and open calls, never with their size.
 */
export class ClaudeReader implements AttemptReader {
  readonly #model: string | null;
  readonly #secrets: readonly string[];
  readonly #meter = new UsageMeter();
  readonly #totals: ResultTotals;
  readonly #denials: Denials;
  /** Calls without a result yet, by id. */
  readonly #calls = new Map<string, { readonly tool: string; readonly input: JsonObject }>();
  /** Subagents and commands that run behind the conversation, by task id. */
  readonly #tasks = new Map<string, 'agent' | 'command'>();
  readonly #turns = new Set<string>();
  #sessionId: SessionId | null = null;
  #seenModel: string | null = null;
  #cwd: string | null = null;
  #result: JsonObject | null = null;
  #brokenResult = false;
  #lastError: string | null = null;
  #lastText = '';
  #rejections = 0;
  #fatal: Failure | null = null;
  #rejectedUntil: { readonly resetsAt: number | null } | null = null;
  #lines = 0;

  constructor(options: ReaderOptions) {
    this.#model = options.model;
    this.#secrets = options.secretValues;
    this.#totals = new ResultTotals(options.sessionCostUsd);
    this.#denials = new Denials((text) => this.#clean(text));
  }

  get openTools(): number {
    return this.#calls.size + (this.hasResult ? 0 : this.#tasks.size);
  }

  get hasResult(): boolean {
    return this.#result !== null || this.#brokenResult;
  }

  push(line: Buffer): AgentSignal[] {
    const read = readStreamLine(line);
    if (read.kind === 'noise') return [];
    this.#lines += 1;
    const signals: AgentSignal[] = [];
    if (read.kind === 'long-results') for (const id of read.ids) this.#close(id, read.failed, signals);
    else if (read.kind === 'broken-result') this.#brokenResult = signals.push({ kind: 'result' }) > 0;
    else this.#message(read.message, signals);
    return signals;
  }

  settle(end: AttemptEndFacts): AttemptVerdict {
    const { costUsd, tokens } = this.#totals.totals();
    const decided = decideVerdict({
      end: { ...end, stderrTail: this.#clean(plainText(end.stderrTail)) },
      result: this.#result,
      brokenResult: this.#brokenResult,
      lastError: this.#lastError,
      fatal: this.#fatal,
      rejectedUntil: this.#rejectedUntil,
      saidSomething: this.#lines > 0,
    });
    // An error's text is the reason, never the agent's description of its work.
    const isAnswer = this.#result?.['is_error'] !== true && this.#lastError === null;
    const text = (isAnswer ? textOf(this.#result?.['result']) : null) ?? this.#lastText;
    return {
      ...decided,
      reason: this.#clean(decided.reason),
      sessionId: this.#sessionId,
      model: this.#seenModel ?? this.#model,
      turns: this.#turns.size,
      tokens: tokens ?? this.#meter.tokens,
      costUsd: costUsd ?? this.#meter.costUsd,
      costEstimated: costUsd === null,
      denials: this.#denials.list(),
      summary: this.#clean(plainText(text).trim().slice(0, MAX_SUMMARY)),
    };
  }

  #message(message: JsonObject, signals: AgentSignal[]): void {
    switch (message['type']) {
      case 'system':
        this.#system(message, signals);
        return;
      case 'assistant':
        this.#assistant(message, signals);
        return;
      case 'user':
        this.#user(message, signals);
        return;
      case 'rate_limit_event':
        this.#rateLimit(message, signals);
        return;
      case 'result':
        this.#ended(message, signals);
        return;
      default:
        // Newer versions say more than we know.
        return;
    }
  }

  #system(message: JsonObject, signals: AgentSignal[]): void {
    switch (message['subtype']) {
      case 'init': {
        this.#sessionId = textOf(message['session_id']);
        this.#seenModel = textOf(message['model']);
        this.#cwd = textOf(message['cwd']);
        const version = textOf(message['claude_code_version']);
        signals.push({ kind: 'session', sessionId: this.#sessionId, model: this.#seenModel, version });
        return;
      }
      case 'api_retry':
        this.#retry(message, signals);
        return;
      case 'permission_denied': {
        const id = textOf(message['tool_use_id']) ?? '';
        const input = this.#calls.get(id)?.input ?? {};
        const reason = `${textOf(message['decision_reason']) ?? ''} ${textOf(message['message']) ?? ''}`;
        this.#denied(id, textOf(message['tool_name']) ?? 'unknown', input, reason, signals);
        return;
      }
      case 'task_started': {
        if (message['is_backgrounded'] === false) return;
        const id = textOf(message['task_id']);
        if (id !== null) this.#tasks.set(id, message['task_type'] === 'local_bash' ? 'command' : 'agent');
        return;
      }
      case 'task_notification':
        this.#tasks.delete(textOf(message['task_id']) ?? '');
        return;
      case 'background_tasks_changed': {
        const running = new Set(objectsOf(message['tasks']).map((task) => textOf(task['task_id'])));
        for (const id of this.#tasks.keys()) if (!running.has(id)) this.#tasks.delete(id);
        return;
      }
      default:
        return;
    }
  }

  #assistant(message: JsonObject, signals: AgentSignal[]): void {
    const inner = isObject(message['message']) ? message['message'] : {};
    const own = message['parent_tool_use_id'] === null || message['parent_tool_use_id'] === undefined;
    const error = textOf(message['error']);
    if (error !== null && own) {
      const said = objectsOf(inner['content'])
        .map((block) => textOf(block['text']) ?? '')
        .join(' ');
      this.#lastError = error;
      this.#giveUp({ status: numberOf(message['api_error_status']), error, text: said }, signals);
      return;
    }
    this.#rejections = 0;
    if (own) this.#lastError = null;
    this.#meter.add(inner);
    const id = textOf(inner['id']);
    if (own && id !== null) this.#turns.add(id);
    for (const block of objectsOf(inner['content'])) this.#block(block, own, signals);
    signals.push({ kind: 'usage', turns: this.#turns.size, tokens: this.#meter.tokens, costUsd: this.#meter.costUsd });
  }

  #block(block: JsonObject, own: boolean, signals: AgentSignal[]): void {
    if (block['type'] === 'text' && own) {
      const text = textOf(block['text']) ?? '';
      const line = this.#clean(shortLine(text));
      if (line === '') return;
      this.#lastText = text;
      signals.push({ kind: 'activity', text: line });
    }
    if (block['type'] !== 'tool_use') return;
    const id = textOf(block['id']) ?? '';
    const tool = shortLine(textOf(block['name']) ?? 'unknown', 80);
    const input = isObject(block['input']) ? block['input'] : {};
    this.#calls.set(id, { tool, input: telling(input) });
    const shown = this.#clean(toolInput(input, this.#cwd));
    signals.push({ kind: 'tool-opened', id, tool, input: shown });
    signals.push({ kind: 'activity', text: activityOf(tool, shown) });
  }

  #user(message: JsonObject, signals: AgentSignal[]): void {
    const inner = isObject(message['message']) ? message['message'] : {};
    for (const block of objectsOf(inner['content'])) {
      if (block['type'] !== 'tool_result') continue;
      this.#close(textOf(block['tool_use_id']) ?? '', block['is_error'] === true, signals);
    }
  }

  #close(id: string, isFailed: boolean, signals: AgentSignal[]): void {
    if (this.#calls.delete(id)) signals.push({ kind: 'tool-closed', id, failed: isFailed });
  }

  #denied(id: string, tool: string, input: JsonObject, reason: string, signals: AgentSignal[]): void {
    const denial = this.#denials.add({ id, tool: shortLine(tool, 80), input, reason, cwd: this.#cwd });
    if (denial !== null) signals.push({ kind: 'denied', denial });
  }

  #retry(message: JsonObject, signals: AgentSignal[]): void {
    const error = this.#clean(shortLine(textOf(message['error']) ?? 'unknown', 80));
    const status = numberOf(message['error_status']);
    signals.push({
      kind: 'api-retry',
      attempt: numberOf(message['attempt']) ?? 1,
      maxRetries: numberOf(message['max_retries']) ?? 0,
      delayMs: numberOf(message['retry_delay_ms']) ?? 0,
      status,
      error,
    });
    if (fatalOf({ status, error, text: '' }) === null) {
      this.#rejections = 0;
      return;
    }
    // Claude Code keeps retrying a rejected key for minutes.
    this.#rejections += 1;
    if (this.#rejections >= REJECTIONS_THAT_COUNT) this.#giveUp({ status, error, text: '' }, signals);
  }

  #rateLimit(message: JsonObject, signals: AgentSignal[]): void {
    const info = isObject(message['rate_limit_info']) ? message['rate_limit_info'] : {};
    const resetsAt = numberOf(info['resetsAt']);
    const status = info['status'] === 'rejected' ? 'rejected' : info['status'] === 'allowed_warning' ? 'warning' : 'allowed';
    this.#rejectedUntil = status === 'rejected' ? { resetsAt } : null;
    signals.push({ kind: 'rate-limit', status, resetsAt });
  }

  #ended(message: JsonObject, signals: AgentSignal[]): void {
    this.#result = message;
    this.#sessionId ??= textOf(message['session_id']);
    this.#totals.add(message);
    for (const item of objectsOf(message['permission_denials'])) {
      const input = isObject(item['tool_input']) ? item['tool_input'] : {};
      this.#denied(textOf(item['tool_use_id']) ?? '', textOf(item['tool_name']) ?? 'unknown', input, '', signals);
    }
    if (message['is_error'] === true) {
      const text = textOf(message['result']) ?? '';
      this.#giveUp({ status: numberOf(message['api_error_status']), error: this.#lastError, text }, signals);
    }
    this.#calls.clear();
    // A subagent in the background brings another turn and another result.
    if (![...this.#tasks.values()].includes('agent')) signals.push({ kind: 'result' });
  }

  #giveUp(
    error: { readonly status: number | null; readonly error: string | null; readonly text: string },
    signals: AgentSignal[],
  ): void {
    const fatal = fatalOf(error);
    if (fatal === null || this.#fatal !== null) return;
    this.#fatal = failed(FATAL_REASONS[fatal], { fatal });
    signals.push({ kind: 'fatal', fatal, message: FATAL_REASONS[fatal] });
  }

  #clean(text: string): string {
    return redactSecrets(text, this.#secrets);
  }
}

/** The short arguments of a call, for a denial that may follow: contents of files are not kept. */
function telling(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === 'string' && value.length <= 4000));
}

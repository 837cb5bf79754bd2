import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseEnvironment, type Environment } from '../../system/environment.ts';
import { replaceFile } from '../../system/files.ts';
import { runCommand } from '../../system/processes/run-command.ts';
import { plainText, shortLine } from '../../text/plain-text.ts';
import { redactSecrets } from '../../text/redact-secrets.ts';
import { findClaude } from './installed/find-claude.ts';
import { credentialValues, loginVariables } from './installed/login-variables.ts';
import { personSettings } from './installed/person-settings.ts';
import { type JsonObject, numberOf, parseObject, textOf } from './json.ts';

export interface Question {
  readonly prompt: string;
  /** JSON Schema of the answer. */
  readonly schema: object;
  /** null: the person's default. */
  readonly model: string | null;
  /** `--max-budget-usd`. */
  readonly budgetUsd: number;
  readonly timeoutMs: number;
  /** The person's, whole. */
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}

export interface ClaudeAnswer {
  /** The answer in the form of the schema; null if there is none. */
  readonly structured: unknown;
  readonly model: string | null;
  /** US dollars, an estimate of Claude Code's. */
  readonly costUsd: number;
  /** Why there is no answer; empty otherwise. */
  readonly failure: string;
}

/**
 * Asks Claude Code one question that is answered by a schema, in an empty folder and without a tool: nothing can be read, written
 * or run. Never rejects for what the agent does.
 */
export async function askClaude(q: Question): Promise<ClaudeAnswer> {
  const file = await findClaude(q.environment);
  if (file === null) return unanswered('claude was not found on PATH.');
  const folder = await mkdtemp(join(tmpdir(), 'copse-ask-'));
  try {
    const person = await personSettings(q.environment);
    const login = loginVariables(q.environment, person.env);
    const settings = join(folder, 'settings.json');
    await replaceFile(settings, JSON.stringify(person.handed));
    const cwd = join(folder, 'empty');
    await mkdir(cwd);
    const ran = await runCommand(
      file,
      [
        '-p',
        '--output-format',
        'json',
        '--restricted',
        '--tools',
        '',
        '--permission-prompts',
        'none',
        '--strict-mcp-config',
        '--no-session-persistence',
        '--settings',
        settings,
        '--json-schema',
        JSON.stringify(q.schema),
        '--max-budget-usd',
        String(q.budgetUsd),
        ...(q.model === null ? [] : ['--model', q.model]),
      ],
      {
        cwd,
        env: { ...baseEnvironment(q.environment), DISABLE_AUTOUPDATER: '1', ...login, CLAUDE_CODE_TMPDIR: folder },
        input: q.prompt,
        timeoutMs: q.timeoutMs,
        maxBytes: 32 * 1024 * 1024,
        ...(q.signal === undefined ? {} : { signal: q.signal }),
      },
    );
    if (ran.timedOut) return unanswered('It did not answer in time.');
    const result = resultIn(ran.stdout.toString('utf8'));
    const secrets = [...credentialValues(login), ...credentialValues(person.env)];
    const clean = (text: string): string => shortLine(redactSecrets(plainText(text), secrets), 300);
    if (result === null)
      return unanswered(clean(ran.stderr.toString('utf8')) || `claude ended with ${ran.exitCode ?? ran.signal}.`);
    const structured = result['structured_output'] ?? null;
    const failed = result['is_error'] === true || structured === null;
    return {
      structured: failed ? null : structured,
      model: modelIn(result),
      costUsd: Math.max(0, numberOf(result['total_cost_usd']) ?? 0),
      failure: failed
        ? clean(textOf(result['result']) ?? textOf(result['subtype']) ?? 'It gave no answer.') || 'It gave no answer.'
        : '',
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unanswered(failure: string): ClaudeAnswer {
  return { structured: null, model: null, costUsd: 0, failure };
}

/** The result is the one JSON object on stdout; warnings may come before it. */
function resultIn(stdout: string): JsonObject | null {
  for (const line of stdout.trim().split('\n').toReversed()) {
    const object = parseObject(line);
    if (object?.['type'] === 'result') return object;
  }
  return null;
}

function modelIn(result: JsonObject): string | null {
  const usage = result['modelUsage'];
  return typeof usage === 'object' && usage !== null ? (Object.keys(usage)[0] ?? null) : null;
}

import { join } from 'node:path';
import type { Environment } from '../../../system/environment.ts';
import { isObject, type JsonObject, parseObject, textOf } from '../json.ts';
import { claudeConfigDirectory, claudeStateFile } from './config-directory.ts';
import { usesCloud } from './login-variables.ts';
import { personSettings } from './person-settings.ts';
import { readOwn } from './read-inside.ts';

const MAX_BYTES = 32 * 1024 * 1024;

/** Runs the person's `claude`. */
export type RunClaude = (args: readonly string[]) => Promise<{ readonly exitCode: number | null; readonly text: string }>;

/**
 * Whether the person's Claude Code can log in, as far as it can be found out for free: by what is there, else by
 * `claude auth status`, which does not use the network and does not run an `apiKeyHelper` (measured on 2.1.329, 0.2 s). `run`
 * null: this version has no such command. Null: unknown (macOS keeps logins in the keychain).
 */
export async function isLoggedIn(environment: Environment, run: RunClaude | null): Promise<boolean | null> {
  const { handed, env } = await personSettings(environment);
  const variables = { ...environment, ...env };
  const keys = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];
  if (keys.some((name) => (variables[name] ?? '') !== '') || usesCloud(variables)) return true;
  if (textOf(handed['apiKeyHelper']) !== null) return true;
  if (await hasCredentials(environment)) return true;
  if (run === null) return null;
  const { text } = await run(['auth', 'status']);
  const loggedIn = parseObject(text)?.['loggedIn'];
  return typeof loggedIn === 'boolean' ? loggedIn : null;
}

async function hasCredentials(environment: Environment): Promise<boolean> {
  const subscription = await readObject(join(claudeConfigDirectory(environment), '.credentials.json'));
  const login = subscription['claudeAiOauth'];
  if (isObject(login) && textOf(login['accessToken']) !== null) return true;
  return textOf((await readObject(claudeStateFile(environment)))['primaryApiKey']) !== null;
}

async function readObject(file: string): Promise<JsonObject> {
  return parseObject((await readOwn(file, MAX_BYTES)) ?? '') ?? {};
}

import { join } from 'node:path';
import type { Environment } from '../../../system/environment.ts';
import { readTextIfExists } from '../../../system/files.ts';
import { isObject, type JsonObject, parseObject } from '../json.ts';
import { claudeConfigDirectory } from './config-directory.ts';
import { loginSettings } from './login-variables.ts';

/** How the person logs in and which provider answers; nothing that runs, grants or changes behaviour otherwise. */
const LOGIN_KEYS = [
  'apiKeyHelper',
  'awsAuthRefresh',
  'awsCredentialExport',
  'gcpAuthRefresh',
  'forceLoginMethod',
  'forceLoginOrgUUID',
  'modelOverrides',
] as const;

export interface PersonSettings {
  /** Goes into our `--settings` file: `--restricted` drops the person's settings, and with them an `apiKeyHelper`. */
  readonly handed: JsonObject;
  /** For the agent's environment, where it overrides the person's, as in Claude Code; a file would keep its secrets. */
  readonly env: Environment;
}

/** What of the person's `settings.json` an attempt needs. A file that is no JSON counts as empty, as it does for Claude Code. */
export async function personSettings(environment: Environment): Promise<PersonSettings> {
  const text = await readTextIfExists(join(claudeConfigDirectory(environment), 'settings.json'));
  const settings = text === null ? null : parseObject(text);
  if (settings === null) return { handed: {}, env: {} };
  const env = loginSettings(stringsOf(settings['env']));
  const kept = LOGIN_KEYS.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]] as const]));
  return { handed: Object.fromEntries(kept), env };
}

function stringsOf(value: unknown): Environment {
  if (!isObject(value)) return {};
  const entries = Object.entries(value).flatMap(([name, text]) =>
    typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean' ? [[name, String(text)] as const] : [],
  );
  return Object.fromEntries(entries);
}

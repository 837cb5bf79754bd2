import type { Environment } from '../../../system/environment.ts';

/**
 * Names by which a person's login, provider and behaviour of Claude Code reach it. An allow-list: `CLAUDECODE`,
 * `CLAUDE_CODE_ENTRYPOINT`, session ids and session tokens of a surrounding Claude Code stay out (versions exist that refuse to
 * start inside one).
 */
const OWN_PREFIXES = ['ANTHROPIC_', 'CLAUDE_CODE_USE_', 'CLAUDE_CODE_SKIP_', 'CLAUDE_CODE_CLIENT_', 'DISABLE_'];
const OWN = new Set(
  `
  CLAUDE_CONFIG_DIR CLAUDE_CODE_OAUTH_TOKEN CLAUDE_CODE_API_KEY_HELPER_TTL_MS
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC CLAUDE_CODE_MAX_OUTPUT_TOKENS CLAUDE_CODE_MAX_RETRIES CLAUDE_CODE_SUBAGENT_MODEL
  CLAUDE_CODE_PROXY_RESOLVES_HOSTS MAX_THINKING_TOKENS BASH_DEFAULT_TIMEOUT_MS BASH_MAX_TIMEOUT_MS BASH_MAX_OUTPUT_LENGTH
  API_TIMEOUT_MS
  `
    .trim()
    .split(/\s+/),
);

/** Credentials of a cloud are for Claude Code only if that cloud is its provider. */
const CLOUDS: readonly { readonly when: readonly string[]; readonly prefixes: readonly string[] }[] = [
  { when: ['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_MANTLE', 'CLAUDE_CODE_USE_ANTHROPIC_AWS'], prefixes: ['AWS_'] },
  {
    when: ['CLAUDE_CODE_USE_VERTEX'],
    prefixes: ['GOOGLE_', 'GCLOUD_', 'CLOUDSDK_', 'CLOUD_ML_REGION', 'VERTEX_', 'GCP_'],
  },
  { when: ['CLAUDE_CODE_USE_FOUNDRY'], prefixes: ['AZURE_'] },
];

const PROXY = /^(?:https?|all|no)_proxy$/i;
const CERTIFICATES = new Set(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR']);

/** Names whose values are credentials. */
const SECRET = /(?:_KEY|_TOKEN|_SECRET|_PASSWORD|_PASSPHRASE|_HEADERS|_CREDENTIALS|_KEY_ID|_BEARER_TOKEN_BEDROCK)$/;

/** What of the person's environment the agent gets beyond what every program in a worktree gets. */
export function loginVariables(environment: Environment, settingsEnv: Environment = {}): Environment {
  const both = { ...environment, ...settingsEnv };
  const prefixes = CLOUDS.filter(({ when }) => when.some((name) => isSet(both[name]))).flatMap((cloud) => cloud.prefixes);
  return pick(environment, (name) => isOwn(name) || prefixes.some((prefix) => name.startsWith(prefix)));
}

/** What of `env` in the person's settings concerns login, provider and network; the rest does not apply. */
export function loginSettings(env: Environment): Environment {
  const clouds = CLOUDS.flatMap((cloud) => cloud.prefixes);
  return pick(
    env,
    (name) => isOwn(name) || PROXY.test(name) || CERTIFICATES.has(name) || clouds.some((prefix) => name.startsWith(prefix)),
  );
}

/** Names among these variables that hold credentials. */
export function credentialNames(variables: Environment): readonly string[] {
  return Object.keys(variables).filter((name) => SECRET.test(name));
}

/** Values among these variables that must not be shown. */
export function credentialValues(variables: Environment): readonly string[] {
  return credentialNames(variables).flatMap((name) => variables[name] ?? []);
}

/** Whether a cloud provider is chosen; its own credentials decide then, which we cannot check. */
export function usesCloud(variables: Environment): boolean {
  return CLOUDS.some(({ when }) => when.some((name) => isSet(variables[name])));
}

function isOwn(name: string): boolean {
  return OWN.has(name) || OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';
}

function pick(env: Environment, wanted: (name: string) => boolean): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted(name)));
}

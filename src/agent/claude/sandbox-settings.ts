import { dirname, join } from 'node:path';
import type { Environment } from '../../system/environment.ts';
import { exists } from '../../system/files.ts';
import { claudeConfigDirectory, claudeStateFile, homeOf } from './installed/config-directory.ts';
import { credentialNames } from './installed/login-variables.ts';
import type { JsonObject } from './json.ts';

/** Below the person's home: files that sandboxed commands must not read. */
const SECRET_PLACES = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.config/gcloud',
  '.kube',
  '.netrc',
  '.git-credentials',
  '.docker/config.json',
];

/**
 * Claude Code's own sandbox around every Bash command: only worktree and a temporary folder writable, no network but
 * what `WebFetch(domain:…)` rules allow, nothing outside of it at the model's wish, no start without it. The shared git directory is
 * read-only (Claude Code opens it for linked worktrees: other branches, our state); our own folder in there and the agent's
 * credentials are invisible. Only paths that exist are denied: bubblewrap would have to create the others.
 */
export async function sandboxSettings(o: {
  readonly commonDir: string;
  readonly environment: Environment;
  /** The agent's environment beyond what checks get. */
  readonly login: Environment;
  /** The attempt's own folder; those of others are beside it. */
  readonly temporary: string;
  readonly allowedTools: readonly string[];
}): Promise<JsonObject> {
  const config = claudeConfigDirectory(o.environment);
  const home = homeOf(o.environment);
  const files = [
    join(config, '.credentials.json'),
    join(config, 'settings.json'),
    claudeStateFile(o.environment),
    join(o.commonDir, 'copse'),
    ...SECRET_PLACES.map((place) => join(home, place)),
    ...['AWS_SHARED_CREDENTIALS_FILE', 'GOOGLE_APPLICATION_CREDENTIALS'].flatMap((name) => o.login[name] ?? []),
  ];
  const present: string[] = [];
  for (const file of files) if (await exists(file)) present.push(file);
  return {
    enabled: true,
    failIfUnavailable: true,
    allowUnsandboxedCommands: false,
    autoAllowBashIfSandboxed: true,
    // Other attempts' temporary folders are hidden. In its own are the sockets of the network that rules allow.
    filesystem: { denyWrite: [o.commonDir], denyRead: [dirname(o.temporary)], allowRead: [o.temporary] },
    network: { allowedDomains: allowedDomains(o.allowedTools) },
    credentials: {
      envVars: credentialNames(o.login).map((name) => ({ name, mode: 'deny' })),
      files: present.map((path) => ({ path, mode: 'deny' })),
    },
  };
}

/** Domains that `WebFetch(domain:…)` rules name. Rules given as `--allowedTools` do not reach the sandbox by themselves (2.1.329). */
function allowedDomains(rules: readonly string[]): readonly string[] {
  return rules.flatMap((rule) => /^WebFetch\(domain:([\w.*-]+)\)$/.exec(rule.trim())?.[1] ?? []);
}

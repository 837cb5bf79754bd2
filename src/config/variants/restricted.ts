/**
 * Values that a file of the repository may not have, even with approval. Approval is for commands and grants that a person can
 * judge by reading them; these would change what the approved ones mean.
 */

/** Environment names whose value redirects the agent, git, the loader or the network. */
const REFUSED_LITERALS: readonly RegExp[] = [
  /^ANTHROPIC_/,
  /^CLAUDE/,
  /^COPSE_/,
  /^PORT$/,
  /^GIT_/,
  /^PATH$/,
  /^NODE_OPTIONS$/,
  /^NODE_PATH$/,
  /^NODE_EXTRA_CA_CERTS$/,
  /^NODE_TLS_REJECT_UNAUTHORIZED$/,
  /^SSL_CERT_(?:FILE|DIR)$/,
  /^LD_/,
  /^DYLD_/,
  /^BASH_ENV$/,
  /^BASH_FUNC_/,
  /^ENV$/,
  /^IFS$/,
  /^SHELL$/,
  /^SHELLOPTS$/,
  /^BASHOPTS$/,
  // Claude Code, git and npm read the person's own configuration from below these.
  /^HOME$/,
  /^XDG_/,
  /^(?:HTTP|HTTPS|ALL|NO|FTP)_PROXY$/,
];

/** Whether a repository's file may not set `name` to its own value. Proxies are read in both cases, hence any case. */
export function isRefusedLiteral(name: string): boolean {
  const upper = name.toUpperCase();
  return REFUSED_LITERALS.some((pattern) => pattern.test(upper));
}

/** One tool, with at most one pair of parentheses: Claude Code splits an entry such as `Read,Bash` into two tools. */
export const TOOL_PATTERN = /^[A-Za-z][A-Za-z0-9_-]*\*?(?:\([^()]+\))?$/;

/** `Bash`, `Bash(*)`, `Bash(:*)`: every command, which is isolation `bypass` by another name. */
export function isBareBash(tool: string): boolean {
  const match = /^(?:bash|powershell)\s*(?:\(([^)]*)\))?$/i.exec(tool.trim());
  return match !== null && /^[\s*:?]*$/.test(match[1] ?? '');
}

/** Characters that show something else than what runs: control characters but tab and newline, bidirectional overrides. */
export const HIDING_CHARACTERS = /[[\p{Cc}\p{Bidi_Control}]--[\t\n]]/v;

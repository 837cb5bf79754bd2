import { wordsOfSet } from './declarations.ts';

/** Variables that copse itself reads. A test looks through the source for others. */
export const READ_BY_COPSE: Readonly<Record<string, string>> = {
  PATH: 'Where `git`, `claude` and the programs of the sandbox are found.',
  HOME: 'The parent of the folders below, unless XDG variables are set.',
  XDG_CONFIG_HOME: 'Your settings: `$XDG_CONFIG_HOME/copse/config.yaml`. Default `~/.config`.',
  XDG_STATE_HOME:
    'Your approvals, leased ports, and what hooks and git settings were before the first agent. Default `~/.local/state`.',
  XDG_CACHE_HOME: 'Caches. Default `~/.cache`.',
  CLAUDE_CONFIG_DIR: "Claude Code's own folder, where your login and your CLAUDE.md are. Default `~/.claude`.",
  CLAUDECODE:
    'Set inside Claude Code; likewise `GEMINI_CLI`, `CODEX_SANDBOX`, `CURSOR_AGENT`, `AI_AGENT` and others. In the environment of copse or of a process above it: an agent typed the command, and [may grant itself nothing](security.md#agents-that-run-copse).',
  GIT_CONFIG_GLOBAL:
    "Your git configuration; likewise `GIT_CONFIG_SYSTEM`, `GIT_CONFIG_NOSYSTEM` and the names and addresses of author and committer. copse's own git ignores every other `GIT_…`, such as a hook's `GIT_DIR`.",
  NO_COLOR: 'Not empty: no colours.',
  CI: 'Not empty, `false` or `0`: no colours, no live view, no questions.',
  TERM: '`dumb`: no colours, no live view. `linux`: no Unicode marks.',
  LC_ALL: 'Whether the terminal displays UTF-8; then `LC_CTYPE`, then `LANG`.',
  LC_CTYPE: 'See `LC_ALL`.',
  LANG: 'See `LC_ALL`.',
  DISPLAY: 'Linux: a desktop that can show a notification; or `WAYLAND_DISPLAY`.',
  WAYLAND_DISPLAY: 'See `DISPLAY`.',
  IS_SANDBOX: '`1`: root may use isolation `bypass`, for throw-away containers.',
  COPSE_NO_NOTIFY: 'Set: no notification of any kind.',
  NTFY_TOKEN: 'Access token for a place `{ntfy: URL}` of `notify`.',
  VISUAL: 'Editor of `copse open --editor`; then `EDITOR`.',
  EDITOR: 'Likewise.',
  COPSE_FAILPOINT: "For copse's own tests: die at a named point.",
};

/** Variables that copse sets for others. */
const SET_BY_COPSE: Readonly<Record<string, string>> = {
  COPSE_RUN: 'Id of the run.',
  COPSE_VARIANT: 'Name of the variant.',
  PORT: 'A port leased for this variant alone.',
  COPSE_MARKER: 'Marks all processes of an attempt, so that a stop finds them. Not set by `exec`.',
};

/** So that tools keep results, and what they install, in the worktree; and that nothing waits for a person. */
const SET_FOR_TOOLS: Readonly<Record<string, string>> = {
  CI: '`1`, for set-up, checks and metrics only, unless your own environment has `CI`.',
  CARGO_TARGET_DIR:
    'Only if your `config.toml` or environment would build outside of the worktree; also `CARGO_BUILD_BUILD_DIR`. Else `target` is where it always is.',
  TURBO_CACHE_DIR: 'And `TURBO_CACHE`: `local:rw`, no remote cache.',
  NX_CACHE_DIRECTORY: 'And `NX_NO_CLOUD`: no remote cache.',
  CCACHE_DIR: 'Also `MYPY_CACHE_DIR` and `RUFF_CACHE_DIR`.',
  GRADLE_OPTS: 'With `-Dorg.gradle.caching=false`; `MAVEN_ARGS` likewise.',
  PYTEST_ADDOPTS: 'Only if `cache_dir` of pytest would lead out of the worktree.',
  POETRY_VIRTUALENVS_IN_PROJECT: '`true`: `.venv` is in the worktree; also `PIPENV_VENV_IN_PROJECT`.',
};

export function environmentText(): string {
  return [
    '### Read by copse',
    '',
    ...table(READ_BY_COPSE),
    '',
    '### Set for set-up, agent, checks and `exec`',
    '',
    ...table(SET_BY_COPSE),
    '',
    "And these, which a literal value under `env` replaces. Caches that hold *results* are in the worktree (`.copse-cache`, which git ignores and `prune` deletes), so that no tool takes one variant's results for another's; caches of downloads stay shared.",
    '',
    ...table(SET_FOR_TOOLS),
    '',
    '### Passed on to set-up, agent and checks',
    '',
    'Nothing else of your environment reaches them, unless `env` names it. `exec` gets your whole environment, without `GIT_…`, `EDITOR`, `VISUAL` and `PAGER`.',
    '',
    fenced(wordsOfSet('src/system/environment.ts', 'PASSED')),
    '',
    'And all that start with `LC_` or `XDG_`.',
    '',
    '### Also passed on to Claude Code',
    '',
    'Your login, provider and limits: all that start with `ANTHROPIC_`, `CLAUDE_CODE_USE_`, `CLAUDE_CODE_SKIP_`, `CLAUDE_CODE_CLIENT_` or `DISABLE_`, and',
    '',
    fenced(wordsOfSet('src/agent/claude/installed/login-variables.ts', 'OWN')),
    '',
    'The credentials of a cloud (`AWS_…`, `GOOGLE_…`, `AZURE_…`) only if that cloud is the provider.',
  ].join('\n');
}

function table(rows: Readonly<Record<string, string>>): string[] {
  return ['| variable | meaning |', '| --- | --- |', ...Object.entries(rows).map(([name, text]) => `| \`${name}\` | ${text} |`)];
}

function fenced(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}

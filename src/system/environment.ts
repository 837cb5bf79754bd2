export type Environment = Readonly<Record<string, string>>;

/** Our own environment as plain data. */
export function ambientEnvironment(): Environment {
  return pick(process.env, () => true);
}

/** Names that programs need to find their tools, their language and their network; none of them holds a credential by itself. */
const PASSED = new Set(
  `
  PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TERM COLORTERM NO_COLOR TMPDIR TMP TEMP CI
  HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY FTP_PROXY http_proxy https_proxy all_proxy no_proxy ftp_proxy
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE AWS_CA_BUNDLE PIP_CERT DENO_CERT
  CARGO_HTTP_CAINFO NIX_SSL_CERT_FILE
  NVM_DIR NVM_BIN FNM_DIR FNM_MULTISHELL_PATH N_PREFIX VOLTA_HOME NODENV_ROOT COREPACK_HOME PNPM_HOME BUN_INSTALL DENO_DIR
  ASDF_DIR ASDF_DATA_DIR ASDF_CONFIG_FILE MISE_DATA_DIR MISE_CONFIG_DIR MISE_CACHE_DIR MISE_STATE_DIR PROTO_HOME
  PYENV_ROOT PIPX_HOME PIPX_BIN_DIR POETRY_HOME UV_CACHE_DIR UV_PYTHON_INSTALL_DIR CONDA_PREFIX CONDA_EXE
  RBENV_ROOT GEM_HOME GEM_PATH SDKMAN_DIR JENV_ROOT JAVA_HOME GRADLE_USER_HOME M2_HOME MAVEN_HOME ANDROID_HOME ANDROID_SDK_ROOT
  RUSTUP_HOME RUSTUP_TOOLCHAIN PYENV_VERSION RBENV_VERSION NODENV_VERSION GOTOOLCHAIN CARGO_HOME GOENV_ROOT GOROOT GOPATH GOBIN GOCACHE GOMODCACHE DOTNET_ROOT FLUTTER_ROOT
  HOMEBREW_PREFIX HOMEBREW_CELLAR HOMEBREW_REPOSITORY NIX_PATH NIX_PROFILES
  npm_config_cache npm_config_registry NPM_CONFIG_CACHE NPM_CONFIG_REGISTRY NPM_CONFIG_USERCONFIG YARN_CACHE_FOLDER
  PLAYWRIGHT_BROWSERS_PATH CYPRESS_CACHE_FOLDER PUPPETEER_CACHE_DIR
  `
    .trim()
    .split(/\s+/),
);

const PASSED_PREFIXES = ['LC_', 'XDG_'];

/**
 * The variables of the person's environment that every program in a worktree gets: an allow-list. Agents and checks run
 * code that a model wrote, so tokens, `GIT_*`, `ANTHROPIC_*`, `CLAUDE*`, `NODE_OPTIONS` and agent sockets stay out.
 */
export function baseEnvironment(ambient: Environment): Environment {
  return pick(ambient, (name) => PASSED.has(name) || PASSED_PREFIXES.some((prefix) => name.startsWith(prefix)));
}

const EDITORS = new Set(['EDITOR', 'PAGER', 'VISUAL']);

/** Without what redirects git (`GIT_DIR` of a hook that called us) or makes it wait for a person. */
export function scrubGit(env: Environment): Environment {
  return pick(env, (name) => !name.startsWith('GIT_') && !EDITORS.has(name));
}

function pick(env: Readonly<Record<string, string | undefined>>, wanted: (name: string) => boolean): Environment {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && wanted(name)) picked[name] = value;
  }
  return picked;
}

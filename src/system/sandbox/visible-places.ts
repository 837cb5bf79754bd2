/** Of the machine: programs, libraries, configuration. Sockets are in `/run` and `/var`. */
export const SYSTEM: readonly string[] = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/opt', '/sys', '/nix', '/gnu', '/snap'],
  ...['/var/lib/gems', '/var/lib/texmf', '/var/cache/fontconfig'],
];

/** Beside a folder `bin` on PATH: what its programs load. */
export const BESIDE_PROGRAMS: readonly string[] = [
  ...['lib', 'lib64', 'libexec', 'include', 'Cellar', 'opt', 'conda-meta', 'pyvenv.cfg', 'versions'],
];

/** Below the home directory: tools, and what they have downloaded. Nothing that holds a login. */
export const IN_HOME: readonly string[] = `
  .gitconfig .config/git/config .config/git/ignore .config/git/attributes
  .nvm .fnm .local/share/fnm .volta .nodenv .n .bun .deno .yarn .npm/_cacache .npm-global .pnpm-store .local/share/pnpm
  .asdf .tool-versions .local/share/mise .config/mise .proto .local/bin .local/lib .local/share/uv .local/share/pipx
  .pyenv .local/share/virtualenv .virtualenvs .conda miniconda3 anaconda3 miniforge3 mambaforge
  .rbenv .rvm .gem .bundle/cache perl5 .composer/vendor .config/composer/vendor
  .sdkman .jenv .m2/repository .m2/wrapper .gradle/caches .gradle/wrapper .gradle/jdks .gradle/native .ivy2/cache .sbt .coursier .konan
  .rustup .cargo/bin .cargo/env .cargo/registry .cargo/git go .goenv .ghcup .cabal/packages .cabal/store .cabal/bin .stack .opam .elan
  .julia .juliaup .mix .hex .kiex .dotnet .nuget/packages .pub-cache flutter .swiftpm .swift .zvm .linuxbrew .nix-profile
  .cache/ms-playwright .cache/Cypress .cache/puppeteer .cache/electron .cache/prisma .cache/node .cache/yarn .cache/pip .cache/uv
  .cache/pypoetry .cache/go-build .cache/deno .cache/bazelisk .cache/coursier .cache/pre-commit .cache/huggingface .cache/selenium
`
  .trim()
  .split(/\s+/);

/** Variables that say where the person keeps everything, not what a command needs; and PATH, which is looked at by itself. */
export const NAMES_NOTHING = /^(?:HOME|PWD|OLDPWD|PATH|TMPDIR|TMP|TEMP|XDG_.*|COPSE_.*|SSH_AUTH_SOCK)$/;

/* Facts about the programs that checks are made of. */

/** They find and run tests; paths among their words choose some. */
export const TEST_RUNNERS =
  /^(?:vitest|jest|mocha|ava|tap|tape|jasmine|uvu|qunit|karma|playwright|cypress|testcafe|wtr|web-test-runner|pytest|py\.test|unittest|nose2|nosetests|trial|behave|rspec|minitest|cucumber(?:-js)?|phpunit|pest|ctest|bats|busted|prove|gotestsum|ginkgo)$/;

/** They run tests with this word first, or with this flag anywhere. */
export const TEST_WORDS: Readonly<Record<string, RegExp>> = {
  node: /^--test$/,
  go: /^test$/,
  cargo: /^(?:test|t|nextest)$/,
  deno: /^test$/,
  bun: /^test$/,
  dart: /^test$/,
  flutter: /^test$/,
  swift: /^test$/,
  dotnet: /^test$/,
  mix: /^test$/,
  rails: /^test/,
  ng: /^(?:test|e2e)$/,
  'react-scripts': /^test$/,
  zig: /^test$/,
  stack: /^test$/,
  cabal: /^test$/,
  lein: /^test$/,
  sbt: /^test/,
};

/** Their words name tasks of a file that they read. */
export const TASK_RUNNERS =
  /^(?:make|gmake|just|task|rake|gradlew?|mvnw?|npm|pnpm|yarn|bun|turbo|nx|lerna|wireit|tox|nox|invoke|grunt|gulp|ant|bazel|meson|ninja|pixi|hatch)$/;

/** Their words are what is looked at: compilers, linters, the shell's own. */
export const LOOKERS =
  /^(?:tsc|vue-tsc|tsgo|eslint|biome|prettier|stylelint|oxlint|xo|standard|dprint|markdownlint(?:-cli2)?|htmlhint|knip|depcheck|publint|attw|size-limit|mypy|ruff|flake8|pylint|pyright|basedpyright|black|isort|bandit|py_compile|compileall|json\.tool|rubocop|golangci-lint|gofmt|staticcheck|clippy|rustfmt|rustc|gcc|g\+\+|clang|clang-tidy|cc|javac|checkstyle|ktlint|phpstan|psalm|phpcs|shellcheck|shfmt|hadolint|yamllint|actionlint|vite|esbuild|rollup|webpack|next|tsup|tsdown|docker|docker-compose|podman|curl|wget)$/;
export const SHELL_WORDS =
  /^(?:test|\[|\[\[|grep|egrep|rg|cat|head|tail|wc|ls|rm|cp|mv|mkdir|touch|chmod|echo|printf|diff|cmp|sed|awk|find|stat|du|sort|uniq|tr|cut|jq|true|false|:|exit|return|cd|export|set|unset|sleep|wait|kill|trap|read|git|which|type|for|in|case|esac|npx)$/;

/** They run the file that is their first word. */
export const INTERPRETERS =
  /^(?:node|deno|bun|tsx|ts-node|ts-node-esm|esno|vite-node|babel-node|python[\d.]*|pypy[\d.]*|py|ruby|perl|php|sh|bash|zsh|dash|ksh|source|\.|Rscript|lua|pwsh|osascript|java|groovy)$/;
/** Of interpreters: the file is only read, and the rest, or the code itself, is in the words. */
export const ONLY_READS: Readonly<Record<string, RegExp>> = {
  node: /^(?:-c|--check|-e|--eval|-p|--print|-pe)$/,
  deno: /^(?:check|lint|fmt|eval|compile|bundle|task)$/,
  bun: /^(?:-e|--eval|-p|--print|build)$/,
  python: /^-c$/,
  ruby: /^(?:-c|-e)$/,
  perl: /^(?:-c|-e|-n?e)$/,
  php: /^(?:-l|-r)$/,
  sh: /^-[a-z]*[nc]$/,
};

/** Flags whose value is a file that says how to check, or is run with it. */
export const SAYS_HOW =
  /^(?:-c|-f|-p|-r|-b|--config|--config-file|--config-path|--configuration|--project|--build|--rcfile|--require|--import|--loader|--experimental-loader|--env-file|--setup[\w-]*|--globalSetup|--rulesdir|--rules-dir|--resolve-plugins-relative-to|--ignore-path|--file|--makefile|--justfile|--reporter|--settings|--cov-config|--opts|--confcutdir)$/;
/** Of interpreters, whose short options mean other things. */
export const LOADS = /^(?:-r|--require|--import|--loader|--experimental-loader|--env-file)$/;
/** Flags of test runners with a value that names no file of tests. */
export const OTHER_VALUE =
  /^(?:-k|-m|-n|-t|-g|-R|-W|-o|-j|-run|--run|--grep|--testNamePattern|--test-name-pattern|--reporter|--test-reporter|--test-reporter-destination|--maxfail|--timeout|--outputFile|--output|--junitxml|--junit-xml|--environment|--pool|--shard|--retries|--cov|--cov-report|--ignore|--exclude|--durations|--tb|--rootdir|--project|--browser|--features|--package|--testTimeout|-coverprofile|-tags|-timeout|-count)$/;

/** Files by which a tool finds out how to check. A looser one passes more. */
const CONFIGURATION: readonly (readonly [tool: RegExp, file: RegExp])[] = [
  [/^(?:tsc|vue-tsc|tsgo|ts-node)$/, /^(?:ts|js)config[\w.-]*\.json$/],
  [/^(?:vitest|vite-node)$/, /^(?:vitest|vite)\.(?:config|workspace)[\w.-]*\.[cm]?[jt]s$/],
  [/^jest$/, /^(?:jest|babel)\.config[\w.-]*\.\w+$|^\.babelrc[\w.]*$/],
  [/^react-scripts$/, /^setupTests\.\w+$/],
  [/^mocha$/, /^\.mocharc[\w.]*$/],
  [
    /^(?:ava|tap|c8|nyc|jasmine|karma|wtr|web-test-runner)$/,
    /^(?:(?:ava|karma|web-test-runner)\.(?:config|conf)\.\w+|\.taprc|\.c8rc[\w.]*|\.nycrc[\w.]*|jasmine\.(?:json|mjs|js))$/,
  ],
  [/^eslint$/, /^(?:\.eslintrc[\w.]*|eslint\.config\.\w+|\.eslintignore)$/],
  [
    /^(?:biome|prettier|stylelint|oxlint|dprint|knip|markdownlint(?:-cli2)?)$/,
    /^(?:biome\.jsonc?|\.prettier(?:rc|ignore)[\w.]*|prettier\.config\.\w+|\.?stylelint[\w.]*|\.stylelintignore|\.oxlintrc\.json|dprint\.json|knip\.\w+|\.markdownlint[\w.-]*)$/,
  ],
  [/^(?:playwright|cypress)$/, /^(?:playwright|cypress)\.config\.\w+$/],
  [/^(?:pytest|py\.test|tox|nox|coverage)$/, /^(?:pytest\.ini|tox\.ini|noxfile\.py|setup\.cfg|pyproject\.toml|\.coveragerc)$/],
  [
    /^(?:mypy|ruff|flake8|pylint|pyright|basedpyright|black|isort|bandit)$/,
    /^(?:setup\.cfg|tox\.ini|pyproject\.toml|mypy\.ini|\.?ruff\.toml|\.flake8|\.?pylintrc|pyrightconfig\.json|\.isort\.cfg|\.bandit)$/,
  ],
  [/^(?:make|gmake)$/, /^(?:Makefile|makefile|GNUmakefile|[\w.-]+\.mk)$/],
  [/^just$/, /^\.?[Jj]ustfile$/],
  [/^task$/, /^Taskfile[\w.]*\.ya?ml$/],
  [/^rake$/, /^Rakefile$/],
  [/^gradlew?$/, /^(?:build|settings)\.gradle(?:\.kts)?$/],
  [/^mvnw?$/, /^pom\.xml$/],
  [/^(?:rspec|rubocop)$/, /^(?:\.rspec|\.rubocop(?:_todo)?\.yml)$/],
  [/^golangci-lint$/, /^\.golangci\.\w+$/],
  [/^(?:cargo|clippy|rustfmt)$/, /^\.?(?:clippy|rustfmt|nextest)\.toml$/],
  [/^(?:phpunit|pest|phpstan|psalm|phpcs)$/, /^\.?(?:phpunit|phpstan|psalm|phpcs)[\w.-]*\.(?:xml|neon|dist)$/],
  [/^(?:deno|bun)$/, /^(?:deno\.jsonc?|bunfig\.toml)$/],
  [/^(?:turbo|nx|lerna|grunt|gulp)$/, /^(?:turbo\.json|nx\.json|lerna\.json|project\.json|Gruntfile\.\w+|gulpfile\.\w+)$/],
  [
    /^(?:shellcheck|yamllint|hadolint|dotnet)$/,
    /^(?:\.shellcheckrc|\.yamllint(?:\.ya?ml)?|\.hadolint\.ya?ml|[\w.-]+\.runsettings)$/,
  ],
];

/** Keys of package.json that do the same. */
const MANIFEST_KEYS: Readonly<Record<string, readonly string[]>> = {
  jest: ['jest', 'babel'],
  'react-scripts': ['jest', 'eslintConfig'],
  mocha: ['mocha'],
  ava: ['ava'],
  tap: ['tap'],
  c8: ['c8'],
  nyc: ['nyc'],
  eslint: ['eslintConfig', 'eslintIgnore'],
  prettier: ['prettier'],
  stylelint: ['stylelint'],
  xo: ['xo'],
  standard: ['standard'],
  wireit: ['wireit'],
  'size-limit': ['size-limit'],
};
export const CHECKING_KEYS: readonly string[] = [...new Set(['scripts', ...Object.values(MANIFEST_KEYS).flat()])];

export function isConfigurationOf(tool: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return CONFIGURATION.some(([tools, file]) => tools.test(tool) && file.test(name));
}

export function manifestKeysOf(tool: string): readonly string[] {
  return Object.hasOwn(MANIFEST_KEYS, tool) ? (MANIFEST_KEYS[tool] ?? []) : [];
}

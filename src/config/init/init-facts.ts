import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedCommand } from '../../model/plan.ts';
import { exists } from '../../system/files.ts';
import { readText } from '../document/read-text.ts';
import { slugOf } from '../variants/names.ts';
import { type ProposedCheck, withReport } from './report-flags.ts';

/** Suggestions for the first files of a repository, from a look at it. */
export interface InitFacts {
  readonly setup: readonly string[];
  readonly verify: readonly (NamedCommand & ProposedCheck)[];
  readonly copy: readonly string[];
  readonly disposable: readonly string[];
  /** Command that starts the development server; null: none was found. */
  readonly serve: string | null;
  /** Files that led to this, for the person. */
  readonly found: readonly string[];
  /** Path to the published schemas from the repository's top, if copse is installed in it. */
  readonly schemas: string | null;
}

interface Toolchain {
  readonly file: string;
  readonly setup: (text: string) => string;
  readonly verify?: NamedCommand;
  readonly disposable?: string;
}

/** By lock file; the first of each group counts. Commands that install what is locked and change no file of the repository. */
const NODE: readonly (Toolchain & { readonly run: string; readonly test: string })[] = [
  { file: 'pnpm-lock.yaml', setup: () => 'pnpm install --frozen-lockfile --prefer-offline', run: 'pnpm run', test: 'pnpm test' },
  { file: 'yarn.lock', setup: yarnInstall, run: 'yarn run', test: 'yarn test' },
  { file: 'bun.lock', setup: () => 'bun install --frozen-lockfile', run: 'bun run', test: 'bun run test' },
  { file: 'bun.lockb', setup: () => 'bun install --frozen-lockfile', run: 'bun run', test: 'bun run test' },
  { file: 'package-lock.json', setup: () => 'npm ci --prefer-offline', run: 'npm run', test: 'npm test' },
  { file: 'npm-shrinkwrap.json', setup: () => 'npm ci --prefer-offline', run: 'npm run', test: 'npm test' },
];

/** Without a lock file, by the manager that package.json names. None of them writes one, which would come into the variant's work. */
const UNLOCKED: readonly (Omit<(typeof NODE)[number], 'file'> & { readonly manager: RegExp })[] = [
  { manager: /^pnpm@/, setup: () => 'pnpm install --no-lockfile --prefer-offline', run: 'pnpm run', test: 'pnpm test' },
  { manager: /^yarn@[01]\./, setup: () => 'yarn install --no-lockfile', run: 'yarn run', test: 'yarn test' },
  // Later ones cannot do without.
  { manager: /^yarn@/, setup: () => 'yarn install --no-immutable', run: 'yarn run', test: 'yarn test' },
  { manager: /^bun@/, setup: () => 'bun install --no-save', run: 'bun run', test: 'bun run test' },
  { manager: /^/, setup: () => 'npm install --no-package-lock --prefer-offline', run: 'npm run', test: 'npm test' },
];

const PYTHON: readonly Toolchain[] = [
  { file: 'uv.lock', setup: () => 'uv sync --frozen', verify: { name: 'test', run: 'uv run pytest' }, disposable: '.venv' },
  { file: 'poetry.lock', setup: () => 'poetry install', verify: { name: 'test', run: 'poetry run pytest' }, disposable: '.venv' },
  {
    file: 'requirements.txt',
    setup: () => 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
    verify: { name: 'test', run: '.venv/bin/python -m pytest' },
    disposable: '.venv',
  },
  { file: 'pyproject.toml', setup: installProject, disposable: '.venv' },
  { file: 'setup.py', setup: installProject, disposable: '.venv' },
];

const OTHERS: readonly Toolchain[] = [
  { file: 'Cargo.toml', setup: () => 'cargo fetch', verify: { name: 'test', run: 'cargo test' }, disposable: 'target' },
  {
    file: 'pom.xml',
    setup: () => 'mvn -B -q dependency:go-offline',
    verify: { name: 'test', run: 'mvn -B test' },
    disposable: 'target',
  },
  { file: 'go.mod', setup: () => 'go mod download', verify: { name: 'test', run: 'go test ./...' } },
  { file: 'Gemfile', setup: () => 'bundle install', verify: { name: 'test', run: 'bundle exec rake test' } },
];

/** Scripts of a package.json that make checks, and what the check is called. */
const CHECK_SCRIPTS: Readonly<Record<string, string>> = {
  test: 'test',
  typecheck: 'types',
  'type-check': 'types',
  types: 'types',
  lint: 'lint',
};

const ENV_FILES = ['.env', '.env.local', '.env.development', '.env.development.local', '.env.test.local'];

/** Reads names and a few small files at the top of the repository; runs nothing. */
export async function initFacts(root: string): Promise<InitFacts> {
  const names = await committedOf(root, await readdir(root));
  const manifest = names.has('package.json') ? await readManifest(root) : {};
  const node = NODE.find(({ file }) => names.has(file)) ?? unlocked(manifest);
  const others = [PYTHON.find(({ file }) => names.has(file)), ...OTHERS.filter(({ file }) => names.has(file))].filter(
    (tool) => tool !== undefined,
  );
  const tools: Toolchain[] = [...(node === undefined ? [] : [node]), ...others];
  const setup = await Promise.all(tools.map(async (tool) => tool.setup(await textOf(join(root, tool.file)))));
  const copy = await ignoredOf(
    root,
    ENV_FILES.filter((name) => names.has(name)),
  );
  const manager = node ?? { run: 'npm run', test: 'npm test' };
  const declared = fieldsOf(manifest, 'scripts');
  const scripts = scriptChecks(declared, manager);
  const checks = [
    ...scripts,
    ...others.flatMap(({ verify }) => (verify === undefined ? [] : { ...verify, ...withReport(verify.run, null) })),
  ];
  const disposable = [
    ...(names.has('package.json') ? ['node_modules'] : []),
    ...(scripts.length > 0 && hasNext(names) ? ['.next'] : []),
    ...others.flatMap((tool) => tool.disposable ?? []),
  ];
  const schemas = 'node_modules/copse/schemas';
  return {
    setup,
    verify: distinct(checks),
    copy,
    disposable,
    serve: serverOf(declared, manager.run),
    found: [...new Set([...tools.map(({ file }) => file), ...(scripts.length > 0 ? ['package.json'] : []), ...copy])],
    schemas: (await exists(join(root, schemas))) ? schemas : null,
  };
}

const hasNext = (names: ReadonlySet<string>): boolean => [...names].some((name) => name.startsWith('next.config.'));

/** Yarn 1 writes its version into the lock file and knows another flag than those after it. */
function yarnInstall(lock: string): string {
  return lock.includes('# yarn lockfile v1') ? 'yarn install --frozen-lockfile' : 'yarn install --immutable';
}

/** Without those that say what to install and that git ignores: no worktree has them. */
async function committedOf(root: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  const tools = new Set([...NODE, ...PYTHON, ...OTHERS].map(({ file }) => file));
  const ignored = await ignoredOf(
    root,
    names.filter((name) => tools.has(name)),
  );
  return new Set(names.filter((name) => !ignored.includes(name)));
}

/** The command that installs the dependencies of a package.json without a lock file; null: it has none. */
function unlocked(manifest: Fields): (typeof NODE)[number] | undefined {
  const wanted = ['dependencies', 'devDependencies', 'optionalDependencies', 'workspaces'];
  if (wanted.every((key) => Object.keys(fieldsOf(manifest, key)).length === 0)) return undefined;
  const { packageManager = '' } = manifest;
  const found = UNLOCKED.find(({ manager }) => manager.test(String(packageManager)));
  return found === undefined ? undefined : { ...found, file: 'package.json' };
}

/** With the packages for its tests, as far as it declares them. */
function installProject(text: string): string {
  const [, extras = ''] = text.split('[project.optional-dependencies]');
  const [own = ''] = extras.split('\n[');
  const extra = /^(tests?|testing|dev)\s*=\s*\[/m.exec(own)?.[1];
  const project = extra === undefined ? '.' : `'.[${extra}]'`;
  return `python3 -m venv .venv && .venv/bin/pip install -e ${project}${/\bpytest\b/.test(text) ? ' pytest' : ''}`;
}

type Fields = Readonly<Record<string, unknown>>;

/** The package.json at the top, whatever is in it. */
async function readManifest(root: string): Promise<Fields> {
  try {
    return fieldsOf({ it: JSON.parse(await textOf(join(root, 'package.json'))) as unknown }, 'it');
  } catch {
    // Not JSON: the tools that use it report that; there is nothing to suggest.
    return {};
  }
}

function fieldsOf(fields: Fields, key: string): Fields {
  const value = fields[key];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function scriptChecks(
  scripts: Readonly<Record<string, unknown>>,
  manager: { readonly run: string; readonly test: string },
): InitFacts['verify'] {
  return Object.entries(CHECK_SCRIPTS).flatMap(([script, name]) => {
    const line = scripts[script];
    // What `npm init` writes fails always.
    if (typeof line !== 'string' || line.includes('no test specified')) return [];
    if (script !== 'test') return [{ name, run: `${manager.run} ${script}`, report: null }];
    return [{ name, ...withReport(manager.test, line) }];
  });
}

/** These do not read PORT from their environment. */
const WANTS_PORT_FLAG = /(?:^|[\s/])(?:vite|astro|ng|nuxi|parcel|webpack|webpack-dev-server|vitepress|eleventy)(?:\s|$)/;

function serverOf(scripts: Readonly<Record<string, unknown>>, run: string): string | null {
  const script = ['dev', 'start'].find((name) => typeof scripts[name] === 'string');
  if (script === undefined) return null;
  // Only npm takes options before `--` for itself.
  const rest = WANTS_PORT_FLAG.test(String(scripts[script])) ? ` ${run === 'npm run' ? '-- ' : ''}--port $PORT` : '';
  return `${run} ${script}${rest}`;
}

/** Names that the `.gitignore` at the top covers: only ignored files are copied, tracked ones are there anyway. */
async function ignoredOf(root: string, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const lines = (await textOf(join(root, '.gitignore'))).split('\n').map((line) => line.trim());
  return files.filter((file) => {
    let ignored = false;
    for (const line of lines) {
      const pattern = line.replace(/^!/, '').replace(/^\//, '');
      if (pattern !== '' && !line.startsWith('#') && matches(pattern, file)) ignored = !line.startsWith('!');
    }
    return ignored;
  });
}

function matches(pattern: string, file: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    return new RegExp(`^${source}$`).test(file);
  } catch {
    // A bracket expression that regular expressions read otherwise: no suggestion is no harm.
    return false;
  }
}

function distinct(checks: InitFacts['verify']): InitFacts['verify'] {
  const byName = new Map<string, NamedCommand & ProposedCheck>();
  for (const check of checks) {
    // Two toolchains in one repository: `test`, then `go-test`.
    const own = slugOf(`${check.run.split(' ')[0] ?? ''}-${check.name}`);
    const name = byName.has(check.name) ? own : check.name;
    if (name !== null && !byName.has(name)) byName.set(name, { ...check, name });
  }
  return [...byName.values()];
}

async function textOf(path: string): Promise<string> {
  const read = await readText(path);
  return read.ok ? read.text : '';
}

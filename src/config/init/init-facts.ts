import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedCommand } from '../../model/plan.ts';
import { exists } from '../../system/files.ts';
import { readText } from '../document/read-text.ts';
import { slugOf } from '../variants/names.ts';
import { type ProposedCheck, withReport } from './report-flags.ts';

/** What a look at a repository suggests for its first files. */
export interface InitFacts {
  readonly setup: readonly string[];
  readonly verify: readonly (NamedCommand & ProposedCheck)[];
  readonly copy: readonly string[];
  readonly disposable: readonly string[];
  /** Command that starts the development server; null: none was found. */
  readonly serve: string | null;
  /** Files that led to this, for the person. */
  readonly found: readonly string[];
  /** Path to the published schemas from the repository's top, where copse is installed in it. */
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

const PYTHON: readonly Toolchain[] = [
  { file: 'uv.lock', setup: () => 'uv sync --frozen', verify: { name: 'test', run: 'uv run pytest' }, disposable: '.venv' },
  { file: 'poetry.lock', setup: () => 'poetry install', verify: { name: 'test', run: 'poetry run pytest' }, disposable: '.venv' },
  {
    file: 'requirements.txt',
    setup: () => 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
    verify: { name: 'test', run: '.venv/bin/python -m pytest' },
    disposable: '.venv',
  },
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
  { file: 'Gemfile.lock', setup: () => 'bundle install', verify: { name: 'test', run: 'bundle exec rake test' } },
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
  const names = new Set(await readdir(root));
  const node = NODE.find(({ file }) => names.has(file));
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
  const declared = names.has('package.json') ? await declaredScripts(root) : {};
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
    found: [...tools.map(({ file }) => file), ...(scripts.length > 0 ? ['package.json'] : []), ...copy],
    schemas: (await exists(join(root, schemas))) ? schemas : null,
  };
}

const hasNext = (names: ReadonlySet<string>): boolean => [...names].some((name) => name.startsWith('next.config.'));

/** Yarn 1 writes its version into the lock file and knows another flag than those after it. */
function yarnInstall(lock: string): string {
  return lock.includes('# yarn lockfile v1') ? 'yarn install --frozen-lockfile' : 'yarn install --immutable';
}

/** The scripts of the package.json at the top, whatever they are. */
async function declaredScripts(root: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const scripts = (JSON.parse(await textOf(join(root, 'package.json'))) as { scripts?: unknown } | null)?.scripts;
    return typeof scripts === 'object' && scripts !== null ? (scripts as Record<string, unknown>) : {};
  } catch {
    // Not JSON: whoever uses it will say so; there is nothing to suggest.
    return {};
  }
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
  // npm alone keeps options for itself that do not stand behind `--`.
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

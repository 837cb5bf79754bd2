import { withReport } from '../report-flags.ts';
import { check, type Look, type Stack, type StackCheck } from './stack.ts';

interface Manager {
  readonly install: (at: Look) => string | null;
  readonly run: string;
  readonly test: string;
}

const PNPM = { run: 'pnpm run', test: 'pnpm test' };
const YARN = { run: 'yarn run', test: 'yarn test' };
const BUN = { run: 'bun run', test: 'bun run test' };
const NPM = { run: 'npm run', test: 'npm test' };

/** By lock file. */
const LOCKED: readonly (Manager & { readonly files: readonly string[] })[] = [
  { files: ['pnpm-lock.yaml'], install: () => 'pnpm install --frozen-lockfile --prefer-offline', ...PNPM },
  { files: ['yarn.lock'], install: yarnInstall, ...YARN },
  { files: ['bun.lock', 'bun.lockb'], install: () => 'bun install --frozen-lockfile', ...BUN },
  { files: ['package-lock.json', 'npm-shrinkwrap.json'], install: () => 'npm ci --prefer-offline', ...NPM },
];

/** Without a lock file, by the manager that package.json names. None of them writes one, which would come into the variant's work. */
const UNLOCKED: readonly (Omit<Manager, 'install'> & { readonly manager: RegExp; readonly install: string })[] = [
  { manager: /^pnpm@/, install: 'pnpm install --no-lockfile --prefer-offline', ...PNPM },
  { manager: /^yarn@[01]\./, install: 'yarn install --no-lockfile', ...YARN },
  // Later ones cannot do without.
  { manager: /^yarn@/, install: 'yarn install --no-immutable', ...YARN },
  { manager: /^bun@/, install: 'bun install --no-save', ...BUN },
  { manager: /^/, install: 'npm install --no-package-lock --prefer-offline', ...NPM },
];

export const NODE: readonly Stack[] = [
  ...LOCKED.map(
    ({ files, ...manager }): Stack => ({ ...nodeStack(files, () => manager), covers: (_, below) => !isLocked(below) }),
  ),
  nodeStack(['package.json'], unlocked),
];

function nodeStack(files: readonly string[], managerOf: (at: Look) => Manager): Stack {
  return {
    language: 'node',
    files,
    setup: (at) => managerOf(at).install(at),
    checks: (at) => scriptChecks(at, managerOf(at)),
    serve: (at) => serverOf(at, managerOf(at).run),
    disposable: (at) => [
      ...(at.names.has('package.json') || files[0] !== 'package.json' ? ['node_modules'] : []),
      ...(at.names.has('.pnp.cjs') || at.names.has('.yarnrc.yml') ? ['.yarn/unplugged'] : []),
      ...([...at.names].some((name) => name.startsWith('next.config.')) ? ['.next'] : []),
      ...(at.names.has('turbo.json') ? ['.turbo'] : []),
      ...(at.names.has('nx.json') ? ['.nx'] : []),
    ],
    covers: (at, below) => !isLocked(below) && fieldsOf(manifestOf(at), 'workspaces') !== NONE,
  };
}

function isLocked({ names }: Look): boolean {
  return LOCKED.some(({ files }) => files.some((file) => names.has(file)));
}

/** Yarn 1 writes its version into the lock file and knows another flag than those after it. */
function yarnInstall(at: Look): string {
  return at.text('yarn.lock').includes('# yarn lockfile v1') ? 'yarn install --frozen-lockfile' : 'yarn install --immutable';
}

const WANTED = ['dependencies', 'devDependencies', 'optionalDependencies', 'workspaces'];

function unlocked(at: Look): Manager {
  const manifest = manifestOf(at);
  const found = UNLOCKED.find(({ manager }) => manager.test(String(manifest['packageManager'] ?? '')));
  const { install, run, test } = found ?? { install: null, ...NPM };
  const wants = WANTED.some((key) => Object.keys(fieldsOf(manifest, key)).length > 0);
  return { install: () => (wants ? install : null), run, test };
}

type Fields = Readonly<Record<string, unknown>>;
const NONE: Fields = {};

/** Its package.json, whatever is in it. */
function manifestOf(at: Look): Fields {
  try {
    return fieldsOf({ it: JSON.parse(at.text('package.json')) as unknown }, 'it');
  } catch {
    // Not JSON: whoever uses it will say so; there is nothing to suggest.
    return NONE;
  }
}

function fieldsOf(fields: Fields, key: string): Fields {
  const value = fields[key];
  return typeof value === 'object' && value !== null ? (value as Fields) : NONE;
}

/** Scripts that make checks, and what the check is called. */
const CHECK_SCRIPTS: Readonly<Record<string, string>> = {
  test: 'test',
  typecheck: 'types',
  'type-check': 'types',
  types: 'types',
  lint: 'lint',
};

function scriptChecks(at: Look, manager: Manager): readonly StackCheck[] {
  const scripts = fieldsOf(manifestOf(at), 'scripts');
  return Object.entries(CHECK_SCRIPTS).flatMap(([script, name]) => {
    const line = scripts[script];
    // What `npm init` writes fails always.
    if (typeof line !== 'string' || line.includes('no test specified')) return [];
    if (script !== 'test') return [check(name, `${manager.run} ${script}`)];
    return [{ name, ...withReport(manager.test, line) }];
  });
}

/** These do not read PORT from their environment. */
const WANTS_PORT_FLAG = /(?:^|[\s/])(?:vite|astro|ng|nuxi|parcel|webpack|webpack-dev-server|vitepress|eleventy)(?:\s|$)/;

function serverOf(at: Look, run: string): string | null {
  const scripts = fieldsOf(manifestOf(at), 'scripts');
  const script = ['dev', 'start'].find((name) => typeof scripts[name] === 'string');
  if (script === undefined) return null;
  // npm alone keeps options for itself that do not stand behind `--`.
  const rest = WANTS_PORT_FLAG.test(String(scripts[script])) ? ` ${run === 'npm run' ? '-- ' : ''}--port $PORT` : '';
  return `${run} ${script}${rest}`;
}

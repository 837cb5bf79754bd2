import { join } from 'node:path';
import { exists } from '../../system/files.ts';
import { shellWord } from '../../text/shell-word.ts';
import { slugOf } from '../variants/names.ts';
import { type Folder, foldersOf } from './folders.ts';
import { ignoredAt } from './ignored-names.ts';
import { fileOf, type Look, lookAt, type Stack, type StackCheck } from './stacks/stack.ts';
import { ONLY_ALONE, STACKS } from './stacks/table.ts';

/** Suggestions for the first files of a repository, from a look at it. */
export interface InitFacts {
  readonly setup: readonly string[];
  readonly verify: readonly StackCheck[];
  /** Ignored files that a fresh clone would lack. */
  readonly copy: readonly string[];
  readonly disposable: readonly string[];
  /** Command that starts the development server; null: none was found. */
  readonly serve: string | null;
  readonly teardown: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that led to this, for the person. */
  readonly found: readonly string[];
  /** Folders with projects of their own that are not looked at: too many. */
  readonly passedOver: readonly string[];
  /** Path to the published schemas from the repository's top, if copse is installed in it. */
  readonly schemas: string | null;
}

/** Besides the top: who has more of them names what is wanted. */
const MOST_PROJECTS = 8;

/** Ignored files that people keep beside the code, at the top and in folders of projects. */
const COPIED =
  /^(?:\.env(?:\.(?:local|development|test)(?:\.local)?)?|\.envrc|\.?mise\.local\.toml|local\.properties|local\.settings\.json)$/;
const COPIED_KEYS: Readonly<Record<string, RegExp>> = {
  config: /^(?:master\.key|database\.yml)$/,
  'config/credentials': /\.key$/,
};
const COMPOSE = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

interface Project {
  readonly folder: Folder;
  readonly at: Look;
  readonly stack: Stack;
  readonly file: string;
}

/** Reads names and a few small files; runs nothing. `here`: where the person stands, from the top. */
export async function initFacts(root: string, here = ''): Promise<InitFacts> {
  const isIgnored = await ignoredAt(root);
  const folders = await foldersOf(root, { isIgnored, here });
  const all = projectsOf(root, folders);
  const paths = [...new Set(all.map(({ folder }) => folder.path).filter((path) => path !== ''))];
  // The one that the person is in, before others.
  const wanted = new Set(['', ...[here, ...paths].filter((path) => paths.includes(path)).slice(0, MOST_PROJECTS)]);
  const projects = all.filter(({ folder }) => wanted.has(folder.path));
  const copy = folders.flatMap(({ path, ignored }) =>
    ignored.filter((name) => COPIED.test(name) || COPIED_KEYS[path]?.test(name) === true).map((name) => below(path, name)),
  );
  const compose = COMPOSE.find((name) => folders[0]?.names.has(name) === true);
  const schemas = 'node_modules/copse/schemas';
  return {
    setup: projects.flatMap(({ folder, at, stack }) => inFolder(folder, stack.setup(at)) ?? []),
    verify: distinct(projects.flatMap(checksOf)),
    copy,
    disposable: [...new Set(projects.flatMap(({ at, stack }) => stack.disposable(at)))],
    serve:
      projects.map(({ folder, at, stack }) => inFolder(folder, stack.serve?.(at) ?? null)).find((line) => line !== null) ?? null,
    teardown: compose === undefined ? [] : ['docker compose down --volumes'],
    env: compose === undefined ? {} : { COMPOSE_PROJECT_NAME: '{repo}-{run}-{variant}' },
    found: [...new Set([...projects.flatMap(filesOf), ...copy, ...(compose === undefined ? [] : [compose])])],
    passedOver: paths.filter((path) => !wanted.has(path)),
    schemas: (await exists(join(root, schemas))) ? schemas : null,
  };
}

/** Of each folder the first row of each language, but those that a folder above does for. */
function projectsOf(root: string, folders: readonly Folder[]): readonly Project[] {
  const projects: Project[] = [];
  for (const folder of folders) {
    const at = lookAt(join(root, folder.path), folder.names);
    const fitting = STACKS.flatMap((stack) => {
      const file = fileOf(at, stack.files);
      return file !== null && (stack.fits?.(at) ?? true) ? [{ folder, at, stack, file }] : [];
    });
    const first = fitting.filter(({ stack }, n) => fitting.findIndex((other) => other.stack.language === stack.language) === n);
    const own = first.filter(({ stack }) => !ONLY_ALONE.has(stack.language));
    const above = projects.filter((project) => isAbove(project.folder.path, folder.path));
    const chosen = own.length > 0 ? own : above.length === 0 ? first.slice(0, 1) : [];
    projects.push(
      ...chosen.filter(
        ({ stack }) => !above.some((one) => one.stack.language === stack.language && one.stack.covers(one.at, at)),
      ),
    );
  }
  return projects;
}

function isAbove(path: string, other: string): boolean {
  return path !== other && (path === '' || other.startsWith(`${path}/`));
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function inFolder({ path }: Folder, line: string | null): string | null {
  return line === null || path === '' ? line : `cd ${shellWord(path)} && ${line}`;
}

function checksOf({ folder, at, stack }: Project): readonly StackCheck[] {
  const { path } = folder;
  return stack.checks(at).map(({ name, run, report }) => ({
    name: path === '' ? name : (slugOf(`${path.split('/').at(-1)}-${name}`) ?? name),
    run: inFolder(folder, run) ?? run,
    report: report === null || report === '-' || path === '' ? report : `${path}/${report}`,
  }));
}

function filesOf({ folder, at, stack, file }: Project): readonly string[] {
  const more = stack.language === 'node' && file !== 'package.json' && stack.checks(at).length > 0 ? ['package.json'] : [];
  return [file, ...more].map((name) => below(folder.path, name));
}

function distinct(checks: readonly StackCheck[]): readonly StackCheck[] {
  const byName = new Map<string, StackCheck>();
  for (const check of checks) {
    // Two toolchains in one repository: `test`, then `go-test`.
    const own = slugOf(`${check.run.split(' ')[0] ?? ''}-${check.name}`);
    const name = byName.has(check.name) ? own : check.name;
    if (name !== null && !byName.has(name)) byName.set(name, { ...check, name });
  }
  return [...byName.values()];
}

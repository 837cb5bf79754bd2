import { lstatSync } from 'node:fs';
import { CACHE_FOLDER } from '../../model/cache-folder.ts';
import { pathBytes, type RawPath } from '../worktree/working-changes.ts';

/** Folders that package managers install into. */
const INSTALLED: ReadonlySet<string> = new Set([
  'node_modules',
  '.venv',
  'venv',
  'vendor',
  '.bundle',
  'bower_components',
  'Pods',
  '.pnpm-store',
  '.yarn',
]);

/** Caches that tools keep from one run to the next. */
const CACHES: ReadonlySet<string> = new Set([
  CACHE_FOLDER,
  '.cache',
  '.vite',
  '.vitest',
  '.tmp',
  '.turbo',
  '.parcel-cache',
  '.eslintcache',
  '.stylelintcache',
  '.nyc_output',
  '.coverage',
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.hypothesis',
  '.tox',
  '.nox',
  '.gradle',
  '.DS_Store',
  'Thumbs.db',
]);
const CACHE_ENDINGS = /\.(py[co]|tsbuildinfo|sw[op])$/;

/** Build output, by names that sources never have. */
const OUTPUT: ReadonlySet<string> = new Set(['.next', '.nuxt', '.output', '.svelte-kit', '.angular', '.eggs', 'htmlcov']);
const OUTPUT_ENDINGS = /(\.(log|class|o|obj|egg-info)|^lcov\.info|^coverage\.xml)$/;
/** Build output where a project begins; elsewhere (`src/build`) they may well hold sources. */
const OUTPUT_OF_PROJECT: ReadonlySet<string> = new Set(['target', 'dist', 'build', 'out', 'coverage', 'bin', 'obj']);
const MANIFESTS = [
  'package.json',
  'Cargo.toml',
  'pyproject.toml',
  'setup.py',
  'pom.xml',
  'build.gradle',
  'CMakeLists.txt',
  'go.mod',
];

/** Whether a file or folder of this name is a cache of a tool. */
export function isCache(name: string): boolean {
  return CACHES.has(name) || CACHE_ENDINGS.test(name);
}

/** Whether a path is, or is in, a folder that a package manager installs into. */
export function isInstalled(path: RawPath): boolean {
  return path.split('/').some((name) => INSTALLED.has(name));
}

/** Whether a path of a worktree, without the final slash, is what tools leave behind (caches, build output, installed packages), not work. */
export function isByProduct(worktree: string, path: RawPath): boolean {
  const names = path.split('/');
  if (path === '.claude/settings.local.json' || path.endsWith('/.claude/settings.local.json')) return true;
  return names.some((name, i) => {
    if (INSTALLED.has(name) || isCache(name) || OUTPUT.has(name) || OUTPUT_ENDINGS.test(name)) return true;
    return OUTPUT_OF_PROJECT.has(name) && (i === 0 || hasManifest(worktree, names.slice(0, i).join('/')));
  });
}

function hasManifest(worktree: string, folder: RawPath): boolean {
  return MANIFESTS.some(
    (name) => lstatSync(pathBytes(worktree, `${folder}/${name}`), { throwIfNoEntry: false })?.isFile() === true,
  );
}

/** Whether a path is, or is in, copse's own folder of caches, or one that `disposable` names: `node_modules` means each of that name, `web/dist` this one. */
export function isDisposable(path: RawPath, names: readonly string[]): boolean {
  return [`${CACHE_FOLDER}/`, ...names]
    .map((name) => `/${Buffer.from(name.replace(/\/$/, '')).toString('latin1')}/`)
    .some((name) => (name.indexOf('/', 1) === name.length - 1 ? `/${path}/`.includes(name) : `/${path}/`.startsWith(name)));
}

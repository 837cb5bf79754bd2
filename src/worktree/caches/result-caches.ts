/**
 * Caches that hold *results* (built artefacts, verdicts of linters, "this task passed") are a worktree's own: in a shared one a tool finds
 * the results of another variant's code, and reports those. Caches of downloads hold files of registries and stay shared.
 *
 * Tools that keep their results in the worktree by themselves need nothing. The others are told by their variables, which win over the
 * person's files: a folder in `.copse-cache` if the tool accepts a folder, otherwise off.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { CACHE_FOLDER } from '../../model/cache-folder.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { Environment } from '../../system/environment.ts';

/** Below {@link CACHE_FOLDER}. Compares its inputs itself, and takes longest to fill. */
export const CARGO_FOLDER = 'cargo';

/** `passed`: the variables that the variant gets of the person's environment beyond the allow-list; flags in there are kept. */
export function resultCaches(worktree: AbsolutePath, environment: Environment, passed: Environment): Environment {
  const own = (name: string): string => join(worktree, CACHE_FOLDER, name);
  const flags = (name: string, flag: string): string => [passed[name], flag].filter(Boolean).join(' ');
  return {
    // In a linked worktree turbo uses the main checkout's, and writes there. Remote ones are filled by everybody.
    TURBO_CACHE_DIR: own('turbo'),
    TURBO_CACHE: 'local:rw',
    NX_CACHE_DIRECTORY: own('nx'),
    NX_NO_CLOUD: 'true',
    CCACHE_DIR: own('ccache'),
    MYPY_CACHE_DIR: own('mypy'),
    RUFF_CACHE_DIR: own('ruff'),
    // Their folder of results is below that of their downloads.
    GRADLE_OPTS: flags('GRADLE_OPTS', '-Dorg.gradle.caching=false'),
    MAVEN_ARGS: flags('MAVEN_ARGS', '-Dmaven.build.cache.enabled=false'),
    ...(cargoShares(worktree, environment, passed)
      ? { CARGO_TARGET_DIR: own(CARGO_FOLDER), CARGO_BUILD_BUILD_DIR: own(CARGO_FOLDER) }
      : {}),
    ...(pytestShares(worktree, passed) ? { PYTEST_ADDOPTS: flags('PYTEST_ADDOPTS', `-o cache_dir=${own('pytest')}`) } : {}),
  };
}

const CARGO_VARIABLES = ['CARGO_TARGET_DIR', 'CARGO_BUILD_TARGET_DIR', 'CARGO_BUILD_BUILD_DIR'];
const CARGO_KEY = /^[ \t]*(?:build\.)?"?(?:target|build)-dir"?[ \t]*=[ \t]*["']([^"'\n]*)["']/m;

/** Whether cargo would build outside of the worktree. Without that its `target` is where scripts of the repository look for it. */
function cargoShares(worktree: AbsolutePath, environment: Environment, passed: Environment): boolean {
  if (CARGO_VARIABLES.some((name) => (passed[name] ?? '') !== '')) return true;
  const home = environment['CARGO_HOME'] ?? (environment['HOME'] === undefined ? null : join(environment['HOME'], '.cargo'));
  const folders = [...(home === null ? [] : [home]), ...ancestorsOf(worktree).map((folder) => join(folder, '.cargo'))];
  if (folders.some((folder) => cargoFolder(folder) !== null)) return true;
  const own = cargoFolder(join(worktree, '.cargo'));
  return own !== null && leadsOut(own);
}

function cargoFolder(folder: string): string | null {
  const names = ['config.toml', 'config'];
  return names.map((name) => CARGO_KEY.exec(textOf(join(folder, name)))?.[1] ?? null).find((value) => value !== null) ?? null;
}

const PYTEST_FILES = ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg'];
const PYTEST_KEY = /^[ \t]*cache_dir[ \t]*=[ \t]*["']?([^"'\n]+)/m;

/** The tests that failed last decide which ones run (`--lf`, `--stepwise`). */
function pytestShares(worktree: AbsolutePath, passed: Environment): boolean {
  if ((passed['PYTEST_ADDOPTS'] ?? '').includes('cache_dir')) return true;
  const values = PYTEST_FILES.map((name) => PYTEST_KEY.exec(textOf(join(worktree, name)))?.[1] ?? null);
  return values.some((value) => value !== null && leadsOut(value.trim()));
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || /^(?:~|\$|\{|\.\.(?:\/|$))/.test(path);
}

function ancestorsOf(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...ancestorsOf(above)];
}

/** A file of settings is short. */
const LONGEST = 256 * 1024;

function textOf(path: string): string {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= LONGEST ? readFileSync(path, 'utf8') : '';
  } catch {
    // Not there, or not for us to read; nor can the tool read it then.
    return '';
  }
}

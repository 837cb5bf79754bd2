import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The environment of a person with this home: their own folders, no git configuration but a test's. */
export function personOf(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    // Not /dev/null: `git config --global` replaces the file, and root may replace that one.
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A Person',
    GIT_AUTHOR_EMAIL: 'person@example.com',
    GIT_COMMITTER_NAME: 'A Person',
    GIT_COMMITTER_EMAIL: 'person@example.com',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}

/** A whole environment with a new empty home, made from nothing but PATH and the temporary folder. */
export function hermeticEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  mkdirSync(join(home, '.config'));
  return {
    PATH: process.env['PATH'] ?? '',
    TMPDIR: tmpdir(),
    TERM: 'xterm-256color',
    // One for all: each home would compile all of copse again.
    NODE_COMPILE_CACHE: join(tmpdir(), 'compiled'),
    ...personOf(home),
    ...asPerson(),
    ...extra,
  };
}

/** For when an agent runs the suite; nothing otherwise. */
function asPerson(): Record<string, string> {
  const ancestors = process.env['COPSE_SUITE_ANCESTORS'];
  if (ancestors === undefined) return {};
  return { COPSE_SUITE_ANCESTORS: ancestors, NODE_OPTIONS: `--import ${new URL('./as-person.ts', import.meta.url).href}` };
}

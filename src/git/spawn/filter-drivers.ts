/**
 * Filters (gitattributes(5)) are programs of the person's that git runs in the top folder of the worktree. One that runs a file of
 * that very worktree (`./tools/clean.sh`, `npx prettier`, `python -m ours`) runs what an agent may have written: it is not used where
 * an agent has been.
 */
import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Environment } from '../../system/environment.ts';
import { parseConfigRecords, splitKey } from './git-config.ts';
import { spawnGit } from './spawn-git.ts';

/** A configured driver and one of its commands. */
export interface FilterCommand {
  readonly driver: string;
  readonly command: string;
}

/** Programs that look for what they run in the current folder. */
const LOCAL_RUNNERS = words(
  'npx npm pnpm pnpx yarn bun bunx deno make just task rake bundle gradle mvn cargo go uv uvx poetry pipenv pdm hatch tox mise direnv',
);
/** Programs that run what their arguments name. */
const INTERPRETERS = words(
  'sh bash dash zsh ksh fish python python2 python3 node nodejs ruby perl php lua Rscript java env exec nice time xargs .',
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** All filter commands that git has from a configuration. One git process. */
export async function filterCommands(cwd: string, env: Environment): Promise<FilterCommand[]> {
  const args = ['config', '-z', '--get-regexp', '^filter\\..*\\.(clean|smudge|process)$'];
  const { stdout } = await spawnGit(args, { cwd, env, ok: [0, 1] });
  return parseConfigRecords(stdout).flatMap(([key, command]) => {
    const { subsection } = splitKey(key);
    return subsection === null || command === null ? [] : [{ driver: subsection, command }];
  });
}

/** Names of the drivers that may run files of `folder`, as it is now. */
export function localFilters(commands: readonly FilterCommand[], folder: string): string[] {
  return [...new Set(commands.filter(({ command }) => runsLocally(command, folder)).map(({ driver }) => driver))];
}

/** Whether a command line may run a file of `folder` when started in it. Wrong in doubt on the careful side. */
export function runsLocally(command: string, folder: string): boolean {
  const [first = '', ...rest] = command.split(/[\s"'`;|&()<>$]+/).filter((word) => word !== '' && !word.startsWith('%'));
  if (LOCAL_RUNNERS.has(basename(first)) || [first, ...rest].some((word) => leadsInto(word, folder))) return true;
  // `git-lfs clean` names no file, even if there is one called clean; `python clean` does.
  if (!INTERPRETERS.has(basename(first))) return false;
  return rest.some((word) => LOCAL_RUNNERS.has(word) || ['', '.py', '.js', '.sh'].some((end) => stands(folder, word + end)));
}

/** A path into the folder, also after `-I` or `--require=`. */
function leadsInto(word: string, folder: string): boolean {
  const candidates = [word, word.replace(/^-[A-Za-z]/, ''), word.slice(word.indexOf('=') + 1)];
  return candidates.some(
    (path) => path.startsWith(`${folder}/`) || (path.includes('/') && !path.startsWith('/') && stands(folder, path)),
  );
}

function stands(folder: string, name: string): boolean {
  try {
    return lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A name that no file can have (too long, through a file) is no file.
    return false;
  }
}

/** Settings that switch drivers off: content passes as it is. */
export function withoutFilters(drivers: readonly string[]): string[] {
  return drivers.flatMap((name) =>
    ['clean=', 'smudge=', 'process=', 'required=false'].flatMap((setting) => ['-c', `filter.${name}.${setting}`]),
  );
}

/**
 * Filters (gitattributes(5)) are programs of the person's that git runs in the top folder of the worktree. One that runs a file of
 * that very worktree (`./tools/clean.sh`, `npx prettier`, `python -m ours`) runs what an agent may have written: it is not used where
 * an agent has been.
 */
import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Git } from './door.ts';
import { parseEntry, splitKey } from './git-config.ts';
import { type RawPath, split } from './working-changes.ts';

/** Programs that look for what they run in the current folder first. */
const LOCAL_RUNNERS = new Set(
  'npx npm pnpm pnpx yarn bun bunx deno make just task rake bundle gradle mvn cargo go uv uvx poetry pipenv pdm hatch tox mise direnv'.split(
    ' ',
  ),
);

/** Names of the configured drivers whose commands may run files of `folder`. One git process. */
export async function localFilters(git: Git, folder: string): Promise<string[]> {
  const { stdout } = await git.run(['config', '-z', '--get-regexp', '^filter\\..*\\.(clean|smudge|process)$'], { ok: [0, 1] });
  const found = new Set<string>();
  for (const record of stdout.toString('utf8').split('\0').slice(0, -1)) {
    const [key, command] = parseEntry(record);
    const { subsection } = splitKey(key);
    if (subsection !== null && command !== null && runsLocally(command, folder)) found.add(subsection);
  }
  return [...found];
}

/** Whether a command line may run a file of `folder` when started in it. Wrong in doubt on the careful side. */
export function runsLocally(command: string, folder: string): boolean {
  const words = command.split(/[\s"'`;|&()<>$]+/).filter((word) => word !== '' && !word.startsWith('%'));
  return words.some((word) => {
    if (LOCAL_RUNNERS.has(basename(word)) || word.startsWith(`${folder}/`)) return true;
    // Also what follows `-I` or `--require=`.
    const candidates = [word, word.replace(/^-[A-Za-z]/, ''), word.slice(word.indexOf('=') + 1)];
    return candidates.some(
      (name) => name !== '' && !name.startsWith('/') && ['', '.py', '.js', '.sh'].some((end) => stands(folder, name + end)),
    );
  });
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

/** Those of the paths that attributes send through one of these drivers, with its name. One git process. */
export async function filteredPaths(
  git: Git,
  paths: readonly RawPath[],
  drivers: readonly string[],
): Promise<ReadonlyMap<RawPath, string>> {
  if (drivers.length === 0 || paths.length === 0) return new Map();
  const input = Buffer.from(`${paths.join('\0')}\0`, 'latin1');
  const fields = split((await git.run(['check-attr', '-z', '--stdin', 'filter'], { input })).stdout);
  const found = new Map<RawPath, string>();
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const driver = Buffer.from(fields[i + 2] ?? '', 'latin1').toString('utf8');
    if (drivers.includes(driver)) found.set(fields[i] ?? '', driver);
  }
  return found;
}

import { formatConfig, parseConfigRecords, parseScopedConfig, splitKey } from './git-config.ts';
import { readRegular } from './read-regular.ts';
import { gitEnvironment, spawnGit } from './spawn-git.ts';

/**
 * The repository's own configuration as it is now (includes resolved), fit for a shadow directory. Taken before the first
 * agent of a run starts: the programs in it (a filter of `git lfs install --local`, git-crypt, nbstripout) are the
 * person's. Rejects with a GitError if the configuration cannot be read.
 */
export async function captureConfig(root: string): Promise<string> {
  const { stdout } = await spawnGit(['config', '--list', '--show-scope', '-z'], { cwd: root, env: gitEnvironment() });
  return formatConfig(parseScopedConfig(stdout, ['local', 'worktree']).filter(([key]) => !belongsElsewhere(key)));
}

/**
 * The same, only keys that are data. If the configuration was not recorded before an agent could write to it: a filter that
 * only the repository defines does not run then.
 */
export async function captureDataConfig(commonDir: string): Promise<string> {
  const file = `${commonDir}/config`;
  const text = await readRegular(file);
  // A hundred worktrees that were never looked at ask for the same.
  if (text === null) return dataConfig(file);
  const captured = captures.get(`${file}\0${text}`) ?? dataConfig(file);
  captures.set(`${file}\0${text}`, captured);
  captured.catch(() => captures.delete(`${file}\0${text}`));
  return captured;
}

const captures = new Map<string, Promise<string>>();

async function dataConfig(file: string): Promise<string> {
  const { stdout } = await spawnGit(['config', '--file', file, '--no-includes', '--list', '-z'], {
    cwd: '/',
    env: gitEnvironment(),
    ok: [0, 1],
  });
  return formatConfig(parseConfigRecords(stdout).filter(([key]) => DATA_KEYS.has(key)));
}

/** How bytes become content and back, and who signs the commits. None of them names a program. */
const DATA_KEYS: ReadonlySet<string> = new Set([
  'core.repositoryformatversion',
  'core.filemode',
  'core.ignorecase',
  'core.precomposeunicode',
  'core.symlinks',
  'core.autocrlf',
  'core.eol',
  'core.safecrlf',
  'core.checkstat',
  'core.trustctime',
  'core.quotepath',
  'core.sparsecheckout',
  'core.sparsecheckoutcone',
  'core.protectntfs',
  'core.protecthfs',
  'extensions.objectformat',
  'user.name',
  'user.email',
]);

/** Keys that say where the repository is or how git keeps its files there: in a shadow directory they would be wrong. */
function belongsElsewhere(key: string): boolean {
  const { section, name } = splitKey(key);
  if (section === 'include' || section === 'includeif' || section === 'alias' || section === 'maintenance' || section === 'gc') {
    return true;
  }
  if (section === 'extensions') return ['worktreeconfig', 'refstorage', 'relativeworktrees'].includes(name);
  if (section === 'core') {
    return ['bare', 'worktree', 'hookspath', 'fsmonitor', 'splitindex', 'untrackedcache', 'excludesfile', 'attributesfile']
      .concat(['sshcommand', 'editor', 'pager', 'askpass', 'gitproxy'])
      .includes(name);
  }
  return section === 'index';
}

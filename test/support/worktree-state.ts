import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from './person.ts';

/** Of git's own files those with a worktree's HEAD and open operations. */
const STATE =
  /^(HEAD|index|ORIG_HEAD|MERGE_.*|CHERRY_PICK_HEAD|REVERT_HEAD|BISECT_.*|logs\/HEAD|(rebase-merge|rebase-apply|sequencer)\/.*)$/;

/**
 * Everything that undo has to bring back of a worktree and of the repository's refs: contents, modes and times of all files, ignored
 * ones too, index, HEAD, half-way state, refs, reflogs, stashes and configuration.
 */
export async function worktreeState(person: Person, variant: string, run = 'ui'): Promise<Record<string, string>> {
  const path = `${person.repo}.worktrees/${run}-${variant}`;
  const state: Record<string, string> = {};
  if (existsSync(path)) walk(path, '', (name, text) => (state[`files/${name}`] = text));
  const gitDir = join(person.repo, '.git', 'worktrees', `${run}-${variant}`);
  if (existsSync(gitDir)) {
    walk(gitDir, '', (name, text) => {
      if (STATE.test(name)) state[`git/${name}`] = text.replace(/ mtime \S+/, '');
    });
  }
  state['refs'] = (await person.git('for-each-ref', '--format=%(refname) %(objectname)'))
    .split('\n')
    .filter((line) => !line.startsWith('refs/copse/'))
    .join('\n');
  state['stashes'] = await person.git('stash', 'list', '--format=%H %gs');
  state['config'] = await person.git('config', '--local', '--list');
  const reflog = join(person.repo, '.git/logs/refs/heads', run, variant);
  state['reflog'] = existsSync(reflog) ? readFileSync(reflog, 'utf8') : '';
  return state;
}

function walk(folder: string, prefix: string, tell: (name: string, text: string) => void): void {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    const path = join(folder, name);
    if (entry.isDirectory()) {
      walk(folder, name, tell);
      continue;
    }
    const stat = lstatSync(path, { bigint: true });
    const content = entry.isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : createHash('sha256').update(readFileSync(path)).digest('hex');
    tell(name, `${stat.mode.toString(8)} mtime ${stat.mtimeNs} ${content}`);
  }
}

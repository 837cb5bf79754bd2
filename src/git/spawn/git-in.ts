/**
 * Every git process of copse starts here.
 *
 * `gitIn` is for places the person owns. `distrustedGit` is for worktrees that an agent has written to: it goes through a shadow
 * git directory (`shadow-directory.ts`), so that neither the worktree's `.git` file nor any configuration that the agent
 * could write is used.
 */
import { statSync } from 'node:fs';
import { localFilters, withoutFilters } from './filter-drivers.ts';
import { usableIndex } from './install-index.ts';
import { pastNamedPipes } from './named-pipes.ts';
import { objectsEnvironment, type ShadowPaths, shadowEnvironment, shadowFilters, shadowPaths } from './shadow-directory.ts';
import { type GitResult, type GitRunOptions, gitEnvironment, spawnGit } from './spawn-git.ts';

export type { GitResult, GitRunOptions } from './spawn-git.ts';

export interface Git {
  readonly cwd: string;
  run(args: readonly string[], o?: GitRunOptions): Promise<GitResult>;
}

/**
 * On each call: no hook runs (`worktree add` runs post-checkout, `update-ref` runs reference-transaction), no fsmonitor program,
 * no signing, no maintenance in the background that outlives us.
 */
export const QUIET: readonly string[] = [
  '--no-pager',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'commit.gpgSign=false',
  '-c',
  'tag.gpgSign=false',
  '-c',
  'gc.auto=0',
  '-c',
  'maintenance.auto=false',
];

/** The other half of a split index would be written to the shadow directory, where the worktree's own git does not look for it. */
export const WHOLE_INDEX: readonly string[] = ['-c', 'core.splitIndex=false'];

/**
 * A look takes no optional locks, so that it never gets in the person's way, and fetches nothing: files missing in a partial clone
 * would come one object at a time, by a transport that an agent may have configured.
 */
const READS = { GIT_OPTIONAL_LOCKS: '0', GIT_ALLOW_PROTOCOL: 'none' };

/** git in a directory that the person owns. `reads`: only looks. */
export function gitIn(cwd: string, o: { readonly reads?: boolean } = {}): Git {
  return {
    cwd,
    run(args, run = {}) {
      const env = gitEnvironment({ ...(o.reads === true ? READS : {}), ...run.env });
      return spawnGit([...QUIET, ...args], { ...run, cwd, env });
    },
  };
}

/**
 * git on a worktree that an agent has written to. Takes no optional locks, fetches nothing, and reads the configuration that the
 * shadow directory holds: the person's and the machine's as they are, the repository's as it was before the first agent ran.
 * The index is the worktree's own unless `index` names another.
 */
export function distrustedGit(o: {
  readonly gitDir: string;
  readonly workTree: string;
  readonly commonDir: string;
  readonly index?: string;
  /** `none`: contents are compared as they are in the files. Default: the person's filters, but none that runs a file of there. */
  readonly filters?: 'none';
  /** Default: the worktree's. */
  readonly shadow?: ShadowPaths;
}): Git {
  return {
    cwd: o.workTree,
    async run(args, run = {}) {
      const shadow = o.shadow ?? shadowPaths(o.commonDir, o.gitDir);
      const env = gitEnvironment({
        ...(await shadowEnvironment(shadow, o.workTree, o.index ?? (await usableIndex(shadow)))),
        GIT_OPTIONAL_LOCKS: '0',
        // A promisor remote in a configuration would fetch a missing object by running whatever its transport names.
        GIT_ALLOW_PROTOCOL: 'none',
        ...run.env,
      });
      const filters = await shadowFilters(shadow, env);
      // Even looking runs filters: git reads a file through its filter when time and size do not tell whether it changed.
      const off = o.filters === 'none' ? filters.map(({ driver }) => driver) : localFilters(filters, o.workTree);
      const line = [...inWorkTree(o.workTree), ...QUIET, ...WHOLE_INDEX, ...withoutFilters(off), ...args];
      // Not in the worktree: where PATH holds a `.`, an agent's `git` would be started.
      return pastNamedPipes(o.workTree, run.signal, (signal) => spawnGit(line, { ...run, signal, cwd: shadow.dir, env }));
    },
  };
}

/**
 * Commands that only write an index (`read-tree`, `write-tree`) do not change to the top of the worktree by themselves. Elsewhere they find
 * none of its files, take those for unchanged that were written in the same second as the index, and a change of equal size stays
 * unseen from then on.
 */
function inWorkTree(workTree: string): readonly string[] {
  return statSync(workTree, { throwIfNoEntry: false })?.isDirectory() === true ? ['-C', workTree] : [];
}

/**
 * git on objects alone: commits and trees by id, no refs, no worktree, no index. Reads of the repository's configuration only what is
 * data: a merge driver or text conversion that an agent put there does not run. For merging and comparing agents' commits.
 * `workTree`: a folder of copse whose `.gitattributes` count.
 */
export function objectsGit(commonDir: string, o: { readonly workTree?: string } = {}): Git {
  const cwd = o.workTree ?? commonDir;
  return {
    cwd,
    async run(args, run = {}) {
      const env = gitEnvironment({
        ...(await objectsEnvironment(commonDir)),
        ...(o.workTree === undefined ? {} : { GIT_WORK_TREE: o.workTree }),
        GIT_ALLOW_PROTOCOL: 'none',
        ...run.env,
      });
      return spawnGit([...QUIET, ...args], { ...run, cwd, env });
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filterCommands } from '../git/spawn/filter-drivers.ts';
import { firstLine } from '../git/spawn/git-error.ts';
import type { Git } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { makeShadow, shadowPaths } from '../git/spawn/shadow-directory.ts';
import { gitEnvironment, spawnGit } from '../git/spawn/spawn-git.ts';
import { captureConfig } from '../git/spawn/trusted-config.ts';
import type { CommitId } from '../model/ids.ts';
import type { PlanFacts } from '../model/plan-facts.ts';

const PATIENCE_MS = 10_000;

/**
 * Required filters that cannot run when a new worktree is filled, tried on one file each: git-crypt keeps its key in the git directory of
 * the worktree in which it was unlocked, for one. Usually there is no required filter, and one git process shows that.
 */
export async function stuckFilters(git: Git, repository: Repository, base: CommitId | null): Promise<PlanFacts['stuckFilters']> {
  if (base === null || repository.headCommit === null || repository.here === repository.commonDir) return [];
  const { text } = await git.run(['config', '--get-regexp', '^filter\\..*\\.required$'], { ok: [0, 1] });
  const required = text.split('\n').flatMap((line) => /^filter\.(.+)\.required(?: (?:true|yes|on|1))?$/i.exec(line)?.[1] ?? []);
  if (required.length === 0) return [];
  const commands = await filterCommands(repository.here, gitEnvironment());
  const stuck: { driver: string; files: number; why: string }[] = [];
  for (const driver of required.filter((name) => commands.some((command) => command.driver === name))) {
    const { stdout } = await git.run(['ls-files', '-z', '--', `:(top,attr:filter=${driver})`]);
    const files = stdout.toString('utf8').split('\0').slice(0, -1);
    const [first] = files;
    const why = first === undefined ? null : await trial(repository, base, first);
    if (why !== null) stuck.push({ driver, files: files.length, why });
  }
  return stuck;
}

/** Fills one file as a new worktree would: with its own git directory. null: that works. */
async function trial({ commonDir, here }: Repository, base: CommitId, path: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'copse-filter-'));
  const dir = join(folder, 'git');
  const paths = { ...shadowPaths(commonDir, commonDir), dir, gitDir: dir, config: join(dir, 'config'), info: join(dir, 'info') };
  try {
    makeShadow(paths, await captureConfig(here));
    // Nothing is fetched to find out: if the content of a large file is missing, its pointer will do.
    const env = gitEnvironment({ GIT_DIR: dir, GIT_WORK_TREE: here, GIT_LFS_SKIP_SMUDGE: '1', GIT_ALLOW_PROTOCOL: 'none' });
    const tried = await spawnGit(['cat-file', '--filters', `${base}:${path}`], {
      cwd: here,
      env,
      ok: [0, 1, 128],
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // A file that the base has not says nothing of the filter.
    return tried.exitCode === 0 || !/filter/.test(tried.stderr) ? null : firstLine(tried.stderr);
  } catch (error) {
    // It prompts, or fetches: whether it works will only show in the worktree itself.
    if (error instanceof Error && error.name === 'TimeoutError') return null;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

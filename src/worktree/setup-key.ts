import { createHash } from 'node:crypto';
import { objectsGit } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { AbsolutePath, CommitId } from '../model/ids.ts';
import type { CopySet } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';
import { copiedDigest } from './copy/copied-digest.ts';

/** Files that determine what a set-up installs or which tools it uses, by name, in any folder. */
const INPUTS = new RegExp(
  `^(?:package\\.json|package-lock\\.json|npm-shrinkwrap\\.json|yarn\\.lock|pnpm-lock\\.yaml|pnpm-workspace\\.yaml|bun\\.lockb?|deno\\.(?:jsonc?|lock)|` +
    `\\.npmrc|\\.yarnrc(?:\\.yml)?|\\.nvmrc|\\.node-version|\\.python-version|\\.ruby-version|\\.tool-versions|mise\\.toml|` +
    `requirements[\\w.-]*\\.txt|pyproject\\.toml|poetry\\.lock|uv\\.lock|pdm\\.lock|Pipfile(?:\\.lock)?|setup\\.(?:py|cfg)|environment\\.ya?ml|` +
    `Gemfile(?:\\.lock)?|[\\w.-]+\\.gemspec|composer\\.(?:json|lock)|Cargo\\.(?:toml|lock)|rust-toolchain(?:\\.toml)?|go\\.(?:mod|sum|work)|` +
    `pom\\.xml|[\\w.-]+\\.gradle(?:\\.kts)?|gradle\\.properties|[\\w.-]+\\.(?:cs|fs)proj|packages\\.lock\\.json|mix\\.(?:exs|lock)|pubspec\\.(?:yaml|lock)|` +
    `Makefile|GNUmakefile|justfile|Taskfile\\.ya?ml|[\\w.-]*\\.prisma)$`,
);

/** Differ from terminal to terminal, or from slot to slot, and are nothing that an installation depends on. */
const PASSING = new Set('PORT TERM COLORTERM NO_COLOR CI LANG LANGUAGE TZ TMPDIR TMP TEMP SHELL'.split(' '));

/**
 * The inputs of copy and set-up as one digest: the commands, their environment, the copied files, and the files of the commit that determine
 * what to install or that a command names. Other inputs of set-up may change without changing this.
 */
export async function setupKey(o: {
  readonly repository: Repository;
  readonly commit: CommitId;
  readonly copy: CopySet;
  readonly setup: readonly string[];
  readonly env: Environment;
  /** Its path in values makes no difference. */
  readonly worktree: AbsolutePath;
}): Promise<string> {
  const inputs = o.setup.length === 0 ? [] : await inputsOf(o.repository.commonDir, o.commit, o.setup);
  const copied = await copiedDigest(o.repository, o.copy);
  const env = Object.entries(o.env)
    .filter(([name]) => {
      if (name.startsWith('COPSE_')) return o.setup.some((command) => command.includes(name));
      return !PASSING.has(name) && !name.startsWith('LC_');
    })
    .map(([name, value]) => [name, value.replaceAll(o.worktree, '')] as const);
  return createHash('sha256')
    .update(JSON.stringify([o.setup, o.copy.entries, copied, inputs, env.sort()]))
    .digest('hex');
}

async function inputsOf(commonDir: string, commit: CommitId, setup: readonly string[]): Promise<string[]> {
  const words = new Set(setup.flatMap((command) => command.split(/[\s"'`;|&()<>$=]+/)).map((word) => word.replace(/^\.\//, '')));
  const { stdout } = await objectsGit(commonDir).run(['ls-tree', '-r', '-z', commit]);
  return stdout
    .toString('utf8')
    .split('\0')
    .filter((line) => {
      const path = line.slice(line.indexOf('\t') + 1);
      return path !== '' && (INPUTS.test(path.slice(path.lastIndexOf('/') + 1)) || words.has(path));
    });
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { worktreeRoot } from '../../checks/checked-run.ts';
import { checkEnvironment } from '../../checks/command-environment.ts';
import { OUR_IDENTITY } from '../../git/commit/author-identity.ts';
import { type PersonHooks, runHook, withHooksFor } from '../../git/commit/person-hooks.ts';
import { commitTree } from '../../git/merging/merge-tree.ts';
import { distrustedGit, objectsGit } from '../../git/spawn/git-in.ts';
import { repairPointers } from '../../git/worktree/worktree-pointers.ts';
import type { BranchName, CommitId, TreeId } from '../../model/ids.ts';
import type { MergeMethod } from '../../model/operation.ts';
import { readTail, readTextIfExists, replaceFile } from '../../system/files.ts';
import { plainText } from '../../text/plain-text.ts';
import { type Scratch, withScratch } from '../../worktree/scratch/scratch.ts';
import { mergeLine, YOUR_WORDS } from '../merge-line.ts';
import type { MergeOptions, ToMerge } from '../merge-options.ts';
import type { Refusal } from '../refusal.ts';
import { onBranch } from './on-branch.ts';

/** Hooks that check the tree and the message, by the kind of merge. A replay and a fast-forward run none, as git's do. */
export function hooksOf(
  as: MergeMethod,
  hooks: PersonHooks,
  noVerify: boolean,
): { tree: readonly string[]; message: readonly string[] } {
  const there = (names: readonly string[]): string[] => names.filter((name) => hooks.names.has(name));
  if (as === 'rebase' || as === 'ff') return { tree: [], message: [] };
  // As with `git commit --no-verify`: hooks that only prepare the message still run.
  if (noVerify) return { tree: [], message: there(['prepare-commit-msg']) };
  return {
    tree: there([as === 'merge' ? 'pre-merge-commit' : 'pre-commit']),
    message: there(['prepare-commit-msg', 'commit-msg']),
  };
}

export interface HookPlace {
  readonly options: MergeOptions;
  readonly one: ToMerge;
  readonly hooks: PersonHooks;
  /** The target, which hooks see as the branch that they run on. */
  readonly branch: BranchName;
  /** The target's commit whose hooks count. */
  readonly from: CommitId;
  /** The parent of the new commit. */
  readonly onto: CommitId;
  readonly tree: TreeId;
}

/** A hook that refuses is a value. */
export type HookRun<T> = { readonly kind: 'passed'; readonly value: T } | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Runs hooks on what would be committed. The tree that is left in the index is what they want committed. */
export function runTreeHooks(
  o: HookPlace,
  names: readonly string[],
): Promise<HookRun<{ tree: TreeId; notes: readonly string[] }>> {
  return inScratch(o, async (scratch, run) => {
    for (const name of names) {
      const refusal = await run(name, []);
      if (refusal !== null) return { kind: 'refused', refusal };
    }
    const { commonDir } = o.options.repository;
    const at = { gitDir: scratch.gitDir, workTree: scratch.path, commonDir };
    const git = distrustedGit(at);
    const { text: tree } = await distrustedGit({ ...at, filters: 'none' }).run(['write-tree']);
    const { stdout } = await git.run(['diff-files', '--name-only', '-z', '--ignore-submodules=dirty']);
    const left = stdout.toString('utf8').split('\0').slice(0, -1);
    const notes = [
      ...(tree === o.tree ? [] : [`${names.join(', ')} changed files; the result includes that.`]),
      ...(left.length === 0
        ? []
        : [`${names.join(', ')} changed ${left.slice(0, 3).join(', ')} without staging it: not merged, as with git commit.`]),
    ];
    return { kind: 'passed', value: { tree, notes } };
  });
}

/** Runs one hook that may rewrite the message. `source`: git's argument for prepare-commit-msg. */
export function runMessageHooks(
  o: HookPlace,
  names: readonly string[],
  message: string,
  o2: { readonly source: 'message' | 'merge'; readonly edit: ((message: string) => Promise<string>) | null },
): Promise<HookRun<string>> {
  return inScratch(o, async (scratch, run) => {
    const file = join(scratch.gitDir, 'COMMIT_EDITMSG');
    await writeFile(file, message);
    // A hook that deletes it leaves an empty message.
    const worded = async (): Promise<string> => (await readTextIfExists(file)) ?? '';
    const steps: readonly (readonly [name: string, args: readonly string[]])[] = [
      ['prepare-commit-msg', [file, o2.source]],
      ['commit-msg', [file]],
    ];
    for (const [name, args] of steps) {
      if (name === 'commit-msg' && o2.edit !== null) await writeFile(file, `${await o2.edit(await worded())}\n`);
      if (!names.includes(name)) continue;
      const refusal = await run(name, args);
      if (refusal !== null) return { kind: 'refused', refusal };
    }
    return { kind: 'passed', value: await worded() };
  });
}

type RunOne = (name: string, args: readonly string[]) => Promise<Refusal | null>;

async function inScratch<T>(o: HookPlace, use: (scratch: Scratch, run: RunOne) => Promise<HookRun<T>>): Promise<HookRun<T>> {
  const { options, one } = o;
  const { repository, store, environment, portRegistry, signal } = options;
  const { plan } = one;
  const planned = plan.variants.find(({ name }) => name === one.name);
  const env = planned?.env ?? { pass: [], set: {} };
  // Set-up is the repository's; the hooks are the person's own.
  const approved = await options.approved(plan);
  const commit = await commitTree(objectsGit(repository.commonDir), {
    tree: o.tree,
    parents: [o.onto],
    message: 'x',
    identity: OUR_IDENTITY,
  });
  const used = await withScratch(
    {
      repository,
      store,
      run: plan.run,
      root: worktreeRoot(plan),
      pool: 'variants',
      commit,
      copy: approved ? plan.copy : { entries: [] },
      setup: approved ? plan.setup : [],
      env: ({ path, port }) => checkEnvironment({ run: plan.run, name: one.name, env, environment, port, worktree: path }),
      timeoutMs: plan.commandTimeoutMs,
      portRegistry,
      signal,
    },
    async (scratch) => {
      // As in the middle of a commit: HEAD is what it comes on top of, the index what is to be committed.
      await repairPointers({ worktree: scratch.path, gitDir: scratch.gitDir });
      await replaceFile(join(scratch.gitDir, 'HEAD'), `${o.onto}\n`);
      const at = { commonDir: repository.commonDir, hooks: o.hooks, target: o.from, commit, worktree: scratch.path };
      return withHooksFor(at, (hooksPath) => use(scratch, (name, args) => runOne(o, scratch, hooksPath, name, args)));
    },
  );
  if (used.kind === 'used') return used.value;
  return { kind: 'refused', refusal: setupFailed(options, one, used.reason) };
}

async function runOne(
  o: HookPlace,
  scratch: Scratch,
  hooksPath: string,
  name: string,
  args: readonly string[],
): Promise<Refusal | null> {
  const { store, environment, signal, onProgress } = o.options;
  const folder = join(store.root, 'scratch', 'hooks');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, `${name}.log`);
  onProgress(`${name} for ${o.one.label}`);
  const { path: worktree, marker } = scratch;
  const passed = await onBranch({ repository: o.options.repository, scratch, branch: o.branch, folder }, () =>
    runHook({ name, args, hooksPath, worktree, environment, log, signal, marker }),
  );
  if (passed) return null;
  const output = plainText(await readTail(log, 4_000)).trimEnd();
  const missing = o.one.plan.setup.length === 0 ? missingHere(output) : null;
  if (missing !== null) return cannotRun(o, name, missing, output);
  return {
    code: 'hook-refused',
    what: `The hook ${name} refused ${o.one.label}.`,
    why: output === '' ? 'It printed nothing.' : 'Its output:',
    hint: waysPast(o, name),
    precondition: false,
    output,
  };
}

/** A package or program that a hook did not find and that only an installation brings. null: none. */
function missingHere(output: string): string | null {
  const [, modules, program] =
    /Cannot find (?:module|package) '((?:@[\w.-]+\/)?\w[^'/]*)|(?:^|[\s:])(\S+): (?:command )?not found$/m.exec(output) ?? [];
  if (modules !== undefined || program !== undefined) return modules ?? program ?? null;
  return /(?:^|\/|\s)(node_modules\/\S+?)['":]*:? (?:No such file|not found)|ENOENT[^\n]*(node_modules)/m.exec(output) === null
    ? null
    : 'node_modules';
}

/** Not the work's fault: hooks run in a separate worktree, with the files of copy and set-up. */
function cannotRun({ options, one: { label } }: HookPlace, name: string, missing: string, output: string): Refusal {
  return {
    code: 'hook-cannot-run',
    what: `The hook ${name} could not run for ${label}: it did not find ${missing}.`,
    why: 'Hooks run in a scratch worktree, with only what copy and setup of the variants file provide.',
    hint: `Add to the variants file, for the next run: setup: [npm ci], or copy: [node_modules].\nOr merge without hooks and checks:\n  ${mergeLine(options, [label], { noVerify: true })}`,
    precondition: true,
    output,
  };
}

/** The user has to reword a message; the agent can fix anything else. */
function waysPast({ options, one: { label } }: HookPlace, name: string): string {
  const unverified = mergeLine(options, [label], { noVerify: true });
  if (name === 'commit-msg') {
    const worded = mergeLine(options, [label], { message: YOUR_WORDS, edit: false });
    return `Write the message yourself:\n  ${worded}\nOr merge without hooks and checks:\n  ${unverified}`;
  }
  const retry = `copse retry ${label} -m "…"`;
  // That one runs without verification too, as with git commit.
  if (name === 'prepare-commit-msg') return `Have its agent fix it:\n  ${retry}`;
  const elsewhere = mergeLine(options, [label], { into: YOUR_WORDS });
  return `Have its agent fix it, or merge it into another branch:\n  ${retry}\n  ${elsewhere.replace(`'${YOUR_WORDS}'`, '<branch>')}\nOr merge it without hooks and checks:\n  ${unverified}`;
}

function setupFailed(o: MergeOptions, { label }: ToMerge, reason: string): Refusal {
  return {
    code: 'setup-failed',
    what: `Hooks could not run for ${label}.`,
    why: reason,
    hint: `Have its agent fix it:\n  copse retry ${label} -m "…"\nOr merge without hooks and checks:\n  ${mergeLine(o, [label], { noVerify: true })}`,
    precondition: false,
  };
}

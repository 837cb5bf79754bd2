import { join } from 'node:path';
import { backendFor } from '../agent/backend-for.ts';
import { namedEnvironment } from '../checks/command-environment.ts';
import { guardedEnvironment } from '../git/guard/git-guard.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Plan } from '../model/plan.ts';
import type { RunState, VariantState } from '../model/run-state/state.ts';
import { requireSafeWorktree } from '../repository/safe-worktree.ts';
import type { RunPaths } from '../store/layout.ts';
import { acquireLock } from '../store/lock.ts';
import { openedLock } from '../store/opened.ts';
import { type Environment, scrubGit } from '../system/environment.ts';
import { makePrivateDirectory } from '../system/files.ts';
import { type AttachedOptions, runAttached } from '../system/processes/run-attached.ts';
import { makeTemporary, removeTemporary } from '../system/temporary-folders.ts';

export type OpenWith = 'claude' | 'editor' | 'shell';

export interface ToOpen {
  readonly plan: Plan;
  readonly paths: RunPaths;
  readonly state: RunState;
  readonly variant: VariantState;
}

type Attached = Pick<AttachedOptions, 'onRefused' | 'signals'> & { readonly onNote: (note: string) => void };

/**
 * Starts the person's program in a variant's worktree and waits for its end; its exit status. While it runs the variant is locked. What is in
 * the worktree was written by an agent: running it is the person's choice.
 */
export async function openVariant(
  one: ToOpen,
  kind: OpenWith,
  environment: Environment,
  { onNote, ...attached }: Attached,
): Promise<number> {
  const { paths, variant } = one;
  if (variant.phase.kind !== 'finished') throw notFinished(variant);
  const { path: worktree, notes } = await requireSafeWorktree(paths.commonDir, variant);
  for (const note of notes) onNote(note);
  await makePrivateDirectory(paths.variantDir(variant.name));
  const lock = await acquireLock(openedLock(paths, variant.name), { purpose: `copse open ${variant.name}`, waitMs: 0 });
  const key = `${openedLock(paths, variant.name)} ${lock.nonce}`;
  try {
    if (kind !== 'claude')
      return await runAttached(programOf(kind, worktree, environment), {
        cwd: worktree,
        env: personEnvironment(one, environment, worktree),
        ...attached,
      });
    const { file, args, env } = await claudeCommand(one, worktree, await makeTemporary(environment, key), environment);
    return await runAttached([file, ...args], { cwd: worktree, env: { ...env, ...guardedEnvironment() }, ...attached });
  } finally {
    await lock.release();
    await removeTemporary(environment, key);
  }
}

function programOf(kind: 'editor' | 'shell', worktree: string, environment: Environment): readonly [string, ...string[]] {
  if (kind === 'shell') return [environment['SHELL'] ?? '/bin/sh'];
  const editor = environment['VISUAL'] ?? environment['EDITOR'];
  // As git does it: what is set may have arguments of its own.
  if (editor !== undefined && editor.trim() !== '') return ['/bin/sh', '-c', `${editor} "$@"`, editor, worktree];
  throw new CopseError({
    code: 'no-editor',
    exit: EXIT.precondition,
    what: 'Neither VISUAL nor EDITOR is set.',
    hint: 'Name one: EDITOR="code --wait" copse open dark --editor',
  });
}

function variables({ plan, variant }: ToOpen, environment: Environment, worktree: string): Environment {
  const planned = plan.variants.find(({ name }) => name === variant.name);
  const env = planned?.env ?? { pass: [], set: {} };
  return namedEnvironment({ run: plan.run, name: variant.name, env, environment, port: variant.created?.port ?? null, worktree });
}

/** The person's own, as in any terminal, with what the variant's programs get. */
function personEnvironment(one: ToOpen, environment: Environment, worktree: string): Environment {
  const editors = Object.fromEntries(
    Object.entries(environment).filter(([name]) => ['EDITOR', 'VISUAL', 'PAGER'].includes(name)),
  );
  return { ...scrubGit(environment), ...guardedEnvironment(), ...editors, ...variables(one, environment, worktree) };
}

/** The variant's conversation at a terminal. Isolation does not stick to a session: it is given again. */
async function claudeCommand(one: ToOpen, worktree: string, temporary: string, environment: Environment) {
  const { plan, paths, variant } = one;
  const planned = plan.variants.find(({ name }) => name === variant.name);
  const last = variant.attempts.at(-1);
  if (planned === undefined || planned.runner.kind !== 'claude' || last === undefined) {
    throw new CopseError({
      code: 'no-session',
      exit: EXIT.precondition,
      what: `${variant.name} has no conversation of Claude Code.`,
      why: last === undefined ? 'No agent has worked on it.' : 'It is run by a program of its own.',
      hint: `Open its folder: copse open ${variant.name} --shell`,
    });
  }
  const dir = join(paths.variantDir(variant.name), 'open');
  await makePrivateDirectory(dir);
  await makePrivateDirectory(join(dir, 'extras'));
  return backendFor(planned.runner).prepare({
    variant: planned,
    plan,
    worktree,
    files: {
      prompt: join(dir, 'prompt'),
      stdout: join(dir, 'none'),
      stderr: join(dir, 'none'),
      exit: join(dir, 'none'),
      extras: join(dir, 'extras'),
    },
    temporary,
    sessionId: last.verdict?.sessionId ?? last.sessionId,
    resume: true,
    interactive: true,
    message: '',
    budgetUsd: null,
    environment,
    variables: variables(one, environment, worktree),
    sessionCostUsd: 0,
  });
}

function notFinished({ name }: VariantState): CopseError {
  return new CopseError({
    code: 'not-finished',
    exit: EXIT.precondition,
    what: `${name} is not finished: its agent may be working there.`,
    hint: `Stop it first, its work is kept: copse stop ${name}`,
  });
}

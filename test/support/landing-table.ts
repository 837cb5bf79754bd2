import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Landing } from '../../src/git/landed/judge-landing.ts';
import { LandingMemory } from '../../src/git/landed/landing-memory.ts';
import type { Files, Story } from './landing-story.ts';

/** The events of a story, on the branch that is checked out: by default `main`. */
export type Step = (story: Story) => unknown;

/** One row of a truth table: what really became of `work`, as seen from `main`, and how. */
export type Row = readonly [name: string, truth: Landing['kind'], ...steps: Step[]];

/** The tool's verdict on each row that it gets wrong, by name; empty: the table holds. */
export async function wrongRows(story: Story, rows: readonly Row[]): Promise<Record<string, string>> {
  const wrong: Record<string, string> = {};
  for (const [name, truth, ...steps] of rows) {
    story.restart();
    for (const step of steps) step(story);
    const kind = (await story.answer())?.kind;
    if (kind !== truth) wrong[name] = `says ${kind}, is ${truth}`;
  }
  return wrong;
}

/** The same, asked after each step, with what was remembered of those before. */
export async function wronglyRemembered(story: Story, rows: readonly Row[]): Promise<Record<string, string>> {
  const wrong: Record<string, string> = {};
  for (const [name, truth, ...steps] of rows) {
    story.restart();
    const memory = await LandingMemory.open({ commonDir: join(story.root, '.git'), folder: null, keyFile: null });
    for (const step of steps) {
      step(story);
      if (story.git('branch', '--list', 'work') !== '') await story.answer(memory);
    }
    const kind = (await story.answer(memory))?.kind;
    if (kind !== truth) wrong[name] = `remembers ${kind}, is ${truth}`;
  }
  return wrong;
}

/** One commit each. */
export function commit(...commits: Files[]): Step {
  return (s) => commits.map((files) => s.commit(files));
}

/** One commit each on `work`, which is made here and now if it is new. */
export function work(...commits: Files[]): Step {
  return (s) => s.work(...commits);
}

/** Steps on another branch, then back on main. */
export function on(branch: string, ...steps: readonly Step[]): Step {
  return (s) => s.on(branch, () => steps.map((step) => step(s)));
}

/** Makes a branch without going there. */
export function branch(name: string, from: string): Step {
  return (s) => s.git('branch', '-f', name, from);
}

/** The start of the branch's work, if given. */
export function startAt(revision: string): Step {
  return (s) => {
    s.start = s.git('rev-parse', revision);
  };
}

export function squash(name = 'work'): Step {
  return (s) => s.squash(name);
}

export function merge(name = 'work', ...how: string[]): Step {
  return (s) => s.merge(name, ...how);
}

export function forward(): Step {
  return (s) => s.git('merge', '-q', '--ff-only', 'work');
}

export function revert(...revisions: string[]): Step {
  return (s) => s.revert(...revisions);
}

export function pick(...revisions: string[]): Step {
  return (s) => s.git('cherry-pick', ...revisions);
}

/** Any other git. */
export function git(...args: string[]): Step {
  return (s) => s.git(...args);
}

/** In the files, not committed yet. */
export function move(from: string, to: string): Step {
  return (s) => renameSync(join(s.root, from), join(s.root, to));
}

/** In the files, not committed yet. */
export function remove(path: string): Step {
  return (s) => rmSync(join(s.root, path));
}

/** In the files, not committed yet. */
export function link(to: string, path: string): Step {
  return (s) => {
    rmSync(join(s.root, path), { force: true });
    symlinkSync(to, join(s.root, path));
  };
}

/** Commits that a file may be executed. */
export function executable(path: string): Step {
  return (s) => {
    s.git('update-index', '--chmod=+x', path);
    s.git('commit', '-qm', 'x');
    s.git('checkout', '-q', '-f');
  };
}

/** Commits a submodule of the root at `digit` repeated, without a repository behind it. */
export function point(digit: string, message = 'Point'): Step {
  return (s) => {
    s.git('update-index', '--add', '--cacheinfo', `160000,${digit.repeat(40)},module`);
    s.git('commit', '-q', '-m', message);
  };
}

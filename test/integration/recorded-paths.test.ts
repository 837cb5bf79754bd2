import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = new URL('../../src/', import.meta.url).pathname;

/** Where paths of records are acted on. */
const FOLDERS = ['trash', 'worktree', 'prune', 'undo', 'git/worktree'];

const GATE = 'git/worktree/own-path.ts';

/**
 * Files there that delete or rename by themselves: the path is one that they just created, or from git's entry of a proven
 * worktree. A new line here needs such a reason; a path of a record must pass the gate.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'git/worktree/index-copy.ts': ['rm'], // Its own temporary index.
  'git/worktree/register-detached.ts': ['rmdir'], // The entry that was just reserved, empty.
  'git/worktree/register-worktree.ts': ['rmdir'], // The same.
  'git/worktree/reset-worktree.ts': ['rename'], // Files of a proven entry, within it.
  'trash/removing/move-away.ts': ['rename', 'rm'], // HEAD, lock and pointers of a proven entry.
  'trash/returning/return-branch.ts': ['rm'], // The reflog that git wrote for a branch just made; its name has the form of one.
  'worktree/stop-serving.ts': ['rm'], // A file in the run's records, by its fixed name.
  'worktree/unlock-worktree.ts': ['rm'], // The lock of an open worktree's entry.
  'worktree/worktree-record.ts': ['rm'], // An intent, by its fixed name.
};

const ACTS = /\b(rm|rmdir|unlink|rename|rmSync|rmdirSync|unlinkSync|renameSync|removeTree|removeWhatGoes|cp|copyFile)\(/g;

function files(folder: string): readonly string[] {
  return readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function actsOf(file: string): readonly string[] {
  const code = readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return [...new Set([...code.matchAll(ACTS)].map(([, name = '']) => name))].sort();
}

describe('fault 110: paths of records are deleted and moved by the gate alone', () => {
  it('no other file of these folders deletes or renames', () => {
    const acting = FOLDERS.flatMap(files).filter((file) => file !== GATE);
    const found = acting.map((file) => [file, actsOf(file)] as const).filter(([, acts]) => acts.length > 0);
    expect(Object.fromEntries(found)).toEqual(ALLOWED);
  });

  it('nothing but the gate gives its mark', () => {
    const marking = files('.').filter((file) => /\bas OwnPath\b/.test(readFileSync(join(SRC, file), 'utf8')));
    expect(marking).toEqual([GATE]);
  });
});

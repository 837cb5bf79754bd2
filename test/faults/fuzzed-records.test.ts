import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeAt } from '../../src/store/layout.ts';
import { listServing } from '../../src/store/serving.ts';
import { Sandbox } from '../support/git-repository.ts';
import { mutations } from '../support/mutations.ts';
import { actOnRecords, templates } from '../support/record-templates.ts';
import { treeOf } from '../support/tree-of.ts';

/** Of each kind of record; 2,000 together. */
const ROUNDS: Readonly<Record<string, number>> = {
  purge: 250,
  prune: 250,
  undo: 250,
  merge: 150,
  half: 500,
  scratch: 500,
  serve: 100,
};

describe('fault 110: records of every kind, changed field by field', () => {
  it.each(Object.entries(ROUNDS))(
    '%s: nothing outside of the worktree folders is written, moved or deleted, and nothing runs',
    async (kind, rounds) => {
      const sandbox = new Sandbox();
      const victim = join(sandbox.folder, 'victim');
      for (const path of ['file.txt', 'mine/file.txt', '.git/config']) {
        mkdirSync(dirname(join(victim, path)), { recursive: true });
        writeFileSync(join(victim, path), 'not of copse');
      }
      mkdirSync(join(victim, 'empty'));
      sandbox.git('worktree', 'add', '-q', '-b', 'own', join(sandbox.folder, 'own'));
      const repository = await sandbox.repository();
      const store = storeAt(repository.commonDir);
      const outside = (): unknown => [treeOf(victim), treeOf(join(sandbox.folder, 'own')), sandbox.state()];
      const before = outside();
      const made = templates({ sandbox, store, victim });
      const template = made[kind];
      if (template === undefined) throw new Error(kind);
      const nasty = [victim, `${victim}/mine`, `${victim}/empty`, `${victim}/new`, join(sandbox.folder, 'own'), sandbox.root];
      const tried: string[] = [];
      for (const record of mutations(template.record, nasty, { rounds, seed: kind.length })) {
        rmSync(store.root, { recursive: true, force: true });
        template.arrange();
        mkdirSync(dirname(template.path), { recursive: true });
        writeFileSync(template.path, JSON.stringify(record));
        tried.push(JSON.stringify(record));
        for (const error of await actOnRecords({ repository, store, folder: sandbox.folder }))
          expect(error, `${JSON.stringify(record)}\n${error instanceof Error ? error.stack : ''}`).toMatchObject({
            name: 'CopseError',
          });
        for (const { record: serving } of await listServing(store).catch(() => []))
          for (const { marker } of serving.servers) expect(marker).toMatch(/^[0-9a-f]{16}:[\w.-]+:serve$/);
        // A look at all of it takes longer than the mutation.
        if (tried.length % 10 === 0 || tried.length === rounds) {
          expect(outside(), tried.slice(-10).join('\n')).toEqual(before);
        }
      }
      expect(tried).toHaveLength(rounds);
    },
    180_000,
  );
});

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MergeOperation } from '../../../src/model/operation.ts';
import { ensureStore, storeAt } from '../../../src/store/layout.ts';
import { listOperations, openOperations, readOperation, writeOperation } from '../../../src/store/operations.ts';
import { ulid } from '../../../src/store/ulid.ts';
import { systemClock } from '../../../src/system/system-clock.ts';

async function aStore() {
  const store = storeAt(await mkdtemp(join(tmpdir(), 'operations-')));
  await ensureStore(store);
  return store;
}

function aMerge(): MergeOperation {
  return {
    schema: 1,
    id: ulid(systemClock),
    at: '2026-01-01T12:00:00.000Z',
    state: 'open',
    command: 'copse merge dark',
    undoneBy: null,
    kind: 'merge',
    target: 'main',
    from: 'a'.repeat(40),
    to: 'b'.repeat(40),
    checkouts: [],
    landed: [],
    noVerify: false,
  };
}

describe('journals', () => {
  it('are replaced as they go on, and listed by age', async () => {
    const store = await aStore();
    const [first, second] = [aMerge(), aMerge()];
    await writeOperation(store, second);
    await writeOperation(store, first);
    expect((await openOperations(store)).map(({ id }) => id)).toEqual([first.id, second.id]);
    await writeOperation(store, { ...first, state: 'done' });
    expect((await openOperations(store)).map(({ id }) => id)).toEqual([second.id]);
    expect(await readOperation(store, first.id)).toEqual({ ...first, state: 'done' });
    expect((await listOperations(store)).length).toBe(2);
  });

  it('are none where nothing was done, and none of a name that is no id', async () => {
    const store = await aStore();
    expect(await listOperations(store)).toEqual([]);
    expect(await readOperation(store, '../runs/ui/plan')).toBeNull();
  });

  it('of a newer copse are refused, and so are damaged ones', async () => {
    const store = await aStore();
    const { id } = aMerge();
    await writeFile(join(store.operations, `${id}.json`), '{"schema":2}');
    await expect(readOperation(store, id)).rejects.toMatchObject({ code: 'newer-state' });
    await writeFile(join(store.operations, `${id}.json`), '{"schema":1,"kind":"merge"}');
    await expect(readOperation(store, id)).rejects.toMatchObject({ code: 'broken-record' });
  });
});

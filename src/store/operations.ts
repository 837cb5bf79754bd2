import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import type { Operation, OperationId } from '../model/operation.ts';
import { isErrno, replaceFile } from '../system/files.ts';
import type { Store } from './layout.ts';
import { isOperation } from './operation-record.ts';
import { brokenRecord, readRecord } from './record.ts';
import { writeError } from './write-error.ts';

/*
 * Journals of merge, prune and undo. One file each, replaced in one step: the intent is on disk before the first act, and each act is
 * such that doing it again changes nothing, so that any command that finds an open one can finish it.
 */

/** Writes or replaces a journal; on disk when it resolves. CopseErrors: `no-space`, `state-not-writable`. */
export async function writeOperation(store: Store, operation: Operation): Promise<void> {
  const path = operationPath(store, operation.id);
  try {
    await replaceFile(path, `${JSON.stringify(operation, null, 2)}\n`);
  } catch (error) {
    throw writeError(error, path);
  }
}

/** null: there is none of this id. CopseErrors: `newer-state`, `broken-record`. */
export async function readOperation(store: Store, id: OperationId): Promise<Operation | null> {
  if (!isOperationId(id)) return null;
  const path = operationPath(store, id);
  const record = await readRecord(path);
  if (record === null) return null;
  if (!isOperation(record, id)) throw brokenRecord(path);
  return record;
}

/**
 * Held while acting on a journal: by merge, prune and undo for as long as theirs is open. So a command that gets it knows that the
 * processes of open journals are dead.
 */
export function operationsLock(store: Store): AbsolutePath {
  return join(store.root, 'operations.lock');
}

/** All journals, oldest first. */
export async function listOperations(store: Store): Promise<Operation[]> {
  const found = await Promise.all((await operationIds(store)).map((id) => readOperation(store, id)));
  return found.filter((operation) => operation !== null);
}

/** Those that were begun and neither finished nor rolled back, oldest first. */
export async function openOperations(store: Store): Promise<Operation[]> {
  return (await listOperations(store)).filter(({ state }) => state === 'open');
}

async function operationIds(store: Store): Promise<OperationId[]> {
  let names: string[];
  try {
    names = await readdir(store.operations);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter(isOperationId)
    .sort();
}

/** Ids come from the command line too. */
function isOperationId(text: string): boolean {
  return /^[0-9a-z]{26}$/.test(text);
}

function operationPath(store: Store, id: OperationId): AbsolutePath {
  return join(store.operations, `${id}.json`);
}

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CopseError } from '../model/errors.ts';
import type { AbsolutePath, VariantName } from '../model/ids.ts';
import type { ServeRecord } from '../model/reports/served.ts';
import { isErrno, makePrivateDirectory, replaceFile } from '../system/files.ts';
import { isAliveOn } from '../system/processes/process-identity.ts';
import type { RunPaths, Store } from './layout.ts';
import { markerPrefix } from './marker-prefix.ts';
import { isObject, readRecord } from './record.ts';
import { writeError } from './write-error.ts';

/* copse's records of servers that run for people: a record for each `copse serve`, and files of each server beside its variant's. */

/** How the key begins under which a run's page has its port, after the run; no variant's name begins so. */
export const PAGE_LEASE = '.page';

/** Of one server. */
export interface ServingFiles {
  readonly folder: AbsolutePath;
  readonly log: AbsolutePath;
  /** The process that serves it. */
  readonly lock: AbsolutePath;
  /** Exists while another command wants it to stay stopped. */
  readonly stop: AbsolutePath;
  /** Value of `COPSE_MARKER` of all its processes. */
  readonly marker: string;
}

/** No variant's name starts with a dot. */
const BASE = '.base';

/** `variant` null: the run's base. Pure. */
export function servingFiles(paths: RunPaths, variant: VariantName | null): ServingFiles {
  const folder = variant === null ? join(paths.dir, BASE) : paths.variantDir(variant);
  const file = (name: string): AbsolutePath => join(folder, name);
  return {
    folder,
    log: file('serve.log'),
    lock: file('serve.lock'),
    stop: file('serve.stop'),
    marker: `${markerPrefix(paths.dir, variant ?? BASE)}serve`,
  };
}

/** The folder of the records, and of the output of detached server processes. */
export function serveFolder(store: Store): AbsolutePath {
  return join(store.root, 'serve');
}

/** Replaces the record. CopseErrors: `no-space`, `state-not-writable`. */
export async function writeServing(store: Store, record: ServeRecord): Promise<void> {
  const path = recordPath(store, record.id);
  try {
    await makePrivateDirectory(serveFolder(store));
    await replaceFile(path, `${JSON.stringify({ schema: 1, ...record }, null, 2)}\n`);
  } catch (error) {
    throw writeError(error, path);
  }
}

/** Removes a record and the files beside it; `output: 'kept'`: the command that started it in the background may still read that. */
export async function removeServing(store: Store, id: string, o: { readonly output: 'removed' | 'kept' }): Promise<void> {
  await rm(recordPath(store, id), { force: true });
  await rm(serveReport(store, id), { force: true });
  if (o.output === 'removed') await rm(serveOutput(store, id), { force: true });
}

/** The report that its page links. */
export function serveReport(store: Store, id: string): AbsolutePath {
  return join(serveFolder(store), `${id}.html`);
}

/** Output of a detached one. */
export function serveOutput(store: Store, id: string): AbsolutePath {
  return join(serveFolder(store), `${id}.log`);
}

/** A record, and whether its writer lives; `unknown`: on another machine or in another container. */
export interface Serving {
  readonly record: ServeRecord;
  readonly alive: boolean | 'unknown';
}

/** All that serve, or did so and left their record, oldest first. Throws `newer-state`; a damaged record is none. */
export async function listServing(store: Store): Promise<readonly Serving[]> {
  const found = await Promise.all((await namesIn(serveFolder(store))).map((name) => readServing(store, name)));
  return found.filter((serving) => serving !== null).sort((a, b) => (a.record.startedAt < b.record.startedAt ? -1 : 1));
}

async function readServing(store: Store, name: string): Promise<Serving | null> {
  try {
    const record = await readRecord(join(serveFolder(store), name));
    if (record === null || !isServing(record) || `${record.id}.json` !== name) return null;
    return { record, alive: await isAliveOn(record.owner, record.host) };
  } catch (error) {
    // Processes are found by their marker, whatever a record says.
    if (error instanceof CopseError && error.code === 'broken-record') return null;
    throw error;
  }
}

function isServing(record: Readonly<Record<string, unknown>>): record is Readonly<Record<string, unknown>> & ServeRecord {
  return (
    typeof record['id'] === 'string' && isObject(record['owner']) && isObject(record['host']) && isServerList(record['servers'])
  );
}

/** Processes are found, and ended, by the marker: a record with any other marker is not copse's. */
function isServerList(servers: unknown): boolean {
  return Array.isArray(servers) && servers.every((server) => isObject(server) && isServeMarker(server['marker']));
}

function isServeMarker(marker: unknown): boolean {
  return typeof marker === 'string' && /^[0-9a-f]{16}:[\w.-]+:serve$/.test(marker);
}

function recordPath(store: Store, id: string): AbsolutePath {
  return join(serveFolder(store), `${id}.json`);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[0-9a-z]+\.json$/.test(name));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

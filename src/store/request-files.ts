import { readdirSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../model/clock.ts';
import type { RequestBody, RunRequest } from '../model/run-state/run-request.ts';
import { isErrno, makePrivateDirectory, readTextIfExists, replaceFile } from '../system/files.ts';
import { ownIdentity } from '../system/processes/process-identity.ts';
import { systemClock } from '../system/system-clock.ts';
import type { RunPaths } from './layout.ts';
import { isObject } from './record.ts';
import { ulid } from './ulid.ts';
import { writeError } from './write-error.ts';

/*
 * Requests of commands to a run's supervisor: one file each, so that a request needs no lock and none is lost while no
 * supervisor lives. The supervisor carries it out, acknowledges it in an event (`request.acknowledged`), then removes the file.
 */

/** Asks; resolves with the request's id once it would survive a crash. */
export async function putRequest(paths: RunPaths, body: RequestBody, clock: Clock = systemClock): Promise<string> {
  const id = ulid(clock);
  const { pid } = await ownIdentity();
  const request: RunRequest = { id, at: clock.now().toISOString(), from: pid, ...body };
  const path = requestPath(paths, id);
  try {
    await makePrivateDirectory(paths.requests);
    await replaceFile(path, `${JSON.stringify(request)}\n`);
  } catch (error) {
    throw writeError(error, path);
  }
  return id;
}

/**
 * Pending requests, oldest first. Files that are no request of a known kind are set aside as `*.refused`,
 * so that they are read only once.
 */
export async function takeRequests(paths: RunPaths): Promise<RunRequest[]> {
  const requests: RunRequest[] = [];
  for (const name of requestFiles(paths).sort()) {
    const path = join(paths.requests, name);
    const text = await readTextIfExists(path);
    if (text === null) continue;
    const request = parse(text);
    if (request !== null && `${request.id}.json` === name) requests.push(request);
    else await rename(path, `${path}.refused`);
  }
  return requests;
}

/** Removes a request that was acknowledged; one that is gone already is fine. */
export async function removeRequest(paths: RunPaths, id: string): Promise<void> {
  try {
    await unlink(requestPath(paths, id));
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

function requestPath(paths: RunPaths, id: string): string {
  return join(paths.requests, `${id}.json`);
}

/** Synchronous: a supervisor looks ten times a second, nearly always into an empty folder. */
function requestFiles(paths: RunPaths): string[] {
  try {
    return readdirSync(paths.requests).filter((name) => /^[0-9a-z]{26}\.json$/.test(name));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

const KINDS: Readonly<Record<RequestBody['kind'], true>> = { stop: true, retry: true, resume: true };

function parse(text: string): RunRequest | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRequest(value) ? value : null;
  } catch {
    // Not JSON: refused like any other foreign file.
    return null;
  }
}

function isRequest(value: unknown): value is RunRequest {
  if (!isObject(value) || typeof value['id'] !== 'string' || typeof value['kind'] !== 'string') return false;
  const named = value['kind'] === 'resume' || Array.isArray(value['variants']);
  return Object.hasOwn(KINDS, value['kind']) && named && hasAmendments(value['amendments'] ?? {});
}

/** Their form only: what they say counts with their seal. */
function hasAmendments(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.values(value).every((one) => isObject(one) && isObject(one['amendment']) && typeof one['seal'] === 'string');
}

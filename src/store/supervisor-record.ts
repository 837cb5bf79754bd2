import type { ProcessIdentity } from '../model/attempt.ts';
import { CopseError } from '../model/errors.ts';
import { replaceFile } from '../system/files.ts';
import { type HostIdentity, isAliveOn } from '../system/processes/process-identity.ts';
import type { RunPaths } from './layout.ts';
import { isObject, readRecordNow } from './record.ts';
import { writeError } from './write-error.ts';

/** The supervisor of a run, or its last one. */
export interface SupervisorRecord {
  readonly identity: ProcessIdentity;
  readonly host: HostIdentity;
  readonly nonce: string;
  readonly generation: number;
}

/** Replaces the record. The caller holds the run's lock. */
export async function writeSupervisor(paths: RunPaths, record: SupervisorRecord): Promise<void> {
  try {
    await replaceFile(paths.supervisor, `${JSON.stringify({ schema: 1, ...record })}\n`);
  } catch (error) {
    throw writeError(error, paths.supervisor);
  }
}

/** Null: none was recorded, or not readably; whether one lives is then up to the run's lock. */
export async function readSupervisor(paths: RunPaths): Promise<SupervisorRecord | null> {
  try {
    const record = readRecordNow(paths.supervisor);
    return isSupervisor(record) ? record : null;
  } catch (error) {
    if (error instanceof CopseError && error.code === 'broken-record') return null;
    throw error;
  }
}

/** Whether the run's supervisor lives. `unknown`: it was started on another machine or in another container. */
export async function supervisorLiveness(paths: RunPaths): Promise<boolean | 'unknown'> {
  const record = await readSupervisor(paths);
  return record === null ? false : isAliveOn(record.identity, record.host);
}

/** Whether the run has a supervisor that is not provably dead. */
export async function supervisorAlive(paths: RunPaths): Promise<boolean> {
  return (await supervisorLiveness(paths)) !== false;
}

function isSupervisor(value: unknown): value is SupervisorRecord {
  return isObject(value) && isObject(value['identity']) && isObject(value['host']) && typeof value['generation'] === 'number';
}

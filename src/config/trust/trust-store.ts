import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { TrustItem } from '../../model/plan.ts';
import type { Environment } from '../../system/environment.ts';
import { makePrivateDirectory, readTextIfExists, replaceFile } from '../../system/files.ts';
import { personStateDirectory } from '../../system/person-directories.ts';
import { trustHash } from './trust-items.ts';

export interface Approval {
  readonly hash: string;
  /** Real path of the repository's common directory. */
  readonly commonDir: string;
  /** The items shown when it was approved. */
  readonly items: readonly TrustItem[];
}

export interface TrustStore {
  isApproved(hash: string): Promise<boolean>;
  approve(approval: Approval): Promise<void>;
  /** Revokes an approval; false if there was none. */
  revoke(hash: string): Promise<boolean>;
  list(): Promise<readonly Approval[]>;
}

const KINDS = [
  'setup',
  'verify',
  'metrics',
  'serve',
  'teardown',
  'runner',
  'mcp',
  'allowedTools',
  'env',
  'copy',
  'judge',
  'disposable',
  'prompt',
  'isolation',
  'budget',
  'place',
  'record',
] as const;

const RECORD = z.object({
  schema: z.literal(1),
  commonDir: z.string(),
  items: z.array(z.object({ kind: z.enum(KINDS), where: z.string(), text: z.string() })),
});

const HASH = /^[0-9a-f]{64}$/;

/**
 * Approvals of the person, one file each below the state directory, mode 0600: a clone cannot contain one
 * of them. A file counts only if its content has the hash in its name.
 */
export function trustStore(environment: Environment): TrustStore {
  const state = personStateDirectory(environment);
  const directory = state === null ? null : join(state, 'trust');
  const fileOf = (hash: string): string | null =>
    directory === null || !HASH.test(hash) ? null : join(directory, `${hash}.json`);
  const read = async (hash: string): Promise<Approval | null> => {
    const file = fileOf(hash);
    if (file === null || !(await isOwnFile(file))) return null;
    const approval = parse(hash, await readTextIfExists(file));
    return approval !== null && trustHash(approval.commonDir, approval.items) === hash ? approval : null;
  };
  return {
    isApproved: async (hash) => (await read(hash)) !== null,
    approve: async ({ hash, commonDir, items }) => {
      const file = fileOf(hash);
      if (directory === null || file === null) throw noDirectory();
      if (trustHash(commonDir, items) !== hash) throw new Error('an approval must be recorded under its own hash');
      await makePrivateDirectory(directory);
      await replaceFile(file, `${JSON.stringify({ schema: 1, commonDir, items }, null, 2)}\n`);
    },
    revoke: async (hash) => {
      const file = fileOf(hash);
      if (file === null || (await readTextIfExists(file)) === null) return false;
      await unlink(file);
      return true;
    },
    list: async () => {
      const names = directory === null ? [] : await namesIn(directory);
      const approvals = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => read(name.slice(0, -'.json'.length))),
      );
      return approvals.filter((approval) => approval !== null);
    },
  };
}

function parse(hash: string, text: string | null): Approval | null {
  if (text === null) return null;
  try {
    const record = z.safeParse(RECORD, JSON.parse(text));
    return record.success ? { hash, commonDir: record.data.commonDir, items: record.data.items } : null;
  } catch {
    // A broken approval is none: the person is asked again.
    return null;
  }
}

/** Regular, and writable by no one else: an approval that others can create is void. */
async function isOwnFile(path: string): Promise<boolean> {
  try {
    const stat = await lstat(path);
    return stat.isFile() && (stat.mode & 0o022) === 0;
  } catch {
    // Not there.
    return false;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function noDirectory(): CopseError {
  return new CopseError({
    code: 'no-state-directory',
    exit: EXIT.precondition,
    what: 'The approval cannot be stored.',
    why: 'Neither HOME nor XDG_STATE_HOME is an absolute path.',
    hint: 'Set HOME, then approve again:\n  copse trust',
  });
}

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../../system/environment.ts';
import { findOnPath } from '../../find-on-path.ts';
import { homeOf } from './config-directory.ts';

/** Absolute path of the person's `claude`: on PATH, else where its installers put it for use through an alias. */
export async function findClaude(environment: Environment): Promise<string | null> {
  const onPath = await findOnPath('claude', environment);
  if (onPath !== null) return onPath;
  for (const place of ['.local/bin/claude', '.claude/local/claude']) {
    const file = join(homeOf(environment), place);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not installed there; there is one more place, or none.
    }
  }
  return null;
}

import { userInfo } from 'node:os';
import type { Environment } from '../system/environment.ts';

/** Whether Claude Code would refuse `--dangerously-skip-permissions` to this user: root, unless `IS_SANDBOX=1` says that it does not matter here. */
export function isRoot(environment: Environment): boolean {
  if (environment['IS_SANDBOX'] === '1') return false;
  try {
    return userInfo().uid === 0;
  } catch {
    // No entry in the user database, as for the made-up ids of containers: root always has one.
    return false;
  }
}

import { join } from 'node:path';
import type { VariantName } from '../model/ids.ts';
import type { RunPaths } from './layout.ts';
import { lockOwner } from './lock.ts';

/** Held by `copse open` while a person works in a variant's worktree: no agent is started there meanwhile. */
export function openedLock(paths: RunPaths, variant: VariantName): string {
  return join(paths.variantDir(variant), 'open.lock');
}

/** Whether a person has it open now. An owner that may live counts. */
export async function isOpened(paths: RunPaths, variant: VariantName): Promise<boolean> {
  const owner = await lockOwner(openedLock(paths, variant));
  return owner !== null && owner.alive !== false;
}

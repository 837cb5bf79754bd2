import { GitError } from 'simple-git';
import type { AbsolutePath, CommitId, RefName } from '../../model/ids.ts';
import type { RefMoveRecord } from '../../model/run-state/events.ts';
import { simpleGitIn } from '../spawn/simple-git.ts';

/** How far back a checkout's own reflog is searched. */
const CHECKOUT_MOVES = 50;
const LONGEST = 200;

/**
 * What git itself recorded of the last move of a ref, if that move led to `to`; null if it recorded none (tags, `update-ref` without a
 * message, reflogs turned off). Any program can write a reflog: this helps users to recognise what they did, and proves nothing.
 */
export async function lastMove(root: AbsolutePath, ref: RefName, to: CommitId): Promise<RefMoveRecord | null> {
  const [last] = await reflogOf(root, ref, 1);
  if (last === undefined || last.commit !== to || last.message === '') return null;
  const inCheckout = (await reflogOf(root, 'HEAD', CHECKOUT_MOVES)).some(
    ({ commit, message }) => commit === to && message === last.message,
  );
  return { message: last.message.slice(0, LONGEST), checkout: inCheckout ? root : null };
}

async function reflogOf(
  root: AbsolutePath,
  ref: RefName,
  count: number,
): Promise<readonly { readonly commit: CommitId; readonly message: string }[]> {
  try {
    const format = { commit: '%H', message: '%gs' };
    const { all } = await simpleGitIn(root).log({
      format,
      '--walk-reflogs': null,
      '--max-count': count,
      [ref]: null,
      '--': null,
    });
    return all;
  } catch (error) {
    // It has no reflog, or is no commit.
    if (error instanceof GitError) return [];
    throw error;
  }
}

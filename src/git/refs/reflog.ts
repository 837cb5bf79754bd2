import type { AbsolutePath, CommitId, RefName } from '../../model/ids.ts';
import type { RefMoveRecord } from '../../model/run-state/events.ts';
import { gitIn } from '../spawn/git-in.ts';

/** How far back a checkout's own reflog is searched. */
const CHECKOUT_MOVES = 50;
const LONGEST = 200;

/**
 * What git itself recorded of the last move of a ref, if that move led to `to`; null if it recorded none (tags, `update-ref` without a
 * message, reflogs turned off). Anybody can write a reflog: this helps a person to recognise what they did, and proves nothing.
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
  const args = ['log', '--walk-reflogs', `--max-count=${count}`, '-z', '--format=%H %gs', '--end-of-options', ref, '--'];
  // 128: it has no reflog, or is no commit.
  const { text, exitCode } = await gitIn(root, { reads: true }).run(args, { ok: [0, 128] });
  if (exitCode !== 0) return [];
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => ({ commit: line.slice(0, line.indexOf(' ')), message: line.slice(line.indexOf(' ') + 1) }));
}

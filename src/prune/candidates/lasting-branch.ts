import type { BranchName } from '../../model/ids.ts';
import type { Branches } from './refs.ts';

/** Each is merged into the target again and again, and goes on: git flow's, those that something is deployed from, those of a release. */
const LASTING =
  /^(main|master|trunk|develop|development|dev|next|stable|staging|stage|production|prod|gh-pages|releases?[/-].+|support\/.+)$/i;

/** Whether a branch stays although it has landed, by its name or because a remote calls it its default. */
export function isLasting(branch: BranchName, { remoteHeads }: Pick<Branches, 'remoteHeads'>): boolean {
  return LASTING.test(branch) || remoteHeads.some((ref) => ref.split('/').slice(3).join('/') === branch);
}

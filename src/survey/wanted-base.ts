import type { Git } from '../git/door/door.ts';
import type { Repository } from '../git/door/repository.ts';
import { resolveCommit } from '../git/refs/refs.ts';
import type { CommitId } from '../model/ids.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantsFile } from '../model/variants-file.ts';

/** What the base should be: flag, variants file, settings, current branch, else `HEAD`. */
export function wantedBase(o: {
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  readonly flag: string | undefined;
  readonly repository: Pick<Repository, 'headBranch'>;
}): string {
  const { file, settings, flag, repository } = o;
  const setting = settings.base.value;
  const said = settings.base.source === 'flag' && setting !== null ? setting : (file.base ?? setting);
  return flag ?? said ?? repository.headBranch ?? 'HEAD';
}

/** The commit of a base. A branch goes before a tag of the same name, which git itself would take first. At most two git processes. */
export async function resolveBase(git: Git, ref: string, repository: Repository): Promise<CommitId | null> {
  if (ref === 'HEAD' || ref === repository.headBranch) return repository.headCommit;
  const [branch, any] = await Promise.all([resolveCommit(git, `refs/heads/${ref}`), resolveCommit(git, ref)]);
  return branch ?? any;
}

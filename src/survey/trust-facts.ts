import { trustHash, trustItems } from '../config/trust/trust-items.ts';
import { trustStore } from '../config/trust/trust-store.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import type { Environment } from '../system/environment.ts';
import { readTextIfExists } from '../system/files.ts';
import { includeFile } from '../worktree/copy/measure-copy.ts';

/** Whether the repository's commands and permissions are approved as they are now. Asks for this one hash only. */
export async function trustFacts(o: {
  readonly repository: Repository;
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  readonly environment: Environment;
}): Promise<{ readonly worktreeInclude: readonly string[]; readonly approved: PlanFacts['trustApproved'] }> {
  const include = await includeFile(o.repository);
  const worktreeInclude = include === null ? [] : includeLines(await readTextIfExists(include));
  const hash = trustHash(o.repository.commonDir, trustItems(o.file, o.settings, { worktreeInclude }));
  const approved = await trustStore(o.environment).isApproved(hash);
  return { worktreeInclude, approved: (asked) => approved && asked === hash };
}

/** Patterns of a `.worktreeinclude`, which has the form of a `.gitignore`. */
function includeLines(text: string | null): readonly string[] {
  return (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

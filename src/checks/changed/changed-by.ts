import { objectsGit } from '../../git/spawn/git-in.ts';
import type { CommitId } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { FileChange } from '../../model/reports/evidence.ts';
import { changedItsChecks, restoredPaths } from './changed-checks.ts';
import { manifestWithScripts } from './scripts-of.ts';

/** Of which checks a variant changed what decides their verdict. */
export interface ChangedChecks {
  /** Files by the check's name; a check whose files are as they were has no entry. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** The files to restore to run a check as it was; null: none. */
  restore(name: string): Restored | null;
}

export interface Restored {
  /** The commit that has them as they were. */
  readonly from: CommitId;
  readonly paths: readonly string[];
  /** Texts that are put there instead. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface ToLookAt {
  readonly start: CommitId | null;
  readonly tip: CommitId | null;
  /** What changed between the two. */
  readonly files: readonly FileChange[];
}

/** Of a variant that changed nothing, or of which nothing is known. */
export const NOTHING_CHANGED: ChangedChecks = { files: new Map(), restore: () => null };
const MANIFEST = 'package.json';

/** For each of the variants of a plan, in order. */
export async function changedBy(
  o: { readonly plan: Pick<Plan, 'verify' | 'protect'>; readonly commonDir: string },
  variants: readonly ToLookAt[],
): Promise<readonly ChangedChecks[]> {
  // Most start from one commit, and change nothing in it.
  const manifests = new Map<CommitId, Promise<string | null>>();
  const manifestAt = (commit: CommitId): Promise<string | null> => {
    const known = manifests.get(commit) ?? manifest(o.commonDir, commit);
    manifests.set(commit, known);
    return known;
  };
  const found: ChangedChecks[] = [];
  for (const { start, tip, files } of variants) {
    if (start === null || tip === null || o.plan.verify.length === 0) {
      found.push(NOTHING_CHANGED);
      continue;
    }
    const rewritten = files.some(({ path, from }) => path === MANIFEST || from === MANIFEST);
    const before = await manifestAt(start);
    const after = rewritten ? await manifestAt(tip) : before;
    const changed = changedItsChecks({
      checks: o.plan.verify,
      protect: o.plan.protect,
      files,
      manifests: { before, after },
    });
    found.push({
      files: changed,
      restore: (name) => {
        const { paths, manifest: scripts } = restoredPaths(changed, name);
        // The rest of the manifest, such as dependencies, is part of the work.
        const mixed = scripts && before !== null && after !== null ? manifestWithScripts(after, before) : null;
        if (paths.length === 0 && !scripts) return null;
        return mixed === null
          ? { from: start, paths: scripts ? [...paths, MANIFEST] : paths, texts: new Map() }
          : { from: start, paths, texts: new Map([[MANIFEST, mixed]]) };
      },
    });
  }
  return found;
}

async function manifest(commonDir: string, commit: CommitId): Promise<string | null> {
  const { text, exitCode } = await objectsGit(commonDir).run(['cat-file', 'blob', `${commit}:${MANIFEST}`], { ok: [0, 128] });
  return exitCode === 0 ? text : null;
}

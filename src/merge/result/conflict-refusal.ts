import { objectsGit } from '../../git/spawn/git-in.ts';
import type { CommitId } from '../../model/ids.ts';
import type { MergeConflict } from '../../model/reports/merge-report.ts';
import { some } from '../../text/lists.ts';
import { plainText } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import { mergeLine } from '../merge-line.ts';
import type { MergeOptions, Onto, ToMerge } from '../merge-options.ts';
import type { Refusal } from '../refusal.ts';

/** Of a branch with a long history the newest commits tell enough. */
const COMMITS = 300;
const SUBJECTS = 3;

/** The changes of each side to the conflicting paths, and how to continue. */
export async function conflictRefusal(
  o: MergeOptions,
  onto: Onto,
  one: ToMerge,
  at: {
    readonly target: CommitId;
    readonly tip: CommitId;
    readonly base: CommitId | null;
    readonly paths: readonly string[];
    readonly after: readonly string[];
  },
): Promise<Refusal> {
  const [onTarget, ofVariant] = await Promise.all([
    subjects(o.repository.commonDir, at.tip, at.base, at.target, at.paths),
    subjects(o.repository.commonDir, at.target, at.base, at.tip, at.paths),
  ]);
  const conflicts = at.paths.map(
    (path): MergeConflict => ({
      path,
      onTarget: onTarget.get(path) ?? [],
      ofVariant: ofVariant.get(path) ?? [],
    }),
  );
  const files = some(at.paths);
  return {
    code: 'conflict',
    what: `${one.label} conflicts with ${onto.branch} in ${files}.`,
    why:
      at.after.length === 0
        ? 'Both changed the same lines. Nothing moved.'
        : `Both changed the same lines, with ${at.after.join(', ')} merged first.`,
    ways: 'conflict',
    hint: waysOut(o, one.label, onto.branch, at.paths),
    precondition: false,
    conflicts,
  };
}

/**
 * The agent of a guarded variant may not run git, so the merge is committed with its conflict markers first, on the variant's own
 * branch: then the two histories are joined, and the agent's result can be merged.
 */
function waysOut(o: MergeOptions, label: string, branch: string, paths: readonly string[]): string {
  const target = shellWord(branch);
  const message = shellWord(`Merge ${branch}, conflicts to resolve`);
  const told = shellWord(`Resolve the conflict markers in ${some(paths)}: keep what both sides want.`);
  return [
    'By hand:',
    `  cd "$(copse path ${label})" && git merge ${target}`,
    '  (resolve, then git commit)',
    `  ${mergeLine(o, [label])}`,
    'By its agent:',
    `  cd "$(copse path ${label})" && git merge ${target} || git commit --no-verify -am ${message}`,
    `  copse retry ${label} -m ${told}`,
    `  ${mergeLine(o, [label])}`,
  ].join('\n');
}

/** For each path the subjects of commits on one side alone that touched it, the newest first. */
async function subjects(
  commonDir: string,
  other: CommitId,
  base: CommitId | null,
  side: CommitId,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await objectsGit(commonDir).run(
    [
      '--literal-pathspecs',
      'log',
      `--max-count=${COMMITS}`,
      '--no-show-signature',
      '--no-renames',
      '--name-only',
      '-z',
      '--format=%x01%h %s',
      side,
      `^${other}`,
      ...(base === null ? [] : [`^${base}`]),
      '--',
      ...paths,
    ],
    { ok: [0, 128] },
  );
  const found = new Map<string, string[]>();
  for (const record of stdout.toString('utf8').split('\u0001').slice(1)) {
    const [subject = '', ...touched] = record.split(/[\0\n]+/);
    for (const path of touched) {
      const known = found.get(path) ?? [];
      if (path !== '' && known.length < SUBJECTS) found.set(path, [...known, plainText(subject)]);
    }
  }
  return found;
}

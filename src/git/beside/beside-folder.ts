import type { HeldBack } from '../../model/outcome.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import type { FolderTrace } from './folder-trace.ts';
import type { UntrackedSnapshot } from './untracked-snapshot.ts';

export interface InFolder {
  readonly path: RawPath;
  readonly why: HeldBack['why'];
  readonly by: null;
}

/** A folder of more new files is named as one. */
const SMALL = 100;

/**
 * The files in an ignored folder (or a repository) that are not as they were after set-up: by name while they are few, else the
 * folder. null: it is as set-up left it, or holds nothing.
 */
export function besideFolder(
  before: UntrackedSnapshot,
  folder: RawPath,
  now: FolderTrace,
  isRepository: boolean,
): readonly InFolder[] | null {
  const { folders } = before;
  const then = folders !== undefined && Object.hasOwn(folders, folder) ? folders[folder] : undefined;
  if (now.digest !== null && then?.digest === now.digest) return null;
  // Records of earlier versions only say that a repository was there.
  if (isRepository && folders === undefined && before.repositories.includes(folder)) return null;
  const whole: InFolder = { path: `${folder}/`, why: 'ignored', by: null };
  if (now.files === null) return [whole];
  const known = then?.files ?? {};
  const names = Object.keys(now.files);
  if (names.length === 0 && now.repositories.length === 0 && then === undefined) return null;
  const inRepository = (name: RawPath): boolean => now.repositories.some((one) => name.startsWith(`${one}/`));
  const changed = names.filter((name) => !Object.hasOwn(known, name) || known[name] !== now.files?.[name]);
  const repositories = now.repositories.filter((one) => changed.some((name) => name.startsWith(`${one}/`)));
  const alone = changed.filter((name) => !inRepository(name));
  if (alone.length > SMALL || (then !== undefined && then.files === null)) return [whole];
  return [
    ...repositories.map((one): InFolder => ({ path: `${folder}/${one}`, why: 'nested-repository', by: null })),
    ...alone.map((name): InFolder => ({ path: `${folder}/${name}`, why: 'ignored', by: null })),
  ];
}

import type { BranchName } from '../model/ids.ts';
import type { BranchFacts } from '../model/plan-facts.ts';

/** `same`: equal but for letter case. `prefix`: one of both names is a folder of the other's file under `refs/heads/`. */
export interface BranchObstacle {
  readonly kind: 'same' | 'prefix';
  readonly branch: BranchFacts;
}

/**
 * The existing branch that conflicts with a new one. Names are compared case-folded and normalised: on a file system that does
 * so, `UI/dark` and `ui/dark` are one loose ref.
 */
export class BranchIndex {
  readonly #byName = new Map<string, BranchFacts>();
  /** Each folder under `refs/heads/` with a branch below it. */
  readonly #folders = new Map<string, BranchFacts>();

  constructor(branches: readonly BranchFacts[]) {
    for (const branch of branches) {
      const name = foldName(branch.name);
      this.#byName.set(name, branch);
      for (const folder of foldersOf(name)) this.#folders.set(folder, branch);
    }
  }

  has(name: BranchName): boolean {
    return this.#byName.get(foldName(name))?.name === name;
  }

  obstacle(name: BranchName): BranchObstacle | null {
    const wanted = foldName(name);
    const same = this.#byName.get(wanted);
    if (same !== undefined) return { kind: 'same', branch: same };
    const below = this.#folders.get(wanted);
    if (below !== undefined) return { kind: 'prefix', branch: below };
    for (const folder of foldersOf(wanted)) {
      const above = this.#byName.get(folder);
      if (above !== undefined) return { kind: 'prefix', branch: above };
    }
    return null;
  }
}

/** A name as file systems without letter case or with normalisation compare it. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** `a/b/c` → `a`, `a/b`. */
function foldersOf(name: string): readonly string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'));
}

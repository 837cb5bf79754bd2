import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AbsolutePath, CommitId, RefName } from '../../model/ids.ts';
import type { RunPaths } from '../../store/layout.ts';
import { exists, makePrivateDirectory, readTextIfExists, replaceFile } from '../../system/files.ts';

export type Refs = ReadonlyMap<RefName, CommitId>;

/** More changes than these, and all refs are written anew: adding up changes is for a few. */
const MOST_CHANGES = 200;
/** Starts with a dot, which no variant's name does. */
const FOLDER = '.refs';

/**
 * All refs as they were before each attempt, on disk, so that an adopter can compare as well. They are nearly the same each time, and a
 * repository may have ten thousand: a run stores them once, under the hash of their text, and for an attempt what differs from that.
 */
export class RefsBefore {
  readonly #paths: RunPaths;
  #whole: { readonly hash: string; readonly refs: Refs } | null = null;

  constructor(paths: RunPaths) {
    this.#paths = paths;
  }

  async remember(file: AbsolutePath, refs: Refs): Promise<void> {
    const known = this.#whole === null ? null : changesBetween(this.#whole.refs, refs);
    const changed = known !== null && known.length <= MOST_CHANGES ? known : [];
    const whole = this.#whole !== null && changed === known ? this.#whole : await this.#writeWhole(refs);
    await replaceFile(file, JSON.stringify({ schema: 1, whole: whole.hash, changed }));
  }

  /** null: never written, or lost. */
  async recall(file: AbsolutePath): Promise<Refs | null> {
    const record = parse(await readTextIfExists(file));
    // Of an older version: all refs in the file itself.
    if (Array.isArray(record)) return new Map(record.filter(isPair));
    if (!isRecord(record) || !/^[0-9a-f]{64}$/.test(record.whole)) return null;
    const whole = parse(await readTextIfExists(this.#wholePath(record.whole)));
    if (!Array.isArray(whole)) return null;
    const refs = new Map<RefName, CommitId>(whole.filter(isPair));
    for (const [ref, is] of record.changed) {
      if (is === null) refs.delete(ref);
      else refs.set(ref, is);
    }
    return refs;
  }

  async #writeWhole(refs: Refs): Promise<{ readonly hash: string; readonly refs: Refs }> {
    const text = JSON.stringify([...refs]);
    const hash = createHash('sha256').update(text).digest('hex');
    const path = this.#wholePath(hash);
    if (!(await exists(path))) {
      await makePrivateDirectory(join(this.#paths.dir, FOLDER));
      await replaceFile(path, text);
    }
    this.#whole = { hash, refs };
    return this.#whole;
  }

  #wholePath(hash: string): AbsolutePath {
    return join(this.#paths.dir, FOLDER, `${hash}.json`);
  }
}

/** Refs that are not the same in both, with what they are in the second; null: not there. */
export function changesBetween(before: Refs, after: Refs): (readonly [RefName, CommitId | null])[] {
  const gone = [...before.keys()].filter((ref) => !after.has(ref)).map((ref) => [ref, null] as const);
  return [...[...after].filter(([ref, is]) => before.get(ref) !== is), ...gone];
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    // Damaged: without it nothing is reported, which is what a lost file means.
    return null;
  }
}

function isPair(value: unknown): value is [RefName, CommitId] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string';
}

function isRecord(value: unknown): value is { readonly whole: string; readonly changed: readonly [RefName, CommitId | null][] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'whole' in value &&
    typeof value.whole === 'string' &&
    'changed' in value &&
    Array.isArray(value.changed) &&
    value.changed.every((pair) => isPair(pair) || (Array.isArray(pair) && typeof pair[0] === 'string' && pair[1] === null))
  );
}

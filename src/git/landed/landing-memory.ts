import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { AbsolutePath, CommitId } from '../../model/ids.ts';
import { isErrno, makePrivateDirectory, readTextIfExists, replaceFile } from '../../system/files.ts';
import { entryChanges } from '../objects/entries.ts';
import { AS_COMMITTED } from '../objects/file-changes.ts';
import { objectsGit } from '../spawn/git-in.ts';
import { gitVersion } from '../spawn/git-version.ts';
import { objectsConfig } from '../spawn/shadow-directory.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import type { Candidate, Landing } from './judge-landing.ts';

/** Counts up when the same question gets another answer than before. */
const RULES = 2;
/** More than anyone has targets; each move of a target leaves one entry. */
const TARGETS = 4;
/** A target that moved further is looked at as a new one. */
const FURTHEST = 1_000;
/** Work on more paths than these is judged again when the target moved. */
const MOST_PATHS = 2_000;

const LANDING = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('landed'), how: z.enum(['merged', 'squashed']), commit: z.nullable(z.string()) }),
  z.object({ kind: z.literal('landed-then-changed'), commit: z.string() }),
  z.object({ kind: z.literal('reverted'), commit: z.string() }),
  z.object({ kind: z.literal('open'), ahead: z.optional(z.number()) }),
  z.object({ kind: z.literal('unrelated') }),
]);
/** Paths in one text: thousands of them are soon read that way. */
const VERDICT = z.object({ landing: LANDING, paths: z.string() });
const FILE = z.object({ sum: z.string(), body: z.string() });
const BODY = z.array(z.object({ target: z.string(), verdicts: z.record(z.string(), VERDICT) }));

/** What became of a branch, and the paths that the verdict depends on; none: on more than these. */
export interface Judgement {
  readonly landing: Landing;
  readonly paths: readonly RawPath[];
}

/**
 * Verdicts of earlier looks, by tip, start and target. Commits never change, so that a verdict holds for as long as the target is there;
 * a target that moved on first parents keeps those of which its new commits touch no path. Kept in `<store>/cache/`, sealed with
 * the person's key: a repository that came with such a file does not cause a removal.
 */
export class LandingMemory {
  readonly #commonDir: AbsolutePath;
  /** The newest first. */
  readonly #targets: Map<CommitId, Map<string, Judgement>>;
  readonly #save: ((targets: Map<CommitId, Map<string, Judgement>>) => Promise<void>) | null;
  #isChanged = false;

  private constructor(
    commonDir: AbsolutePath,
    targets: Map<CommitId, Map<string, Judgement>>,
    save: ((targets: Map<CommitId, Map<string, Judgement>>) => Promise<void>) | null,
  ) {
    this.#commonDir = commonDir;
    this.#targets = targets;
    this.#save = save;
  }

  /** `folder`: where the file is stored; `keyFile`: outside of every repository. One of them null: only for the life of this process. */
  static async open(o: {
    readonly commonDir: AbsolutePath;
    readonly folder: AbsolutePath | null;
    readonly keyFile: AbsolutePath | null;
  }): Promise<LandingMemory> {
    const key = o.folder === null || o.keyFile === null ? null : await keyIn(o.keyFile);
    if (o.folder === null || key === null) return new LandingMemory(o.commonDir, new Map(), null);
    const folder = o.folder;
    const file = join(folder, 'landings.json');
    const rests = await restsOn(o.commonDir);
    const seal = (body: string): Buffer => createHmac('sha256', key).update(`${o.commonDir}\0${rests}\0${body}`).digest();
    const known = parse(await readTextIfExists(file), seal);
    return new LandingMemory(o.commonDir, known, async (targets) => {
      const list = [...targets]
        .slice(0, TARGETS)
        .map(([target, verdicts]) => ({ target, verdicts: Object.fromEntries([...verdicts].map(joined)) }));
      const body = JSON.stringify(list);
      try {
        await makePrivateDirectory(folder);
        await replaceFile(file, `${JSON.stringify({ sum: seal(body).toString('hex'), body })}\n`);
      } catch (error) {
        // The verdict is valid, and found again next time.
        if (!isErrno(error, 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT')) throw error;
      }
    });
  }

  /** The known verdict of each; null: none. At most three git processes, none if the target has not moved. */
  async recall(target: CommitId, candidates: readonly Candidate[]): Promise<(Landing | null)[]> {
    if (!this.#targets.has(target)) await this.#follow(target);
    const known = this.#targets.get(target);
    return candidates.map((candidate) => known?.get(keyOf(candidate))?.landing ?? null);
  }

  remember(target: CommitId, candidates: readonly Candidate[], judgements: readonly Judgement[]): void {
    const known = this.#targets.get(target) ?? new Map<string, Judgement>();
    candidates.forEach((candidate, i) => {
      const judgement = judgements[i];
      if (judgement !== undefined) known.set(keyOf(candidate), judgement);
    });
    this.#put(target, known);
  }

  /** Writes what is new. */
  async save(): Promise<void> {
    if (this.#isChanged && this.#save !== null) await this.#save(this.#targets);
    this.#isChanged = false;
  }

  #put(target: CommitId, verdicts: Map<string, Judgement>): void {
    const others = [...this.#targets].filter(([other]) => other !== target);
    this.#targets.clear();
    this.#targets.set(target, verdicts);
    for (const [other, known] of others) this.#targets.set(other, known);
    this.#isChanged = true;
  }

  /** Takes over what a target's new commits have nothing to do with. */
  async #follow(target: CommitId): Promise<void> {
    if (this.#targets.size === 0) return;
    const git = objectsGit(this.#commonDir);
    const run = { env: AS_COMMITTED };
    const { text } = await git.run(['rev-list', '--first-parent', '--parents', `--max-count=${FURTHEST}`, target], run);
    const steps: { from: CommitId; to: CommitId }[] = [];
    let before: CommitId | null = null;
    for (const line of text.split('\n')) {
      const [to = '', from] = line.split(' ');
      if (this.#targets.has(to)) {
        before = to;
        break;
      }
      if (from === undefined) return;
      steps.push({ from, to });
    }
    const known = before === null ? undefined : this.#targets.get(before);
    if (known === undefined) return;
    const [fresh, changes] = await Promise.all([git.run(['rev-list', target, `^${before}`], run), entryChanges(git, steps)]);
    const added = new Set(fresh.text.split('\n'));
    const touched = new Set(changes.flat().map(({ path }) => path));
    const kept = [...known].filter(
      ([key, { paths }]) => paths.length > 0 && !added.has(key.split(' ')[0] ?? '') && !paths.some((path) => touched.has(path)),
    );
    if (before !== null) this.#targets.delete(before);
    this.#put(target, new Map(kept));
  }
}

/** The paths of a verdict as they are remembered. */
export function rememberedPaths(paths: Iterable<RawPath>): RawPath[] {
  const list = [...new Set(paths)];
  return list.length > MOST_PATHS ? [] : list;
}

function keyOf({ tip, start }: Candidate): string {
  return `${tip} ${start ?? ''}`;
}

/** What a verdict depends on besides the commits: copse's rules, git, and where a shallow history ends. */
async function restsOn(commonDir: AbsolutePath): Promise<string> {
  const [version, config, shallow] = await Promise.all([
    gitVersion(commonDir),
    objectsConfig(commonDir),
    readTextIfExists(join(commonDir, 'shallow')),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([RULES, version, config, shallow]))
    .digest('hex');
}

async function keyIn(file: AbsolutePath): Promise<Buffer | null> {
  try {
    const key = await readFile(file).catch((error: unknown) => {
      if (isErrno(error, 'ENOENT')) return null;
      throw error;
    });
    if (key !== null && key.length === 32) return key;
    await makePrivateDirectory(join(file, '..'));
    await replaceFile(file, randomBytes(32));
    // The last writer counts: another copse may have created one, too.
    return await readFile(file);
  } catch (error) {
    // The home directory cannot be written: nothing is remembered.
    if (isErrno(error, 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EISDIR')) return null;
    throw error;
  }
}

function parse(text: string | null, seal: (body: string) => Buffer): Map<CommitId, Map<string, Judgement>> {
  const targets = new Map<CommitId, Map<string, Judgement>>();
  if (text === null) return targets;
  try {
    const { sum, body } = FILE.parse(JSON.parse(text));
    const [said, is] = [Buffer.from(sum, 'hex'), seal(body)];
    if (said.length !== is.length || !timingSafeEqual(said, is)) return targets;
    for (const { target, verdicts } of BODY.parse(JSON.parse(body))) {
      const known = Object.entries(verdicts).map(
        ([key, { landing, paths }]) =>
          [key, { landing: landingOf(landing), paths: paths === '' ? [] : paths.split('\0') }] as const,
      );
      targets.set(target, new Map(known));
    }
  } catch {
    // Truncated or overwritten: computed again.
    targets.clear();
  }
  return targets;
}

function joined([key, { landing, paths }]: readonly [string, Judgement]) {
  return [key, { landing, paths: paths.join('\0') }] as const;
}

function landingOf(landing: z.infer<typeof LANDING>): Landing {
  if (landing.kind !== 'open') return landing;
  return landing.ahead === undefined ? { kind: 'open' } : { kind: 'open', ahead: landing.ahead };
}

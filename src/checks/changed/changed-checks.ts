import { matchesPattern } from '../../git/commit/path-pattern.ts';
import type { NamedCommand } from '../../model/plan.ts';
import type { FileChange } from '../../model/reports/evidence.ts';
import { invocationOf } from './invocation.ts';
import { type Manifests, readManifest, scriptsOf } from './scripts-of.ts';
import { joined, shellCommands } from './shell-commands.ts';
import { isOfTests } from './test-files.ts';
import { whatItRuns } from './what-it-runs.ts';

/** A check, maybe with patterns of the files that are its tests: then only they count. */
export type JudgedCheck = NamedCommand & { readonly tests?: readonly string[] };

export interface ChangedChecksOptions {
  readonly checks: readonly JudgedCheck[];
  /** Checks see the base's version of these, so no change of theirs counts. */
  readonly protect: readonly string[];
  /** What the variant changed against its start. */
  readonly files: readonly FileChange[];
  /** Text of `package.json` at the start and at the tip; null: there is none. Only read if it changed. */
  readonly manifests: Manifests;
}

/** By the name of a check what was there at the start, is otherwise now, and decides its verdict. No entry: nothing is. */
export type ChangedChecks = ReadonlyMap<string, readonly string[]>;

const MANIFEST = 'package.json';

/**
 * The checks whose own files the variant changed (they may pass for that alone), with the files. The files that a check examines are
 * not meant: changing those is the task. Nor are added files. Pure.
 */
export function changedItsChecks(o: ChangedChecksOptions): ChangedChecks {
  const altered = alteredPaths(o.files).filter((path) => !isProtected(path, o.protect));
  const changed = new Map<string, readonly string[]>();
  for (const check of altered.length === 0 ? [] : o.checks) {
    const { tests = [] } = check;
    const decides =
      tests.length > 0
        ? (path: string) => tests.some((pattern) => matchesPattern(path, pattern))
        : decider(check.run, o.manifests);
    const files = altered.filter(decides);
    if (files.length > 0) changed.set(check.name, files);
  }
  return changed;
}

/** Protected paths that the variant changed, added ones too: its checks ran with what the base has there. */
export function changedProtected(files: readonly FileChange[], protect: readonly string[]): readonly string[] {
  const touched = files.flatMap(({ path, from, status }) => (from === null || status === 'copied' ? [path] : [from, path]));
  return touched.filter((path) => isProtected(path, protect));
}

/**
 * The files to restore to run the check as it was at the start: these paths as the start has them, and, with `manifest`, package.json
 * as `manifestWithScripts` makes it, so that dependencies stay as the variant has them.
 */
export function restoredPaths(
  changed: ChangedChecks,
  check: string,
): { readonly paths: readonly string[]; readonly manifest: boolean } {
  const files = changed.get(check) ?? [];
  return { paths: files.filter((path) => path !== MANIFEST), manifest: files.includes(MANIFEST) };
}

/** Paths of the start that are not there any more as they were. */
function alteredPaths(files: readonly FileChange[]): readonly string[] {
  return files.flatMap(({ path, from, status }) => {
    if (status === 'added' || status === 'copied') return [];
    return [status === 'renamed' && from !== null ? from : path];
  });
}

function isProtected(path: string, protect: readonly string[]): boolean {
  return protect.some((pattern) => matchesPattern(path, pattern));
}

/** Whether the verdict of a command depends on a file. */
function decider(run: string, manifests: Manifests): (path: string) => boolean {
  const before = scriptsOf(run, manifests.before);
  const after = scriptsOf(run, manifests.after);
  const main = mainFiles(manifests.before);
  const own = shellCommands(run).map(invocationOf);
  const all = [...own, ...[...before.values()].flatMap((script) => shellCommands(script)).map(invocationOf)];
  const parts = all.map((one) => ({ ...one, ...whatItRuns(one, main) }));

  const scripted = parts.filter(({ tool }) => RUNS_SCRIPTS.test(tool));
  const elsewhere = scripted.filter(({ folder }) => folder !== '');
  const everywhere = scripted.some(({ tool, args }) => MANY.test(tool) || args.some((arg) => IN_MANY.test(arg)));
  const direct = parts.filter(({ tool, folder }) => before.size === 0 || folder !== '' || !RUNS_SCRIPTS.test(tool));
  // `npm test` runs the tests by a program of which nothing is known.
  const opaque = before.size === 0 || everywhere || direct.some((part) => part.opaque);

  const rewritten =
    !sameTexts(before, after) ||
    parts.some(({ manifestKeys }) =>
      manifestKeys.some((key) => !sameValue(readManifest(manifests.before)[key], readManifest(manifests.after)[key])),
    );
  return (path) => {
    if (path === MANIFEST) return rewritten;
    if (path.endsWith(`/${MANIFEST}`))
      return (
        everywhere ||
        elsewhere.some(({ folder }) => path === joined(folder, MANIFEST)) ||
        direct.some((part) => part.dependsOn(path))
      );
    return (
      direct.some((part) => part.dependsOn(path)) || (opaque && isOfTests(path) && scripted.some((part) => part.dependsOn(path)))
    );
  };
}

const RUNS_SCRIPTS = /^(?:npm|pnpm|yarn|bun|turbo|nx|lerna|run-s|run-p|npm-run-all2?|concurrently|wireit)$/;
const MANY = /^(?:turbo|nx|lerna)$/;
const IN_MANY = /^(?:-r|--recursive|-w|-ws|--workspaces?|--filter|-F|workspaces?|foreach)(?:=|$)/;

function sameTexts(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, text]) => b.get(name) === text);
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The files that package.json names as the product. */
function mainFiles(manifest: string | null): ReadonlySet<string> {
  const { main, module, bin } = readManifest(manifest);
  const bins = typeof bin === 'object' && bin !== null ? Object.values(bin) : [bin];
  return new Set([main, module, ...bins].flatMap((path) => (typeof path === 'string' ? [joined('', path)] : [])));
}

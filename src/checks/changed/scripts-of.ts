import { CHECKING_KEYS } from './check-tools.ts';

/** Text of `package.json` before and after; null: there is none. */
export interface Manifests {
  readonly before: string | null;
  readonly after: string | null;
}

/** Of npm, pnpm, yarn and bun: the words between their name and a script's, and abbreviations of scripts. */
const RUNNER = /(?:^|[\s;&|(])(?:npm|pnpm|yarn|bun|node\s+--run)\b([^;&|)\n]*)/g;

/**
 * Every script of `package.json` that a command runs, also through other scripts, with their `pre` and `post`, by name. Empty:
 * it runs none, or the manifest cannot be read.
 */
export function scriptsOf(command: string, manifest: string | null): ReadonlyMap<string, string> {
  const scripts = textsIn(readManifest(manifest)['scripts']);
  const found = new Map<string, string>();
  const pending = [command];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    for (const [, rest = ''] of text.matchAll(RUNNER)) {
      // Any word that is a script's name: options before it have values of their own, and one too many is marked rather than missed.
      const words = rest.split(/[\s"']+/).flatMap((word) => (word === 't' || word === 'tst' ? ['test'] : [word]));
      for (const name of words.flatMap((word) => [`pre${word}`, word, `post${word}`])) {
        const script = scripts.get(name);
        if (script === undefined || found.has(name)) continue;
        found.set(name, script);
        pending.push(script);
      }
    }
    // `run-s lint test`, `npm-run-all`, `concurrently "npm:test"`.
    for (const [, rest = ''] of text.matchAll(/\b(?:run-s|run-p|npm-run-all2?|concurrently|wireit)\b([^;&|\n]*)/g)) {
      pending.push(`npm run ${rest.replaceAll('npm:', ' ')}`);
    }
  }
  return found;
}

/** The contents of a manifest; nothing if it is invalid, as npm would not read it either. */
export function readManifest(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** The tip's manifest, but with what says how checks run (scripts, settings of test runners and linters) as the start's has it. */
export function manifestWithScripts(tip: string, start: string): string {
  const before = readManifest(start);
  const entries = Object.entries(readManifest(tip)).filter(([key]) => !CHECKING_KEYS.includes(key) || Object.hasOwn(before, key));
  const made = new Map(entries);
  for (const key of CHECKING_KEYS) if (Object.hasOwn(before, key)) made.set(key, before[key]);
  const indent = /^[{\s]*?\n([ \t]+)"/.exec(tip)?.[1] ?? 2;
  return `${JSON.stringify(Object.fromEntries(made), null, indent)}\n`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsIn(value: unknown): ReadonlyMap<string, string> {
  if (!isRecord(value)) return new Map();
  return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

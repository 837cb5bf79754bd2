/** Text of `package.json` before and after; null: there is none. */
export interface Manifests {
  readonly before: string | null;
  readonly after: string | null;
}

/** Of npm, pnpm, yarn and bun: what stands between their name and a script's, and what is short for one. */
const RUNNER = /(?:^|[\s;&|(])(?:npm|pnpm|yarn|bun|node\s+--run)\b([^;&|)\n]*)/g;

/**
 * Every script of `package.json` that a command comes to run, by way of other scripts too, with their `pre` and `post`; one text that
 * differs when any of them does. Empty: it runs none, or the manifest cannot be read.
 */
export function scriptsOf(command: string, manifest: string | null): string {
  const scripts = readScripts(manifest);
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
  return [...found]
    .toSorted()
    .map(([name, script]) => `${name}: ${script}`)
    .join('\n');
}

function readScripts(manifest: string | null): ReadonlyMap<string, string> {
  try {
    const value: unknown = JSON.parse(manifest ?? '{}');
    const scripts = typeof value === 'object' && value !== null && 'scripts' in value ? value.scripts : {};
    if (typeof scripts !== 'object' || scripts === null) return new Map();
    return new Map(Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    // No JSON: npm would not run it either.
    return new Map();
  }
}

/** Words of commands as paths and programs: quotes and a leading `./` taken off, `node_modules/.bin/` too. */
export function ranWords(text: string): ReadonlySet<string> {
  const words = text.split(/[\s"'`;|&()<>$]+/).flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  return new Set(
    words.map((word) => word.replace(/^(?:\.\/)+/, '').replace(/^node_modules\/\.bin\//, '')).filter((word) => word !== ''),
  );
}

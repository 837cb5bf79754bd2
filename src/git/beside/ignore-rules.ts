import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Git } from '../spawn/git-in.ts';
import { pathText, type RawPath, split } from '../worktree/working-changes.ts';

/** For each ignored path the rule that ignores it, for people: `.gitignore:1`, `.git/info/exclude:2`, `~/.config/git/ignore:3`. */
export async function ignoreRules(git: Git, paths: readonly RawPath[]): Promise<ReadonlyMap<RawPath, string>> {
  if (paths.length === 0) return new Map();
  const input = Buffer.from(`${paths.join('\0')}\0`, 'latin1');
  // 128: a path behind a symlink, of which git refuses to speak; then no rule is known.
  const { stdout } = await git.run(['check-ignore', '-v', '--no-index', '-z', '--stdin'], { input, ok: [0, 1, 128] });
  const fields = split(stdout);
  const rules = new Map<RawPath, string>();
  for (let i = 0; i + 3 < fields.length; i += 4) {
    const [source = '', line = '', , path = ''] = fields.slice(i, i + 4);
    if (source !== '') rules.set(path, `${readable(pathText(source))}:${line}`);
  }
  return rules;
}

/** git reads the repository's own excludes from the shadow directory. */
function readable(source: string): string {
  if (!source.startsWith('/')) return source;
  if (source.endsWith(join('info', 'exclude')) && source.includes(join('copse', 'v1', 'worktrees'))) return '.git/info/exclude';
  const home = homedir();
  return source.startsWith(`${home}/`) ? `~${source.slice(home.length)}` : source;
}

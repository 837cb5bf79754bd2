import { join } from 'node:path';
import { readText } from '../document/read-text.ts';

/** Whether the `.gitignore` at the top covers a path below it. Reads no other: it is enough to propose something. */
export async function ignoredAt(root: string): Promise<(path: string) => boolean> {
  const read = await readText(join(root, '.gitignore'));
  const lines = (read.ok ? read.text : '').split('\n').map((line) => line.trim());
  const patterns = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ ignores: !line.startsWith('!'), matches: matcher(line.replace(/^!/, '').replace(/\/$/, '')) }));
  return (path) => {
    let ignored = false;
    for (const { ignores, matches } of patterns) if (matches(path)) ignored = ignores;
    return ignored;
  };
}

function matcher(pattern: string): (path: string) => boolean {
  const anchored = pattern.includes('/');
  const source = pattern
    .replace(/^\//, '')
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\0', '(?:.*/)?');
  try {
    const expression = new RegExp(`^${source}$`);
    // Of a path below an ignored folder its name need not match.
    return (path) => {
      const parts = path.split('/');
      return parts.some((name, n) => expression.test(anchored ? parts.slice(0, n + 1).join('/') : name));
    };
  } catch {
    // A bracket expression that regular expressions read otherwise: no suggestion is no harm.
    return () => false;
  }
}

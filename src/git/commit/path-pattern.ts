/**
 * Whether a repository-relative path matches a pattern in the manner of gitignore: `*` and `?` stay within a name, `**` crosses
 * folders, a pattern without a slash matches at any depth, one that names a folder matches what is in it.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const anchored = pattern.replace(/^\//, '').replace(/\/$/, '');
  const prefix = anchored.includes('/') || pattern.startsWith('/') ? '' : '(?:.*/)?';
  return new RegExp(`^${prefix}${source(anchored)}(?:/.*)?$`, 's').test(path);
}

function source(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern.charAt(i);
    if (pattern.startsWith('**/', i)) {
      out += '(?:.*/)?';
      i += 2;
    } else if (pattern.startsWith('**', i)) {
      out += '.*';
      i += 1;
    } else if (char === '*') out += '[^/]*';
    else if (char === '?') out += '[^/]';
    else out += char.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  }
  return out;
}

import picomatch from 'picomatch';

/** As gitignore has it: no braces, no groups, no negation; a leading dot and a line break are characters like any other. */
const OPTIONS = { dot: true, nobrace: true, noextglob: true, nonegate: true, windows: false, flags: 's' } as const;

/**
 * Whether a repository-relative path matches a pattern in the manner of gitignore: `*` and `?` stay within a name, `**` crosses
 * folders, `[a-z]` is one character of those, a pattern without a slash matches at any depth, one that names a folder matches what
 * is in it. A path that holds brackets literally, as in `app/[slug]`, matches too.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const matches = matchers.get(pattern) ?? compile(pattern);
  matchers.set(pattern, matches);
  return matches(path);
}

/** One pattern is asked of thousands of paths. */
const matchers = new Map<string, (path: string) => boolean>();

function compile(pattern: string): (path: string) => boolean {
  const anchored = pattern.replace(/^\//, '').replace(/\/$/, '');
  if (anchored === '') return () => false;
  const plain = anchored.replace(/\\.|[()|+^${}]/gs, (found) => (found.length === 2 ? found : `\\${found}`));
  const glob = anchored.includes('/') || pattern.startsWith('/') ? plain : `**/${plain}`;
  // In picomatch `a/**` matches `a` as well; in gitignore it is only what is in it.
  return picomatch([glob.replace(/\/\*\*$/, '/**/*'), `${glob}/**/*`], OPTIONS);
}

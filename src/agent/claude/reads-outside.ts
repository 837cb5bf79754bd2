/**
 * Commands of Claude Code's own read-only set that read files outside the worktree (2.1.329): names from a file anywhere, or what links
 * lead to. A rule has no other wildcard than `*`, so a flag is refused if it is alone or after one other letter; `grep -inR`
 * still passes, as `docs/security.md` says.
 */
const FLAGS: readonly (readonly [program: string, flags: readonly string[]])[] = [
  // GNU programs take a long option's beginning for it.
  ['wc', ['--f']],
  ['du', ['--f']],
  ['rg', ['--follow', ...combined('L', 'acFHilnNoPsSUuvwx0.')]],
  ['grep', ['--deref', ...combined('R', 'acEFhHiIlnoPqrsvwxz')]],
];

/** Denies them to an agent, but for programs that a rule allows: a declared check may be `grep -R TODO .`. */
export function readsOutside(allowed: readonly string[]): readonly string[] {
  return FLAGS.flatMap(([program, flags]) => {
    const named = new RegExp(`^\\s*Bash\\(\\s*${program}\\b`);
    if (allowed.some((rule) => named.test(rule))) return [];
    return flags.flatMap((flag) => [`Bash(${program} ${flag}*)`, `Bash(${program} * ${flag}*)`]);
  });
}

function combined(flag: string, letters: string): readonly string[] {
  return [`-${flag}`, ...[...letters].map((letter) => `-${letter}${flag}`)];
}

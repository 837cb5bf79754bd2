/** Keys of git's configuration that name a program, or lead to one, and the value that means "none" for each. */
const RULES: readonly (readonly [key: RegExp, none: string | null])[] = [
  [/^filter\..+\.(clean|smudge|process)$/, ''],
  [/^filter\..+\.required$/, 'false'],
  [/^diff\..+\.textconv$/, 'cat'],
  [/^diff\.(.+\.command|external)$/, 'true'],
  [/^merge\..+\.driver$/, 'false'],
  [/^core\.hookspath$/, null],
  [/^core\.fsmonitor$/, 'false'],
  [/^core\.sshcommand$/, 'ssh'],
  [/^core\.(editor|askpass)$/, ':'],
  [/^core\.pager$|^pager\..+$/, 'cat'],
  [/^core\.(gitproxy|alternaterefscommand)$/, ''],
  [/^core\.attributesfile$/, '/dev/null'],
  [/^sequence\.editor$/, ':'],
  [/^interactive\.difffilter$/, 'cat'],
  [/^(commit|tag)\.gpgsign$/, 'false'],
  [/^gpg(\.openpgp)?\.program$/, 'gpg'],
  [/^gpg\.x509\.program$/, 'gpgsm'],
  [/^gpg\.ssh\.program$/, 'ssh-keygen'],
  [/^gpg\.ssh\.defaultkeycommand$/, ''],
  [/^credential\.(.+\.)?helper$/, ''],
  [/^trailer\..+\.(command|cmd)$/, ':'],
  [/^uploadpack\.packobjectshook$/, ''],
  [/^submodule\..+\.update$/, 'none'],
  [/^protocol\.(.+\.)?allow$/, 'never'],
  [/^remote\..+\.uploadpack$/, 'git-upload-pack'],
  [/^remote\..+\.receivepack$/, 'git-receive-pack'],
];

/** Lead to a program or elsewhere, and cannot be overridden one by one. */
const OTHERS = /^(remote\..+\.(vcs|url|pushurl|proxy)|url\..+\.(insteadof|pushinsteadof)|core\.worktree|alias\..+)$/;

/** Whether it matters that an agent changed it. */
export function isProgramKey(key: string): boolean {
  return OTHERS.test(key) || RULES.some(([rule]) => rule.test(key));
}

/** The value that runs nothing; null: there is none to override it with. `hooks`: the repository's own folder of hooks. */
export function harmless(key: string, hooks: string): string | null {
  if (key === 'core.hookspath') return hooks;
  return RULES.find(([rule]) => rule.test(key))?.[1] ?? null;
}

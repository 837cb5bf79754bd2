import { describe, expect, it } from 'vitest';
import { harmless, isProgramKey } from '../../../../src/git/guard/program-keys.ts';

describe('keys that name a program', () => {
  it.each([
    ['filter.lfs.clean', ''],
    ['filter.a.b.smudge', ''],
    ['core.fsmonitor', 'false'],
    ['core.hookspath', '/r/.git/hooks'],
    ['diff.z.textconv', 'cat'],
    ['merge.ours.driver', 'false'],
    ['credential.https://x.y.helper', ''],
    ['gpg.ssh.program', 'ssh-keygen'],
    ['protocol.ext.allow', 'never'],
  ])('%s is set to %j where it was not there before', (key, value) => {
    expect(isProgramKey(key)).toBe(true);
    expect(harmless(key, '/r/.git/hooks')).toBe(value);
  });

  it.each(['remote.origin.url', 'url.ext::x.insteadof', 'core.worktree', 'alias.st'])('%s is only named', (key) => {
    expect(isProgramKey(key)).toBe(true);
    expect(harmless(key, '/r/.git/hooks')).toBeNull();
  });

  it.each(['user.name', 'branch.main.remote', 'core.autocrlf', 'remote.origin.fetch', 'init.defaultbranch'])(
    '%s is data',
    (key) => expect(isProgramKey(key)).toBe(false),
  );
});

import type { Git } from '../spawn/git-in.ts';

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** If no identity is configured. */
export const OUR_IDENTITY: Identity = { name: 'copse', email: 'copse@localhost' };

/**
 * null if the configuration names an author and a committer; copse's otherwise. git would make one up from user and host name,
 * or refuse, depending on the machine.
 */
export async function missingIdentity(git: Git): Promise<Identity | null> {
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    const { exitCode } = await git.run(['-c', 'user.useConfigOnly=true', 'var', who], { ok: [0, 128] });
    if (exitCode !== 0) return OUR_IDENTITY;
  }
  return null;
}

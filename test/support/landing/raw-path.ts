import { spawnSync } from 'node:child_process';

/** A path or name byte for byte, each byte one character: git and the kernel know no encoding. */
export type Raw = string;

export function bytes(path: Raw): Buffer {
  return Buffer.from(path, 'latin1');
}

export function raw(path: string): Raw {
  return Buffer.from(path).toString('latin1');
}

export interface GitAnswer {
  readonly ok: boolean;
  readonly stdout: Raw;
  readonly stderr: string;
}

/** Runs git and says how it went; an agent's git may well fail. */
export function tryGit(cwd: string, args: readonly string[], input?: Buffer): GitAnswer {
  const ended = spawnSync('git', args, {
    cwd,
    encoding: 'latin1',
    env: { ...process.env, GIT_EDITOR: 'true' },
    maxBuffer: 64 * 2 ** 20,
    timeout: 60_000,
    ...(input === undefined ? {} : { input }),
  });
  return { ok: ended.status === 0, stdout: ended.stdout ?? '', stderr: ended.stderr ?? '' };
}

/** Throws if git fails. */
export function mustGit(cwd: string, args: readonly string[], input?: Buffer): Raw {
  const { ok, stdout, stderr } = tryGit(cwd, args, input);
  if (!ok) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trimEnd();
}

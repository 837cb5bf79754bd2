import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../system/environment.ts';
import { replaceFile } from '../../system/files.ts';
import { isRoot } from '../../system/is-root.ts';
import { shellWord } from '../../text/shell-word.ts';
import { findOnPath } from '../find-on-path.ts';

/**
 * Claude Code's sandbox gives each command a `/proc` that root may write to by ownership alone, whatever its capabilities: in
 * `/proc/sys/kernel/core_pattern` is a program that the kernel starts as root, outside of everything (measured with 2.1.329). Claude
 * Code takes `bwrap` from PATH, so that a program of that name can add what is missing before the command.
 */
const SCRIPT = `#!/bin/sh
left=$# added=
while [ "$left" -gt 0 ]; do
  if [ -z "$added" ] && [ "$1" = -- ]; then
    added=1
    set -- "$@" --ro-bind-try /proc/sys /proc/sys --ro-bind-try /proc/sysrq-trigger /proc/sysrq-trigger
  fi
  set -- "$@" "$1"
  shift
  left=$((left - 1))
done
exec "$BWRAP" "$@"
`;

/** PATH for an attempt in a sandbox, if root makes it; for anyone else nothing. Writes into `folder`. */
export async function confiningPath(folder: string, environment: Environment): Promise<Environment> {
  const bwrap = isRoot() ? await findOnPath('bwrap', environment) : null;
  if (bwrap === null) return {};
  const bin = join(folder, 'bin');
  const program = join(bin, 'bwrap');
  await mkdir(bin, { recursive: true, mode: 0o700 });
  await replaceFile(program, SCRIPT.replace('"$BWRAP"', shellWord(bwrap)));
  await chmod(program, 0o700);
  return { PATH: `${bin}:${environment['PATH'] ?? ''}` };
}

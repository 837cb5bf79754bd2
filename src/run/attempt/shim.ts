import { statSync } from 'node:fs';
import type { ExitRecord } from '../../model/attempt.ts';
import { readTextIfExists } from '../../system/files.ts';

/**
 * The program between copse and an agent, so that an attempt outlives the supervisor: it enforces the wall clock and leaves the
 * exit status in a file, which an adopter, who is not the parent, can read.
 *
 * The agent runs in the foreground: a background job of a shell has its stdin replaced and SIGINT ignored (POSIX, 2.11), and an
 * ignored signal stays ignored through exec. Its pid reaches the timer through a file, written before the exec. `trap :` and
 * not `trap ''`: a caught signal is default again in the child, an ignored one is not. The shim itself outlives the signals that stop the
 * agent, so that the exit status is written.
 *
 * The exit file is its last act: the supervisor that finds it looks for what the agent left running, and must not find the shim's own
 * timer. An orphaned `sleep` ignores SIGINT, as background jobs do, and would cost the attempt the whole grace of the next signal. So
 * the shim waits for its timer, and no signal to either may get lost: a shell forgets one that comes between a fork and the child's
 * resetting of traps. The timer is therefore forked before the shim has a trap, and `sleep` is ended by SIGKILL.
 *
 * Arguments: exit file, wall clock in seconds (0: none), prompt file, then the command.
 */
const SHIM = `
exit_file=$1 wall=$2 prompt=$3; shift 3
umask 077
timer=
if [ "$wall" -gt 0 ]; then
  (
    nap= over=
    trap 'over=1; [ -z "$nap" ] || kill -s KILL "$nap"' TERM
    rest() {
      sleep "$1" & nap=$!
      [ -z "$over" ] || kill -s KILL "$nap"
      wait "$nap"
      [ -z "$over" ] || { wait "$nap"; exit 0; }
      nap=
    }
    rest "$wall"
    : >"$exit_file.timeout"
    read -r agent <"$exit_file.pid" || exit 0
    for signal in INT TERM KILL; do
      kill -s "$signal" "$agent" 2>/dev/null || exit 0
      rest 5
    done
  ) </dev/null >/dev/null 2>&1 &
  timer=$!
fi
trap : INT TERM HUP
sh -c 'echo "$$" >"$0"; exec "$@"' "$exit_file.pid" "$@" <"$prompt"
code=$?
[ -z "$timer" ] || { kill "$timer"; wait "$timer"; } 2>/dev/null
timed_out=0
[ -e "$exit_file.timeout" ] && timed_out=1
rm -f "$exit_file.pid" "$exit_file.timeout"
echo "$code $timed_out" >"$exit_file.tmp" && exec mv -f "$exit_file.tmp" "$exit_file"
exit "$code"
`;

export interface ShimOptions {
  readonly exitFile: string;
  /** Wall clock of the attempt, ms; the shim rounds up to whole seconds. */
  readonly wallMs: number;
  readonly promptFile: string;
  readonly command: readonly string[];
}

/** The argument vector that runs a command under the shim. */
export function shimmed(options: ShimOptions): readonly string[] {
  const wall = String(Math.ceil(options.wallMs / 1000));
  return ['/bin/sh', '-c', SHIM, 'copse-attempt', options.exitFile, wall, options.promptFile, ...options.command];
}

/** The shim's exit record; null while the attempt runs, or if the shim was killed before it could write. */
export async function readExit(exitFile: string): Promise<ExitRecord | null> {
  // Synchronous, 3 µs and not 100: it is asked at every tick of every attempt, nearly always for nothing.
  if (statSync(exitFile, { throwIfNoEntry: false }) === undefined) return null;
  const text = await readTextIfExists(exitFile);
  const match = /^(\d+) ([01])$/.exec(text?.trim() ?? '');
  return match === null ? null : { code: Number(match[1]), timedOut: match[2] === '1' };
}

import type { AbsolutePath } from '../model/ids.ts';

/**
 * The program between copse and a server. It ends the server when copse is gone, however that ended: the kernel closes copse's end of the pipe
 * that it waits on. It lives as long as any process of the server, even in the background, so that its own end means
 * that nothing is left.
 *
 * fd 0: a pipe without a writer, held open by the owner. fd 1: the server's output; through `cat`, since what Node calls a
 * pipe is a socket, and a socket cannot be opened as `/dev/stderr` (ENXIO), which scripts and nginx do. fd 3: the exit status of
 * the command, in a line, as soon as it ends.
 *
 * The server runs in the foreground: a background job of a shell has SIGINT ignored (POSIX, 2.11). `trap :` and not `trap ''`: a
 * caught signal is default again in the child. `cat` and the watcher ignore signals: they end with the pipe, and the last output of
 * a server that is being stopped is worth having. `sleep 0.1`: POSIX requires whole seconds, Linux, BusyBox and macOS do not.
 *
 * Only the server works in its folder, so that a search for its users finds servers, which have the marker.
 *
 * Arguments: marker, line for sh, folder.
 */
const SHIM = `
marker=$1 line=$2 folder=$3
cd /
exec 4<&0 </dev/null
trap : INT TERM HUP
marked() {
  if [ -r /proc/self/environ ]; then
    grep -lzxF "COPSE_MARKER=$marker" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3
  else
    ps -axEwwo pid=,command= | sed -n "s/^ *\\([0-9][0-9]*\\) .* COPSE_MARKER=$marker\\( .*\\)*$/\\1/p"
  fi
}
(
  trap '' INT TERM HUP
  read -r nothing <&4
  for signal in INT TERM KILL KILL KILL; do
    pids=$(marked)
    [ -n "$pids" ] || break
    kill -s "$signal" $pids 2>/dev/null
    n=0
    while [ "$n" -lt 20 ] && [ -n "$(marked)" ]; do
      sleep 0.1
      n=$((n + 1))
    done
  done
  kill -s KILL -- "-$$"
) </dev/null >/dev/null 2>&1 3>&- &
watcher=$!
{
  trap : INT TERM HUP
  ( cd "$folder" && unset OLDPWD && COPSE_MARKER=$marker exec sh -c "$line" 3>&- 4<&- )
  echo "$?" >&3
} 2>&1 | { trap '' INT TERM HUP; exec cat 3>&- 4<&-; }
exec 3>&-
while [ -n "$(marked)" ]; do sleep 0.3; done
kill -s KILL "$watcher" 2>/dev/null
exit 0
`;

/** The argument vector that runs a line of `sh` under the shim. */
export function serverShim(o: {
  readonly marker: string;
  readonly line: string;
  readonly folder: AbsolutePath;
}): readonly [string, ...string[]] {
  return ['/bin/sh', '-c', SHIM, 'copse-serve', o.marker, o.line, o.folder];
}

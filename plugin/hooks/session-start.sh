#!/bin/sh
# Names the runs of this repository that are not finished. What it prints is text for the model; mostly it prints nothing.
# Every session pays for it, so it starts git and at most one other program, and never Node.
[ -z "${COPSE_MARKER:-}${COPSE_RUN:-}" ] || exit 0
state=$(git rev-parse --git-common-dir 2>/dev/null) || exit 0
cd "$state/copse/v1/runs" 2>/dev/null || exit 0
# A snapshot begins with `finished` once its run is, and is written anew when that changes.
set -- */run.json
[ -f "$1" ] || exit 0
grep -L '^{"schema":1,"finished":' -- "$@" 2>/dev/null | head -n 3 | while IFS=/ read -r run _; do
  case $run in *[!A-Za-z0-9._-]*) continue ;; esac
  echo "copse: run $run in this repository is not finished. See it: copse status $run --json. To be woken by its end, run copse wait $run in the background."
done

#!/bin/sh
# Part of make bench: instructions of fixed work, as valgrind counts them, to compare commits on one
# machine. They do not depend on what else the machine does. Those of git, which pm asks, are not in.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/common"
needs valgrind awk
enter 300 year
one=$(git ls-files | head -n 1)

# count WORK ARGUMENTS...
count() {
  work=$1
  shift
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$pm" "$@" 2>&1 >/dev/null |
    awk -v work="$work" '/refs:/ { gsub(",", "", $NF); printf "| %s | %.1f |\n", work, $NF / 1e6 }'
}

printf '\n| 300 documents | million instructions |\n|---|---|\n'
rm -rf .git/pm
count "cold actions" actions -n 20
count "warm actions" actions -n 20
count "warm actions, all of them" actions
count "cold search" search --count cause:change/config latency rollback
count "warm search" search --count cause:change/config latency rollback
count "check --all" check --all
count "check of one file" check "$one"
count "version" version

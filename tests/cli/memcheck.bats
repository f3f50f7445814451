#!/usr/bin/env bats
# Every command once under valgrind: no memory that is read before it is written, or after it is freed, and
# none that is lost. `make valgrind` does the same to all tests.

load ../lib/helper
load postmortems

setup_file() {
  BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/setup sandbox
  cd "$BATS_FILE_TMPDIR"
  history_repo
  printf -- '---\nid: PM-0002\nstatus: review\n---\n# Two\n\n## Summary\n\nOne.\n' | write_file postmortems/2026-02-02-two.md
  printf 'version: 1\ntags:\n  change:\n    tags: {config: A value}\n' | write_file .pm/tags.yaml
  commit 'another'
}

setup() {
  command -v valgrind >/dev/null || skip 'no valgrind'
  [ -z "${MEMCHECK:-}" ] || skip 'pm runs under valgrind anyway'
  sandbox
  if nm "$PM" 2>/dev/null | grep -qE '__[at]san_init'; then skip 'a sanitizer looks after the memory'; fi
  cd "$BATS_FILE_TMPDIR/history"
}

# sound COMMAND...: nothing that valgrind has to say.
sound() {
  local code=0
  valgrind -q --error-exitcode=99 --leak-check=full --read-inline-info=no "$PM" "$@" >../out 2>../err || code=$?
  [ "$code" -le 2 ] || { echo "pm $*: exit $code"; cat ../err; return 1; }
}

@test "the commands that answer" {
  for arguments in '' 'check --all' 'search resolver' 'show PM-0001' tags schema 'explain time-order' 'complete -- a' \
    'hook status'; do
    sound $arguments
  done
  if [ -n "${PM_LONG:-}" ]; then
    for arguments in 'index --rebuild' 'actions --all' 'help search'; do sound $arguments; done
  fi
}

@test "the commands that write, and the gate" {
  for arguments in 'new Another' init; do sound $arguments; done
  if [ -n "${PM_LONG:-}" ]; then
    for arguments in 'check --all --fix' 'tags rename change/config change/setting' 'hook install'; do sound $arguments; done
  fi
  printf '%040d %s refs/heads/topic\n' 0 "$(git rev-parse HEAD)" >../pushed
  sound hook run pre-receive <../pushed
}

@test "mistakes: of a document, of a query, of the command line" {
  [ -n "${PM_LONG:-}" ] || skip 'takes ten seconds: PM_LONG=1'
  printf -- '---\na: [b\n---\n' >postmortems/broken.md
  for arguments in 'check postmortems/broken.md' 'search (a' 'show nothing' 'check --nonsense' 'actions log x#1'; do
    sound $arguments
  done
}

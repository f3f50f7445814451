# For every bats file: `load ../lib/helper`. A test runs in a folder of its own, which bats removes,
# without the settings of the person who runs it, at a fixed time, with the pm that was just built.

bats_require_minimum_version 1.5.0

root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

# A file that has a setup of its own calls `sandbox` first in it; in setup_file, where bats has no folder for
# it yet, with one: BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/setup sandbox.
setup() {
  sandbox
}

sandbox() {
  : "${BATS_TEST_TMPDIR:?sandbox needs a folder}"
  export HOME=$BATS_TEST_TMPDIR/home TMPDIR=$BATS_TEST_TMPDIR/tmp
  export XDG_CONFIG_HOME=$HOME/.config XDG_CACHE_HOME=$HOME/.cache
  export LC_ALL=C TZ=UTC SHELL=/bin/sh PM_NOW=2026-03-20T12:00:00Z
  export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$HOME/.gitconfig GIT_TERMINAL_PROMPT=0
  export GIT_AUTHOR_NAME='Ada Author' GIT_AUTHOR_EMAIL=ada@example.org
  export GIT_COMMITTER_NAME='Carl Committer' GIT_COMMITTER_EMAIL=carl@example.org
  unset EDITOR VISUAL GIT_EDITOR GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE COLUMNS PAGER GIT_PAGER LESS NO_COLOR
  mkdir -p "$HOME" "$TMPDIR" "$BATS_TEST_TMPDIR/work"
  printf '[init]\n\tdefaultBranch = main\n' >"$GIT_CONFIG_GLOBAL"
  on 2026-01-05
  put_pm_on_path
  cd "$BATS_TEST_TMPDIR/work" || return 1
}

# Made once for the tests of a file. Under `make valgrind`, pm is a script that runs pm.
put_pm_on_path() {
  PM=${PM:-$root/build/pm}
  local bin=$BATS_FILE_TMPDIR/bin
  if [ ! -e "$bin/pm" ]; then
    mkdir -p "$bin"
    ln -sf "$PM" "$bin/pm"
    [ -z "${MEMCHECK:-}" ] || memcheck_shim "$bin/pm"
  fi
  PATH=$bin:$PATH
}

memcheck_shim() {
  rm "$1"
  printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$MEMCHECK" "$PM" >"$1"
  chmod +x "$1"
}

# on DATE [TIME]: commits from now on are of that day, 12:00 UTC unless told.
on() {
  export GIT_AUTHOR_DATE="$1T${2:-12:00:00}+0000"
  export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
}

# as NAME: the author of the commits from now on; the address follows from the name.
as() {
  export GIT_AUTHOR_NAME=$1
  GIT_AUTHOR_EMAIL=$(printf '%s' "${1%% *}" | tr A-Z a-z)@example.org
  export GIT_AUTHOR_EMAIL
}

# new_repo [DIR] [git init's options]: an empty repository on branch main, and goes there.
new_repo() {
  local dir=${1:-repo}
  git init -q "${@:2}" "$dir"
  cd "$dir" || return 1
}

# write_file PATH: from standard input, folders included.
write_file() {
  case $1 in */*) mkdir -p "${1%/*}" ;; esac
  cat >"$1"
}

# commit_file PATH [MESSAGE]: the file from standard input, committed.
commit_file() {
  write_file "$1"
  git add -- "$1"
  git commit -q -m "${2:-change ${1##*/}}"
}

# corpus NAME: a fresh clone of a corpus of real postmortems, and goes there; skips the test where
# the corpora are not. They are no part of the project: PM_CORPUS says where.
corpus() {
  local bundles=${PM_CORPUS:-$root/../shared/corpus}
  [ -f "$bundles/$1.bundle" ] || skip "no corpus '$1' in PM_CORPUS"
  git clone -q "$bundles/$1.bundle" "$1"
  cd "$1" || return 1
}

# same EXPECTED ACTUAL: two texts are equal, or what differs is shown.
same() {
  [ "$1" = "$2" ] || { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") | sed 's/^/  /'; return 1; }
}

# json FILTER: standard input through perl's JSON::PP, which comes with perl: a path such as
# postmortems.0.id; an array or object prints as compact JSON with sorted keys.
json() {
  perl -MJSON::PP -e '
    binmode STDOUT, ":encoding(UTF-8)";
    my $json = JSON::PP->new->canonical->allow_nonref;
    my $value = $json->utf8->decode(do { local $/; <STDIN> });
    for (split /\./, shift // "") {
      $value = ref $value eq "ARRAY" ? $_ eq "length" ? @$value : $value->[$_] : $value->{$_};
    }
    print ref $value ? $json->utf8(0)->encode($value) : $value // "null", "\n";
  ' "$@"
}

#!/usr/bin/env bats
# contrib/install-deps on machines that are made up: PATH holds the tools that we put there.

load ../lib/helper

setup() {
  sandbox
  unset CC
  export machine=$PWD/machine log=$PWD/log
  mkdir "$machine"
  for tool in sh sed sort cat test env ls; do
    ln -s "$(command -v $tool)" "$machine/$tool"
  done
  program id 'echo 0'
}

# program NAME [BODY]: a program of that name, which succeeds unless the body says otherwise.
program() {
  printf '#!/bin/sh\n%s\n' "${2:-}" >"$machine/$1"
  chmod +x "$machine/$1"
}

everything() {
  for name in cc ar git pkg-config bats perl diff; do program $name; done
}

install_deps() {
  run --separate-stderr env PATH="$machine" HOME="$HOME" "$@" "$root/contrib/install-deps" build test
}

@test "nothing is missing: nothing is said, nothing is done" {
  everything
  program apt-get 'echo "$@" >>"$log"'
  install_deps
  [ "$status" -eq 0 ]
  [ -z "$output$stderr" ]
  [ ! -e "$log" ]
}

@test "says what it installs, installs that, and looks again" {
  everything
  program pkg-config "[ \"\$2\" != jansson ] || [ -e '$log' ]"
  program dnf 'echo "dnf $*" >>"$log"'
  install_deps
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = 'install-deps: installing with dnf: jansson-devel' ]
  same 'dnf install -y jansson-devel' "$(cat "$log")"
}

@test "PM_NO_INSTALL names the packages and fails" {
  everything
  program pkg-config '[ "$2" != libgit2 ]'
  rm "$machine/bats"
  program apt-get 'echo "$@" >>"$log"'
  install_deps PM_NO_INSTALL=1
  [ "$status" -eq 1 ]
  [ -z "$output" ]
  [ "${stderr_lines[0]}" = 'missing packages: bats libgit2-dev' ]
  [ ! -e "$log" ]
}

@test "apt: never asks, and fetches the lists again when a package cannot be found" {
  everything
  rm "$machine/bats"
  program apt-get "
    echo \"\$DEBIAN_FRONTEND \$*\" >>\"\$log\"
    case \$* in
    *update*) echo >'$PWD/updated' ;;
    *install*) [ -e '$PWD/updated' ] && { echo >'$machine/bats'; /bin/chmod +x '$machine/bats'; } ;;
    esac"
  install_deps
  [ "$status" -eq 0 ]
  [[ $(tail -n 1 "$log") == 'noninteractive '*' install -y --no-install-recommends bats' ]]
}

@test "not root: sudo runs the manager, and without sudo it says so" {
  everything
  rm "$machine/bats"
  program id 'echo 1000'
  program apk 'echo "apk $*" >>"$log"'
  install_deps
  [ "$status" -eq 1 ]
  [[ $stderr == *'not root, and there is no sudo to run: apk add -U bats'* ]]
  program sudo 'echo "sudo $*" >>"$log"'
  install_deps
  [ "$status" -eq 1 ]
  same 'sudo apk add -U bats' "$(cat "$log")"
  [[ $stderr == *'still missing after that: bats'* ]]
}

@test "no package manager that it knows" {
  everything
  rm "$machine/git"
  install_deps
  [ "$status" -eq 1 ]
  [[ $stderr == *'missing: git'* ]]
}

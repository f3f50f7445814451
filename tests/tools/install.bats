#!/usr/bin/env bats
# make install and make uninstall.

load ../lib/helper

setup() {
  sandbox
  echo 'the program' >program
}

installed() {
  (cd prefix && find . -type f | sort)
}

@test "the program and every manual are installed, and taken away again" {
  "$root/tools/install" "$PWD/program" "$PWD/prefix"
  cmp program prefix/bin/pm
  [ -x prefix/bin/pm ]
  for manual in "$root"/src/cmd/*.1; do
    [ ! -e "$manual" ] || cmp "$manual" "prefix/share/man/man1/${manual##*/}"
  done
  echo 'not ours' >prefix/bin/other
  "$root/tools/install" --remove "$PWD/prefix"
  same ./bin/other "$(installed)"
}

@test "a relative program and a relative prefix are the caller's" {
  "$root/tools/install" program prefix
  cmp program prefix/bin/pm
}

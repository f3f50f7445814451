#!/usr/bin/env bats
# The Makefile, on a copy of the tree that has two source files.

load ../lib/helper

setup() {
  sandbox
  unset MAKEFLAGS MAKEOVERRIDES MFLAGS DEVELOPER SANITIZE B T CFLAGS
  mkdir -p src/base src/cmd include/pm schema
  cp "$root/Makefile" .
  cp -R "$root/tools" "$root/contrib" .
  cp "$root"/src/base/about.c "$root"/src/base/embed.c src/base/
  cp "$root"/include/pm/about.h "$root"/include/pm/embed.h include/pm/
  echo '# default' >schema/default.yaml
  cat >src/main.c <<'C'
#include "pm/about.h"
#include "pm/embed.h"

#include <stdio.h>

int main(void)
{
    printf("%s\n", pm_version());
    for (const struct embedded *e = embedded_files; e->name; e++)
        printf("%s %zu\n", e->name, e->n);
    return 0;
}
C
  make -s >log 2>&1 || { cat log; return 1; }
}

# made: what the last make made, without the build folder, sorted, on one line.
made() {
  make CFLAGS="${1:--O2 -g}" >log 2>&1 || { cat log; return 1; }
  sed -n 's|^  [A-Z]*\tbuild/||p' log | sort | tr '\n' ' '
}

@test "nothing changed: nothing is made" {
  same '' "$(made)"
}

@test "a header: what includes it, and nothing else" {
  touch include/pm/about.h
  same 'libpm.a pm src/base/about.o src/main.o ' "$(made)"
}

@test "other flags: everything" {
  same 'gen/embed.c gen/embed.o libpm.a pm src/base/about.o src/base/embed.o src/main.o tools/embed ' \
    "$(made -O0)"
}

@test "a new source, and one that goes away" {
  echo 'int added(void);int added(void) { return 1; }' >src/base/added.c
  same 'libpm.a pm src/base/added.o ' "$(made)"
  rm src/base/added.c
  same 'libpm.a pm ' "$(made)"
  run ar t build/libpm.a
  [[ $output != *added.o* ]]
}

@test "a file to compile in, changed and new" {
  echo '# more' >>schema/default.yaml
  echo '.TH' >src/cmd/pm-x.1
  same 'gen/embed.c gen/embed.o libpm.a pm ' "$(made)"
  run build/pm
  same $'man/pm-x.1 4\nschema/default.yaml 17' "$(printf '%s\n' "${lines[@]:1}")"
}

@test "the version is the Makefile's, without tags or in another's repository" {
  expected=$(sed -n 's/^VERSION = //p' Makefile)
  git init -q .. && git -C .. -c user.name=x -c user.email=x commit -q --allow-empty -m x
  git -C .. tag v9.9
  made >/dev/null
  run build/pm
  same "$expected" "${lines[0]}"
}

@test "the version is the tag's, in our own" {
  new_repo . && git commit -q --allow-empty -m x && git tag v9.9
  same 'libpm.a pm src/base/about.o ' "$(made)"
  run build/pm
  same 9.9 "${lines[0]}"
}

@test "a missing library is named, with the way to install it" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/pkg-config"
  chmod +x "$BATS_TEST_TMPDIR/bin/pkg-config"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH run make
  [ "$status" -eq 2 ]
  [[ $output == *'missing packages: '* || $output == *'missing: '* ]]
  [[ $output == *contrib/install-deps* || $output == *install-deps:* ]]
  [[ $output != *fatal* ]]
}

@test "clean leaves nothing, install and uninstall follow PREFIX and DESTDIR" {
  echo '.TH' >src/cmd/pm-x.1
  make -s install DESTDIR="$PWD/dest" PREFIX=/usr >log 2>&1
  [ -x dest/usr/bin/pm ] && [ -f dest/usr/share/man/man1/pm-x.1 ]
  make -s uninstall DESTDIR="$PWD/dest" PREFIX=/usr >log 2>&1
  same '' "$(find dest -type f)"
  make -s clean >log 2>&1
  [ ! -e build ]
}

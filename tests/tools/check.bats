#!/usr/bin/env bats
# tools/check finds what it says it finds: each check on a small tree of its own.

load ../lib/helper

setup() {
  sandbox
  mkdir -p tree/include/pm tree/src/base tree/src/git tree/src/cmd
  cp "$root/src/LAYERS" tree/src/
  header base str
  header git repo
}

# header LAYER NAME: a header that says which layer it is of, with standard input as its text.
header() {
  { echo "/* pm/$2.h - $1: for a test"; echo " */"; [ -t 0 ] || cat; } >"tree/include/pm/$2.h" </dev/null
}

# source PATH: a source file from standard input.
source_file() {
  cat >"tree/src/$1"
}

check() {
  run "$root/tools/check" "$1" tree
}

# offends SENTENCE: exactly one, at the place and in the words given.
offends() {
  [ "$status" -eq 1 ] || { echo "status $status: $output"; return 1; }
  [ "$output" = "$1" ] || { echo "$output"; return 1; }
}

clean() {
  [ "$status" -eq 0 ] && [ -z "$output" ] || { echo "status $status: $output"; return 1; }
}

@test "layers: down is allowed" {
  source_file git/repo.c <<<'#include "pm/str.h"'
  check layers
  clean
}

@test "layers: up is not" {
  printf '\n#include "pm/repo.h"\n' | source_file base/str.c
  check layers
  offends 'src/base/str.c:2: layer base may not include pm/repo.h of layer git'
}

@test "layers: a header is held to them too" {
  printf '/* pm/str.h - base: x */\n#include "pm/repo.h"\n' >tree/include/pm/str.h
  check layers
  offends 'include/pm/str.h:2: layer base may not include pm/repo.h of layer git'
}

@test "layers: a library has one layer, its subfolders too" {
  source_file git/repo.c <<<'#include <git2.h>'
  check layers
  clean
  source_file cmd/show.c <<<'#  include <git2/sys/repository.h>'
  check layers
  offends 'src/cmd/show.c:1: only layer git may include <git2/sys/repository.h>, not cmd'
}

@test "layers: a header says which it is of" {
  echo '#define X 1' >tree/include/pm/str.h
  check layers
  offends 'include/pm/str.h:1: the first line must name its layer: /* pm/name.h - layer: summary'
}

@test "layers: a header and its source agree" {
  source_file base/repo.c <<<'int x;'
  check layers
  offends 'src/base/repo.c:1: layer base implements pm/repo.h, which says that it is of git'
}

@test "layers: a folder that is no layer, a header that is not there, another folder's header" {
  mkdir tree/src/misc
  source_file misc/a.c <<<'int x;'
  source_file git/repo.c <<<'#include "pm/nowhere.h"'
  source_file git/walk.c <<<'#include "../base/str.h"'
  check layers
  [ "$status" -eq 1 ]
  [ "${lines[0]}" = 'src/git/repo.c:1: there is no include/pm/nowhere.h' ]
  [ "${lines[1]}" = 'src/git/walk.c:1: a private header is included by its own folder only: ../base/str.h' ]
  [ "${lines[2]}" = 'src/misc/a.c:1: src/misc is not a layer of src/LAYERS' ]
}

@test "headers: one that leans on its includer does not compile alone" {
  echo 'size_t str_length(void);' >>tree/include/pm/str.h
  check headers
  [ "$status" -eq 1 ]
  [[ $output == *include/pm/str.h:3:* ]]
}

# function_of N: a function of N lines, signature and braces included.
function_of() {
  printf 'static int\nlong_one(int a,\n         int b)\n{\n'
  for ((i = 5; i < $1; i++)); do echo '    a += b; /* } */'; done
  printf '}\n'
}

@test "sizes: a function of 80 lines, and one of 81" {
  { echo 'int before;'; function_of 80; echo; function_of 80; } | source_file base/str.c
  check sizes
  clean
  { echo 'int before;'; echo; function_of 81; } | source_file base/str.c
  check sizes
  offends "src/base/str.c:3: function 'long_one' has 81 lines, 80 is the limit"
}

@test "sizes: a file of 600 lines, and one of 601" {
  yes 'int x;' | head -n 600 | source_file base/str.c
  check sizes
  clean
  yes 'int x;' | head -n 601 | source_file base/str.c
  check sizes
  offends 'src/base/str.c:601: the file has 601 lines, 600 is the limit'
}

@test "printing: not below cmd" {
  source_file git/repo.c <<'C'
/* printf("x") in a comment, */ const char *s = "exit(1) in a string";
int snprintf_like(void); // printf(
    printf("x");
    fputs("x", stderr);
    exit (1);
C
  source_file cmd/show.c <<<'    printf("x");'
  check printing
  [ "$status" -eq 1 ]
  [ "${lines[0]}" = 'src/git/repo.c:3: layers below cmd do not call printf()' ]
  [ "${lines[1]}" = 'src/git/repo.c:4: layers below cmd do not print: stdout and stderr belong to cmd' ]
  [ "${lines[2]}" = 'src/git/repo.c:5: layers below cmd do not call exit()' ]
  [ "${#lines[@]}" -eq 3 ]
}

@test "notes: of things left to do, in comments only" {
  word=TO; word+=DO
  printf 'const char *w = "%s: later";\n/* a section that says %s is a placeholder */\n' $word $word |
    source_file base/str.c
  check notes
  clean
  printf 'int x; /* %s later */\n' $word | source_file base/str.c
  check notes
  offends 'src/base/str.c:1: a note of something left to do: make it an issue'
}

@test "manuals: a command has one, and one has a command" {
  source_file cmd/commands.c <<'C'
const struct command *const commands[] = {
    &command_dashboard,
    &command_check, &command_show, NULL,
};
C
  echo .TH | tee tree/src/cmd/pm.1 >tree/src/cmd/pm-check.1
  check manuals
  offends "src/cmd/commands.c:3: command 'show' has no manual src/cmd/pm-show.1"
  echo .TH >tree/src/cmd/pm-show.1
  check manuals
  clean
  echo .TH >tree/src/cmd/pm-old.1
  check manuals
  offends "src/cmd/pm-old.1:1: a manual of what is no command"
}

@test "a check that does not exist" {
  check nonsense
  [ "$status" -eq 2 ]
}

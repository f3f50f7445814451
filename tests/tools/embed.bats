#!/usr/bin/env bats
# tools/embed: what is compiled in is the file, whatever its bytes.

load ../lib/helper

setup() {
  sandbox
  embed=${PM%/*}/tools/embed
}

@test "every byte value, an empty file, sorted by name" {
  perl -e 'print map chr, 0..255, 0..255' >bytes
  : >empty
  "$embed" b=bytes a=empty >table.c
  cat >print.c <<'C'
#include "pm/embed.h"
#include <stdio.h>
int main(int argc, char **argv)
{
    (void)argc;
    const struct embedded *e = embedded_files + (argv[1][0] - '0');
    fprintf(stderr, "%s %zu %d", e->name, e->n, e->data[e->n]);
    return fwrite(e->data, 1, e->n, stdout) != e->n;
}
C
  "${CC:-cc}" -Wall -Wextra -Werror -pedantic -std=c11 -I"$root/include" -o print print.c table.c
  ./print 1 >out 2>about
  cmp bytes out
  same 'b 512 0' "$(cat about)"
  ./print 0 >out 2>about
  cmp empty out
  same 'a 0 0' "$(cat about)"
}

@test "a file that cannot be read stops the build" {
  run "$embed" a=nowhere
  [ "$status" -eq 1 ]
  [[ $output == *"embed: cannot read 'nowhere': "* ]]
}

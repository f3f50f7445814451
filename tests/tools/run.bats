#!/usr/bin/env bats
# tests/lib/run counts what its tests say, and what they fail to say.

load ../lib/helper

# test_file NAME: a shell test from standard input.
test_file() {
  { echo '#!/bin/sh'; cat; } >"$1.test"
  chmod +x "$1.test"
}

counts() {
  run "$root/tests/lib/run" "${@/#/$PWD/}"
  echo "$output"
  [ "${lines[${#lines[@]} - 1]}" = "$expected" ]
}

@test "passed, failed and skipped are added up over all files" {
  test_file a <<<'printf "1..3\nok 1\nnot ok 2 - b\nok 3 # SKIP no c\n"; exit 1'
  test_file b <<<'printf "ok 1\nok 2\n1..2\n"'
  expected='3 passed, 1 failed, 1 skipped' counts a.test b.test
  [ "$status" -eq 1 ]
}

@test "all passed: exit 0" {
  test_file a <<<'printf "1..1\nok 1\n"'
  expected='1 passed, 0 failed' counts a.test
  [ "$status" -eq 0 ]
}

@test "a test that ends early has failed the rest" {
  test_file a <<<'printf "1..5\nok 1\nok 2\n"'
  expected='2 passed, 3 failed' counts a.test
  [ "$status" -eq 1 ]
}

@test "a test that says nothing, or ends badly after passing, is one failure" {
  test_file a <<<'exit 0'
  test_file b <<<'printf "1..1\nok 1\n"; exit 3'
  test_file c <<<'printf "1..1\nok 1\n"; kill -SEGV $$'
  expected='2 passed, 3 failed' counts a.test b.test c.test
}

@test "a file that skips everything" {
  test_file a <<<'echo "1..0 # SKIP nothing here"'
  expected='0 passed, 0 failed, 1 skipped' counts a.test
  [ "$status" -eq 0 ]
}

@test "cmocka's way to skip is a skip" {
  printf '#!/bin/sh\nprintf "1..2\\nok 1 - a\\nnot ok 2 # SKIP b\\n# ok - x\\n"\n' >unit
  chmod +x unit
  expected='1 passed, 0 failed, 1 skipped' counts unit
  [ "$status" -eq 0 ]
}

@test "a program's exit code is not lost" {
  printf '#!/bin/sh\nprintf "1..1\\nok 1 - a\\n"\nexit 4\n' >unit
  chmod +x unit
  expected='1 passed, 1 failed' counts unit
}

#!/usr/bin/env bats
# Documents that somebody made to hurt: pm reads them or says which limit they exceed, and comes back.

load ../lib/helper

setup() {
  sandbox
  new_repo
  mkdir postmortems
  printf -- '---\nstatus: review\n---\n# A\n\n## Summary\n\n' >postmortems/a.md
}

# check_hostile: what pm says of the document; a hang ends as a failure.
check_hostile() {
  run -1 timeout 60 pm check --all
}

# times N AWK-STATEMENTS: appended to the document, N times.
times() {
  awk -v n="$1" "BEGIN { for (i = 0; i < n; i++) { $2 } }" >>postmortems/a.md
}

too_large() {
  check_hostile
  [[ $output == *"postmortems/a.md:"*": error: $1"*' [too-large]'* ]] || { echo "$output"; return 1; }
}

# Read to its end, as any other.
judged() {
  check_hostile
  [[ $output != *too-large* && $output == *'postmortems/a.md: review needs '*'sections Impact, Timeline'* ]] ||
    { echo "$output"; return 1; }
}

@test "ten megabytes" {
  times 200000 'print "A line of text that says nothing, one of very many of them."'
  too_large 'the document has more than 1048576 bytes'
}

@test "100,000 headings" {
  times 100000 'print "## h" i'
  too_large 'more than 50000 blocks'
}

@test "a line of a megabyte" {
  times 100000 'printf "0123456789"'
  judged
}

@test "quotes 10,000 deep" {
  times 10000 'printf "> "'
  too_large 'lists and quotes nested deeper than 100 levels'
}

@test "lists 10,000 deep" {
  times 10000 'printf "- "'
  printf 'x\n' >>postmortems/a.md
  too_large 'lists and quotes nested deeper than 100 levels'
}

@test "lists that step in on every line" {
  times 1400 'printf "%*s- x\n", 2 * (i % 700), ""'
  too_large 'lists and quotes nested deeper than 100 levels'
}

@test "YAML 10,000 deep" {
  printf -- '---\nx: ' >postmortems/a.md
  times 10000 'printf "["'
  printf '\n---\n' >>postmortems/a.md
  too_large 'YAML nested deeper than 20 levels'
}

@test "170,000 images that never close" {
  times 170000 'printf "![[]("'
  judged
}

@test "the same, of every kind of bracket and mark" {
  for unit in '![[]()' '[a](' '[a][' '<a ' '*a_' '~~a' '`a``' '<!--' '&a' '![' '**' '[[' ']('; do
    printf -- '---\nstatus: review\n---\n# A\n\n## Summary\n\n' >postmortems/a.md
    times $((400000 / ${#unit})) "printf \"%s\", \"$unit\""
    check_hostile
    [[ $output == *'postmortems/a.md'* ]] || { echo "$unit: $output"; return 1; }
  done
}

@test "100,000 table cells" {
  printf '| a | b |\n|---|---|\n' >>postmortems/a.md
  times 50000 'print "| c | d |"'
  too_large 'more than 10000 table cells'
}

@test "a row of 100,000 cells" {
  times 100000 'printf "| c "'
  printf '|\n' >>postmortems/a.md
  times 100000 'printf "|---"'
  printf '|\n' >>postmortems/a.md
  too_large 'more than 10000 table cells'
}

@test "action items beyond number" {
  printf 'x\n\n## Action items\n\n' >>postmortems/a.md
  times 5000 'print "- [ ] Do it"'
  too_large 'there are more than 1000 action items'
}

@test "one section 20,000 times" {
  times 20000 'print "x\n\n## Summary\n"'
  check_hostile
  [[ $output == *'[duplicate-section]'* ]]
}

@test "60,000 markers of conflicts" {
  times 30000 'print "<<<<<<< HEAD\n>>>>>>> b"'
  check_hostile
  [[ $output == *'[conflict-marker]'* ]]
}

@test "conflict markers between fences" {
  times 20000 'print "<<<<<<< a\n```\n>>>>>>> b\n```\n"'
  check_hostile
  [[ $output == *'[conflict-marker]'* ]]
}

@test "places where a secret could begin" {
  times 20000 'printf "-----BEGIN PRIVATE KEY----- eyJ AIza- sk- "'
  judged
}

@test "keys whose headers are the openings of others" {
  times 33000 'print "-----BEGIN PRIVATE KEY-----x:"'
  judged
}

@test "comments that begin as a waiver, without a blank" {
  times 140000 'printf "<!--pm:"'
  judged
}

@test "a waiver of 76,000 rules that there are not" {
  printf '<!-- pm: allow ' >>postmortems/a.md
  times 76000 'printf "abcdefgh-ijk "'
  printf ': x -->\n' >>postmortems/a.md
  judged
  [[ $output == *"there is no rule 'abcdefgh-ijk' [waiver-unused]"* ]]
}

@test "an item that is due 190,000 times" {
  printf 'x\n\n## Action items\n\n- [ ] Fix it' >>postmortems/a.md
  times 190000 'printf ", due"'
  check_hostile
  [[ $output == *'[action-missing-owner]'* ]]
}

@test "beginnings of a past that did not happen" {
  times 140000 'printf "hätte "'
  judged
}

@test "fixes that do harm together, in a megabyte" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  perl -e '
    my $name = "detected_by";
    print "---\n";
    for my $at (0 .. 10) { for (qw(x q z w k)) { print substr($name, 0, $at) . $_ . substr($name, $at + 1), ": alert\n" } }
    print "---\n# A\n\n## Summary\n\n", "a\n" x 510000;' >postmortems/a.md
  ulimit -t 8
  run -1 pm check --fix --dry-run postmortems/a.md
  [[ $output == *$'\n-xetected_by: alert\n+detected_by: alert\n'* ]]
}

# Every example of pm-query(7), in the example repository: nothing there is refused, and what needs no
# quotes there needs none.
load ../lib/helper

setup_file() {
  export REPO=$BATS_FILE_TMPDIR/repo
  BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/setup sandbox
  "$root/contrib/example/build" "$REPO" >/dev/null
}

setup() {
  sandbox
  cd "$REPO" || return 1
  export PM_NOW=2026-06-24T09:00:00Z
}

# The lines of the examples, as a reader sees them, without what pm says of a mistake.
examples() {
  awk '/^\.EX/ { on = 1; first = 1; next } /^\.EE/ { on = 0 }
       on && first { first = 0; on = !/^pm: / } on' "$root/src/cmd/pm-query.7" |
    sed -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\(dq/"/g' -e 's/\\e/\\/g'
}

@test "each example is a query that pm takes" {
  local n=0 line term
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    case $line in
    pm\ *) run bash -c "$line" ;;
    \(*) run pm search "$line" ;;
    *) run bash -c "pm actions --all $line && pm search $line" ;;
    esac
    [ "$status" -le 1 ] || { echo "$line"; echo "$output"; return 1; }
    n=$((n + 1))
  done < <(examples)
  [ "$n" -ge 10 ]
}

@test "each term of an example stands alone, too" {
  while IFS= read -r line; do
    case $line in *'  '*) ;; *) continue ;; esac
    while IFS= read -r term; do
      run bash -c "pm search $term"
      [ "$status" -le 1 ] || { echo "$term"; echo "$output"; return 1; }
    done < <(sed 's/   */\n/g' <<<"$line")
  done < <(examples)
}

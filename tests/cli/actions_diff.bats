load ../lib/helper
load postmortems

setup_file() {
  export REPO=$BATS_FILE_TMPDIR/history
  mkdir -p "$BATS_FILE_TMPDIR/setup"
  BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/setup sandbox
  cd "$BATS_FILE_TMPDIR" || return 1
  history_repo
}

setup() {
  sandbox
  cp -R "$REPO" work
  cd work || return 1
  file=postmortems/2026-01-02-dns.md
  git checkout -q -b topic
}

# edit SED: the postmortem, committed a day after the last.
day=1
edit() {
  sed -i.bak "$1" "$file" && rm -- "$file.bak"
  on "2026-03-0$day" && day=$((day + 1))
  commit "${2:-edit}"
}

# told RANGE: "REF EVENT OLD NEW DAYS", a line an event.
told() {
  pm actions diff "$1" -f json | perl -MJSON::PP -e '
    print join(" ", map { $_ // "-" } @$_{qw(ref event old new days)}), "\n"
      for @{decode_json(do { local $/; <STDIN> })->{events}}'
}

@test "a branch that ticks a box" {
  edit 's/\[ \] \*\*A3/[x] **A3/'
  same 'PM-0001#A3 done open done -' "$(told main..topic)"
  same 'PM-0001#A3 done open done -' "$(told main..)"
  same 'PM-0001#A3 done open done -' "$(told main)"
  same 'PM-0001#A3 done open done -' "$(told main...topic)"
  same '' "$(told topic..main)"
  same '' "$(told topic..topic)"
}

@test "postponed twice is one event, with the last commit that did it" {
  edit 's/due 2026-03-01/due 2026-04-01/'
  edit 's/due 2026-04-01/due 2026-05-01/'
  edit 's/no such line//;$a\
<!-- end -->'
  same 'PM-0001#A3 rescheduled 2026-03-01 2026-05-01 61' "$(told main..topic)"
  run -0 pm actions diff main..topic -f json
  same "$(git rev-parse topic~1)" "$(json events.0.change.commit <<<"$output")"
  same "$(git rev-parse topic~1)" "$(json events.0.landing.commit <<<"$output")"
}

@test "what the range adds and takes away again is nothing" {
  edit '/A3/i\
- [ ] **A9** Tell everybody\
      @erin, due 2026-04-01'
  edit '/A9/,/erin/d'
  edit 's/@carol/@erin/'
  edit 's/@erin/@carol/'
  same '' "$(told main..topic)"
  run -0 pm actions diff main..topic
  same "no action item changes from $(git rev-parse --short=7 main) to $(git rev-parse --short=7 topic)" "$output"
  run -0 pm actions diff main..topic -f markdown
  [[ $output == "No action item changes from "* ]]
  run -0 pm actions diff main..topic -f json
  same '[]' "$(json events <<<"$output")"
}

@test "what is merged into the branch in between is not the branch's" {
  edit 's/due 2026-03-01/due 2026-04-01/'
  git checkout -q main
  edit 's/@dave/@erin/'
  git checkout -q topic
  git merge -q --no-edit main
  edit 's/runbook/runbook for resolvers/'
  same 'PM-0001#A3 rescheduled 2026-03-01 2026-04-01 31
PM-0001#A3 reworded Write a runbook Write a runbook for resolvers -' "$(told main..topic)"
  # and seen from where both began
  same 'PM-0001#A3 rescheduled 2026-03-01 2026-04-01 31
PM-0001#A3 reworded Write a runbook Write a runbook for resolvers -
PM-0001#A4 reassigned dave erin -' "$(told main~1..topic)"
}

@test "a change of a merged branch lands with its merge" {
  edit 's/@carol/@erin/' 'another owner'
  git checkout -q main
  git commit -q --allow-empty -m 'something else'
  git merge -q --no-ff -m 'merge topic' topic
  run -0 pm actions diff HEAD~2.. -f json
  same "$(git rev-parse topic)" "$(json events.0.change.commit <<<"$output")"
  same "$(git rev-parse HEAD)" "$(json events.0.landing.commit <<<"$output")"
}

@test "a renamed document keeps its items" {
  git mv "$file" postmortems/2026-01-02-name-service.md
  commit 'a better name'
  file=postmortems/2026-01-02-name-service.md
  same '' "$(told main..topic)"
  edit '/A3/,/carol/d'
  same 'PM-0001#A3 dropped open line -' "$(told main..topic)"
}

@test "a squashed, a reverted and an unrelated range" {
  edit 's/\[ \] \*\*A3/[x] **A3/'
  git revert --no-edit HEAD >/dev/null
  same '' "$(told main..topic)"
  same 'PM-0001#A3 reopened done open -' "$(told HEAD~1..)"
  git checkout -q --orphan other
  commit 'a root of its own'
  run -2 --separate-stderr pm actions diff main..other
  [[ $stderr == *"no commit in common"* ]]
}

@test "a criss-cross: whichever merge base is taken, what both sides have is not the branch's" {
  edit 's/due 2026-03-01/due 2026-04-01/' 'topic 1'
  git checkout -q main
  edit 's/@dave/@erin/' 'main 1'
  git branch old-main
  git merge -q --no-edit topic
  git checkout -q topic
  git merge -q --no-edit old-main
  same 2 "$(git merge-base --all main topic | wc -l | tr -d ' ')"
  same '' "$(told main..topic | grep -v 'rescheduled\|reassigned' || true)"
  edit 's/\[ \] \*\*A4/[x] **A4/' 'topic 3'
  run -0 told main..topic
  [[ $output == *'PM-0001#A4 done open done -'* ]]
  same 1 "$(grep -c done <<<"$output")"
}

@test "a shallow clone compares what it has, and says where its base is cut off" {
  edit 's/due 2026-03-01/due 2026-04-01/'
  edit 's/@carol/@erin/'
  git clone -q --depth 2 --no-single-branch --branch topic "file://$PWD" ../shallow
  cd ../shallow
  same 'PM-0001#A3 reassigned carol erin -' "$(told HEAD~1..)"
  run -2 --separate-stderr pm actions diff origin/main..topic
  [[ $stderr == *"no commit in common"* ]]
}

@test "the table shows what needs attention first" {
  edit 's/\[ \] \*\*A4/[x] **A4/'
  edit 's/due 2026-03-01/due 2026-04-01/'
  edit '/dave/a\
- [ ] **A5** Ask `@bob` about *caches*\
      @erin, due 2026-04-01'
  run -0 pm actions diff main..topic
  same 'event      item        what                          by          commit   action
postponed  PM-0001#A3  2026-03-01 → 2026-04-01 +31d  Ada Author  COMMIT  Write a runbook
opened     PM-0001#A5  erin, due 2026-04-01          Ada Author  COMMIT  Ask @bob about caches
done       PM-0001#A4                                Ada Author  COMMIT  Move the zone

1 postponed, 1 opened, 1 done' "$(sed -E 's/ [0-9a-f]{7} / COMMIT /' <<<"$output")"
}

@test "an item that is born resolved, or begun, is told once" {
  edit '/A3/i\
- [ ] **A6** Buy a lamp, won'"'"'t do: there is light\
- [x] **A7** Tell the customers\
- [ ] **A8** Test the backup, in progress, due 2026-04-01\
- [ ] **A9** Ask everybody'
  run -0 pm actions diff main..topic
  same 'event   item        what                           by          commit   action
wontdo  PM-0001#A6  new, there is light            Ada Author  COMMIT  Buy a lamp
opened  PM-0001#A9  no owner, no due date          Ada Author  COMMIT  Ask everybody
begun   PM-0001#A8  new, no owner, due 2026-04-01  Ada Author  COMMIT  Test the backup
done    PM-0001#A7  new                            Ada Author  COMMIT  Tell the customers

1 wontdo, 1 opened, 1 begun, 1 done' "$(sed -E 's/ [0-9a-f]{7} / COMMIT /' <<<"$output")"
  run -0 pm actions diff main..topic -f markdown
  same 4 "$(grep -c '^- ' <<<"$output")"
  same 7 "$(told main..topic | wc -l | tr -d ' ')"
}

@test "the comment for a pull request pings nobody and is safe" {
  edit '/A3/,/carol/d'
  edit '/A4/i\
- [ ] **A5** Ask @bob, @@carl and (@ops/team) about <b>a\\|b</b> at x@example.org\
      @erin, due 2026-04-01'
  run -0 pm actions diff main..topic --format markdown
  [[ ${lines[0]} == '### Action items: 1 dropped, 1 opened' ]]
  [[ $output == *'**Dropped**'*'- `PM-0001#A3` Write a runbook — was open; its line is gone (Ada Author, '* ]]
  run -1 grep -E '(^|[^A-Za-z0-9_])@[A-Za-z0-9]' <<<"$output"
  run -0 pm actions diff main..topic --format markdown
  [[ $output == *'x@example.org'* ]]
  [[ $output == *'about a\|b at'* ]]
}

@test "json is what schema/output.md says" {
  edit 's/\[ \] \*\*A3/[x] **A3/'
  run -0 pm actions diff main..topic -f json
  "$root/tests/lib/conforms" diff <<<"$output"
  same "$(git rev-parse main)" "$(json base <<<"$output")"
  same "$(git rev-parse topic)" "$(json head <<<"$output")"
  run -0 pm actions diff main..topic -f jsonl
  "$root/tests/lib/conforms" event --lines <<<"$output"
}

@test "wrong calls are exit 2" {
  run -2 pm actions diff
  run -2 pm actions diff main topic
  run -2 pm actions diff nowhere..main
  run -2 pm actions diff main..topic -f paths
  run -2 pm actions diff main..topic --at HEAD
}

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
  cd "$REPO" || return 1
}

# refs ARGUMENT...: the references that pm actions lists, joined by blanks.
refs() {
  pm actions -f jsonl "$@" | json_lines ref
}

json_lines() {
  while IFS= read -r line; do json "$1" <<<"$line"; done | paste -sd' ' -
}

@test "what is unresolved is listed, overdue first, with a total" {
  run -0 pm actions
  same "item        state  due         late  owner  action
PM-0001#A3  open   2026-03-01   19d  carol  Write a runbook
PM-0001#A4  open   2026-01-10        dave   Move the zone

2 unresolved, 1 overdue, 1 tracked elsewhere" "$output"
}

@test "--all reaches what was resolved or has vanished" {
  run -0 pm actions --all
  same "item        state    due         late  slips  owner  action
PM-0001#A3  open     2026-03-01   19d         carol  Write a runbook
PM-0001#A4  open     2026-01-10               dave   Move the zone
PM-0001#A2  dropped  2026-02-10               bob    Alert on failed lookups
PM-0001#A1  done     2026-02-20            1  alice  Add a second resolver

4 items: 2 unresolved, 1 overdue, 1 tracked elsewhere" "$output"
}

@test "a query that names a state reaches it without --all" {
  same PM-0001#A2 "$(refs dropped:yes)"
  same PM-0001#A1 "$(refs state:done)"
  same PM-0001#A1 "$(refs closed:2026-02-15..2026-02-28 state:done)"
}

@test "queries about items, and about their postmortems" {
  same PM-0001#A3 "$(refs overdue:yes)"
  same PM-0001#A3 "$(refs owner:carol)"
  same PM-0001#A3 "$(refs --owner carol)"
  same PM-0001#A4 "$(refs has:tracker)"
  same PM-0001#A1 "$(refs --all slips:1..)"
  same PM-0001#A3 "$(refs runbook)"
  same 'PM-0001#A3 PM-0001#A4' "$(refs service:dns severity:sev2)"
  same '' "$(refs severity:sev1)"
  same '' "$(refs --since 2026-01-06)"
  same 'PM-0001#A3 PM-0001#A4' "$(refs --until 2026-01-05)"
}

@test "sort, reverse, limit, count" {
  same 'PM-0001#A4 PM-0001#A3' "$(refs --sort due)"
  same 'PM-0001#A4 PM-0001#A3' "$(refs --reverse)"
  same PM-0001#A1 "$(refs --all --sort slips -n 1)"
  same 'PM-0001#A1 PM-0001#A2 PM-0001#A3 PM-0001#A4' "$(refs --all --sort ref)"
  run -0 pm actions --count --all
  same 4 "$output"
  run -0 pm actions -n 1
  same '2 unresolved, 1 overdue, 1 tracked elsewhere (1 shown)' "${lines[-1]}"
  run -0 pm actions -f json -n 1
  same 2 "$(json total <<<"$output")"
  same 1 "$(json actions.length <<<"$output")"
}

@test "paths are file and line, where the item stands" {
  run -0 pm actions -f paths owner:carol
  file=${output%:*} line=${output##*:}
  [[ $(sed -n "${line}p" "$file") == *"Write a runbook"* ]]
}

@test "json has the fields that schema/output.md tells" {
  run -0 pm actions --all -f json
  "$root/tests/lib/conforms" actions <<<"$output"
  same "$(git rev-parse HEAD)" "$(json at <<<"$output")"
  run -0 pm actions --all -f jsonl
  "$root/tests/lib/conforms" action --lines <<<"$output"
  run -0 pm actions -f jsonl state:done
  same 2026-02-20 "$(json due <<<"$output")"
  same 1 "$(json slips <<<"$output")"
  same 19 "$(json slipped_days <<<"$output")"
  same 2026-01-05T12:00:00Z "$(json opened.at <<<"$output")"
  same "$(git rev-parse HEAD)" "$(json closed.commit <<<"$output")"
  same 41 "$(json age_days <<<"$output")"
  same null "$(json overdue_days <<<"$output")"
  same '["alice"]' "$(json owners <<<"$output")"
}

@test "an empty list is an answer" {
  run -0 pm actions owner:nobody
  same "no action items match: 'pm actions --all' reaches resolved ones too" "$output"
  run -0 pm actions --count owner:nobody
  same 0 "$output"
  run -0 pm actions -f json owner:nobody
  same '[]' "$(json actions <<<"$output")"
}

@test "--exit-code is 1 when something in the answer is overdue" {
  run -1 pm actions --exit-code
  run -0 pm actions --exit-code owner:dave
  run -1 pm actions --exit-code -n 1 --sort due
  run -0 pm actions --exit-code --at 2026-02-28
}

@test "today is the day of --at" {
  same '' "$(refs --at 2026-02-28 overdue:yes)"
  run -0 pm actions --at 2026-02-05 --count overdue:yes
  same 0 "$output"
  run -0 pm actions --at 2026-01-20 -f jsonl
  same 4 "${#lines[@]}"
  same PM-0001#A1 "$(refs --at 2026-01-20 due:2026-02-01)"
}

@test "the days of history are those of the reader's zone" {
  same 2026-02-15 "$(pm actions log PM-0001#A1 | awk '/ done /{print $1}')"
  TZ=Pacific/Kiritimati run -0 pm actions log PM-0001#A1
  [[ $output == *"2026-02-16  done"* ]]
}

@test "what is not committed is not listed, and said" {
  cp -R "$REPO" "$BATS_TEST_TMPDIR/work/copy"
  cd "$BATS_TEST_TMPDIR/work/copy"
  write_file postmortems/2026-03-10-new.md <<<'# New'
  run -0 --separate-stderr pm actions --count
  same "pm: 1 postmortem in the worktree differs from HEAD, which is what is read (--worktree includes it)" "$stderr"
}

@test "the log tells people by .mailmap, whenever that was written" {
  run -0 pm actions log PM-0001#A1
  [[ $output == *'Grace Hopper'* ]]
  printf 'Rear Admiral Hopper <grace@navy.example.org> <grace@example.org>\n' | write_file .mailmap
  git add -A && git commit -q -m 'who is who'
  run -0 pm actions log PM-0001#A1
  [[ $output == *'Rear Admiral Hopper'* && $output != *'Grace Hopper'* ]]
  run -0 pm actions log PM-0001#A1 -f json
  [[ $output == *'"author": "Rear Admiral Hopper"'* && $output == *'"email": "grace@navy.example.org"'* ]]
  [[ $output != *'grace@example.org'* ]]
  git rm -q .mailmap && git commit -q -m 'never mind'
  run -0 pm actions log PM-0001#A1
  [[ $output == *'Grace Hopper'* ]]
}

@test "the log tells the life of an item" {
  run -0 pm actions log PM-0001#A1
  same 'PM-0001#A1
    Add a second resolver
    done, alice, due 2026-02-20, postponed once by 19 days in all
    postmortems/2026-01-02-dns.md:36

2026-01-05  opened                                     Ada Author    COMMIT
2026-01-30  rescheduled  2026-02-01 → 2026-02-20 +19d  Grace Hopper  COMMIT
2026-02-15  done         open → done                   Ada Author    COMMIT' \
    "$(sed -E 's/[0-9a-f]{7}$/COMMIT/' <<<"$output")"
  run -0 pm actions log PM-0001#A1 -f json
  "$root/tests/lib/conforms" log <<<"$output"
  same '"opened" "rescheduled" "done"' "$(json events <<<"$output" | grep -o '"event":"[a-z]*"' | sed 's/.*:"/"/' | paste -sd' ' -)"
  same 19 "$(json events.1.days <<<"$output")"
  same grace@example.org "$(json events.1.change.email <<<"$output")"
  run -0 pm actions log PM-0001#A1 -f jsonl
  "$root/tests/lib/conforms" event --lines <<<"$output"
  same 3 "${#lines[@]}"
}

@test "the log of a promise that moved begins where it was made, by its old name and its new one" {
  cp -R "$REPO" "$BATS_TEST_TMPDIR/work/copy"
  cd "$BATS_TEST_TMPDIR/work/copy"
  on 2026-02-20
  printf -- '- [ ] **A5** Rehearse the failover\n      @erin, due 2026-03-10\n' >>postmortems/2026-01-02-dns.md
  commit 'promised'
  on 2026-02-25
  sed -i.bak '/A5/,/erin/d' postmortems/2026-01-02-dns.md && rm postmortems/*.bak
  postmortem postmortems/2026-01-20-mail.md 'Mail waited' 'id: PM-0002' <<'MD'
- [ ] **A1** Rehearse the failover
      @erin, due 2026-03-31
MD
  commit 'moved'
  for ref in PM-0002#A1 PM-0001#A5; do
    run -0 pm actions log "$ref"
    same 'PM-0002#A1
    Rehearse the failover
    open, erin, due 2026-03-31, postponed once by 21 days in all
    postmortems/2026-01-20-mail.md:35

2026-02-20  opened                                                                 Ada Author  COMMIT
2026-02-25  moved        Rehearse the failover → postmortems/2026-01-20-mail.md#1  Ada Author  COMMIT
2026-02-25  rescheduled  2026-03-10 → 2026-03-31 +21d                              Ada Author  COMMIT' \
      "$(sed -E 's/[0-9a-f]{7}$/COMMIT/' <<<"$output")"
  done
}

@test "a reference may have a colon, a number, a short or another case of the id" {
  for ref in PM-0001:A1 PM-0001#1 pm-0001#a1 PM-00#A1 2026-01-02-dns#A1 \
    postmortems/2026-01-02-dns.md#A1; do
    run -0 pm actions log "$ref"
    same PM-0001#A1 "${lines[0]}"
  done
  run -0 pm actions log PM-0001#A2
  [[ $output == *"dropped"*"2026-02-15"* ]]
}

@test "a wrong reference is exit 2 and says what is near" {
  run -2 --separate-stderr pm actions log PM-0001#A9
  same '' "$output"
  same "pm: there is no action item 'PM-0001#A9': 'PM-0001' has #A1, #A2, #A3, #A4" "${stderr_lines[0]}"
  run -2 --separate-stderr pm actions log PM-0001
  same "pm: there is no action item 'PM-0001': 'PM-0001' has #A1, #A2, #A3, #A4" "${stderr_lines[0]}"
  run -2 --separate-stderr pm actions log zebra
  same "pm: there is no action item 'zebra': 'pm actions --all' lists all" "${stderr_lines[0]}"
  run -2 --separate-stderr pm actions log PM-0002#A1
  [[ $stderr == *"did you mean 'PM-0001#A1'?"* ]]
  run -2 pm actions log PM-0001
  run -2 pm actions log
  run -2 pm actions log PM-0001#A1 PM-0001#A2
  run -2 --separate-stderr pm actions severty:sev1
  [[ $stderr == *"did you mean 'severity'?"*"pm help query"* ]]
}

@test "a shallow clone says what it cannot know" {
  cd "$BATS_TEST_TMPDIR/work"
  git clone -q --depth 1 "file://$REPO" shallow
  cd shallow
  run -0 --separate-stderr pm actions -f jsonl owner:carol
  [[ $stderr == *shallow* ]]
  same PM-0001#A3 "$(json ref <<<"$output")"
}

@test "the dashboard counts the same" {
  run -0 pm
  same "      1  postmortem          pm search
      2  open action items   pm actions
      1  overdue             pm actions overdue:yes
      1  tracked elsewhere   pm actions has:tracker
      1  dropped             pm actions dropped:yes" "$output"
}

@test "an item is found by its ticket, and by the ticket's link" {
  same PM-0001#A4 "$(refs tracker:OPS-1)"
  same PM-0001#A4 "$(refs OPS-1)"
  same '' "$(refs tracker:OPS-2)"
}

@test "an item that is gone stands nowhere" {
  run -0 pm actions -f paths dropped:yes
  same postmortems/2026-01-02-dns.md "$output"
  run -0 pm actions -f jsonl dropped:yes
  same null "$(json line <<<"$output")"
  "$root/tests/lib/conforms" action --lines <<<"$output"
  run -0 pm actions log PM-0001#A2
  [[ $output == *"    was at postmortems/2026-01-02-dns.md:"* ]]
  run -0 pm actions log PM-0001#A2 -f paths
  same postmortems/2026-01-02-dns.md "$output"
  run -0 pm actions log PM-0001#A3
  [[ $output != *"was at"* ]]
}

@test "paths are as they are called from the current folder" {
  cd postmortems
  run -0 pm actions -f paths owner:carol
  [ -f "${output%:*}" ]
  run -0 pm search -f paths
  same 2026-01-02-dns.md "$output"
  run -0 pm search -f jsonl
  same postmortems/2026-01-02-dns.md "$(json path <<<"$output")"
}

@test "items beyond the cap are not silently left out" {
  new_repo many
  postmortem postmortems/2026-01-02-dns.md 'DNS' <<<'- [ ] Write a runbook @carol, due 2026-03-01'
  commit 'one item'
  for ((i = 0; i < 1001; i++)); do printf -- '- [ ] Do thing %d @bob, due 2026-07-01\n' "$i"; done |
    postmortem postmortems/2026-01-02-dns.md 'DNS'
  commit 'too many'
  run -0 --separate-stderr pm actions -f jsonl
  [[ $output == *'Write a runbook'* && $output != *'Do thing'* ]]
  [[ $stderr == *'1 postmortem cannot be read'*'pm check --all'* ]]
  run -1 pm check --all
  [[ $output == *'more than 1000 action items [too-large]'* ]]
}

@test "a word that is a field, and a reference, lead to what asks for it" {
  while read -r word hint; do
    run -0 pm actions "$word"
    [[ $output == *"no action items match: "*"'pm actions $hint'"* ]] || { echo "$word: $output"; return 1; }
  done <<'HINTS'
overdue overdue:yes
done state:done
owner has:owner
PM-0001#A2 log PM-0001#A2
HINTS
  run -0 pm actions zebra
  [[ $output == *"--all"* ]]
}

@test "a day of opened: is one of the zone that is shown" {
  new_repo
  on 2026-01-05 23:30:00 && commit_file postmortems/a.md a <<<$'# A\n\n## Action items\n\n- [ ] repair'
  for asked in Europe/Berlin:06 Europe/Berlin:05 UTC:05; do
    TZ=${asked%:*} run -0 pm actions --format json "opened:2026-01-${asked#*:}"
    same "$([[ $asked == Europe/Berlin:05 ]] || echo 1)" "$(json total <<<"$output" | grep -v 0 || true)"
  done
}

@test "a long reference stands on a line of its own where the table would not fit" {
  new_repo "$BATS_TEST_TMPDIR/work/long"
  for name in 'PM-1 - all of the clusters went down while everybody was asleep' 'PM-2 - short'; do
    commit_file "postmortems/$name.md" <<'MD'
# Outage

## Action items

- [ ] Buy a lamp @carol, due 2026-03-01
MD
  done
  COLUMNS=80 run -0 pm actions
  same 'item                                                     state  due         late
PM-1 - all of the clusters went down while everybody was asleep#1
                                                         open   2026-03-01   19d
    carol · Buy a lamp
PM-2 - short#1                                           open   2026-03-01   19d
    carol · Buy a lamp

2 unresolved, 2 overdue' "$output"
  COLUMNS=110 run -0 pm actions
  same 'PM-2 - short#1                                                     open   2026-03-01   19d  carol  Buy a lamp' \
    "${lines[2]}"
}

@test "a name with a comma is one name" {
  new_repo "$BATS_TEST_TMPDIR/work/commas"
  commit_file postmortems/a.md <<'MD'
---
id: PM-0001
services: ["billing, EU", api]
action_items:
  - id: A1
    text: Fix it
    owners: ["Smith, John", alice]
  - id: A2
    text: Fix that
    owner: bob, carol
---
# Commas
MD
  run -0 pm actions -f json
  same '["Smith, John","alice"]' "$(json actions.0.owners <<<"$output")"
  same '["bob","carol"]' "$(json actions.1.owners <<<"$output")"
  same 'Smith, John' "$(pm actions --format '%(owner)' owner:alice)"
  run -0 pm actions
  [[ $output == *"Smith, John, alice  Fix it"* ]]
  same PM-0001#A1 "$(refs 'owner:"Smith, John"')"
  same '' "$(refs owner:smith)"
  same 4 "$(pm actions --by owner -f json | json groups.length)"
  same 'Smith, John' "$(pm actions --by owner -f json | json groups.0.name)"
  same 'billing, EU' "$(pm actions --by service -f json | json groups.1.name)"
}

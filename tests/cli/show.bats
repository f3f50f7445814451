load ../lib/helper
load postmortems

setup() {
  sandbox
  history_repo
  on 2026-02-20
  postmortem postmortems/2026-02-18-cache.md 'Cache was cold' 'id: PM-0002' 'related: [PM-0001]' \
    'started: 2026-02-18T10:00+01:00' 'detected: 2026-02-18T09:00+01:00' \
    'mitigated: unknown' 'impact: {customers: 1200, revenue: 300 EUR}' <<<'- None: a test'
  commit 'cache'
}

@test "facts, derived times, timeline, items, who refers here" {
  run -0 pm show PM-0001
  same "DNS was gone
PM-0001
postmortems/2026-01-02-dns.md

severity          sev2
status            published
started           2026-01-02 10:00 UTC
detected          2026-01-02 10:30 UTC
mitigated         2026-01-02 11:00 UTC
time to detect    30m
time to mitigate  30m
incident time     1h
services          dns
causes            change/config

Timeline
2026-01-02  10:00  it began

Action items
item  state    due         late  slips  owner  action
#A1   done     2026-02-20            1  alice  Add a second resolver
#A3   open     2026-03-01   19d         carol  Write a runbook
#A4   open     2026-01-10               dave   Move the zone
#A2   dropped  2026-02-10               bob    Alert on failed lookups

Related
  PM-0002 refers here: Cache was cold" "$output"
}

@test "unknown is said, what would be negative is n/a, offsets are the document's" {
  run -0 pm show PM-0002
  [[ $output == *"started           2026-02-18 10:00 +01:00"* ]]
  [[ $output == *"mitigated         unknown"* ]]
  [[ $output == *"time to detect    n/a"* ]]
  [[ $output == *"time to mitigate  unknown"* ]]
  [[ $output == *"impact.customers  1200"* ]]
  [[ $output != *"{customers"* ]]
  [[ $output == *"Related"*"PM-0001"* ]]
}

@test "by id, its start, file name, path, and path from a subfolder" {
  for ref in PM-0001 pm-0001 2026-01-02 2026-01-02-dns 2026-01-02-dns.md \
    postmortems/2026-01-02-dns.md; do
    run -0 pm show "$ref"
    same PM-0001 "${lines[1]}"
  done
  cd postmortems
  run -0 pm show ./2026-01-02-dns.md
  run -0 pm show ../postmortems/2026-01-02-dns.md
}

@test "an unknown or ambiguous reference is exit 2" {
  run -2 --separate-stderr pm show PM-0003
  same '' "$output"
  same "pm: there is no postmortem 'PM-0003': 'pm search' lists all" "${stderr_lines[0]}"
  run -2 --separate-stderr pm show PN-0001
  same "pm: there is no postmortem 'PN-0001': did you mean 'PM-0001'?" "${stderr_lines[0]}"
  run -2 --separate-stderr pm show PM-000
  [[ $stderr == *"'PM-000' may mean 'PM-0001', 'PM-0002'"* ]]
  run -2 pm show
  run -2 pm show PM-0001 PM-0002
  run -2 pm show ../../etc/passwd
}

@test "what is not committed yet is told to be just that" {
  cp -R . "$BATS_TEST_TMPDIR/work/copy" && cd "$BATS_TEST_TMPDIR/work/copy"
  write_file postmortems/2026-03-19-new.md <<<'# New'
  run -2 --separate-stderr pm show 2026-03-19
  same "pm: '2026-03-19' is not committed yet: give --worktree to read it" "${stderr_lines[0]}"
  run -0 pm show 2026-03-19 --worktree
  run -2 --separate-stderr pm show 2026-03-19 --at HEAD
  [[ $stderr == *"there is no postmortem '2026-03-19'"* ]]
}

@test "--section and --raw" {
  run -0 pm show PM-0001 --section summary
  same 'The service was down.' "$output"
  run -0 pm show PM-0001 --section 'root causes'
  same 'A change.' "$output"
  run -2 --separate-stderr pm show PM-0001 --section weather
  [[ $stderr == *"has no section 'weather'"* ]]
  run -2 --separate-stderr pm show PM-0001 --raw -f json
  same 'pm: --section, --raw and --format exclude one another' "${stderr_lines[0]}"
  run -2 pm show PM-0001 --section summary -f json
  pm show PM-0001 --raw >raw
  cmp raw postmortems/2026-01-02-dns.md
}

@test "json has the fields that schema/output.md tells" {
  for ref in PM-0001 PM-0002; do
    run -0 pm show $ref -f json
    "$root/tests/lib/conforms" show <<<"$output"
  done
  same n/a "$(json postmortem.ttd <<<"$output")"
  same unknown "$(json postmortem.mitigated <<<"$output")"
  same 2026-02-18T10:00:00+01:00 "$(json postmortem.started <<<"$output")"
  same 0 "$(json actions.length <<<"$output")"
  run -0 pm show PM-0001 -f json
  same '["PM-0002"]' "$(json referring <<<"$output")"
  same 1800 "$(json postmortem.ttm <<<"$output")"
}

@test "the worktree's items are those that stand there" {
  sed -i.bak 's/\*\*A3\*\* Write a runbook/**A3** Write two runbooks/' postmortems/2026-01-02-dns.md
  run -0 --separate-stderr pm show PM-0001
  [[ $output == *"Write a runbook"* ]]
  run -0 --separate-stderr pm show PM-0001 --worktree
  [[ $output == *"#A3   open     2026-03-01   19d         carol  Write two runbooks"* ]]
  same '' "$stderr"
  run -0 pm show PM-0001 --worktree -f json
  "$root/tests/lib/conforms" show <<<"$output"
}

@test "--at shows an older version" {
  run -0 pm show PM-0001 --at 2026-01-10
  [[ $output == *"#A2   open   2026-02-10  bob    Alert on failed lookups"* ]]
  run -2 pm show PM-0002 --at 2026-01-10
}

@test "long values wrap on a terminal, and are whole in a pipe" {
  long=$(printf 'word%.0s ' {1..40})
  postmortem postmortems/2026-03-01-long.md "$long" "trigger: $long" <<<'- None: a test'
  commit long
  run -0 env COLUMNS=80 pm show 2026-03-01
  same '' "$(grep -E '.{81}' <<<"$output")"
  run -0 pm show 2026-03-01
  [[ $output == *"trigger"*"${long% }"* ]]
}

@test "a section that is not there: what is near, and which are" {
  run -2 --separate-stderr pm show PM-0001 --section Timeln
  [[ $stderr == *"no section 'Timeln': did you mean 'Timeline'? (it has: Summary, Impact, Timeline, "* ]]
}

@test "an action item is not a postmortem" {
  run -2 --separate-stderr pm show PM-0001#A2
  [[ $stderr == *"'PM-0001#A2' is an action item: 'pm actions log PM-0001#A2' tells its life"* ]]
  run -2 --separate-stderr pm show PM-0009#A2
  [[ $stderr == *"there is no postmortem"* ]]
}

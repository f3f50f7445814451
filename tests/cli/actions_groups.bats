load ../lib/helper
load postmortems

setup() {
  sandbox
  history_repo
  postmortem postmortems/2026-02-02-api.md 'API' 'id: PM-0002' 'services: [api, dns]' \
    'severity: sev1' 'started: 2026-02-02T10:00Z' 'detected: 2026-02-02T10:30Z' \
    'mitigated: 2026-02-02T11:00Z' <<'MD'
- [ ] **B1** Cache it
      @erin @carol, due 2026-03-10
- [ ] **B2** Test it
MD
  commit 'another'
}

# groups FIELD: "NAME TOTAL UNRESOLVED OVERDUE REFS", a line a group.
groups() {
  pm actions --by "$@" -f json | perl -MJSON::PP -e '
    print join(" ", $_->{name} // "-", @$_{qw(total unresolved overdue)}, @{$_->{refs}}), "\n"
      for @{decode_json(do { local $/; <STDIN> })->{groups}}'
}

@test "groups by each field, with their own counts" {
  same 'PM-0001 2 2 1 PM-0001#A3 PM-0001#A4
PM-0002 2 2 1 PM-0002#B1 PM-0002#B2' "$(groups postmortem)"
  same 'api 2 2 1 PM-0002#B1 PM-0002#B2
dns 4 4 2 PM-0001#A3 PM-0002#B1 PM-0001#A4 PM-0002#B2' "$(groups service)"
  same 'sev1 2 2 1 PM-0002#B1 PM-0002#B2
sev2 2 2 1 PM-0001#A3 PM-0001#A4' "$(groups severity)"
  same 'change/config 4 4 2 PM-0001#A3 PM-0002#B1 PM-0001#A4 PM-0002#B2' "$(groups cause)"
  same '2026-Q1 4 4 2 PM-0001#A3 PM-0002#B1 PM-0001#A4 PM-0002#B2' "$(groups quarter)"
  same 'carol 2 2 2 PM-0001#A3 PM-0002#B1
dave 1 1 0 PM-0001#A4
erin 1 1 1 PM-0002#B1
- 1 1 0 PM-0002#B2' "$(groups owner)"
  same 'prevent 1 0 0 PM-0001#A1
- 5 4 2 PM-0001#A3 PM-0002#B1 PM-0001#A4 PM-0001#A2 PM-0002#B2' "$(groups type --all --sort overdue)"
}

@test "the total counts an item once" {
  run -0 pm actions --by service
  same 'api  2 unresolved, 1 overdue' "${lines[1]}"
  same '4 unresolved, 2 overdue, 1 tracked elsewhere' "${lines[-1]}"
  run -0 pm actions --by owner
  [[ $output == *'(no owner)  1 unresolved, 0 overdue'* ]]
  run -0 pm actions --by postmortem
  [[ $output == *$'\n#A3 '* ]]
  run -0 pm actions --by service owner:nobody
  same "no action items match: 'pm actions --all' reaches resolved ones too" "$output"
  run -0 pm actions --by service --count
  same 4 "$output"
}

@test "all groups have the same columns, named once" {
  COLUMNS=100 run -0 pm actions --by owner
  same 1 "$(grep -c '^item ' <<<"$output")"
  same 1 "$(sed -n 's/\(.*\) open .*/\1/p' <<<"$output" | awk '{print length}' | sort -u | wc -l | tr -d ' ')"
}

@test "markdown has a heading a group" {
  run -0 pm actions --by severity -f markdown
  same '### sev1' "${lines[0]}"
  [[ $output == *'### sev2'* ]]
}

@test "json has the groups beside the items" {
  run -0 pm actions --by service -f json
  "$root/tests/lib/conforms" actions <<<"$output"
  same 4 "$(json actions.length <<<"$output")"
  run -0 pm actions -f json
  same null "$(json groups <<<"$output")"
  same '[]' "$(pm actions --by service -f json owner:nobody | json groups)"
}

@test "wrong groups are exit 2" {
  run -2 --separate-stderr pm actions --by servce
  [[ $stderr == *"did you mean 'service'?"* ]]
  run -2 pm actions --by service -f csv
  run -2 pm actions --by service -f '%(ref)'
}

load ../lib/helper
load postmortems

setup() {
  sandbox
  history_repo
  postmortem postmortems/2026-02-02-api.md '=1+1, "quoted"' 'id: PM-0002' 'services: [api, web]' <<'MD'
- [ ] **B1** =cmd() "now", please
      @erin, due 2026-04-01
- [ ] **B2** +1 for a cache | or two
      @erin, @frank
MD
  commit 'another'
}

@test "csv is quoted as RFC 4180 says, and holds no formula" {
  run -0 pm actions -f csv service:api
  same $'ref,postmortem,path,line,text,state,reason,owners,due,type,priority,tracker,links,opened,closed,age_days,overdue_days,slips,slipped_days,severity,services,causes\r' "${lines[0]}"
  same $'PM-0002#B1,PM-0002,postmortems/2026-02-02-api.md,36,"\'=cmd() ""now"", please",open,,erin,2026-04-01,,,,,2026-02-15T12:00:00Z,,33,,0,0,sev2,"api, web",change/config\r' "${lines[1]}"
  [[ ${lines[2]} == *",'+1 for a cache | or two,open,,\"erin, frank\",,"* ]]
  same 3 "${#lines[@]}"
}

@test "csv tells of vanished items what their postmortem said" {
  git rm -q postmortems/2026-01-02-dns.md
  commit 'gone'
  run -0 pm actions -f csv dropped:yes id:PM-0001
  [[ ${lines[1]} == *',sev2,dns,change/config'$'\r' ]]
}

@test "tsv is a line a row, a cell a field" {
  run -0 pm actions -f tsv
  same 5 "${#lines[@]}"
  for line in "${lines[@]}"; do
    same 21 "$(tr -dc '\t' <<<"$line" | wc -c | tr -d ' ')"
  done
  [[ $output == *$'\t\'=cmd() "now", please\t'* ]]
}

@test "a template names fields as in JSON" {
  run -0 pm actions -f '%(ref) %(owner) %(due) %(state) %(opened.author)%25%%%41' owner:carol
  same 'PM-0001#A3 carol 2026-03-01 open Ada Author%%A' "$output"
  run -0 pm actions --format='%(owners)|%(severity)|%(services)|%(causes)|%(opened)|%(closed)' service:api no:due
  same 'erin, frank|sev2|api, web|change/config|2026-02-15T12:00:00Z|' "$output"
  run -0 pm search -f '%(id) %(ttd) %(services)' service:api
  same 'PM-0002 1800 api, web' "$output"
}

@test "every field of the JSON can be named" {
  for field in $(pm actions -n 1 -f jsonl | perl -MJSON::PP -e 'print join " ", keys %{decode_json(<STDIN>)}'); do
    run -0 pm actions -n 1 -f "%($field)"
  done
  for field in $(pm search -n 1 -f jsonl | perl -MJSON::PP -e 'print join " ", grep { $_ ne "facts" } keys %{decode_json(<STDIN>)}'); do
    run -0 pm search -n 1 -f "%($field)"
  done
}

@test "a wrong format is exit 2 and says what is near" {
  run -2 --separate-stderr pm actions -f '%(ownr)'
  same '' "$output"
  [[ $stderr == *"there is no field 'ownr': did you mean 'owner'?"* ]]
  run -2 --separate-stderr pm search -f '%(sevrity)'
  [[ $stderr == *"did you mean 'severity'?"* ]]
  run -2 pm actions -f '%('
  run -2 pm actions -f '%x'
  run -2 pm actions -f '100%'
  run -2 --separate-stderr pm actions -f cvs
  [[ $stderr == *"did you mean 'csv'?"* ]]
  run -2 pm actions -z
  run -2 pm actions -z -f csv
  run -2 pm actions log PM-0001#A1 -f csv
}

@test "-z ends rows with NUL" {
  same 'PM-0001#A3|PM-0001#A4|' "$(pm actions -z -f '%(ref)' id:PM-0001 | tr '\0' '|')"
  same 'postmortems/2026-02-02-api.md|' "$(pm search -z -f paths service:api | tr '\0' '|')"
  same 2 "$(pm actions -z -f jsonl id:PM-0001 | tr -dc '\0' | wc -c | tr -d ' ')"
  same 0 "$(pm actions -z -f jsonl id:PM-0001 | tr -dc '\n' | wc -c | tr -d ' ')"
}

@test "markdown is a table that notifies nobody" {
  run -0 pm actions -f markdown service:api
  same '| item | state | due | late | owner | action |
|---|---|---|---:|---|---|
| `PM-0002#B1` | open | 2026-04-01 |  | erin | =cmd() "now", please |
| `PM-0002#B2` | open |  |  | erin, frank | +1 for a cache \| or two |

2 unresolved, 0 overdue' "$output"
  run -0 pm search -f markdown service:api
  same '| `PM-0002` | 2026-01-02 | sev2 | =1+1, "quoted" | change/config |' "${lines[2]}"
}

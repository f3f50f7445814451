load ../lib/helper
load postmortems

# Four postmortems that differ in what a search can ask for.
setup_file() {
  export REPO=$BATS_FILE_TMPDIR/repo
  BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/setup sandbox
  git init -q "$REPO"
  cd "$REPO" || return 1
  postmortem postmortems/2025-11-03-queue.md 'Mail queue grew' 'severity: sev3' \
    'started: 2025-11-03T08:00Z' 'detected: 2025-11-03T12:00Z' 'mitigated: 2025-11-03T13:00Z' \
    'causes: [capacity/queue]' 'services: [mail]' <<<'- None: a test'
  postmortem postmortems/2026-01-02-dns.md 'DNS was gone' 'id: PM-0001' 'severity: sev1' \
    'services: [dns, checkout]' <<'MD'
- [ ] **A1** Add a second resolver
      @alice, due 2026-02-01, prevent, P1
- [ ] **A2** Rotate the `timeout` of lookups
MD
  postmortem postmortems/2026-02-02-timeout.md 'Checkout timeout' 'started: 2026-02-02T10:00Z' \
    'detected: 2026-02-02T10:05Z' 'mitigated: 2026-02-02T11:00Z' 'services: [checkout]' <<<'- None: a test'
  postmortem postmortems/2026-03-01-draft.md 'Überlast im Lager' 'status: draft' 'severity: sev4' \
    'started: 2026-03-01T10:00Z' 'detected: 2026-03-01T10:05Z' 'mitigated: 2026-03-01T11:00Z' \
    'causes: [capacity/scaling]' <<<'- None: a test'
  commit 'four postmortems'
}

setup() {
  sandbox
  cd "$REPO" || return 1
}

# found QUERY...: the paths that it finds, without their folder.
found() {
  pm search -f paths "$@" | sed 's|.*/||' | sort
}

@test "without a query every postmortem is listed, the newest first" {
  run -0 pm search -f paths
  same "postmortems/2026-03-01-draft.md
postmortems/2026-02-02-timeout.md
postmortems/2026-01-02-dns.md
postmortems/2025-11-03-queue.md" "$output"
}

@test "a word in the title ranks before one in the text" {
  run -0 pm search -f paths timeout
  same "postmortems/2026-02-02-timeout.md
postmortems/2026-01-02-dns.md" "$output"
}

@test "words, phrases, prefixes, NOT and accents" {
  same 2026-02-02-timeout.md "$(found timeout NOT resolver)"
  same 2026-02-02-timeout.md "$(found timeout -resolver)"
  same 2026-01-02-dns.md "$(found '"second resolver"')"
  same '' "$(found '"resolver second"')"
  same 2026-01-02-dns.md "$(found resolv*)"
  same 2026-03-01-draft.md "$(found uberlast)"
  same 2026-03-01-draft.md "$(found Überlast)"
}

@test "facts: tags with all below, lists, ranges of enumerations, dates and durations" {
  same "2025-11-03-queue.md
2026-03-01-draft.md" "$(found cause:capacity)"
  same "2026-01-02-dns.md
2026-02-02-timeout.md" "$(found cause:config)"
  same "2025-11-03-queue.md
2026-01-02-dns.md" "$(found service:mail,dns)"
  same "2026-01-02-dns.md
2026-02-02-timeout.md" "$(found severity:sev1..sev2)"
  same "2025-11-03-queue.md
2026-01-02-dns.md" "$(found started:..2026-01-02)"
  same 2025-11-03-queue.md "$(found started:2025-Q4)"
  same "2025-11-03-queue.md
2026-01-02-dns.md" "$(found ttd:30m..)"
  same 2026-03-01-draft.md "$(found status:draft)"
  same 2026-03-01-draft.md "$(found '(cause:capacity OR cause:config) status:draft')"
}

@test "items: several fields speak of one and the same item" {
  same 2026-01-02-dns.md "$(found owner:alice due:..2026-02-01)"
  same 2026-01-02-dns.md "$(found has:action no:owner)"
  same '' "$(found owner:alice no:due)"
}

@test "a section" {
  same 2026-01-02-dns.md "$(found in:actions timeout)"
  same 2026-01-02-dns.md "$(found 'in:"action items"' timeout)"
  same '' "$(found in:summary timeout)"
}

@test "the value of an option is a value, not more of the query" {
  same '' "$(found --service 'x" OR id:"PM-0001')"
  same '' "$(found --owner 'x\')"
  for date in '2026 OR dns' '2027) OR (dns' '2026..2027' '' '"'; do
    run -2 --separate-stderr pm search --since "$date"
    [[ $stderr == *"take one date"* ]]
    run -2 pm actions --until "$date"
  done
}

@test "options stand for terms of the query" {
  same 2026-02-02-timeout.md "$(found --service checkout --severity sev2)"
  same 2026-02-02-timeout.md "$(found --cause config --since 2026-02-01)"
  same "$(found severity:sev1,sev3)" "$(found --severity sev1,sev3)"
  same "$(found severity:sev1,sev3)" "$(found --severity sev1 --severity sev3)"
  same 2 "$(found --severity sev3 --severity 'sev1, sev3' | wc -l | tr -d ' ')"
  same '' "$(found --cause config --cause capacity)"
  same 2025-11-03-queue.md "$(found --until 2025-12-31)"
  same 2026-01-02-dns.md "$(found --owner alice)"
  same 2026-02-02-timeout.md "$(found 'dns OR timeout' --service checkout --since 2026-02-01)"
}

@test "sort, reverse, limit, count" {
  run -0 pm search -f paths --sort severity
  same postmortems/2026-01-02-dns.md "${lines[0]}"
  run -0 pm search -f paths --sort path
  same postmortems/2025-11-03-queue.md "${lines[0]}"
  run -0 pm search -f paths --sort path --reverse -n1
  same postmortems/2026-03-01-draft.md "$output"
  run -0 pm search --count cause:capacity
  same 2 "$output"
  run -0 pm search -n 0 --count
  same 4 "$output"
}

@test "the table: id, date, severity, draft, title, causes; below it what was found" {
  run -0 pm search resolver
  same "PM-0001  2026-01-02  sev1  DNS was gone  change/config
    [ ] A1 Add a second resolver" "$output"
  run -0 pm search status:draft
  same "2026-03-01-draft  2026-03-01  sev4  draft  Überlast im Lager  capacity/scaling" "$output"
  run -0 pm search --no-snippet resolver
  same 1 "${#lines[@]}"
}

@test "hits are marked in colour, and only when asked" {
  run -0 pm search --color always resolver
  [[ $output == *$'\033[1;31mresolver\033[0m'* ]]
  run -0 pm search resolver
  [[ $output != *$'\033'* ]]
}

@test "json has the fields that schema/output.md tells" {
  run -0 pm search -f json -n 1 checkout
  "$root/tests/lib/conforms" search <<<"$output"
  same 2 "$(json total <<<"$output")"
  same 1 "$(json postmortems.length <<<"$output")"
  same checkout "$(json query <<<"$output")"
  same "$(git rev-parse HEAD)" "$(json at <<<"$output")"
  run -0 pm search -f jsonl
  "$root/tests/lib/conforms" postmortem --lines <<<"$output"
  same 4 "${#lines[@]}"
}

@test "nothing found is exit 1, and an answer for programs" {
  run -1 --separate-stderr pm search zebra
  same '' "$output"
  same 'pm: no postmortem matches' "$stderr"
  run -1 --separate-stderr pm search -f json zebra
  same 0 "$(json total <<<"$output")"
  "$root/tests/lib/conforms" search <<<"$output"
  same '' "$stderr"
  run -1 pm search --count zebra
  same 0 "$output"
}

@test "a value that nobody states, and a section that no schema has, get a did-you-mean" {
  new_repo names
  postmortem postmortems/a.md 'A' 'services: [checkout, web front]' 'authors: [Ada Author]' \
    <<<'- [ ] Do it @alice, due 2026-04-01'
  commit a
  while IFS='|' read -r query meant; do
    run -1 --separate-stderr pm search "$query"
    same "pm: no postmortem matches${meant:+: did you mean '$meant'?}" "$stderr"
  done <<'QUERIES'
service:chekout|services:checkout
customers service:api,chekout|services:checkout
service:"web frnt"|services:"web front"
author:"Ada Autor"|authors:"Ada Author"
in:timelin customers|in:Timeline
service:checkout zebra|
service:mail|
zebra|
QUERIES
  run -1 --separate-stderr pm search owner:alise
  same "pm: no postmortem matches: did you mean 'owner:alice'?" "$stderr"
  run -0 pm actions owner:alise
  same "no action items match: did you mean 'owner:alice'?" "$output"
  run -0 pm actions owner:zoe
  same "no action items match: 'pm actions --all' reaches resolved ones too" "$output"
}

@test "a wrong query is exit 2 with the place marked" {
  run -2 --separate-stderr pm search dns sevrity:sev1
  same '' "$output"
  same "pm: unknown field 'sevrity': did you mean 'severity'?
  dns sevrity:sev1
      ^
pm: see 'pm help query'" "$stderr"
  run -2 --separate-stderr pm search slips:
  [[ $stderr == *"did the shell eat it? write slips:2.."* ]]
  run -2 pm search '(dns'
  run -2 pm search severity:huge
  run -2 pm search --format yaml
  run -2 pm search -n many
}

@test "--worktree reads what is not committed, and HEAD says what it leaves out" {
  cp -R "$REPO" "$BATS_TEST_TMPDIR/work/copy"
  cd "$BATS_TEST_TMPDIR/work/copy"
  postmortem postmortems/2026-03-10-new.md 'Brand new zebra' <<<'- None: a test'
  run -1 --separate-stderr pm search zebra
  same "pm: no postmortem matches
pm: 1 postmortem in the worktree differs from HEAD, which is what is read (--worktree includes it)" "$stderr"
  run -0 --separate-stderr pm search -f paths --worktree zebra
  same postmortems/2026-03-10-new.md "$output"
  same '' "$stderr"
  postmortem postmortems/2026-03-11-new.md 'Another' <<<'- None: a test'
  run -0 --separate-stderr pm search -f paths dns
  [[ $stderr == *"2 postmortems in the worktree differ from HEAD"* ]]
}

@test "--at answers as of a commit or a day" {
  cp -R "$REPO" "$BATS_TEST_TMPDIR/work/copy"
  cd "$BATS_TEST_TMPDIR/work/copy"
  on 2026-02-10
  git rm -q postmortems/2026-02-02-timeout.md
  git commit -q -m 'gone'
  run -0 pm search --count
  same 3 "$output"
  run -0 pm search --count --at HEAD~1
  same 4 "$output"
  run -0 pm --at 2026-02-01 search --count
  same 4 "$output"
  run -2 pm search --at 2020-01-01
  run -2 pm search --at nowhere
  run -2 pm search --at 2026-02
  [[ $output == *"'2026-02' is not a revision, nor a day such as 2026-03-17"* ]]
  run -2 pm search --at HEAD~1 --worktree
  [[ $output == *"--at reads a commit, and --worktree what is not committed"* ]]
}

@test "a snippet does not repeat the title, and is a heading only where nothing else will do" {
  new_repo "$BATS_TEST_TMPDIR/work/headings"
  postmortem postmortems/a.md 'A zebra at night' <<'MD'
- None: a test

## Lions

In the dark, lions.

### 10:00 a tiger
MD
  postmortem postmortems/b.md 'A zebra in the rain' 'title: Stripes' <<<'- None: a test'
  commit zebras
  run -0 pm search --sort path zebra
  same "a  2026-01-02  sev2  A zebra at night  change/config
b  2026-01-02  sev2  Stripes           change/config
    A zebra in the rain" "$output"
  same '    In the dark, lions.' "$(pm search lions | tail -n 1)"
  same '    10:00 a tiger' "$(pm search tiger | tail -n 1)"
  same null "$(pm search -f jsonl night | json snippet)"
}

@test "a snippet is the line without its Markdown" {
  new_repo "$BATS_TEST_TMPDIR/work/markdown"
  postmortem postmortems/a.md 'A' <<'MD'
- None: a test

### The [zebra](https://example.org/zebra) **crossed**

| 10:00 | a `lion` and [[PM-1-giraffe]] |

See https://example.org/tiger/cub for more
MD
  commit a
  same '    The zebra crossed' "$(pm search zebra | tail -n 1)"
  same '    10:00 | a lion and PM-1-giraffe' "$(pm search lion | tail -n 1)"
  same '    10:00 | a lion and PM-1-giraffe' "$(pm search giraffe | tail -n 1)"
  same '    See https://example.org/tiger/cub for more' "$(pm search tiger | tail -n 1)"
}

@test "a path with a newline is quoted as git does" {
  cp -R "$REPO" "$BATS_TEST_TMPDIR/work/copy"
  cd "$BATS_TEST_TMPDIR/work/copy"
  name=$'postmortems/2026-04-01-a\n"b".md'
  postmortem "$name" 'A newline' <<<'- None: a test'
  commit newline
  run -0 pm search -f paths 'title:"A newline"'
  same "$(git ls-files '*newline*' 'postmortems/2026-04-01*')" "$output"
}

@test "'or' in lower case is a word, which is said where nothing is found" {
  run -1 --separate-stderr pm search zebra or giraffe
  [[ $stderr == *"written OR"* ]]
  run -1 --separate-stderr pm search '"zebra or giraffe"'
  [[ $stderr != *"written OR"* ]]
  run -1 --separate-stderr pm search zebra OR giraffe
  [[ $stderr != *"written OR"* ]]
}

@test "a schema with mistakes is not ignored in silence" {
  cp -R "$REPO" "$BATS_TEST_TMPDIR/work/copy"
  cd "$BATS_TEST_TMPDIR/work/copy"
  write_file .pm/schema.yaml <<<': ['
  commit schema
  for arguments in search actions 'show PM-0001' ''; do
    run --separate-stderr pm $arguments
    [[ $stderr == *"pm: .pm/schema.yaml has 1 mistake, defaults apply there: 'pm check' tells it"* ]]
  done
}

@test "a query of more conditions than SQLite can nest is answered" {
  new_repo
  commit_file postmortems/a.md <<<$'---\nseverity: sev1\n---\n# A'
  commit_file postmortems/b.md <<<$'---\nseverity: sev2\n---\n# B'
  run -0 pm search --format json "$(perl -e 'print "severity:sev1 " x 1200')"
  same 1 "$(json postmortems.length <<<"$output")"
}

@test "--section prints that section of what is found, by any of its names" {
  run -0 pm search resolver --section 'action items'
  [[ ${lines[1]} == '    - [ ] **A1** Add a second resolver' ]]
  same "$output" "$(pm search resolver --section Actions)"
  run -0 pm search -f '%(section)' --section actions id:2026-02-02-timeout
  same '- None: a test' "$output"
  run -0 --separate-stderr pm search resolver --section 'Leson learned'
  [[ $stderr == *"none of them has a section 'Leson learned': did you mean 'Lessons learned'?"* ]]
}

# --worktree reads every document, and asks no index; nothing is uncommitted here.
@test "the index finds, orders and counts what reading every document does" {
  for q in '' checkout 'time*' '"checkout timeout"' 'NOT cause:change' 'cause:capacity OR service:dns' \
    'severity:sev1..sev2 checkout' 'date:2026 -mail' 'ttd:10m..' 'in:summary service' 'title:über*' \
    'owner:alice' 'has:owner NOT checkout' 'path:postmortems id:pm-*' 'status:review..'; do
    for sort in date severity id path; do
      pm search -f json --facets --sort $sort "$q" >committed.json || true
      pm --worktree search -f json --facets --sort $sort "$q" >every.json || true
      cmp committed.json every.json
    done
  done
  rm committed.json every.json
}

@test "--facets counts all that is found, whatever the limit" {
  run -0 pm search --facets -n 1
  same 'severity  sev1 1 · sev2 1 · sev3 1 · sev4 1' "${lines[-4]}"
  same 'service   checkout 2 · dns 1 · mail 1' "${lines[-2]}"
  same 'year      2026 3 · 2025 1' "${lines[-1]}"
  for cause in capacity/queue capacity/scaling; do
    [[ ${lines[-3]} == *"$cause $(pm search --count cause:$cause)"* ]]
  done
  run -1 pm search --facets nothinglikethis
  run -0 pm search --facets no:service
  [[ $output != *$'\nservice'* && $output == *$'\nseverity  '* ]]
  run -2 pm search --facets -f csv
  run -2 pm search --facets --count
  pm search --facets -f json | "$root/tests/lib/conforms" search
}

@test "a long id stands on a line of its own where the table would not fit" {
  new_repo "$BATS_TEST_TMPDIR/work/long"
  postmortem 'postmortems/2026-01-02 all of the clusters went down while everybody slept.md' 'Night' <<<'- None: a test'
  postmortem postmortems/2026-01-02-short.md 'Short' <<<'- None: a test'
  commit names
  COLUMNS=70 run -0 pm search --sort path
  same '2026-01-02 all of the clusters went down while everybody slept
                                                      2026-01-02  sev2
    Night · change/config
2026-01-02-short                                      2026-01-02  sev2
    Short · change/config' "$output"
}

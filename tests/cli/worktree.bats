# --worktree: what is not committed, as one more step of history.
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
  cp -R "$REPO" "$BATS_TEST_TMPDIR/work/repo"
  cd "$BATS_TEST_TMPDIR/work/repo" || return 1
  dns=postmortems/2026-01-02-dns.md
}

# edit PERL [FILE]: the lines of a file, through perl -p.
edit() {
  perl -pi -e "$1" -- "${2:-$dns}"
}

# timeless: JSON lines without the moments, which what is not committed has none of.
timeless() {
  perl -MJSON::PP -ne '
    BEGIN { $json = JSON::PP->new->canonical->utf8 }
    my $o = $json->decode($_);
    $o->{$_} = undef for grep { exists $o->{$_} } qw(opened closed change landing);
    print $json->encode($o), "\n"'
}

# told ARGUMENT...: what pm says of all items, and the log of each.
told() {
  pm actions "$@" --all -f jsonl >items
  timeless <items
  while IFS= read -r ref; do
    pm actions "$@" log "$ref" -f jsonl | timeless
  done < <(sed 's/.*"ref": *"\([^"]*\)".*/\1/' items)
  rm items
}

# same_once_committed: it says of the worktree what it says of the commit that is made of it today.
same_once_committed() {
  told --worktree >"$TMPDIR/before" 2>/dev/null
  on 2026-03-20
  git add -A
  git commit -q --allow-empty -m 'as it stands'
  told >"$TMPDIR/after"
  same "$(cat "$TMPDIR/after")" "$(cat "$TMPDIR/before")"
}

@test "items are opened, changed and dropped by what is not committed" {
  edit 's/\[ \] \*\*A3/[x] **A3/; $_ = "" if /A4/ .. /OPS/; $_ = "- [ ] **A9** Rotate the keys\n$_" if /\*\*A3/'
  run -0 --separate-stderr pm actions --worktree
  same "item        state  action
PM-0001#A9  open   Rotate the keys

1 unresolved, 0 overdue" "$output"
  same '' "$stderr"
  run -0 pm actions --worktree --count dropped:yes
  same 2 "$output"
  run -0 pm actions log PM-0001#A3 --worktree
  [[ $output == *"2026-03-20  done "*"not committed"* ]]
  run -0 pm actions log PM-0001#A3
  [[ $output != *"not committed"* ]]
  run -0 pm --worktree
  [[ $output == *"1  open action items"* && $output == *"2  dropped"* ]]
}

@test "a moment that is not committed is null, and its age counts from today" {
  edit 's/\[ \] \*\*A3/[x] **A3/; $_ = "- [ ] **A9** Rotate the keys\n$_" if /\*\*A3/'
  run -0 pm actions log PM-0001#A9 --worktree -f json
  "$root/tests/lib/conforms" log <<<"$output"
  same null "$(json action.opened <<<"$output")"
  same 0 "$(json action.age_days <<<"$output")"
  same null "$(json events.0.landing <<<"$output")"
  same null "$(json events.0.change <<<"$output")"
  run -0 pm actions --worktree --all -f json
  "$root/tests/lib/conforms" actions <<<"$output"
  same "$(git rev-parse HEAD)" "$(json at <<<"$output")"
  same 'PM-0001#A9' "$(pm actions --worktree opened:today --format '%(ref)')"
  same 'PM-0001#A3' "$(pm actions --worktree closed:today --format '%(ref)')"
  for format in table paths jsonl csv tsv markdown '%(ref) %(services)'; do
    run -0 pm actions --worktree --all -f "$format"
    [[ $output == *A9* || $format == paths ]]
  done
}

@test "the cache is read and not written" {
  pm actions >/dev/null
  before=$(cd .git/pm && cksum *)
  edit 's/\[ \] \*\*A3/[x] **A3/'
  pm actions --worktree >/dev/null
  pm --worktree >/dev/null
  pm search --worktree state:open >/dev/null
  pm show --worktree PM-0001 >/dev/null
  same "$before" "$(cd .git/pm && cksum *)"
  commit_file postmortems/other.md <<<'# Other'
  told --worktree >behind
  same "$before" "$(cd .git/pm && cksum *)"
  rm -rf .git/pm
  told --worktree >none
  [ ! -e .git/pm ]
  same "$(cat none)" "$(cat behind)"
  for file in 'not a database' ''; do
    mkdir -p .git/pm
    printf '%s' "$file" >.git/pm/ledger.sqlite
    told --worktree >damaged
    same "$(cat none)" "$(cat damaged)"
  done
}

@test "a step that is not committed is what it is once it is committed" {
  edit 's/\[ \] \*\*A3\*\* Write a runbook/[ ] **A3** Write two runbooks/; s/2026-03-01/2026-04-01/; $_ = "" if /A4/ .. /OPS/'
  same_once_committed
  git mv "$dns" "postmortems/2026-01-02-größe und ende.md"
  same_once_committed
  edit '$_ = "" if /A3/ .. /carol/' "postmortems/2026-01-02-größe und ende.md"
  printf -- '---\nid: PM-0100\n---\n# Zweite\n\n## Action items\n\n- [ ] Write two runbooks\n' | write_file postmortems/zweite.md
  same_once_committed
  rm postmortems/zweite.md
  same_once_committed
  printf '\377\376\n' >>"postmortems/2026-01-02-größe und ende.md"
  same_once_committed
  printf 'documents: ["elsewhere/*.md"]\n' | write_file .pm/schema.yaml
  same_once_committed
}

@test "a merge that is not committed yet credits the merged commits" {
  git checkout -q -b side
  on 2026-03-10
  as 'Grace Hopper'
  edit 's/\[ \] \*\*A3/[x] **A3/'
  git commit -q -a -m 'A3 is done'
  done=$(git rev-parse HEAD)
  git checkout -q main
  commit_file README <<<'another'
  git merge -q --no-commit --no-ff side
  run -0 pm actions log PM-0001#A3 --worktree
  [[ $output == *"2026-03-20  done "*"Grace Hopper  ${done:0:7} not committed"* ]]
  told --worktree >before
  run -0 pm actions log PM-0001#A3 --worktree -f json
  "$root/tests/lib/conforms" log <<<"$output"
  same "$done" "$(json events.1.change.commit <<<"$output")"
  same null "$(json events.1.landing <<<"$output")"
  on 2026-03-20
  git commit -q -m 'the merge'
  same "$(told)" "$(cat before)"
}

@test "before the first commit the worktree is all there is" {
  new_repo fresh
  { echo '# One'; echo; echo '## Action items'; echo; echo '- [ ] **A1** Begin'; } | write_file postmortems/one.md
  run -0 pm actions --worktree
  [[ $output == *"one#A1"*"Begin"* ]]
  run -0 pm actions log one#A1 --worktree -f json
  "$root/tests/lib/conforms" log <<<"$output"
  run -0 pm show one --worktree
  [[ $output == *Begin* ]]
  run -0 pm search -f paths --worktree state:open
  same postmortems/one.md "$output"
  run -0 pm --worktree
  [[ $output == *"1  open action items"* ]]
  run -2 pm actions log one#A1
}

@test "search and show know of the worktree's items what history tells" {
  edit '$_ = "" if /A4/ .. /OPS/'
  run -0 pm search -f paths --worktree state:dropped
  same "$dns" "$output"
  run -0 pm show --worktree PM-0001 -f json
  "$root/tests/lib/conforms" show <<<"$output"
  run -0 pm show --worktree PM-0001
  [[ $output == *"#A4   dropped"* ]]
}

@test "postmortems that are not committed are asked what they say" {
  edit 's/^severity: .*/severity: sev1/'
  edit 's/^services: .*/services: [größe]/'
  run -0 pm actions --worktree --count severity:sev1 service:größe
  same 2 "$output"
  run -0 pm actions --worktree --count severity:sev2
  same 0 "$output"
  rm "$dns"
  run -0 --separate-stderr pm actions --worktree --count --all severity:sev2
  same 4 "$output"
  [[ $stderr == *"no postmortems found: 'pm new'"* ]]
}

@test "where only the worktree has postmortems, how to reach them is told" {
  new_repo fresh
  write_file postmortems/a.md <<<'# A'
  run -0 --separate-stderr pm
  same "pm: no postmortems at HEAD, which is what is read, but 1 in the worktree: commit it and .pm/, or give --worktree" "$stderr"
  on 2026-01-01 && commit_file content/issues/1.md <<<$'---\ntitle: Down\ndate: 2026-01-02 10:00:00\nseverity: down\n---'
  rm -r postmortems
  run -1 --separate-stderr pm search
  [[ $stderr == *"'content/issues/' holds 1 Markdown file that looks like one"*"name it in .pm/schema.yaml"* ]]
  pm init
  run -1 --separate-stderr pm search
  [[ $stderr == *"no postmortems at HEAD, which is what is read, but 1 in the worktree"* ]]
  run -0 pm search --worktree
  run -1 --separate-stderr pm search --at HEAD
  [[ $stderr == *"name it in .pm/schema.yaml"* ]]
}

@test "where the worktree has no postmortem, none is found" {
  rm -r postmortems
  run -1 pm search --worktree
  run -1 pm search --worktree --count dns
}

@test "a file that a sparse checkout leaves out is read from HEAD" {
  commit_file other/note.md <<<'# Note'
  git sparse-checkout set other
  [ ! -e "$dns" ]
  run -0 --separate-stderr pm actions --worktree --count service:dns
  same 2 "$output"
}

@test "a bare repository has no worktree to include; the diff is of commits" {
  git clone -q --bare . ../bare.git
  run -0 pm -C ../bare.git actions --worktree --count
  same 2 "$output"
  run -2 pm actions diff --worktree HEAD~1..HEAD
  [[ $output == *"compares commits"* ]]
}

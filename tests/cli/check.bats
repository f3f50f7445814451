#!/usr/bin/env bats
# pm check: what it looks at, what it answers, and that nobody can stop it.

load ../lib/helper
load postmortems

# A postmortem without a fault; arguments are lines that replace those of the same field.
good() {
  local field
  {
    printf '%s\n' 'status: review' 'severity: sev3' 'started: 2026-03-17T12:31Z' \
      'detected: 2026-03-17T14:10Z' 'mitigated: 2026-03-17T15:17Z' 'causes: [change/config]' "$@"
  } | awk -F: '{ if (!($1 in line)) order[++n] = $1; line[$1] = $0 }
    BEGIN { print "---" } END { for (i = 1; i <= n; i++) print line[order[i]]; print "---" }'
  for field in Summary Impact 'Root causes' 'Lessons learned'; do
    printf '\n## %s\n\nAs it was. Nobody noticed. All of it.\n' "$field"
  done
  printf '\n## Timeline\n\n- 12:31 it began\n- 12:40 an alert fired\n- 15:17 it ended\n'
  printf '\n## Action items\n\n- None: nothing can be done.\n'
}

bad() {
  good 'severity: quite bad'
}

# The paths that have errors, each once.
paths() {
  pm check --format jsonl "$@" | sed -n 's/^{"path":"\([^"]*\)".*"level":"error".*/\1/p' | sort -u
}

@test "a clean postmortem is exit 0, an error exit 1" {
  new_repo
  good | write_file postmortems/good.md
  run -0 pm check
  same '1 postmortem checked: no errors, no warnings (11 recommendations: --info)' "$output"
  bad | write_file postmortems/bad.md
  run -1 pm check
  same "postmortems/bad.md:3:11: error: severity 'quite bad' is not one of sev1, sev2, sev3, sev4 [invalid-value]
     3 | severity: quite bad
       |           ^^^^^^^^^
  hint: use one of these, or make it an alias of one in .pm/schema.yaml

2 postmortems checked: 1 error, 0 warnings (22 recommendations: --info)" "$output"
}

@test "a warning is exit 0, and exit 1 under --strict" {
  new_repo
  good 'sevrity: sev1' 'dectected_by: alert' | write_file postmortems/x.md
  run -0 pm check
  [[ $output == *'0 errors, 1 warning'* ]]
  run -1 pm check --strict
}

@test "without operands: what differs from HEAD, untracked files too" {
  new_repo
  bad | commit_file postmortems/old.md
  good | commit_file postmortems/edited.md
  run -0 pm check
  same "pm: no postmortem in the worktree differs from HEAD: 'pm check --all' checks every one" "$output"
  bad | write_file postmortems/edited.md
  bad | write_file postmortems/new.md
  same 'postmortems/edited.md
postmortems/new.md' "$(paths)"
  same 'postmortems/edited.md
postmortems/new.md
postmortems/old.md' "$(paths --all)"
}

@test "a change answers for the errors that it adds" {
  new_repo
  { bad; printf -- '- [ ] Write it down\n'; } | commit_file postmortems/a.md
  sed -i 's/- \[ \] Write/- [x] Write/' postmortems/a.md
  run -0 pm check
  [[ $output == *"1 postmortem checked: no errors"* ]]
  [[ $output == *"stood there before and"*"not counted: 'pm check PATH' lists"* ]]
  sed -i 's/^severity:.*/severity: even worse/' postmortems/a.md
  run -1 pm check
  [[ $output == *"'even worse'"*"1 error,"* ]]
  run -1 pm check --format json
  "$root/tests/lib/conforms" check <<<"$output"
  same 1 "$(json errors <<<"$output")"
  [ "$(json inherited <<<"$output")" -ge 1 ]
  run -1 pm check postmortems/a.md
  [[ $output != *"stood there before"* ]]
}

@test "a change that raises the status answers for all of the document" {
  new_repo
  bad | sed 's/^status: .*/status: draft/' | commit_file postmortems/a.md
  sed -i 's/^status:.*/status: review/' postmortems/a.md
  git add -A
  run -1 pm check --staged
  [[ $output == *"1 error,"* ]]
  git commit -qm 'anyway'
  sed -i 's/^status:.*/status: published/' postmortems/a.md
  run -1 pm check
  sed -i 's/^status:.*/status: draft/' postmortems/a.md
  run -0 pm check
}

@test "a document that moved is compared with what it was, under whatever name" {
  new_repo
  good 'id: PM-1' 'severity: quite bad' | commit_file postmortems/a.md
  bad | commit_file postmortems/half.md
  mkdir postmortems/2026
  git mv postmortems/a.md postmortems/2026/b.md
  run -0 pm check --staged
  mv postmortems/2026/b.md postmortems/2026/c.md # git status alone does not see this one
  run -0 pm check
  { good 'id: PM-1' 'severity: quite bad'; seq 100; } | write_file postmortems/2026/c.md # same id only
  run -0 pm check
  { bad; seq 10; } | write_file postmortems/2026/half.md
  rm postmortems/half.md
  run -0 pm check
  git add -A
  git commit -qm moved
  run -0 pm check HEAD~..
  bad | write_file postmortems/copy.md
  run -1 pm check
}

@test "an id that a document outside of the change has is found, once it is stated anew" {
  new_repo
  good 'id: PM-7' | commit_file postmortems/a.md
  good 'id: PM-8' | commit_file postmortems/z.md
  good 'id: PM-7' | write_file postmortems/new.md
  for how in '' postmortems/new.md; do
    run -1 pm check $how
    [[ $output == *"new.md:8:5: error: 'PM-7' is the id of 'postmortems/a.md' already [duplicate-id]"* ]]
  done
  run -1 pm check - --stdin-path postmortems/b.md <postmortems/new.md
  [[ $output == *"b.md:8:5: error: 'PM-7' is the id of 'postmortems/a.md' already"* ]]
  rm postmortems/new.md
  run -0 pm check - --stdin-path postmortems/a.md <postmortems/a.md
  good 'id: PM-7' | write_file postmortems/z.md # whose id is changed
  git add -A
  run -1 pm check --staged
  [[ $output == *"z.md:"*"'PM-7' is the id of 'postmortems/a.md' already"* ]]
  git commit -qm 'anyway'
  run -1 pm check HEAD~..
  echo 'More.' >>postmortems/z.md # found there
  run -0 pm check
  echo 'More.' >>postmortems/a.md
  run -0 pm check
  run -1 pm check --all
  [[ $output == *"z.md:"*"'PM-7' is the id of 'postmortems/a.md' already"*'1 error,'* ]]
}

@test "of many new ids each is compared with all documents" {
  new_repo
  for i in $(seq 20); do good "id: PM-$i" | write_file "postmortems/old-$i.md"; done
  git add -A && git commit -qm old
  for i in $(seq 15 40); do good "id: PM-$i" | write_file "postmortems/new-$i.md"; done
  run -1 pm check --format json
  same 6 "$(json errors <<<"$output")"
}

@test "a path is a file or a folder, as the current folder has it" {
  new_repo
  bad | write_file 'postmortems/2026/Über uns & so.md'
  bad | write_file 'postmortems/2026/b.md'
  bad | write_file 'postmortems/2025/c.md'
  same 'postmortems/2026/Über uns & so.md' "$(paths 'postmortems/2026/Über uns & so.md')"
  cd postmortems
  same 'postmortems/2025/c.md' "$(paths 2025)"
  same 'postmortems/2025/c.md' "$(paths 2025/)"
  cd 2026
  same 'postmortems/2026/b.md' "$(paths b.md)"
  same 'postmortems/2025/c.md' "$(paths ../2025/c.md)"
  same 'postmortems/2026/b.md' "$(paths "$PWD/b.md")"
  same 'postmortems/2026/b.md
postmortems/2026/Über uns & so.md' "$(paths .)"
  cd ../..
  same 3 "$(paths "$PWD" | wc -l | tr -d ' ')"
  same 3 "$(paths "$PWD/" | wc -l | tr -d ' ')"
}

@test "a path that is no postmortem is skipped, one outside of the repository refused" {
  new_repo
  good | write_file postmortems/x.md
  echo text | write_file notes.txt
  run -0 pm check notes.txt
  [[ $output == *"'notes.txt' is skipped"* ]]
  run -2 pm check ../elsewhere.md
  [[ $output == *"'../elsewhere.md'"* ]]
  run -2 pm check postmortems/absent.md
  same "pm: 'postmortems/absent.md' is neither a file here nor a revision" "${lines[0]}"
}

@test "a revision is that commit's tree, whatever the worktree holds" {
  new_repo
  bad | commit_file postmortems/x.md
  good | commit_file postmortems/x.md
  run -0 pm check HEAD
  run -1 pm check HEAD~1
  bad | write_file postmortems/x.md
  run -0 pm check HEAD
  run -1 pm check postmortems/x.md
}

@test "a file wins over a revision of the same name" {
  new_repo
  good | commit_file postmortems/x.md
  git branch postmortems
  bad | write_file postmortems/x.md
  run -1 pm check postmortems
}

@test "a range is what B changed since it left A, as it is at B" {
  new_repo
  bad | commit_file postmortems/old.md
  git checkout -q -b topic
  bad | commit_file postmortems/first.md
  good | commit_file postmortems/first.md
  bad | commit_file postmortems/second.md
  git checkout -q main
  bad | commit_file postmortems/onmain.md
  same 'postmortems/second.md' "$(paths main..topic)"
  same 'postmortems/onmain.md' "$(paths topic..)"
  run -2 pm check main..absent
}

@test "--staged looks at the index and never at the worktree" {
  new_repo
  good | commit_file postmortems/x.md
  bad | write_file postmortems/x.md
  run -0 pm check --staged
  git add -A
  good | write_file postmortems/x.md
  run -1 pm check --staged
  git add -A
  bad | write_file postmortems/untracked.md
  run -0 pm check --staged
}

@test "--staged knows what is only intended to be added, and removals" {
  new_repo
  bad | commit_file postmortems/gone.md
  bad | write_file postmortems/x.md
  git add -N postmortems/x.md
  git rm -q --cached postmortems/gone.md
  run -0 pm check --staged
  same '' "$(paths --staged)"
}

@test "--staged works before the first commit" {
  new_repo
  bad | write_file postmortems/x.md
  run -0 pm check --staged
  git add -A
  run -1 pm check --staged
}

@test "--staged refuses an index with conflicts" {
  new_repo
  good | commit_file postmortems/x.md
  git checkout -q -b topic
  good 'severity: sev1' 'roles: {commander: a}' | commit_file postmortems/x.md
  git checkout -q main
  good 'severity: sev2' 'roles: {commander: b}' | commit_file postmortems/x.md
  run git merge -q topic
  run -2 pm check --staged
  [[ $output == pm:* ]]
}

@test "--staged judges what is staged of a file, though the worktree has more" {
  new_repo
  good | commit_file postmortems/a.md
  good 'severity: quite bad' | write_file postmortems/a.md
  git add -A
  good | write_file postmortems/a.md
  run -1 pm check --staged
  good | write_file postmortems/a.md
  git add -A
  bad | write_file postmortems/a.md
  run -0 pm check --staged
  run -1 pm check
}

# Two branches of one repository: 'theirs' brings a document with a fault and changes another one.
two_branches() {
  new_repo
  good | commit_file postmortems/a.md
  git checkout -q -b theirs
  bad | commit_file postmortems/theirs.md
  good 'severity: sev1' | commit_file postmortems/a.md
  git checkout -q -
  good 'severity: sev2' | commit_file postmortems/a.md
}

@test "while a merge is being committed, what one of its parents has is not judged again" {
  two_branches
  run ! git merge -q theirs
  run -2 pm check --staged
  [[ $output == *"'postmortems/a.md' is unmerged"* ]]
  good 'severity: sev1' | write_file postmortems/a.md # as theirs has it
  git add -A
  run -0 pm check --staged
  same '' "$output"
  run -0 pm check
  [[ $output == *'no postmortem in the worktree differs from HEAD'* ]]
  bad | write_file postmortems/a.md # as nobody has it
  run -1 pm check
  [[ $output == *a.md*'1 postmortem checked: 1 error'* ]]
  run -0 pm check --staged
  git add -A
  run -1 pm check --staged
  [[ $output == *a.md*'1 postmortem checked: 1 error'* ]]
  bad | write_file postmortems/untracked.md
  run -1 pm check
  [[ $output == *untracked.md*'2 postmortems checked: 2 errors'* ]]
}

@test "a hostile document that was there before ends soon, too" {
  new_repo
  {
    printf '# x\n\n<!-- pm: allow '
    head -c 900000 < <(yes secret | tr '\n' ' ')
    printf ': y -->\n'
  } | commit_file postmortems/a.md
  echo more >>postmortems/a.md
  run -0 timeout 60 pm check
  [[ $output == *'stood there before'* ]]
}

@test "a path that is deleted is said to be" {
  new_repo
  good | commit_file postmortems/a.md
  good | commit_file postmortems/b.md
  rm postmortems/a.md
  run -0 --separate-stderr pm check postmortems/a.md
  [[ $stderr == *"'postmortems/a.md' is deleted in the worktree"* ]]
}

@test "--staged in a bare repository is exit 2" {
  git init -q --bare bare.git
  cd bare.git
  run -2 pm check --staged
  [[ $output == *"'--staged' needs a worktree"* ]]
}

@test "standard input is checked as the file that it will be" {
  new_repo
  run -0 pm check - --stdin-path postmortems/x.md < <(good)
  run -1 pm check - --stdin-path postmortems/x.md < <(bad)
  [[ $output == postmortems/x.md:3:11:* ]]
  run -1 pm check - < <(bad)
  [[ $output == 'standard input:3:11:'* ]]
}

@test "a bare repository is checked at HEAD" {
  new_repo
  bad | commit_file postmortems/x.md
  git clone -q --bare . ../bare.git
  cd ../bare.git
  run -1 pm check
  [[ $output == postmortems/x.md:3:11:* ]]
  run -1 pm check --all
  run -1 pm check HEAD
}

@test "an empty repository has nothing to check, and says so" {
  new_repo
  run -0 pm check
  [[ $output == 'pm: no postmortems found'* ]]
  run -0 pm check --all
  [[ $output == 'pm: no postmortems found'* ]]
}

@test "outside of a repository is exit 2" {
  run -2 pm check
  [[ $output == pm:* ]]
}

@test "modes exclude each other; unknown options are named" {
  new_repo
  run -2 pm check --all --staged
  run -2 pm check --all HEAD
  for other in --staged . HEAD..HEAD -; do
    run -2 pm check --at HEAD $other
    same "pm: '--at' says which commit is checked: give neither '--staged' nor names with it" "${lines[0]}"
  done
  run -2 pm check --stagd
  [[ $output == *"--staged"* ]]
  run -2 pm check --format xml
}

@test "JSON is one object, JSON Lines are its findings" {
  new_repo
  bad | write_file postmortems/x.md
  run -1 pm check --format json
  same pm/1 "$(json format <<<"$output")"
  same 1 "$(json errors <<<"$output")"
  finding=$(json findings.0 <<<"$output")
  same '{"before":false,"column":11,"end_column":20,"end_line":3,"hint":"use one of these, or make it an alias of one in .pm/schema.yaml","level":"error","line":3,"message":"severity '"'quite bad'"' is not one of sev1, sev2, sev3, sev4","path":"postmortems/x.md","rule":"invalid-value"}' "$finding"
  run -1 pm check --format jsonl --strict
  same invalid-value "$(json rule <<<"${lines[0]}")"
}

@test "a full disk is exit 2" {
  [ -w /dev/full ] || skip 'no /dev/full'
  new_repo
  good | write_file postmortems/x.md
  run -2 bash -c 'pm check >/dev/full'
  run -2 bash -c 'pm check --format json >/dev/full'
}

@test "a draft is held to its Summary, and to all rules with --as review" {
  new_repo
  printf -- '---\nstatus: draft\nseverity: nonsense\n---\n\n# Login is slow\n\n## Summary\n\nSlow.\n\n## Impact\n' |
    write_file postmortems/x.md
  run -0 pm check
  run -1 pm check --as review
  [[ $output == *"review needs 8 more: fields started, detected, mitigated, causes; sections Timeline,"* ]]
  printf -- '---\nstatus: draft\n---\n\n# Login is slow\n' | write_file postmortems/x.md
  run -1 pm check
  [[ $output == *'a draft needs 1 more: section Summary'* ]]
}

@test "levels of the schema decide; a broken schema is never silent" {
  new_repo
  bad | write_file postmortems/x.md
  printf 'version: 1\nrules: {invalid-value: warning}\n' | write_file .pm/schema.yaml
  run -0 pm check
  [[ $output == *': warning: severity'* ]]
  printf 'version: 1\nrules: {invalid-value: off}\n' | write_file .pm/schema.yaml
  run -0 pm check
  printf 'version: 1\nrules: {invalid-valu: off}\n' | write_file .pm/schema.yaml
  run -1 pm check
  [[ $output == ".pm/schema.yaml:2:9: error: there is no rule 'invalid-valu': did you mean 'invalid-value'? [schema]"* ]]
}

@test "a file that cannot be read leaves the others alone" {
  new_repo
  good | write_file postmortems/good.md
  bad | write_file postmortems/bad.md
  printf -- '---\nseverity: sev2\n\n# Never closed\n' | write_file postmortems/broken.md
  head -c 10485760 /dev/zero | tr '\0' 'x' >postmortems/large.md
  run -1 pm check
  same '1 too-large' "$(pm check -f jsonl | grep '"postmortems/large.md"' | json rule | uniq -c | xargs)"
  same '1 unreadable-front-matter' "$(pm check -f jsonl | grep '"postmortems/broken.md"' | json rule | uniq -c | xargs)"
  same 'postmortems/bad.md
postmortems/broken.md
postmortems/large.md' "$(paths)"
  [[ $output == *'postmortems/large.md:1:1: error: the document has more than 1048576 bytes [too-large]'* ]]
}

@test "nothing in a document reaches the terminal raw" {
  new_repo
  printf -- '---\nstatus: review\nseverity: "\\e[31m \xc2\x9b2J \xe2\x80\xae"\n---\n' | write_file $'postmortems/a\e[31mb.md'
  run -1 pm check
  [[ $output != *$'\e'* ]]
  [[ $output != *$'\xc2\x9b'* ]]
  [[ $output != *$'\xe2\x80\xae'* ]]
}

# perl's alarm bounds the time: timeout(1) is not everywhere.
in_two_seconds() {
  perl -e 'alarm 2; exec @ARGV or die' "$@"
}

@test "hostile documents end soon" {
  new_repo
  mkdir postmortems
  perl -e 'print "![[]()" x 170000' >postmortems/brackets.md
  perl -e 'print "# h\n" x 100000' >postmortems/headings.md
  perl -e 'print "x" x 1000000' >postmortems/line.md
  perl -e 'print "> " x 10000, "x"' >postmortems/quotes.md
  perl -e 'print "| a " x 100 . "|\n" . "|---" x 100 . "|\n" . ("| b " x 100 . "|\n") x 1000' >postmortems/cells.md
  perl -e 'print "---\na: ", "[" x 30000, "\n---\n"' >postmortems/yaml.md
  perl -e 'print "---\ncauses: [", "x, " x 20000, "x]\n---\n"' >postmortems/list.md
  perl -e 'print "## Action items\n\n", "- [ ] item\n" x 90000' >postmortems/items.md
  perl -e 'print "*a_" x 300000' >postmortems/emphasis.md
  perl -e 'print "`" x $_, " " for 1..1400' >postmortems/ticks.md
  for file in postmortems/*.md; do
    run in_two_seconds pm check "$file"
    [ "$status" -eq 1 ] || { echo "$file: exit $status"; return 1; }
  done
}

@test "the end before the beginning is found in exactly eight status reports" {
  corpus jenkins-status
  export PM_NOW=2026-11-01T00:00:00Z # later than all of them
  mkdir .pm && cp "$root/contrib/schemas/jenkins-status.yaml" .pm/schema.yaml
  run -1 pm check --all
  same 8 "$(grep -c 'time-order' <<<"$output")"
  [[ $output == *'297 postmortems checked: 8 errors, 0 warnings'* ]]
}

@test "every corpus is checked to its end" {
  for name in dfds mybinder alt; do
    (corpus "$name" && run -1 pm check --all && mkdir .pm &&
      cp "$root/contrib/schemas/$name.yaml" .pm/schema.yaml && run -1 pm check --all)
  done
}

@test "two revisions, and what is no path, are not skipped" {
  new_repo revisions
  postmortem postmortems/a.md A <<<'- None: a test'
  commit one
  postmortem postmortems/b.md B <<<'- None: a test'
  commit two
  run -2 --separate-stderr pm check HEAD~1 HEAD
  [[ $stderr == *"two revisions are written as 'HEAD~1..HEAD'"* ]]
  run -2 --separate-stderr pm check postmortems/a.md HEAD
  [[ $stderr == *"'HEAD' does not exist here"* ]]
  for range in HEAD~1..HEAD HEAD~1...HEAD; do
    run -0 --separate-stderr pm check "$range"
    [[ $output == *"1 postmortem checked"* ]]
  done
  rm postmortems/b.md
  run -0 pm check postmortems/b.md
  git clone -q --bare . ../bare.git
  run -0 pm -C ../bare.git check HEAD
  [[ $output == *"2 postmortems checked"* ]]
}

@test "a run lists no end of findings, and counts them all" {
  new_repo
  mkdir postmortems
  { printf -- '---\ntitle: T\nseverity: sev1\nstatus: published\n---\n# T\n\n## Action items\n\n'
    perl -e 'print "- [ ] item $_\n" for 1..490'; } >postmortems/a.md
  for i in {1..25}; do cp postmortems/a.md postmortems/b$i.md; done
  run -1 pm check postmortems/a.md --format json
  local each=$(json findings.length <<<"$output") errors=$(json errors <<<"$output")
  run -1 pm check --all --format json
  same 20000 "$(grep -c '"rule":' <<<"$output")"
  [[ $output == *"\"errors\": $((26 * errors)),"*"\"unlisted\": $((26 * each - 20000))"* ]]
  run -1 pm check --all
  [[ $output == *' more findings are not listed: at most 20000 are'*"$((26 * errors)) errors"* ]]
  run -1 --separate-stderr pm check --all --info --format sarif
  same "pm: $((26 * each - 20000)) more findings are not listed: at most 20000 are" "$stderr"
}

@test "standard input without an end is too large, and not read on" {
  new_repo
  run -1 pm check - --stdin-path postmortems/x.md < <(yes)
  [[ $output == *'the document has more than 1048576 bytes [too-large]'* ]]
  run -1 pm check - < <(head -c 1048577 /dev/zero)
  [[ $output == *'too-large'* ]]
}

@test "--rule narrows to the rules that are named, whatever their level" {
  new_repo
  bad | commit_file postmortems/x.md
  run -0 pm check --all --rule recommended-field
  [[ $output == *'field'* && $output != *'--info'* ]]
  run -0 pm check --all --rule time-order --rule duplicate-id
  same 'no errors, no warnings' "${lines[-1]#*: }"
  run -2 pm check --all --rule time-ordr
  same "pm: there is no rule 'time-ordr': did you mean 'time-order'?" "${lines[0]}"
  run -2 pm check --rule nonsense
  same "pm: there is no rule 'nonsense': 'pm explain' lists them" "${lines[0]}"
  echo 'fields: [' | write_file .pm/schema.yaml
  run -1 pm check --all --rule time-order
  [[ $output == '.pm/schema.yaml:1:10: error: '*'not judged until the schema can be read: 1 error'* ]]
}

@test "a link that is named is skipped, and told to be one" {
  new_repo
  good | commit_file postmortems/a.md
  ln -s a.md postmortems/link.md
  run -0 pm check postmortems/link.md
  [[ $output == *"'postmortems/link.md' is skipped: it is not a plain file"*"links are not followed"* ]]
}

# Rules that compare a document with what it was, and those that ask how long.
load ../lib/helper
load postmortems

setup() {
  sandbox
  new_repo
  one=postmortems/2026-01-02-dns.md
  two=postmortems/2026-01-09-mail.md
}

# outage PATH [FRONT MATTER LINE...]
outage() {
  postmortem "$1" "Outage of $(basename "$1" .md)" "${@:2}" <<<'- None: a test'
}

# found RULE [ARGUMENT...]: "PATH:LINE MESSAGE" of its findings.
found() {
  { pm check --rule "$1" -f json "${@:2}" || [ $? -eq 1 ]; } | perl -MJSON::PP -e '
    print "$_->{path}:$_->{line} $_->{message}\n"
      for @{decode_json(do { local $/; <STDIN> })->{findings}}'
}

@test "an id that changes, in the worktree, staged, in a range, under another path" {
  outage "$one" 'id: PM-0001' && commit one
  outage "$one" 'id: PM-0002'
  local message="$one:2 the id was 'PM-0001': whatever names it leads nowhere"
  same "$message" "$(found id-changed)"
  git add -A
  same "$message" "$(found id-changed --staged)"
  git commit -q -m two
  same "$message" "$(found id-changed HEAD~1..)"
  git mv "$one" postmortems/dns.md
  outage postmortems/dns.md 'id: PM-0003'
  same "postmortems/dns.md:2 the id was 'PM-0002': whatever names it leads nowhere" "$(found id-changed)"
  same '' "$(found id-changed --all)"
}

@test "an old postmortem that was renamed is not held for new, whatever was written like it" {
  outage "$two" && sed -i.bak '/^mitigated/d' "$two" && rm postmortems/*.bak
  printf '\n## %s\n\nNobody knows.\n' Response Communication Recovery >>"$two"
  commit two
  git mv "$two" postmortems/mail.md
  printf '\nNobody was harmed.\n' >>postmortems/mail.md
  same '' "$(found missing-field)"
  outage "$one" && sed -i.bak '/^mitigated/d' "$one" && rm postmortems/*.bak
  same "$one:7 required field 'mitigated' is missing" "$(found missing-field)"
}

@test "of two documents with one id either may take another: the way out of a collision" {
  outage "$one" 'id: PM-0001' && outage "$two" 'id: PM-0001' && commit both
  outage "$two" 'id: PM-0002'
  same '' "$(found id-changed)"
  outage "$one" 'id: PM-0003'
  same 2 "$(found id-changed | wc -l | tr -d ' ')"
}

@test "ids that are swapped, and one that a new document takes over, are no way out" {
  outage "$one" 'id: PM-0001' && outage "$two" 'id: PM-0002' && commit both
  outage "$one" 'id: PM-0002' && outage "$two" 'id: PM-0001'
  same 2 "$(found id-changed | wc -l | tr -d ' ')"
  git checkout -q . && outage "$one" 'id: PM-0003'
  outage postmortems/2026-02-01-new.md 'id: PM-0001'
  same "$one:2 the id was 'PM-0001': whatever names it leads nowhere" "$(found id-changed)"
}

@test "an item that is opened again is told once, where it stands" {
  postmortem "$one" 'DNS' <<<'- [x] **A1** Add a second resolver @alice'
  commit one
  postmortem "$one" 'DNS' <<<'- [ ] **A1** Add a second resolver @alice, due 2026-05-01'
  same "$one:34 this action item was done and is open again" "$(found action-reopened)"
  commit two
  same "$one:34 this action item was done and is open again" "$(found action-reopened HEAD~1..)"
  git mv "$one" "$two" && commit three
  same "$two:34 this action item was done and is open again" "$(found action-reopened HEAD~2..)"
  git revert --no-edit HEAD~1 >/dev/null 2>&1
  same '' "$(found action-reopened HEAD~3..)"
}

@test "however many items are opened again, each is told" {
  local n
  for n in 8 12 18 27; do
    perl -e 'print "- [x] **A$_** Add resolver $_ \@alice\n" for 1 .. shift' "$n" | postmortem "$one" 'DNS'
    commit "$n done"
    sed -i.bak 's/\[x\]/[ ]/' "$one" && rm postmortems/*.bak
    same "$n" "$(found action-reopened | wc -l | tr -d ' ')"
    git checkout -q .
  done
}

@test "a draft is stale ten days after it came to the branch" {
  on 2026-03-09 && outage "$one" 'status: draft' && commit one
  on 2026-03-11 && outage "$two" 'status: draft' && commit two
  outage postmortems/2026-03-01-new.md 'status: draft'
  same "$one:2 this has been a draft for more than 10 days" "$(found stale-draft --all)"
  same "$one:2 this has been a draft for more than 10 days" "$(found stale-draft HEAD)"
  same '' "$(found stale-draft)"
  PM_NOW=2026-03-22T12:00:00Z same 2 "$(PM_NOW=2026-03-22T12:00:00Z pm check --rule stale-draft --all -f jsonl | wc -l | tr -d ' ')"
}

@test "edits and broken versions do not make a draft younger, publication does" {
  on 2026-01-05 && outage "$one" 'status: draft' 'severity: sev3' && commit one
  on 2026-03-14 && outage "$one" 'status: draft' 'severity: "' && commit broken
  on 2026-03-15 && outage "$one" 'status: draft' 'severity: sev1' && commit mended
  same 1 "$(found stale-draft --all | wc -l | tr -d ' ')"
  on 2026-03-16 && outage "$one" 'status: review' && commit review
  same '' "$(found stale-draft --all)"
  on 2026-03-17 && outage "$one" 'status: draft' && commit 'a draft again'
  same '' "$(found stale-draft --all)"
}

@test "a draft that was written long ago and merged today is young" {
  git commit -q --allow-empty -m root
  git checkout -q -b topic
  on 2026-01-05 && outage "$one" 'status: draft' && commit one
  same 1 "$(found stale-draft --all | wc -l | tr -d ' ')"
  git checkout -q main
  on 2026-03-19 && git merge -q --no-ff -m merge topic
  same '' "$(found stale-draft --all)"
}

@test "clocks that run backwards, a shallow clone" {
  on 2026-01-05 && outage "$one" 'status: draft' && commit one
  on 2026-03-19 && git commit -q --allow-empty -m later
  on 2026-03-01 && git commit -q --allow-empty -m 'earlier'
  on 2026-03-19 && git commit -q --allow-empty -m later
  same 1 "$(found stale-draft --all | wc -l | tr -d ' ')"
  git clone -q --depth 1 "file://$PWD" ../shallow
  cd ../shallow
  same '' "$(found stale-draft --all)"
}

@test "nothing is compared where nothing is a change" {
  outage "$one" 'id: PM-0001' && commit one
  outage "$one" 'id: PM-0002' 'severity: sev3' 'detected: 2026-01-02T10:20Z'
  for rule in id-changed severity-lowered times-edited; do
    same 1 "$(found $rule | wc -l | tr -d ' ')"
    same '' "$(found $rule --all)"
    same '' "$(found $rule "$one")"
  done
}

@test "a waiver for what a change did is not unused afterwards" {
  outage "$one" 'id: PM-0001' && commit one
  outage "$one" 'id: PM-0001' 'severity: sev3'
  printf '\n<!-- pm: allow severity-lowered: no customer saw it -->\n' >>"$one"
  same '' "$(found severity-lowered)"
  commit two
  same '' "$(found waiver-unused --all)"
}

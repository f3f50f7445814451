load history

start() {
  document a.md <<'MD'
- [ ] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover
MD
  change 'open'
}

@test "credit goes to the commit of the branch that did it, state counts from the merge" {
  start
  branch side
  document a.md <<'MD'
- [ ] **A1** Make deploys safe @bob
- [x] **A2** Rehearse the failover
MD
  change 'both'
  document a.md <<'MD'
- [ ] **A1** Make deploys safe @alice
- [x] **A2** Rehearse the failover
MD
  change 'alice'
  git checkout -q main
  merge side 'merge'
  told_since merge <<'EVENTS'
a#A1 reassigned: -> alice [alice > merge]
a#A2 done: open -> done [both > merge]
EVENTS
}

@test "a squash merge is one commit" {
  start
  branch side
  document a.md <<'MD'
- [ ] **A1** Make deploys safe
- [x] **A2** Rehearse the failover
MD
  change 'one'
  git checkout -q main
  git merge -q --squash side >/dev/null
  change 'squash'
  told_since squash <<'EVENTS'
a#A2 done: open -> done [squash]
EVENTS
}

@test "an evil merge has itself to blame" {
  start
  branch side
  document b.md </dev/null
  change 'unrelated'
  git checkout -q main
  git merge -q --no-ff --no-commit side 2>/dev/null
  document a.md <<'MD'
- [ ] **A1** Make deploys safe
MD
  change 'evil'
  told_since evil <<'EVENTS'
a#A2 dropped: open -> line [evil]
EVENTS
}

@test "a reverted merge drops, its re-revert restores" {
  document a.md </dev/null
  change 'start'
  branch side
  document a.md <<'MD'
- [ ] **A1** Make deploys safe
MD
  change 'promise'
  git checkout -q main
  merge side 'merge'
  git revert -n -m 1 HEAD && change 'revert'
  git revert -n HEAD && change 'revert of the revert'
  told <<'EVENTS'
a#A1 opened: -> Make deploys safe [promise > merge]
a#A1 dropped: open -> line [revert]
a#A1 restored: dropped -> open [revert of the revert]
EVENTS
}

@test "reworded little by little on a branch, it is the same item" {
  document a.md <<'MD'
- [ ] Reject configs that fail schema validation in deploy
MD
  change 'open'
  branch side
  document a.md <<'MD'
- [ ] Reject configs that fail schema checks early
MD
  change 'first'
  document a.md <<'MD'
- [ ] Never ship configs that fail schema checks
MD
  change 'second'
  document a.md <<'MD'
- [ ] Never ship configs that anybody doubts
MD
  change 'third'
  git checkout -q main
  merge side 'merge'
  told_since merge <<'EVENTS'
a#1 reworded: Reject configs that fail schema validation in deploy -> Never ship configs that anybody doubts [third > merge]
EVENTS
}

@test "an octopus: of several parents the lowest has the credit" {
  start
  for side in one two; do
    branch $side main
    document a.md <<'MD'
- [ ] **A1** Make deploys safe
- [x] **A2** Rehearse the failover
MD
    change "close in $side"
  done
  git checkout -q main
  tree=$(git rev-parse two^{tree})
  git reset -q --hard "$(git commit-tree "$tree" -p main -p one -p two -m octopus)"
  told_since octopus <<'EVENTS'
a#A2 done: open -> done [close in one > octopus]
EVENTS
}

@test "criss-cross merges tell each change once" {
  start
  branch side
  document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover
MD
  change 'close A1'
  git checkout -q main
  document a.md <<'MD'
- [ ] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover @bob
MD
  change 'assign A2'
  before=$(git rev-parse main)
  resolved() {
    document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover @bob
MD
  }
  git merge -q --no-commit side >/dev/null 2>&1 || true
  resolved && change 'main takes side'
  git checkout -q side
  git merge -q --no-commit "$before" >/dev/null 2>&1 || true
  resolved && change 'side takes main'
  git checkout -q main
  merge side 'again'
  told_since 'assign A2' <<'EVENTS'
a#A2 reassigned: -> bob [assign A2]
a#A1 done: open -> done [close A1 > main takes side]
EVENTS
}

@test "a file renamed on a branch and rewritten there is the same document" {
  document a.md <<'MD'
- [ ] Make deploys safe
MD
  change 'open'
  branch side
  git mv postmortems/a.md postmortems/b.md
  change 'rename'
  printf '# New\n\n## Follow-up\n\nAll the words of this are others, many of them.\n\n## Action items\n\n| Action | Status |\n|---|---|\n| Make deploys safe | done |\n' >postmortems/b.md
  change 'rewrite'
  git checkout -q main
  merge side 'merge'
  told <<'EVENTS'
b#1 opened: -> Make deploys safe [open]
b#1 done: open -> done [rewrite > merge]
EVENTS
}

# The branch `side` closes the first item of a.md, and main, where we are then, renames the file.
close_while_renamed() {
  document a.md <<'MD'
- [ ] Make deploys safe
- [ ] Rehearse the failover
MD
  change 'open'
  branch side
  sed -i.bak 's/\[ \] Make/[x] Make/' postmortems/a.md && rm postmortems/*.bak
  change 'close'
  git checkout -q main
  git mv postmortems/a.md postmortems/2026-a.md
  change 'rename'
}

@test "credit goes to a branch that knows a file by its old name" {
  close_while_renamed
  merge side 'merge'
  told_since merge <<'EVENTS'
2026-a#1 done: open -> done [close > merge]
EVENTS
}

@test "credit goes to a branch that took the new name of a file from main" {
  close_while_renamed
  git checkout -q side
  merge main 'main into side'
  sed -i.bak 's/\[ \] Rehearse/[x] Rehearse/' postmortems/2026-a.md && rm postmortems/*.bak
  change 'close another'
  git checkout -q main
  merge side 'merge'
  told_since merge <<'EVENTS'
2026-a#1 done: open -> done [close > merge]
2026-a#2 done: open -> done [close another > merge]
EVENTS
}

@test "credit for a new file goes to who wrote it, not to who renamed it on the branch" {
  change 'start'
  branch side
  document a.md <<'MD'
- [ ] Make deploys safe
MD
  change 'write'
  git mv postmortems/a.md postmortems/b.md
  printf -- '- [ ] Rehearse the failover\n' >>postmortems/b.md
  change 'rename'
  git checkout -q main
  merge side 'merge'
  told <<'EVENTS'
b#1 opened: -> Make deploys safe [write > merge]
b#2 opened: -> Rehearse the failover [rename > merge]
EVENTS
}

@test "of two alike that a branch takes away, the renamed one is the one that is more alike" {
  for name in a b d e; do
    document $name.md <<MD
- [ ] Make deploys of $name safe
MD
    sed -i.bak "s/Outage of .*/Outage/; s/and $name/and nobody/" postmortems/$name.md && rm postmortems/*.bak
  done
  change 'open'
  branch side
  git rm -q postmortems/a.md
  git mv postmortems/b.md postmortems/c.md
  change 'rename'
  git rm -q postmortems/d.md
  git mv postmortems/e.md postmortems/f.md
  printf -- '- [ ] And tell\n' >>postmortems/f.md
  change 'rename and edit'
  git checkout -q main
  merge side 'merge'
  told_since merge <<'EVENTS'
a#1 dropped: open -> document [rename > merge]
d#1 dropped: open -> document [rename and edit > merge]
f#2 opened: -> And tell [rename and edit > merge]
EVENTS
}

@test "of two of one name that a branch takes away, the renamed one is the one that is more alike" {
  for folder in a b; do
    report $folder <<MD
- [ ] Make deploys of $folder safe
MD
  done
  change 'open'
  branch side
  git rm -q postmortems/a/report.md
  git mv postmortems/b postmortems/c
  perl -pi -e 's/(.*of b safe)/$1\n- [ ] And tell/' postmortems/c/report.md
  change 'rename and edit'
  git checkout -q main
  merge side 'merge'
  told_since merge <<'EVENTS'
postmortems/a/report.md#1 dropped: open -> document [rename and edit > merge]
report#2 opened: -> And tell [rename and edit > merge]
EVENTS
}

@test "a commit that lands twice, picked and merged, is told once" {
  start
  branch side
  document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover
MD
  change 'close A1'
  document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover @bob
MD
  change 'assign A2'
  git checkout -q main
  git cherry-pick -n side~1 && change 'picked'
  merge side 'merge' -X theirs
  told_since picked <<'EVENTS'
a#A1 done: open -> done [picked]
a#A2 reassigned: -> bob [assign A2 > merge]
EVENTS
}

@test "what was closed on a branch and reopened on main before the merge stays as the merge has it" {
  start
  branch side
  document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover
MD
  change 'close'
  git checkout -q main
  merge side 'merge'
  git revert -n -m 1 HEAD && change 'revert'
  git checkout -q side
  document a.md <<'MD'
- [x] **A1** Make deploys safe @bob
- [ ] **A2** Rehearse the failover
MD
  change 'assign'
  git checkout -q main
  git merge -q --no-commit side >/dev/null 2>&1 || true
  document a.md <<'MD'
- [ ] **A1** Make deploys safe @bob
- [ ] **A2** Rehearse the failover
MD
  change 'merge again'
  told_since merge <<'EVENTS'
a#A1 done: open -> done [close > merge]
a#A1 reopened: done -> open [revert]
a#A1 reassigned: -> bob [assign > merge again]
EVENTS
}

@test "unrelated histories joined" {
  start
  git checkout -q --orphan other
  git rm -rqf . && document z.md <<'MD'
- [ ] Buy a lamp
MD
  change 'another root'
  git checkout -q main
  merge other 'join' --allow-unrelated-histories
  told_since join <<'EVENTS'
z#1 opened: -> Buy a lamp [another root > join]
EVENTS
}

@test "a fast-forward after a merge with swapped parents: the other side becomes the chain" {
  start
  git branch ours
  document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover
MD
  change 'theirs'
  git checkout -q ours
  document b.md <<'MD'
- [ ] Buy a lamp
MD
  change 'ours'
  merge main 'pull'
  git checkout -q main
  git merge -q --ff-only ours
  told <<'EVENTS'
a#A1 opened: -> Make deploys safe [open]
a#A2 opened: -> Rehearse the failover [open]
b#1 opened: -> Buy a lamp [ours]
a#A1 done: open -> done [theirs > pull]
EVENTS
}

@test "dates that run backwards change nothing" {
  start
  on 1999-01-01
  document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover
MD
  change 'long ago'
  told_since 'long ago' <<'EVENTS'
a#A1 done: open -> done [long ago]
EVENTS
}

@test "a shallow clone starts where it starts" {
  start
  document a.md <<'MD'
- [x] **A1** Make deploys safe
- [ ] **A2** Rehearse the failover
MD
  change 'close'
  git clone -q --depth 1 "file://$PWD" ../shallow
  cd ../shallow
  told <<'EVENTS'
a#A1 opened: -> Make deploys safe [close]
a#A1 done: open -> done [close]
a#A2 opened: -> Rehearse the failover [close]
EVENTS
}

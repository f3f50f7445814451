load history

@test "a file renamed with its extension is the same document" {
  document a.md <<'MD'
- [ ] Make deploys safe
MD
  change 'open'
  git mv postmortems/a.md postmortems/2026-01-05-outage.markdown
  sed -i.bak 's/\[ \]/[x]/' postmortems/2026-01-05-outage.markdown && rm postmortems/*.bak
  change 'rename and close'
  told <<'EVENTS'
2026-01-05-outage#1 opened: -> Make deploys safe [open]
2026-01-05-outage#1 done: open -> done [rename and close]
EVENTS
}

@test "an item moved to another postmortem goes on there" {
  document a.md <<'MD'
- [ ] Make deploys safe @alice, due 2026-02-01
- [ ] Alert when errors exceed one percent
MD
  document b.md <<'MD'
- [ ] Rehearse the failover
MD
  change 'open'
  document a.md <<'MD'
- [ ] Alert when errors exceed one percent
MD
  document b.md <<'MD'
- [ ] Rehearse the failover
- [ ] Make deploys safe @alice, due 2026-02-08
MD
  change 'move'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [open]
a#2 opened: -> Alert when errors exceed one percent [open]
b#1 opened: -> Rehearse the failover [open]
a#1 moved: Make deploys safe -> postmortems/b.md#2 [move]
b#2 rescheduled: 2026-02-01 -> 2026-02-08 (+7 days) [move]
EVENTS
}

@test "a copy made the step before is where an item moved; an older one is not" {
  document a.md <<'MD'
- [ ] Make deploys safe
- [ ] Rehearse the failover
MD
  change 'open'
  document b.md <<'MD'
- [ ] Make deploys safe
MD
  change 'copy'
  document a.md <<'MD'
- [ ] Rehearse the failover
MD
  change 'delete'
  document c.md <<'MD'
- [ ] Rehearse the failover
MD
  change 'copy again'
  change 'nothing'
  document a.md <<'MD'
MD
  change 'delete again'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [open]
a#2 opened: -> Rehearse the failover [open]
b#1 opened: -> Make deploys safe [copy]
a#1 moved: Make deploys safe -> postmortems/b.md#1 [delete]
c#1 opened: -> Rehearse the failover [copy again]
a#2 dropped: open -> line [delete again]
EVENTS
}

@test "a document split in two: what went to the new one has moved" {
  document a.md <<'MD'
- [ ] Make deploys safe
- [ ] Rehearse the failover
- [ ] Alert when errors exceed one percent
MD
  change 'open'
  document a.md <<'MD'
- [ ] Make deploys safe
MD
  document a-2.md <<'MD'
- [ ] Rehearse the failover
- [ ] Alert when errors exceed one percent
MD
  change 'split'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [open]
a#2 opened: -> Rehearse the failover [open]
a#3 opened: -> Alert when errors exceed one percent [open]
a#2 moved: Rehearse the failover -> postmortems/a-2.md#1 [split]
a#3 moved: Alert when errors exceed one percent -> postmortems/a-2.md#2 [split]
EVENTS
}

@test "two items of one text that move are two there, too" {
  document a.md <<'MD'
- [ ] Test it @alice
- [ ] Test it @bob
- [ ] Rehearse the failover
MD
  document b.md </dev/null
  change 'open'
  document a.md <<'MD'
- [ ] Rehearse the failover
MD
  document b.md <<'MD'
- [ ] Test it @alice
- [ ] Test it @bob
MD
  change 'move'
  told_since move <<'EVENTS'
a#1 moved: Test it -> postmortems/b.md#1 [move]
a#2 moved: Test it -> postmortems/b.md#2 [move]
EVENTS
}

@test "ids swapped between two files whose content stays" {
  document a.md 'id: PM-1' <<'MD'
- [ ] Make deploys safe
MD
  document b.md 'id: PM-2' <<'MD'
- [ ] Rehearse the failover
MD
  change 'open'
  document a.md 'id: PM-2' <<'MD'
- [ ] Make deploys safe
MD
  document b.md 'id: PM-1' <<'MD'
- [x] Rehearse the failover
MD
  change 'swap'
  told <<'EVENTS'
PM-2#1 opened: -> Make deploys safe [open]
PM-1#1 opened: -> Rehearse the failover [open]
PM-1#1 done: open -> done [swap]
EVENTS
}

@test "two branches that took one id: both are documents, the later may change its id" {
  change 'start'
  branch one
  document a.md 'id: PM-1' <<'MD'
- [ ] Make deploys safe
MD
  change 'a'
  branch two main
  document b.md 'id: PM-1' <<'MD'
- [ ] Rehearse the failover
MD
  change 'b'
  git checkout -q main
  merge one 'merge a'
  merge two 'merge b'
  git mv postmortems/b.md postmortems/c.md
  sed -i.bak 's/PM-1/PM-2/' postmortems/c.md && rm postmortems/*.bak
  change 'way out'
  told <<'EVENTS'
PM-1#1 opened: -> Make deploys safe [a > merge a]
PM-2#1 opened: -> Rehearse the failover [b > merge b]
EVENTS
}

@test "a deleted document drops its promises, and restores them when it is back" {
  document a.md <<'MD'
- [ ] Make deploys safe
- [x] Rehearse the failover
MD
  change 'open'
  git rm -q postmortems/a.md
  change 'delete'
  git checkout -q HEAD~1 -- postmortems/a.md
  change 'undelete'
  told_since delete <<'EVENTS'
a#1 dropped: open -> document [delete]
a#2 cleared: done -> document [delete]
a#1 restored: dropped -> open [undelete]
a#2 restored: cleared -> done [undelete]
EVENTS
}

@test "a document that leaves the globs is told so" {
  document a.md <<'MD'
- [ ] Make deploys safe
MD
  change 'open'
  mkdir attic
  git mv postmortems/a.md attic/a.md
  change 'archive'
  document b.md </dev/null
  change 'another'
  told_since archive <<'EVENTS'
a#1 dropped: open -> globs [archive]
EVENTS
}

@test "another document at an old path is another document" {
  document a.md <<'MD'
- [ ] Make deploys safe
MD
  change 'open'
  git rm -q postmortems/a.md
  change 'delete'
  mkdir -p postmortems
  printf '# Something else\n\nAltogether.\n\n## Action items\n\n- [ ] Buy a lamp\n' >postmortems/a.md
  change 'reuse'
  told_since reuse <<'EVENTS'
a#1 opened: -> Buy a lamp [reuse]
EVENTS
}

@test "a folder moved with all that is in it, and each file edited" {
  mkdir postmortems
  awk 'BEGIN {
    for (n = 1; n <= 500; n++) {
      file = "postmortems/" n ".md"
      printf "%s# Outage %d\n\n## Action items\n\n- [ ] Make deploys of %d safe\n", n % 2 ? "" : "---\nid: PM-" n "\n---\n", n, n >file
      close(file)
    }
  }'
  change 'open'
  git checkout -q -b side
  mkdir postmortems/2026
  git mv postmortems/*.md postmortems/2026/
  change 'move'
  perl -e 'for (@ARGV) { open F, ">>", $_; print F "- [ ] And tell\n" }' postmortems/2026/*.md
  change 'edit'
  git checkout -q main
  merge side 'merge'
  same 500 "$(events | grep -c ' opened: -> And tell \[edit > merge\]')"
  same 1000 "$(events | grep -c .)"
}

@test "files of one name whose folders were renamed go with what is most like them" {
  report a <<'MD'
- [ ] **A1** Make deploys safe
MD
  report b <<'MD'
- [ ] **A1** Rehearse the failover
MD
  report c <<'MD'
- [ ] **A1** Alert when errors exceed one percent
MD
  change 'open'
  git mv postmortems/a postmortems/z
  git mv postmortems/b postmortems/y
  git rm -q -r postmortems/c
  sed -i.bak 's/\[ \]/[x]/' postmortems/*/report.md && rm postmortems/*/*.bak
  change 'rename and close'
  told_since 'rename and close' <<'EVENTS'
postmortems/c/report.md#A1 dropped: open -> document [rename and close]
postmortems/y/report.md#A1 done: open -> done [rename and close]
postmortems/z/report.md#A1 done: open -> done [rename and close]
EVENTS
}

@test "documents of one content leave the globs together, and one of them alone" {
  for name in a b c; do
    document same.md <<'MD'
- [ ] Make deploys safe
MD
    mv postmortems/same.md postmortems/$name.md
  done
  change 'open'
  document d.md </dev/null
  change 'another'
  mkdir attic
  git mv postmortems/a.md attic/x.txt
  git rm -q postmortems/b.md
  change 'one copy is kept elsewhere'
  git rm -q postmortems/c.md
  change 'delete'
  told <<'EVENTS'
a#1 opened: -> Make deploys safe [open]
b#1 opened: -> Make deploys safe [open]
c#1 opened: -> Make deploys safe [open]
a#1 dropped: open -> globs [one copy is kept elsewhere]
b#1 dropped: open -> globs [one copy is kept elsewhere]
c#1 dropped: open -> document [delete]
EVENTS
}

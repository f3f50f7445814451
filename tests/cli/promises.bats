# What `pm check` says of action items that a change takes away.
load ../lib/helper
load postmortems

file=postmortems/2026-01-02-dns.md

setup() {
  sandbox
  new_repo
  outage "$file" 'id: PM-0001' <<'MD'
- [ ] **A1** Add a second resolver
      @alice, due 2026-02-01
- [ ] Alert on failed lookups
      @bob, due 2026-02-10
- [x] **A3** Write a runbook @carol
MD
  commit 'postmortem of the DNS outage'
}

# outage PATH [FRONT MATTER LINE...]: a postmortem with the items of standard input.
outage() {
  postmortem "$1" "Outage of $(basename "$1" .md)" "${@:2}"
}

# drop WORD...: deletes the item with this word, and the line below it.
drop() {
  local word
  for word; do sed -i.bak "/$word/{N;d;}" "$file"; done
  rm -f "$file.bak"
}

# add_item TEXT [PATH]
add_item() {
  printf -- '- [ ] %s\n      @erin, due 2026-05-01\n' "$1" >>"${2:-$file}"
}

# dropped [ARGUMENT...]: "PATH:LINE MESSAGE" of each item that pm check reports as dropped.
dropped() {
  { pm check --rule action-dropped -f json "$@" || [ $? -eq 1 ]; } | perl -MJSON::PP -e '
    binmode STDOUT, ":encoding(UTF-8)";
    for (@{decode_json(do { local $/; <STDIN> })->{findings}}) {
      die "not before\n" unless $_->{before};
      print "$_->{path}:$_->{line} $_->{message}\n";
    }'
}

a1="$file:35 action item PM-0001#A1 was not resolved, and it is gone"
a2="$file:37 action item 2 was not resolved, and it is gone"

@test "a deleted line is told where it stood, in the worktree and staged" {
  drop A1
  same "$a1" "$(dropped)"
  same '' "$(dropped --staged)"
  git add -A
  same "$a1" "$(dropped --staged)"
  same "$a1" "$(dropped)"
  run -1 pm check
  [[ $output == *"$file:35:14 (before): error: action item PM-0001#A1 was not resolved, and it is gone [action-dropped]
    35 | - [ ] **A1** Add a second resolver
       |              ^^^^^^^^^^^^^^^^^^^^^"* ]]
}

@test "what is staged counts, not what the worktree still has" {
  cp "$file" kept
  drop lookups
  git add -A
  cp kept "$file" && rm kept
  same "$a2" "$(dropped --staged)"
  same '' "$(dropped)"
}

@test "a range names the item that a commit message may name" {
  drop A1 lookups
  commit 'tidy up'
  same "$a1
$a2" "$(dropped HEAD~1..HEAD)"
  run -1 pm check HEAD~1..
  [[ $output == *"keep the item, with \`won't do: reason\` at its end; or write in a commit message: \`Action-Dropped: PM-0001#A1 reason\`"* ]]
  [[ $output == *"\`Action-Dropped: $file#2 reason\`"* ]]
}

@test "done, or decided against, is not dropped" {
  sed -i.bak -e 's/\[ \] \*\*A1/[x] **A1/' -e "s/@bob.*/@bob, won't do: covered elsewhere/" "$file"
  rm "$file.bak"
  same '' "$(dropped)"
  commit 'say so'
  drop A1 lookups
  commit 'and tidy up later'
  same '' "$(dropped HEAD~1..)"
  same "$a1
$a2" "$(dropped HEAD~2..)" # only the outcome counts, and it does not say so
}

@test "a deleted document takes its promises with it: in the worktree, staged, in a range" {
  rm "$file"
  same "$file:35 this action item was not resolved, and its document is gone
$file:37 this action item was not resolved, and its document is gone" "$(dropped)"
  git add -A
  same 2 "$(dropped --staged | wc -l | tr -d ' ')"
  run -1 pm check --staged
  [[ $output == *"$file:35:14 (before): error: 2 action items were not resolved, and their document is gone [action-dropped]"* ]]
  git commit -q -m 'clean up'
  run -1 pm check HEAD~1..HEAD
  [[ $output == *"\`Action-Dropped: PM-0001 reason\`"* ]]
}

@test "a document that the schema no longer takes for one" {
  mkdir notes
  git mv "$file" notes/dns.md
  same "$file:35 this action item was not resolved, and the schema no longer takes its document for a postmortem" \
    "$(dropped | head -1)"
  mv notes/dns.md notes/2026-01-02-dns.md
  same 2 "$(dropped | grep -c 'no longer takes')"
  commit 'move it away'
  same 2 "$(dropped HEAD~1.. | grep -c 'no longer takes')"
}

@test "a document that is renamed and edited keeps its promises" {
  git mv "$file" postmortems/dns.md
  add_item 'Move the zone' postmortems/dns.md
  same '' "$(dropped)"
  git add -A
  same '' "$(dropped --staged)"
  file=postmortems/dns.md
  drop A1
  same "postmortems/2026-01-02-dns.md:35 action item PM-0001#A1 was not resolved, and it is gone" "$(dropped)"
}

@test "an item that goes to another document is not dropped, in one step or in two" {
  outage postmortems/2026-01-09-mail.md <<'MD'
- [ ] Add a second resolver
      @alice, due 2026-02-01
MD
  commit 'the mail outage has it too'
  drop A1
  same '' "$(dropped)"
  commit 'so it goes here'
  same '' "$(dropped HEAD~2..)"
  drop lookups
  outage postmortems/2026-01-10-web.md <<'MD'
- [ ] Alert on failed lookups
      @bob, due 2026-02-10
MD
  same '' "$(dropped)"
}

@test "the same words, long since in another document, are another promise" {
  outage postmortems/2026-01-09-mail.md <<'MD'
- [ ] Add a second resolver
      @alice, due 2026-02-01
MD
  commit 'the mail outage'
  git commit -q --allow-empty -m 'something else'
  drop A1
  same "$a1" "$(dropped)"
}

@test "only the outcome of a range counts" {
  drop A1
  commit 'drop it'
  git revert --no-edit HEAD >/dev/null
  same '' "$(dropped HEAD~2..)"
  add_item 'Buy a bigger machine'
  commit 'an idea'
  drop bigger
  commit 'never mind'
  same '' "$(dropped HEAD~2..)"
  same "$file:40 action item 4 was not resolved, and it is gone" "$(dropped HEAD~1..)"
}

@test "what was reworded little by little between is the same item" {
  sed -i.bak 's/Alert on failed lookups/Alert on failed lookups of names/' "$file" && commit one
  sed -i.bak 's/Alert on failed lookups of names/Page us on failed resolution of names/' "$file" && commit two
  sed -i.bak 's/Page us on failed resolution of names/Page us when resolution of hosts degrades/' "$file" && commit three
  sed -i.bak 's/      @bob, due 2026-02-10/      @frank, due 2026-06-01/' "$file" && commit four
  same '' "$(dropped HEAD~4..)"
}

@test "a version between that cannot be read says nothing" {
  cp "$file" kept
  sed -i.bak -e 's/^status:/status: "/' -e '/A1/,$d' "$file" && rm "$file.bak"
  commit 'broken'
  cp kept "$file" && rm kept
  commit 'mended'
  same '' "$(dropped HEAD~2..HEAD~1)"
  same '' "$(dropped HEAD~1..)"
  drop A1
  commit 'and dropped'
  same "$a1" "$(dropped HEAD~3..)"
  same "$a1" "$(dropped HEAD~1..)"
}

@test "what could be read before a broken version is still owed after it" {
  cp "$file" kept
  sed -i.bak 's/^status:/status: "/' "$file" && rm "$file.bak"
  commit 'broken'
  git commit -q --allow-empty -m 'later'
  cp kept "$file" && rm kept
  drop A1
  same "$a1" "$(dropped)"
}

@test "a draft may drop what it never promised" {
  outage postmortems/2026-03-01-draft.md 'status: draft' <<'MD'
- [ ] Rewrite everything
      @alice, due 2026-04-01
MD
  commit 'a draft'
  git commit -q --allow-empty -m 'later'
  sed -i.bak '/everything/,$d' postmortems/2026-03-01-draft.md && rm postmortems/*.bak
  same '' "$(dropped)"
  rm postmortems/2026-03-01-draft.md
  same '' "$(dropped)"
}

@test "to call it a draft again does not undo a promise" {
  git commit -q --allow-empty -m 'later'
  sed -i.bak 's/^status: published/status: draft/' "$file" && rm "$file.bak"
  commit 'a draft again'
  git commit -q --allow-empty -m 'later'
  drop A1
  same "$a1" "$(dropped)"
}

@test "nor does it when the draft has another name" {
  git commit -q --allow-empty -m 'later'
  sed -i.bak 's/^status: published/status: draft/' "$file" && rm "$file.bak"
  git mv "$file" postmortems/dns.md
  commit 'a draft again'
  git commit -q --allow-empty -m 'later'
  file=postmortems/dns.md
  drop A1
  same "$file:35 action item PM-0001#A1 was not resolved, and it is gone" "$(dropped)"
}

@test "a merge answers in its range for what its branch dropped, the base's own drops are not its" {
  git checkout -q -b topic
  add_item 'Move the zone'
  commit 'one more'
  git checkout -q main
  drop A1
  commit 'dropped on main'
  same '' "$(dropped main..topic)"
  git checkout -q topic
  drop lookups
  commit 'dropped on topic'
  same "$a2" "$(dropped main..topic)"
  same "$a2" "$(dropped main...topic)"
}

@test "a merge that is being committed answers only for what differs from every parent" {
  git checkout -q -b topic
  drop A1
  commit 'dropped on topic'
  git checkout -q main
  sed -i.bak 's/2026-02-10/2026-03-10/' "$file" && rm "$file.bak"
  commit 'more time'
  git merge -q --no-commit topic >/dev/null
  same '' "$(dropped --staged)"
  same '' "$(dropped)"
  drop lookups
  git add -A
  same "$a2" "$(dropped --staged)"
  same "$a2" "$(dropped)"
  git commit -q -m 'an evil merge'
  same "$a1
$a2" "$(dropped HEAD~1..)"
}

@test "a merge that is being committed answers for going back to what both sides started from" {
  git branch topic
  add_item 'Move the zone' && commit 'a promise on main'
  outage postmortems/2026-01-09-new.md <<<'- [ ] Look at it @alice, due 2026-05-01' && commit 'another'
  git checkout -q topic
  git commit -q --allow-empty -m 'topic goes on'
  git checkout -q main
  git merge -q --no-commit -s ours topic >/dev/null
  same '' "$(dropped --staged)"
  git checkout -q topic -- "$file"
  git rm -q postmortems/2026-01-09-new.md
  dropped=$(dropped --staged)
  same 2 "$(wc -l <<<"$dropped" | tr -d ' ')"
  same "$dropped" "$(dropped)"
  git commit -q -m 'an evil merge'
  same "$dropped" "$(dropped HEAD~1..)"
}

@test "what stands between conflict markers is not gone" {
  outage "$file" 'id: PM-0001' <<'MD'
| ID | Action | Owner | Due |
|---|---|---|---|
| A1 | Add a second resolver | alice | 2026-02-01 |
| A2 | Alert on failed lookups | bob | 2026-02-10 |
| A3 | Write a runbook | carol | 2026-02-10 |
MD
  commit 'a table'
  perl -pi -e 's/(.*A1.*\n)/<<<<<<< HEAD\n$1=======\n$1>>>>>>> main\n/' "$file"
  run -1 pm check
  [[ $output == *'[conflict-marker]'* && $output != *'[action-dropped]'* ]]
}

@test "a conflict that is resolved to the side that dropped it is that side's" {
  git checkout -q -b topic
  drop lookups
  commit 'dropped on topic'
  git checkout -q main
  sed -i.bak 's/2026-02-10/2026-03-10/' "$file" && rm "$file.bak"
  commit 'more time'
  run ! git merge -q topic
  git checkout -q --theirs "$file"
  git add -A
  same '' "$(dropped --staged)"
}

@test "a document that one side deleted" {
  git checkout -q -b topic
  git rm -q "$file"
  git commit -q -m 'deleted on topic'
  git checkout -q main
  git commit -q --allow-empty -m 'main goes on'
  git merge -q --no-commit topic >/dev/null
  same '' "$(dropped --staged)"
  git commit -q -m merged
  same 2 "$(dropped HEAD~1.. | wc -l | tr -d ' ')"
}

@test "an octopus" {
  for branch in one two; do
    git checkout -q -b $branch main
    outage postmortems/2026-01-09-$branch.md <<<"- [ ] Look at $branch @alice, due 2026-05-01"
    commit "$branch"
  done
  drop A1
  commit 'and drop one'
  git checkout -q main
  git merge -q -m octopus one two
  same "$a1" "$(dropped HEAD~1..)"
  git reset -q --hard HEAD~1
  git merge -q --no-commit one two >/dev/null
  same '' "$(dropped --staged)"
}

@test "a squashed branch" {
  git checkout -q -b topic
  add_item 'Move the zone' && commit one
  drop A1 && commit two
  git checkout -q main
  git merge -q --squash topic >/dev/null
  same "$a1" "$(dropped --staged)"
}

@test "a criss-cross" {
  git checkout -q -b topic
  add_item 'Move the zone' && commit topic1
  git checkout -q main
  outage postmortems/2026-01-09-mail.md <<<'- [ ] Look at it @alice, due 2026-05-01' && commit main1
  git branch old-main
  git merge -q -m main2 topic
  git checkout -q topic
  git merge -q -m topic2 old-main
  drop A1 && commit topic3
  same "$a1" "$(dropped main..topic)"
}

@test "a rewind, an unrelated history, an empty repository drop nothing" {
  add_item 'Move the zone' && commit one
  same '' "$(dropped HEAD..HEAD~1)"
  git checkout -q --orphan other
  git rm -rq . && outage postmortems/2026-01-09-mail.md <<<'- [ ] Look @alice, due 2026-05-01'
  same '' "$(dropped --staged)"
  commit other
  same '' "$(dropped main..other)"
  new_repo ../empty
  outage postmortems/2026-01-09-mail.md <<<'- [ ] Look @alice, due 2026-05-01'
  same '' "$(dropped)"
}

@test "a shallow clone knows enough" {
  drop A1 && commit 'drop it'
  git clone -q --depth 2 "file://$PWD" ../shallow
  cd ../shallow
  same "$a1" "$(dropped HEAD~1..)"
  drop lookups
  same "$file:35 action item 1 was not resolved, and it is gone" "$(dropped)"
}

@test "a trailer with a reason accepts it" {
  drop A1 lookups
  git add -A
  git commit -q -m 'Tidy up

Action-Dropped: pm-0001#A1 the vendor has two now'
  same "$a2" "$(dropped HEAD~1..)"
  git commit -q --allow-empty -m "Accept it

action-dropped: $file#2
  nobody looks at it
Signed-off-by: Ada <ada@example.org>"
  same '' "$(dropped HEAD~2..)"
  same "$a2" "$(dropped HEAD~2..HEAD~1)"
}

@test "the log tells the reason that a trailer gave" {
  drop A1 lookups
  git add -A
  git commit -q -m "Tidy up

Action-Dropped: $file#2 nobody looks at it"
  run -0 pm actions log 'PM-0001#2'
  [[ $output == *'dropped, bob, due 2026-02-10: nobody looks at it'* ]]
  same 'nobody looks at it' "$(pm actions log 'PM-0001#2' -f json | json action.reason)"
  run -0 pm actions log 'PM-0001#A1'
  [[ $output == *$'dropped, alice, due 2026-02-01\n'* ]]
  same 'PM-0001#2 nobody looks at it
PM-0001#A1' "$(pm actions dropped:yes --sort due --reverse --format '%(ref) %(reason)' | sed 's/ $//')"
  run -0 pm actions diff HEAD~1.. -f markdown
  [[ $output == *'Alert on failed lookups — was open; its line is gone: nobody looks at it ('* ]]
  run -0 pm index --verify
  git revert --no-edit HEAD >/dev/null
  same '' "$(pm actions --format '%(reason)')"
}

@test "a reason that was given on a branch, or in its merge, is as good" {
  git checkout -q -b topic
  drop lookups
  commit "Tidy up

Action-Dropped: $file#2 nobody looks at it"
  git checkout -q main
  commit_file README <<<'for a merge'
  git merge -q --no-commit --no-ff topic
  drop A1
  git add -A
  git commit -q -m "Merge

Action-Dropped: PM-0001#A1 the vendor has two"
  git rm -q "$file"
  git commit -q --allow-empty -m "Action-Dropped: PM-0001 not asked: all are resolved"
  same 'PM-0001#A1 the vendor has two
PM-0001#2 nobody looks at it' "$(pm actions dropped:yes --format '%(ref) %(reason)')"
}

@test "a trailer survives squashing" {
  drop A1 lookups
  git add -A
  git commit -q -m "Squashed commit of the following:

commit 1234
    Tidy up

    Action-Dropped: PM-0001#A1 the vendor has two now

* another

Action-Dropped: $file:2 nobody looks at it

Co-authored-by: Bob <bob@example.org>"
  same '' "$(dropped HEAD~1..)"
}

@test "a trailer without a reason, or of another item, does not" {
  drop A1
  git add -A
  git commit -q -m 'Tidy up

Action-Dropped: PM-0001#A1'
  same "$a1" "$(dropped HEAD~1..)"
  run -1 pm check HEAD~1..
  [[ $output == *"write the reason behind \`Action-Dropped: PM-0001#A1\`"* ]]
  git commit -q --amend -m 'Tidy up

Action-Dropped: PM-0001#A2 wrong
Action-Dropped: PM-0001#1 the number of the ledger
Action-Dropped: PM-0001 the document is there
The word Action-Dropped: PM-0001#A1 in a sentence'
  same "$a1" "$(dropped HEAD~1..)"
}

@test "a trailer for a whole document" {
  git rm -q "$file"
  git commit -q -m "Clean up

Action-Dropped: $file was a rehearsal"
  same '' "$(dropped HEAD~1..)"
}

@test "a line of the baseline accepts it" {
  drop A1 lookups
  mkdir .pm
  printf 'action-dropped\t%s\tadd a second resolver\n' "$file" >.pm/baseline
  same "$a2" "$(dropped)"
  commit 'tidy up'
  same "$a2" "$(dropped HEAD~1..)"
}

@test "names with blanks and umlauts" {
  local name='postmortems/Größe und Zeit.md'
  outage "$name" <<<'- [ ] Look at it @alice, due 2026-05-01'
  commit one
  sed -i.bak '/Look at it/d' "$name" && rm postmortems/*.bak
  same "$name:34 action item 1 was not resolved, and it is gone" "$(dropped)"
  git commit -q -a -m "Clean up

Action-Dropped: $name#1 it was looked at"
  same '' "$(dropped HEAD~1..)"
}

@test "a secret that stood there is not shown" {
  add_item "Revoke AKIA2J4X5W6Q7Z3MNRTV"
  git add -A && git commit -q -m secret
  drop Revoke
  run -1 pm check
  [[ $output == *'action item 4 was not resolved'* ]]
  [[ $output != *2J4X5W6Q7Z3* ]]
}

@test "the schema says how bad it is" {
  drop A1
  echo 'rules: {action-dropped: warning}' | write_file .pm/schema.yaml
  run -0 pm check
  [[ $output == *"(before): warning: action item PM-0001#A1"* ]]
  echo 'rules: {action-dropped: off}' | write_file .pm/schema.yaml
  run -0 pm check
  [[ $output != *PM-0001#A1* ]]
}

@test "what hosts show stands at no line of the new document" {
  drop A1
  run -1 pm check -f github
  [[ $output == *"::error file=$file,title=action-dropped::line 35 before the change: action item PM-0001#A1"* ]]
  run -1 pm check -f sarif
  same 1 "$(json runs.0.results.0.locations.0.physicalLocation.region.startLine <<<"$output")"
}

@test "everything but the change itself drops nothing" {
  drop A1
  same '' "$(dropped --all)"
  same '' "$(dropped "$file")"
  same '' "$(dropped HEAD)"
  run -0 --separate-stderr pm check --rule action-dropped - <"$file"
}

# The ledger, which knows all of history, is asked about each step of real ones.
each_step() {
  local commit gate ledger
  mkdir -p .pm
  cp "$root/contrib/schemas/$1.yaml" .pm/schema.yaml
  git add -A && git commit -q -m schema
  for commit in $(git rev-list --first-parent HEAD | awk 'NR % 5 == 1'); do
    git rev-parse -q --verify "$commit~1" >/dev/null || continue
    gate=$(dropped "$commit~1..$commit" | wc -l)
    ledger=$(pm actions diff "$commit~1..$commit" -f jsonl | grep -c '"event":"dropped"' || true)
    [ "$gate" -eq "$ledger" ] || { echo "$commit: $gate, by the ledger $ledger"; return 1; }
  done
}

@test "the gate and the ledger agree on dfds" { corpus dfds && each_step dfds; }
@test "the gate and the ledger agree on mybinder" { corpus mybinder && each_step mybinder; }
@test "the gate and the ledger agree on alt" { corpus alt && each_step alt; }

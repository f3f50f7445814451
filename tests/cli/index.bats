#!/usr/bin/env bats
# The cache: deleting it changes no answer, damage of any kind is nobody's problem, and nothing is
# left lying about.

load ../lib/helper

# postmortem NAME STATE TEXT: one document with an item.
postmortem() {
  write_file "postmortems/$1.md" <<MD
---
status: review
severity: sev2
causes: [config/typo]
---
# Outage $1

## Summary

The $1 of everything.

## Action items

- [$2] **A1** $3, @alice, due 2026-04-01
- [ ] **A2** Watch $1, @bob
MD
}

# A history of a dozen commits.
history() {
  new_repo "${1:-repo}"
  for i in 1 2 3 4 5 6; do
    on "2026-01-0$i"
    postmortem "2026-01-0$i-outage" ' ' "Repair number $i"
    git add . && git commit -q -m "open $i"
    postmortem "2026-01-0$i-outage" x "Repair number $i"
    git add . && git commit -q -m "close $i"
  done
}

# What every reading command says.
answers() {
  pm
  pm actions --all --format json
  pm actions owner:bob cause:config
  pm actions log '2026-01-03-outage#A1'
  pm search cause:config number
  pm search --format json 'owner:bob everything'
  pm show 2026-01-02-outage
}

files() {
  (cd .git/pm && ls -A | grep -v pages | tr '\n' ' ')
}

@test "deleting the cache changes no byte of any answer" {
  history
  answers >../cold
  answers >../warm
  rm -r .git/pm
  answers >../again
  cmp ../cold ../warm
  cmp ../cold ../again
  same 'ledger.sqlite lock text.sqlite ' "$(files)"
}

@test "nor does it on real postmortems" {
  for name in dfds mybinder alt; do
    (corpus "$name"
      pm actions --all --format json >../cold
      pm search timeout --format json >>../cold || [ $? = 1 ]
      pm actions --all --format json >../warm
      pm search timeout --format json >>../warm || [ $? = 1 ]
      cmp ../cold ../warm) || return 1
  done
}

@test "what is kept beside a file is never worth more than the file" {
  history
  beside=.git/pm/ledger.sqlite-pages
  pm index >/dev/null
  postmortem 2026-02-11-outage ' ' 'Repair number 30'
  git add . && git commit -q -m more
  pm actions --all --format json >../right
  [ -s "$beside" ]
  cp "$beside" ../whole
  for damage in empty short noise header other gone; do
    case $damage in
      empty) : >"$beside" ;;
      short) head -c 5000 ../whole >"$beside" ;;
      noise) printf 'XYZ' | dd of="$beside" bs=1 seek=$(($(wc -c <../whole) - 3000)) conv=notrunc status=none ;;
      header) printf 'XYZ' | dd of="$beside" bs=1 seek=17 conv=notrunc status=none ;;
      other) pm index --rebuild >/dev/null && cp ../whole "$beside" ;;
      gone) rm "$beside" ;;
    esac
    pm actions --all --format json 2>../said | cmp ../right - || { echo "$damage"; return 1; }
    [ ! -s ../said ] || { echo "$damage"; cat ../said; return 1; }
  done
  run -0 pm index --verify
}

@test "damage of every kind is repaired and never seen" {
  history
  answers >../right
  for part in ledger text; do
    file=.git/pm/$part.sqlite
    cp "$file" ../whole
    size=$(wc -c <../whole)
    for damage in empty header key short zeros noise other directory link gone; do
      rm -rf "$file"
      cp ../whole "$file"
      case $damage in
        empty) : >"$file" ;;
        header) printf 'no database at all' | dd of="$file" conv=notrunc status=none ;;
        key) pm --version | dd of="$file" bs=1 seek=$((size / 3)) conv=notrunc status=none ;;
        short) head -c $((size - 5000)) ../whole >"$file" ;;
        zeros) { head -c 4096 ../whole && head -c $((size - 4096)) /dev/zero; } >"$file" ;;
        noise) for at in $(seq 4200 4096 "$size"); do
            printf 'XYZ' | dd of="$file" bs=1 seek="$at" conv=notrunc status=none
          done ;;
        other) cp ".git/pm/$([ $part = text ] && echo ledger || echo text).sqlite" "$file" ;;
        directory) rm "$file" && mkdir "$file" ;;
        link) mv "$file" ../elsewhere && ln -s ../../../elsewhere "$file" ;;
        gone) rm "$file" ;;
      esac
      answers >../now 2>../said || { echo "$part $damage"; cat ../said; return 1; }
      cmp ../right ../now || { echo "$part $damage"; return 1; }
      [ ! -s ../said ] || { echo "$part $damage"; cat ../said; return 1; }
      if [ "$damage" != directory ]; then
        [ -f "$file" ] && [ ! -L "$file" ]
        run -0 pm index --verify
      fi
    done
    rm -rf "$file"
  done
  same 'ledger.sqlite lock text.sqlite ' "$(answers >/dev/null; files)"
}

@test "where nothing can be kept, the answers are the same" {
  history
  answers >../right
  rm -r .git/pm
  : >.git/pm
  answers >../now
  cmp ../right ../now
  rm .git/pm
  mkdir ../elsewhere
  ln -s ../../elsewhere .git/pm
  answers >../now
  cmp ../right ../now
  same '' "$(ls ../elsewhere)"
  rm .git/pm
  mkdir .git/pm
  ln -s ../../nowhere .git/pm/lock
  answers >../now
  cmp ../right ../now
  [ ! -e ../nowhere ]
  run -0 pm index
  [[ $output == *"in memory"* ]]
}

@test "a folder that may not be written, a file that may not be read" {
  [ "$(id -u)" != 0 ] || skip "root may do anything"
  history
  answers >../right
  chmod 000 .git/pm/ledger.sqlite .git/pm/text.sqlite
  answers >../now
  cmp ../right ../now
  rm -f .git/pm/*
  chmod 500 .git/pm
  answers >../now
  cmp ../right ../now
  chmod 700 .git/pm
}

@test "no space left is no error" {
  [ "$(id -u)" = 0 ] || skip "only root can mount a small file system"
  history
  answers >../right
  rm -r .git/pm
  mkdir .git/pm
  mount -t tmpfs -o size=32k none .git/pm 2>/dev/null || skip "no tmpfs here"
  answers >../now || { umount .git/pm; return 1; }
  left=$(files)
  umount .git/pm
  cmp ../right ../now
  same 'lock ' "$left"
}

@test "a bare repository has one, too" {
  history
  cd ..
  git clone -q --bare repo bare.git
  cd bare.git
  pm actions --all >../cold
  pm actions --all >../warm
  cmp ../cold ../warm
  [ -f pm/ledger.sqlite ]
  run -0 pm index --verify
}

@test "a repository of somebody else is not written to" {
  [ "$(id -u)" = 0 ] || skip "only root can give files away"
  history
  answers >../right
  rm -r .git/pm
  chown -R 1 .
  git config --global safe.directory '*'
  answers >../now
  cmp ../right ../now
  [ ! -e .git/pm ]
}

@test "killed at any moment, the next command is right" {
  history
  pm actions --all --format json >../right
  pm search number --format json >>../right
  rounds=24
  [ -z "${PM_LONG:-}" ] || rounds=300
  for i in $(seq 1 "$rounds"); do
    if [ $((i % 3)) = 0 ]; then rm -f .git/pm/*.sqlite; else git commit -q --allow-empty -m again; fi
    (exec pm actions --all >/dev/null 2>&1) & first=$!
    (exec pm search number >/dev/null 2>&1) & second=$!
    perl -e "select undef, undef, undef, $((i * 7919 % 23)) / 1000"
    kill -KILL "$first" "$second" 2>/dev/null || :
    wait "$first" "$second" 2>/dev/null || :
    { pm actions --all --format json; pm search number --format json; } |
      sed "s/$(git rev-parse HEAD)/TIP/" >../now
    sed "s/\"at\":\"[0-9a-f]*\"/\"at\":\"TIP\"/" ../right >../expected
    sed -i "s/\"at\": *\"[^\"]*\"/\"at\":\"TIP\"/" ../now ../expected
    cmp ../expected ../now || { echo "round $i"; diff ../expected ../now | head; return 1; }
  done
  run -0 pm index --verify
  git commit -q --allow-empty -m last
  pm index >/dev/null
  same 'ledger.sqlite lock text.sqlite ' "$(files)"
}

@test "thirty-two at once, while commits arrive: nobody fails" {
  history
  for i in $(seq 1 32); do
    (if [ $((i % 4)) = 0 ]; then worktree=--worktree; else worktree=; fi
    for k in 1 2; do
      pm actions --all --count $worktree && pm search number --count || exit 1
    done >"../out.$i" 2>"../err.$i" || echo failed >>"../err.$i") &
  done
  for i in 1 2 3 4 5 6 7 8 9; do
    postmortem "2026-02-0$i-outage" ' ' "Repair number 2$i"
    git add . && git commit -q -m "more $i"
  done
  wait
  for i in $(seq 1 32); do
    ! grep -v 'in the worktree differ' "../err.$i" || return 1
    # Never less than there was, never more than there will be: two items a postmortem.
    while read -r items && read -r found; do
      [ $((items % 2)) = 0 ] && [ "$items" -ge 12 ] && [ "$items" -le 30 ] || { echo "$items items"; return 1; }
      [ "$found" -ge 6 ] && [ "$found" -le 15 ] || { echo "$found found"; return 1; }
    done <"../out.$i"
    same 4 "$(grep -c . "../out.$i")"
  done
  run -0 pm index --verify
  same 'ledger.sqlite lock text.sqlite ' "$(files)"
}

# forge FILE OLD NEW: other text of the same length in a file of the cache, with the checksums that its
# pages then have (src/index/checked.c).
forge() {
  perl -e '
    my ($file, $old, $new) = @ARGV;
    open my $f, "+<:raw", $file or die;
    my $all = do { local $/; <$f> };
    $all =~ s/\Q$old\E/$new/ or die "$old is not there";
    use integer;
    for (my $at = 0; $at < length $all; $at += 4096) {
      my $sum = $at + 0x9e3779b97f4a7c15;
      for my $word (unpack "q511", substr $all, $at, 4088) {
        $sum = ($sum ^ $word) * 0xff51afd7ed558ccd;
        $sum ^= ($sum >> 32) & 0xffffffff;
      }
      substr $all, $at + 4088, 8, pack "q", $sum;
    }
    seek $f, 0, 0;
    print $f $all' "$@"
}

@test "pm index --verify finds a cache that is whole and wrong" {
  history
  pm index >/dev/null
  cp .git/pm/ledger.sqlite ../ledger
  forge .git/pm/ledger.sqlite 'Repair number 1' 'Repair number 1'
  cmp ../ledger .git/pm/ledger.sqlite
  run -0 pm index --verify
  forge .git/pm/ledger.sqlite 'Repair number 1' 'Despair! No. 1.'
  run -0 pm actions --all
  [[ $output == *'Despair! No. 1.'* ]]
  run -1 --separate-stderr pm index --verify
  same '' "$output"
  [[ ${stderr_lines[0]} == "pm: the cache is not what it should be ('pm index --rebuild' makes it anew)" ]]
  [[ ${stderr_lines[1]} == *"cached: item"*'Despair! No. 1.'* ]]
  [[ ${stderr_lines[2]} == *"anew:   item"*'Repair number 1'* ]]
  pm index --rebuild >/dev/null
  run -0 pm index --verify
}

@test "a clone that gets its history sees it at once" {
  history
  git clone -q --depth 3 "file://$PWD" ../shallow
  cd ../shallow
  pm actions --all --format json >../cut 2>/dev/null
  git fetch -q --unshallow
  pm actions --all --format json >../now
  (cd ../repo && pm actions --all --format json) >../right
  cmp ../right ../now
}

@test "the dump tells of words in other places" {
  history
  pm index --dump | grep ^words >../before
  same 18 "$(grep -c . ../before)" # title, facts and body of six
  sed -i 's/of everything/everything of/' postmortems/2026-01-02-outage.md
  git commit -qam 'other places'
  pm index --dump | grep ^words >../after
  run -1 diff ../before ../after
  same 'words postmortems/2026-01-02-outage.md body' "$(sed -n 's/^> //p' <<<"$output" | cut -f 1-3 | tr '\t' ' ')"
}

@test "pm index tells, rebuilds, verifies and dumps" {
  history
  run -0 pm index
  [[ ${lines[0]} == "tip "*"$(git rev-parse HEAD)" ]]
  [[ ${lines[1]} == "documents "*" 6" ]]
  [[ ${lines[2]} == "commits "*" 12" ]]
  [[ ${lines[3]} == "items "*" 12" ]]
  [[ ${lines[5]} == "ledger "*" bytes, built, $PWD/.git/pm/ledger.sqlite" ]]
  git commit -q --allow-empty -m one
  run -0 pm index --status
  [[ ${lines[5]} == *", continued, "* ]]
  pm index --dump >../continued
  run -0 pm index --rebuild
  [[ ${lines[5]} == *", built, "* ]]
  pm index --dump | cmp - ../continued
  run -0 pm index --verify
  [ -z "$output" ]
  run -2 pm index --dump --verify
  run -2 pm index now
  run -0 pm --at HEAD~3 index --verify
}

@test "without a commit there is nothing to index" {
  new_repo
  run -0 --separate-stderr pm index
  [[ $output == *"no commit yet"* ]]
  run -0 pm index --verify
  [ ! -e .git/pm ]
}

@test "before the first commit every reading command has an answer" {
  new_repo
  for command in '' actions 'actions --all --format json' 'check --all' index '--worktree actions'; do
    run -0 pm $command
  done
  run -1 pm search x
  run -2 pm show x
  run -2 pm actions log 'X#1'
}

@test "a postmortem that is gone, or broken, is still asked for its facts" {
  history
  git rm -q postmortems/2026-01-02-outage.md && git commit -q -m gone
  printf -- '---\nx: "\n---\n' >postmortems/2026-01-04-outage.md
  git commit -q -a -m broken
  same '1' "$(pm actions dropped:yes cause:config --count)"
  same '0' "$(pm actions dropped:yes cause:dns --count)"
  same '5' "$(pm actions cause:config --count 2>/dev/null)"
  # A new postmortem at the same path does not answer for the old one.
  postmortem 2026-01-02-outage ' ' 'Write something else entirely'
  sed -i 's/sev2/sev4/; s/everything/the whole wide world/; s/number/nothing of that/' postmortems/2026-01-02-outage.md
  sed -i '6,$s/.*/& (again)/' postmortems/2026-01-02-outage.md
  git add . && git commit -q -m another
  before=$(pm actions dropped:yes severity:sev2 --count 2>/dev/null)
  rm -r .git/pm
  same "$before" "$(pm actions dropped:yes severity:sev2 --count 2>/dev/null)"
}

@test "created and updated are the days of the first and the last landing" {
  history
  on 2026-03-01
  postmortem 2026-01-03-outage x 'Repair number 33'
  git commit -q -a -m again
  same 'postmortems/2026-01-03-outage.md' "$(pm search updated:2026-02-01.. -f paths)"
  same 'postmortems/2026-01-01-outage.md' "$(pm search created:..2026-01-01 -f paths)"
  same '2' "$(pm actions --all updated:2026-02-01.. --count)"
  same '0' "$(pm actions --all created:2026-02-01.. --count)"
}

@test "what is shown as a reference is found by it" {
  history
  git mv postmortems/2026-01-02-outage.md postmortems/2026-01-02-failure.md
  git commit -q -m rename
  git rm -q postmortems/2026-01-05-outage.md && git commit -q -m gone
  pm actions --all --format json >../list
  for ref in $(json actions <../list | grep -o '"ref":"[^"]*"' | cut -d'"' -f4); do
    run -0 pm actions log "$ref"
    [[ ${lines[0]} == "$ref"* ]]
  done
  run -0 pm actions log '2026-01-02-failure:A1'
  run -0 pm actions log '2026-01-02-failure#1'
  run -0 pm actions log 'postmortems/2026-01-05-outage.md#a2'
}

@test "a tag that the taxonomy does not list is found wherever it is a part" {
  history
  for at in 1 2 3; do
    sed -i "s,causes: .*,causes: [$(echo a/rust rust/b xrust | cut -d' ' -f$at)]," "postmortems/2026-01-0$at-outage.md"
  done
  git commit -q -a -m tags
  same 'postmortems/2026-01-02-outage.md
postmortems/2026-01-01-outage.md' "$(pm search cause:rust -f paths)"
  same 'postmortems/2026-01-01-outage.md' "$(pm search cause:a/rust -f paths)"
  same 4 "$(pm search 'cause:rust,xrust OR 2026-01-06' --count)"
}

@test "another shallow file is another history" {
  history
  pm actions --all --format json >../whole
  git rev-parse HEAD~1 >../shallow
  export GIT_SHALLOW_FILE=$PWD/../shallow
  pm actions --all --format json >../cut 2>/dev/null
  pm index --rebuild >/dev/null 2>&1
  pm actions --all --format json >../right 2>/dev/null
  cmp ../right ../cut
  ! cmp -s ../whole ../cut || false
}

@test "an index without documents goes on to some that come, and go" {
  new_repo
  git commit -q --allow-empty -m nothing
  run -1 pm search dns
  [ -e .git/pm/text.sqlite ]
  for name in a b c; do
    echo "# Outage $name" | write_file postmortems/2026-01-02-$name.md
  done
  git add . && git commit -q -m three
  same 3 "$(pm search --count)"
  git rm -q postmortems/2026-01-02-b.md && git commit -q -m two
  same 2 "$(pm search -f paths | wc -l)"
  run -0 pm index --verify
}

@test "a commit that changes the last postmortem and adds another is gone on to" {
  new_repo
  commit_file postmortems/2026-01-02-a.md <<<'# Outage'
  pm search outage
  echo '# Second outage' | write_file postmortems/2026-01-02-a.md
  echo '# Third outage' | write_file postmortems/2026-01-03-b.md
  git add . && git commit -q -m 'change, and add'
  same 2 "$(pm search outage --count)"
  run -0 pm index --status
  [[ ${lines[6]} == 'text '*', continued, '* ]]
  run -0 pm index --verify
}

@test "what a large commit changes is not read beside the file by every command" {
  new_repo
  commit_file postmortems/2026-01-02-a.md <<<'# Outage'
  pm actions
  for n in 1 2 3 4; do
    perl -e 'print "# Outage\n\n## Action items\n\n"; print "- [ ] repair $_ ", "pump " x 120, "\n" for 1 .. 1000' |
      write_file postmortems/2026-01-03-$n.md
  done
  git add . && git commit -q -m more
  same 4000 "$(pm actions --count)"
  [ "$(find .git/pm/ledger.sqlite -size +1000k)" ]
  run -0 pm index --verify
}

@test "a commit that changes most of a large corpus is indexed anew" {
  new_repo
  for text in first second; do
    perl -e '
      my $body = "# Outage\n\nThe $ARGV[0] text\n";
      print "commit refs/heads/main\ncommitter C <c\@example.org> 1767614400 +0000\ndata 1\nx\n",
        $ARGV[0] eq "second" ? "from refs/heads/main^0\n" : "",
        map "M 100644 inline postmortems/$_.md\ndata " . length($body) . "\n$body\n", 1 .. 1001;' "$text" | git fast-import --quiet
    same 1001 "$(pm search "$text" --count)"
  done
  same 0 "$(pm search first --count)"
  run -0 --separate-stderr pm index --status
  [[ ${lines[6]} == 'text '*', built, '* ]]
}

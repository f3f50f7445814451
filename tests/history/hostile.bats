# Histories that somebody built to make the fold slow: each took a minute or longer.

load history

in_ten_seconds() {
  perl -e 'alarm 10; exec @ARGV or die' "$@"
}

# Commits without a worktree: thousands of files take git far longer than pm. In perl, `commit` takes a
# branch, a subject, what it merges, and changes, of which `tree` makes some: postmortems/FOLDER/1.md …
# with a text for each number $n, or the folder gone.
import() {
  perl -e '
    my $mark = 0;
    sub tree {
      my ($folder, $count, $text) = @_;
      return "D postmortems/$folder\n" unless $count;
      join "", map { my $n = $_; my $t = $text =~ s/\$n/$n/gr;
        "M 100644 inline postmortems/$folder/$n.md\ndata " . length($t) . "\n$t\n" } 1 .. $count;
    }
    sub commit {
      my ($branch, $subject, $merged, @changes) = @_;
      print "commit refs/heads/$branch\nmark :", ++$mark, "\ncommitter C <c\@example.org> 1767614400 +0000\n",
        "data ", length $subject, "\n$subject\n", $merged ? "$merged\n" : "", @changes, "\n";
    }'"$1" | git fast-import --quiet
}

@test "a merge that moves thousands of postmortems and edits them is told soon" {
  import '
    my $text = "# Outage \$n\n\nIt was down.\n\n## Action items\n\n- [ ] repair pump \$n\n";
    commit("main", "all", "", tree(2025, 6000, $text));
    commit("side", "moved and done", "from :1", tree(2025), tree(2026, 6000, $text =~ s/\[ \]/[x]/r));
    commit("main", "merged", "merge :2", tree(2025), tree(2026, 6000, $text =~ s/\[ \]/[x]/r));'
  in_ten_seconds pm actions --all --format jsonl >told
  same 6000 "$(grep -c '"state":"done"' told)"
}

@test "thousands of postmortems that share an id are told soon" {
  import '
    my $head = "---\nid: X-1\n---\n";
    commit("main", "all", "", tree(2025, 8000, "$head# Outage \$n\n\n## Action items\n\n- [ ] repair pump \$n\n"));
    commit("main", "none", "", tree(2025));
    commit("main", "others", "", tree(2026, 8000, "$head# Breach \$n\n\nNobody knows.\n"));'
  in_ten_seconds pm actions --all --format jsonl >told
  same 8000 "$(grep -c '"state":"dropped"' told)"
}

# Seconds of the processor: for each id, for each document that loses one, and for each finding all
# others were looked at.
@test "tens of thousands of postmortems that get the id of one are judged soon" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  import '
    my $text = "# Outage \$n\n\n## Action items\n\n- [ ] repair pump \$n\n";
    commit("main", "all", "", tree(2025, 40000, "---\nid: X-\$n\n---\n$text"));
    commit("main", "one", "", tree(2025, 40000, "---\nid: X-1\n---\n$text"));'
  ulimit -t 10
  run -1 --separate-stderr pm check HEAD~1..HEAD
  [[ $output == *'39999 postmortems checked: '* ]]
  same 40000 "$(pm actions --count)"
}

@test "thousands of items that come and go are told soon" {
  for round in {1..25}; do
    perl -e '$r = shift; print "- [ ] a$_-$r b$_-$r c$_-$r\n" for 1 .. 600' "$round" |
      document pumps.md
    change "new $round"
    document pumps.md </dev/null
    change "none $round"
  done
  run -0 in_ten_seconds pm actions --all --limit 1 --format json
  same $((25 * 600)) "$(json total <<<"$output")"
}

@test "an item of one word again and again is told soon" {
  perl -e '$long = "xa " x 20000; print "- [ ] ${long}x\n- [ ] $long$long$long${long}xa\n"' | document words.md
  change 'opened'
  perl -e '$long = "xa " x 20000; print "- [ ] $long$long$long${long}xa\n"' | document words.md
  change 'dropped'
  run -0 in_ten_seconds pm actions --all --format jsonl
  same 2 "${#lines[@]}"
}

@test "thousands of reasons for thousands of dropped items are told soon" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  import '
    my $items = join "", map "- [ ] **A$_** pump $_\n", 1 .. 1000;
    my $reasons = join "", map "Action-Dropped: X-$_#A1 it is gone\n", 1 .. 10000;
    commit("main", "all", "", tree(2025, 40, "# Outage \$n\n\n## Action items\n\n$items"));
    commit("main", "none\n\n$reasons", "", tree(2025));'
  in_ten_seconds pm actions --all --count >told
  same 40000 "$(cat told)"
}

@test "reasons for dropped items that are too many are told" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  import '
    my $items = join "", map "- [ ] **A$_** pump $_\n", 1 .. 1000;
    my $reasons = join "", map "Action-Dropped: X-$_#A1 it is gone\n", 1 .. 1002;
    commit("main", "all", "", tree(2025, 10, "# Outage \$n\n\n## Action items\n\n$items"));
    commit("main", "none\n\n$reasons", "", tree(2025, 10, "# Outage \$n\n"));'
  run -1 --separate-stderr in_ten_seconds pm check HEAD~1..HEAD
  [[ $stderr == *'too many reasons for dropped items: 10000000 times'* ]]
}

@test "a folder of thousands of drafts that was renamed is looked back at soon" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  import '
    my $text = "---\nid: D-\$n\nstatus: draft\n---\n# Outage \$n\n\nIt was down \$n times.\n\n## Action items\n\n- [ ] repair pump \$n\n";
    commit("main", "all", "", tree(2025, 3000, $text));
    commit("main", "renamed", "", tree(2025), tree(2026, 3000, "$text\nOne.\n"));
    commit("main", "edited", "", tree(2026, 3000, "$text\nTwo.\n"));
    commit("main", "emptied", "", tree(2026, 3000, $text =~ s/- \[ \].*//r));'
  in_ten_seconds pm check HEAD~1..HEAD >told || [ $? -eq 1 ]
}

@test "what hundreds of renamed drafts had promised is looked for in each" {
  import '
    my $text = "---\nid: D-\$n\n---\n# Outage \$n\n\nIt was down \$n times.\n\n## Action items\n\n- [ ] repair pump \$n\n";
    my $draft = $text =~ s/\n---/\nstatus: draft\n---/r;
    commit("main", "all", "", tree(2025, 400, $text));
    commit("main", "drafts", "", tree(2025, 400, $draft));
    commit("main", "renamed", "", tree(2025), tree(2026, 400, "$draft\nOne.\n"));
    commit("main", "edited", "", tree(2026, 400, "$draft\nTwo.\n"));
    commit("main", "emptied", "", tree(2026, 400, $draft =~ s/- \[ \].*//r));'
  run -1 pm check HEAD~1..HEAD --format json
  same 400 "$(grep -o '"rule": *"action-dropped"' <<<"$output" | wc -l)"
}

@test "items that say the same words at another length, in another order, are told soon" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  perl -e 'for $i (0 .. 999) { print "- [ ] ", join(" ", map "w" . ($i * 7 + $_ * 11) % 61, 1 .. 60), "\n" }' >short
  perl -e 'for $i (0 .. 999) { print "- [ ] ", join(" ", map({ "w" . ($i * 3 + $_ * 7) % 61 } 1 .. 61), map("x$_", 1 .. 95)), "\n" }' >long
  for round in {1..8}; do
    document words.md <short
    change "short $round"
    document words.md <long
    change "long $round"
  done
  run -0 in_ten_seconds pm actions --all --count
}

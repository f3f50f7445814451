# Histories that somebody built to make the fold slow: each took a minute or longer.

load history

in_ten_seconds() {
  perl -e 'alarm 10; exec @ARGV or die' "$@"
}

# Postmortems postmortems/$1/1.md … of $2 as perl's $text for each number $n.
postmortems() {
  mkdir -p "postmortems/$1"
  perl -e '($folder, $count, $text) = @ARGV;
    for $n (1 .. $count) {
      open F, ">", "postmortems/$folder/$n.md"; print F eval qq{"$text"}; close F;
    }' "$1" "$2" "$3"
}

@test "a merge that moves thousands of postmortems and edits them is told soon" {
  postmortems 2025 6000 '# Outage $n\n\nIt was down.\n\n## Action items\n\n- [ ] repair pump $n\n'
  change 'all'
  branch side
  rm -r postmortems/2025
  postmortems 2026 6000 '# Outage $n\n\nIt was down.\n\n## Action items\n\n- [x] repair pump $n\n'
  change 'moved and done'
  git checkout -q main
  merge side 'merged'
  run -0 in_ten_seconds pm actions --all --format jsonl
  same 6000 "$(grep -c '"state":"done"' <<<"$output")"
}

@test "thousands of postmortems that share an id are told soon" {
  postmortems 2025 8000 '---\nid: X-1\n---\n# Outage $n\n\n## Action items\n\n- [ ] repair pump $n\n'
  change 'all'
  rm -r postmortems/2025
  change 'none'
  postmortems 2026 8000 '---\nid: X-1\n---\n# Breach $n\n\nNobody knows.\n'
  change 'others'
  run -0 in_ten_seconds pm actions --all --format jsonl
  same 8000 "$(grep -c '"state":"dropped"' <<<"$output")"
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

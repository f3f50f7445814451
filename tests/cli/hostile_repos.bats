#!/usr/bin/env bats
# Repositories that somebody made to hurt: every command has an answer or one sentence, and comes back.

load ../lib/helper
load postmortems

commands=('' 'check --all' 'check HEAD' 'check --all --fix --dry-run' 'check --staged' 'search resolver' 'actions --all'
  'actions --worktree' 'actions log PM-0001#A1' 'show PM-0001' tags schema 'new Another' init 'index --rebuild' 'index --verify'
  'tags rename change/config change/other' 'check --all --write-baseline')

setup() {
  sandbox
  history_repo
}

# comes_back [ARGUMENTS...]: an exit code of pm's own; with 2, one sentence and perhaps what to do.
comes_back() {
  local code=0
  timeout 60 pm "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || code=$?
  if [ "$code" -gt 2 ] || { [ "$code" = 2 ] && ! grep -q '^pm: ' "$BATS_TEST_TMPDIR/err"; }; then
    echo "pm $*: exit $code"
    head -n 5 "$BATS_TEST_TMPDIR/err"
    return 1
  fi
}

# at_most MEGABYTES: what is run from here on has so much memory; a sanitizer and valgrind take more than
# there is, and have it.
at_most() {
  [ -n "${MEMCHECK:-}" ] || nm "$PM" 2>/dev/null | grep -qE '__[at]san_init' || ulimit -v "$(($1 * 1000))"
}

all_come_back() {
  for arguments in "${commands[@]}"; do comes_back $arguments; done
  printf '%040d %s refs/heads/topic\n' 0 "$(git rev-parse HEAD)" >"$BATS_TEST_TMPDIR/pushed"
  run timeout 60 pm hook run pre-receive <"$BATS_TEST_TMPDIR/pushed"
  [ "$status" -le 2 ]
}

# commit_tree: a commit of the tree that mktree makes of standard input, checked out nowhere.
commit_tree() {
  git update-ref HEAD "$(git commit-tree -p HEAD -m tree "$(git mktree -z --missing)")"
}

# tree_entry MODE TYPE OBJECT NAME
tree_entry() {
  printf '%s %s %s\t%s\0' "$@"
}

@test "links as documents, as .pm, as folders on the way" {
  printf 'secret\n' >"$BATS_TEST_TMPDIR/outside.md"
  mkdir "$BATS_TEST_TMPDIR/pm"
  printf 'version: 1\ndocuments: ["**"]\n' >"$BATS_TEST_TMPDIR/pm/schema.yaml"
  ln -s "$BATS_TEST_TMPDIR/outside.md" postmortems/link.md
  ln -s link.md postmortems/again.md
  ln -s loop.md postmortems/loop.md
  ln -s /dev/zero postmortems/zero.md
  ln -s "$BATS_TEST_TMPDIR" postmortems/folder
  ln -s ../postmortems postmortems/self
  ln -s "$BATS_TEST_TMPDIR/pm" .pm
  commit links
  before=$(find "$BATS_TEST_TMPDIR/pm" "$BATS_TEST_TMPDIR/outside.md" -type f -exec cksum {} +)
  all_come_back
  same "$before" "$(find "$BATS_TEST_TMPDIR/pm" "$BATS_TEST_TMPDIR/outside.md" -type f -exec cksum {} +)"
  run --separate-stderr pm search secret --count
  same 0 "$output"
}

@test "submodules and folders that are named like documents" {
  mkdir -p postmortems/2026-03-03-folder.md
  echo '# A' >postmortems/2026-03-03-folder.md/a.md
  git add .
  git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),postmortems/2026-03-04-sub.md"
  git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),.pm"
  git commit -q -m modules
  all_come_back
}

@test "names that are no names: newlines, '..', 4,096 bytes, no UTF-8, two cases of one" {
  blob=$(git rev-parse HEAD:postmortems/2026-01-02-dns.md)
  deep=$(printf 'd%.0s' $(seq 1 4096))
  folder=$({
    tree_entry 100644 blob "$blob" $'a\nb.md'
    tree_entry 100644 blob "$blob" 2026-01-02-DNS.md
    tree_entry 100644 blob "$blob" 2026-01-02-dns.md
    tree_entry 100644 blob "$blob" "$deep.md"
    tree_entry 100644 blob "$blob" $'\xff\xfe.md'
    tree_entry 100644 blob "$blob" $'\e[31m\xe2\x80\xae.md'
    tree_entry 120000 blob "$blob" link.md
  } | git mktree -z)
  for name in . .. .git '' PostMortems 'a\b'; do
    # mktree refuses what no tree may hold: such a tree comes from elsewhere.
    perl -e 'print "40000 $ARGV[0]\0", pack("H*", $ARGV[1]), "40000 postmortems\0", pack("H*", $ARGV[1])' "$name" "$folder" >../tree
    tree=$(git hash-object -w -t tree --literally ../tree)
    git update-ref HEAD "$(git commit-tree -p HEAD -m 'odd names' "$tree")"
    comes_back check HEAD
    comes_back search resolver
    comes_back actions --all
    comes_back show PM-0001
    comes_back check HEAD~1..HEAD
  done
  all_come_back
  [ ! -e ../2026-01-02-dns.md ]
}

@test "alternates, replace refs, grafts" {
  pm actions --all >../right
  git replace HEAD "$(git commit-tree -m other HEAD^{tree})"
  git replace HEAD~1:postmortems/2026-01-02-dns.md "$(echo '# Other' | git hash-object -w --stdin)"
  git --no-replace-objects rev-parse HEAD >.git/info/grafts
  rm -rf .git/pm
  pm actions --all >../now
  cmp ../right ../now
  all_come_back
  printf '%s\n' /nowhere "$PWD/.git/objects" '"\' relative '# comment' >.git/objects/info/alternates
  all_come_back
  (cd .. && git clone -q --shared history borrowed && cd borrowed && rm -rf ../history/.git/objects/?? && all_come_back)
}

@test "a commit with 300 parents" {
  tree=$(git rev-parse HEAD^{tree})
  parents=$(for i in $(seq 1 300); do
    printf 'commit refs/heads/p%d\ncommitter A <a@example.org> %d +0000\ndata 1\nx\nfrom %s\n\n' "$i" "$((1768000000 + i))" "$(git rev-parse HEAD)"
  done | git fast-import --quiet && git for-each-ref --format='-p %(objectname)' 'refs/heads/p*')
  git update-ref HEAD "$(git commit-tree $parents -m many "$tree")"
  all_come_back
}

# 10 trees of 100 entries, each the next one: more paths than there are atoms.
@test "a tree that unfolds to more than the world holds" {
  [ -n "${PM_LONG:-}" ] || skip 'takes a minute: PM_LONG=1'
  entry=$(git rev-parse HEAD:postmortems/2026-01-02-dns.md)
  tree=$(for i in $(seq 100 199); do tree_entry 100644 blob "$entry" "$i.md"; done | git mktree -z)
  for level in $(seq 1 9); do
    tree=$(for i in $(seq 100 199); do tree_entry 040000 tree "$tree" "$i"; done | git mktree -z)
  done
  tree_entry 040000 tree "$tree" postmortems | commit_tree
  for arguments in 'check HEAD' 'search resolver' 'actions --all' 'show PM-0001'; do
    comes_back $arguments
    grep -q 'more than 5000000 entries' "$BATS_TEST_TMPDIR/err" || { echo "$arguments"; cat "$BATS_TEST_TMPDIR/err"; return 1; }
  done
}

@test "a tree with a million entries" {
  [ -n "${PM_LONG:-}" ] || skip 'takes a minute: PM_LONG=1'
  entry=$(git rev-parse HEAD:postmortems/2026-01-02-dns.md)
  for kind in txt md; do # others, and documents
    perl -e '$id = pack "H*", $ARGV[0]; printf "100644 %07d.%s\0%s", $_, $ARGV[1], $id for 1 .. 1e6' "$entry" "$kind" >../tree
    tree_entry 040000 tree "$(git hash-object -w -t tree ../tree)" postmortems | commit_tree
    for arguments in 'check HEAD' 'search resolver' 'actions --all' 'check HEAD~1..HEAD' 'show PM-0001' 'index --rebuild'; do
      comes_back $arguments
      [ "$kind" = txt ] || grep -qE 'at most (100000 are read at once|500000 are followed)' "$BATS_TEST_TMPDIR/err" || { cat "$BATS_TEST_TMPDIR/err"; return 1; }
    done
    git reset -q --soft HEAD~1
  done
}

# 100 folders of 100 of 60 files, and nothing, again and again: none of these commits is held whole.
@test "commits that change more documents than there are, one after the other" {
  [ -n "${PM_LONG:-}" ] || skip 'limits memory: PM_LONG=1'
  entry=$(git rev-parse HEAD:postmortems/2026-01-02-dns.md)
  tree=$(for i in $(seq 100 159); do tree_entry 100644 blob "$entry" "$i.md"; done | git mktree -z)
  for level in 1 2; do
    tree=$(for i in $(seq 100 199); do tree_entry 040000 tree "$tree" "$i"; done | git mktree -z)
  done
  for round in $(seq 10); do
    tree_entry 040000 tree "$tree" postmortems | commit_tree
    commit_tree </dev/null
  done
  at_most 600
  comes_back actions --all
  grep -q 'at most 500000 are followed' "$BATS_TEST_TMPDIR/err"
}

# 100 folders of 100 of 40 files, this way and that: each commit would be followed, not 26 of them.
@test "a history of commits that change very many documents each" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  for text in one two; do
    entry=$(printf '# Outage\n\n- [ ] repair pump %s\n' "$text" | git hash-object -w --stdin)
    tree=$(for i in $(seq 100 139); do tree_entry 100644 blob "$entry" "$i.md"; done | git mktree -z)
    for level in 1 2; do
      tree=$(for i in $(seq 100 199); do tree_entry 040000 tree "$tree" "$i"; done | git mktree -z)
    done
    trees+=("$(tree_entry 040000 tree "$tree" postmortems | git mktree -z)")
  done
  for round in $(seq 13); do
    for tree in "${trees[@]}"; do
      git update-ref HEAD "$(git commit-tree -p HEAD -m "$round" "$tree")"
    done
  done
  comes_back actions --all
  grep -q 'at most 10000000 changes are followed' "$BATS_TEST_TMPDIR/err"
}

@test "a commit of ten million action items is not followed" {
  entry=$(perl -e 'print "# Outage\n\n## Action items\n\n", map "- [ ] repair pump $_\n", 1 .. 1000' | git hash-object -w --stdin)
  tree=$(for i in $(seq 100 200); do tree_entry 100644 blob "$entry" "$i.md"; done | git mktree -z)
  tree=$(for i in $(seq 100 199); do tree_entry 040000 tree "$tree" "$i"; done | git mktree -z)
  tree_entry 040000 tree "$tree" postmortems | commit_tree
  at_most 600
  comes_back actions --all
  grep -q 'at most 10000000 documents, items and events are followed' "$BATS_TEST_TMPDIR/err"
}

@test "a commit that changes 600 documents of a megabyte each" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  pm search resolver --count
  entry=$({ printf '# Outage\n\n'; perl -e 'print "<!-- ", "nobody reads this " x 7, "-->\n" for 1 .. 7600'; } | git hash-object -w --stdin)
  for i in $(seq 100 699); do tree_entry 100644 blob "$entry" "$i.md"; done | git mktree -z >../folder
  tree_entry 040000 tree "$(cat ../folder)" postmortems | commit_tree
  at_most 600
  run -0 --separate-stderr pm search outage --count
  same 600 "$output"
}

@test "links into folders of six million files" {
  [ -n "${PM_LONG:-}" ] || skip 'takes a minute: PM_LONG=1'
  entry=$(git rev-parse HEAD:postmortems/2026-01-02-dns.md)
  for i in $(seq 7); do
    perl -e '$id = pack "H*", $ARGV[0]; printf "100644 %07d.c\0%s", $_, $id for 1 .. 1e6 - $ARGV[1]' "$entry" "$i" >../tree
    tree_entry 040000 tree "$(git hash-object -w -t tree ../tree)" "code$i"
  done >../folders
  link=$({ printf '# Outage\n\n'; printf '[x](../code%d/gone.md)\n' {1..7}; } | git hash-object -w --stdin)
  rules=$(tree_entry 100644 blob "$(printf 'version: 1\ndocuments: [postmortems/*.md]\n' | git hash-object -w --stdin)" schema.yaml | git mktree -z)
  folder=$(tree_entry 100644 blob "$link" 2026-03-03-links.md | git mktree -z)
  { tree_entry 040000 tree "$rules" .pm; cat ../folders; } | commit_tree
  { tree_entry 040000 tree "$rules" .pm; cat ../folders; tree_entry 040000 tree "$folder" postmortems; } | commit_tree
  run -1 --separate-stderr pm check --info HEAD~1..HEAD
  [[ $output == *"'../code6/gone.md'"*'[broken-link]'* ]]
  [[ $output != *"'../code7/gone.md'"* ]]
  [[ $stderr == *'have more than 5000000 entries'* ]]
}

# Two gigabytes of zeros, which git keeps in two megabytes: as a document, as rules, as names.
@test "a blob of two gigabytes is not read" {
  [ -n "${PM_LONG:-}" ] || skip 'takes a minute: PM_LONG=1'
  truncate -s 2200000000 ../zeros
  zeros=$(git hash-object -w --no-filters ../zeros)
  folder=$(git ls-tree -z HEAD:postmortems | { cat; tree_entry 100644 blob "$zeros" zeros.md; } | git mktree -z)
  rules=$(tree_entry 100644 blob "$zeros" schema.yaml | git mktree -z)
  { tree_entry 100644 blob "$zeros" .mailmap; tree_entry 040000 tree "$rules" .pm; tree_entry 040000 tree "$folder" postmortems; } | commit_tree
  mv ../zeros postmortems/zeros.md
  at_most 1000
  all_come_back
  run pm check HEAD
  [[ $output == *'zeros.md:1:1: error: the document has more than 1048576 bytes'* ]]
}

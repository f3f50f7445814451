#!/usr/bin/env bats
# What git keeps, damaged: objects, packs, refs, the files beside them. pm says what is wrong, soon, and
# whoever asks again once it is mended gets the old answer.

load ../lib/helper
load postmortems

setup_file() {
  BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/setup sandbox
  history_repo
  printf '# Two\n' >postmortems/2026-03-05-two.md
  commit two
  chmod -R u+w .git
  cp -R "$PWD" "$BATS_FILE_TMPDIR/history"
}

setup() {
  sandbox
  cp -R "$BATS_FILE_TMPDIR/history" history
  cd history
}

# soon COMMAND...: a command that hangs is a failure.
soon() {
  perl -e 'alarm 20; exec @ARGV or die' "$@"
}

# says SENTENCE ARGUMENTS...: exit 2, and that sentence alone.
says() {
  run -2 --separate-stderr soon pm "${@:2}"
  same "pm: $1" "$stderr"
}

# told ARGUMENTS...: an answer, or exit 2 and a sentence.
told() {
  local code=0
  soon pm "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || code=$?
  [ "$code" -le 1 ] || { [ "$code" = 2 ] && grep -q '^pm: ' "$BATS_TEST_TMPDIR/err"; } ||
    { echo "pm $*: exit $code"; cat "$BATS_TEST_TMPDIR/err"; return 1; }
}

# path_of REVISION: of its loose object.
path_of() {
  git rev-parse "$1" | sed 's,^..,.git/objects/&/,'
}

# damage FILE PERL: $_ is what the file holds.
damage() {
  perl -0777 -pi -e "$2" "$1"
}

@test "a loose object that is cut short, changed, or empty is told to be corrupt" {
  for victim in HEAD HEAD^{tree} HEAD:postmortems HEAD:postmortems/2026-01-02-dns.md HEAD~2; do
    id=$(git rev-parse "$victim")
    file=$(path_of "$victim")
    cp "$file" ../object
    for how in '$_ = ""' '$_ = substr $_, 0, 2' '$_ = substr $_, 0, 20' '$_ = substr $_, 0, -3' \
      'substr($_, length($_) / 2, 1) ^= "\x55"' 'substr($_, -1) ^= "\x01"' '$_ = "text\n"'; do
      damage "$file" "$how"
      rm -rf .git/pm
      says "object $id is corrupt" actions --all
      cp ../object "$file"
    done
  done
  told check HEAD~1..HEAD
  soon pm actions --all | grep -q A3
}

@test "a name that leads to a corrupt object is told to" {
  damage "$(path_of HEAD)" '$_ = substr $_, 0, 20'
  says "'HEAD~1' leads to an object that is corrupt" check HEAD~1..HEAD
  says "'main' leads to an object that is corrupt" check main
}

@test "a loose object that lies about its kind or size is corrupt, and takes no memory" {
  id=$(git rev-parse HEAD:postmortems)
  file=$(path_of HEAD:postmortems)
  for text in 'tree 999999\0abc' 'tree 9223372036854775807\0abc' 'tree 2\0abc' 'tree -1\0abc' 'tree\0abc' 'tree 3abc' \
    'tree 3 \0abc' 'tr 3\0abc' ' 3\0abc' '3\0abc' 'ofs-delta 3\0abc' 'tree 00000000000000000000000000000000003\0abc'; do
    perl -MCompress::Zlib -e 'print compress(eval "\"$ARGV[0]\"")' "$text" >"$file"
    says "object $id is corrupt" search resolver || { echo "$text"; return 1; }
  done
  perl -MCompress::Zlib -e 'print compress("blob 3\0abc")' >"$file"
  says "object $id is not a tree" search resolver
}

@test "an object that is missing is named" {
  for victim in HEAD HEAD~1 HEAD^{tree} HEAD:postmortems HEAD:postmortems/2026-01-02-dns.md; do
    id=$(git rev-parse "$victim")
    file=$(path_of "$victim")
    mv "$file" ../object
    rm -rf .git/pm
    says "object $id is missing from the repository" actions --all
    told check HEAD~1..HEAD
    [[ $victim != *:* ]] || says "object $id is missing from the repository" check HEAD
    mv ../object "$file"
  done
}

@test "packs, their indexes, the commit-graph, packed refs, damaged anywhere" {
  git repack -q -a -d
  git multi-pack-index write 2>/dev/null
  git commit-graph write 2>/dev/null
  git pack-refs --all
  chmod -R u+w .git
  soon pm actions --all >../right
  for file in .git/objects/pack/*.pack .git/objects/pack/*.idx .git/objects/pack/multi-pack-index \
    .git/objects/info/commit-graph .git/packed-refs; do
    cp "$file" ../file
    for how in '$_ = ""' '$_ = substr $_, 0, 9' '$_ = substr $_, 0, 100' '$_ = substr $_, 0, length($_) / 2' \
      '$_ = substr $_, 0, -1' 'srand 1; substr($_, rand length, 1) ^= "\x55" for 1 .. 4' \
      'srand 2; substr($_, rand length, 1) ^= "\x81" for 1 .. 40' 's/[^\0]/\xff/g'; do
      damage "$file" "$how"
      rm -rf .git/pm
      told actions --all
      told check HEAD~1..HEAD
      cp ../file "$file"
    done
    rm "$file"
    told actions --all
    cp ../file "$file"
  done
  rm -rf .git/pm
  soon pm actions --all >../now
  cmp ../right ../now
}

@test "refs that are garbage, lead nowhere, in circles, or outside" {
  cp -R .git ../git
  while read -r file text; do
    printf "$text" >".git/$file"
    for arguments in 'check --all' 'check HEAD' 'search resolver' 'actions diff main~1..main' 'new X' 'hook run pre-receive'; do
      told $arguments || { echo "$file: $text"; return 1; }
    done
    rm -rf .git
    cp -R ../git .git
  done <<'REFS'
HEAD ref: refs/heads/nowhere\n
HEAD ref: HEAD\n
HEAD garbage\n
HEAD
HEAD ref: ../../../../etc/passwd\n
HEAD ref: refs/heads/\033[31m\n
refs/heads/main garbage\n
refs/heads/main
refs/heads/main ref: HEAD\n
refs/heads/main 0123456789012345678901234567890123456789\n
refs/heads/other garbage\n
packed-refs \0\001garbage
shallow garbage\n
index garbage\n
config [core\n
REFS
  ! grep -r $'\e' "$BATS_TEST_TMPDIR/err" "$BATS_TEST_TMPDIR/out"
}

@test "HEAD that leads in circles is told to" {
  echo 'ref: refs/heads/a' >.git/refs/heads/main
  echo 'ref: refs/heads/main' >.git/refs/heads/a
  run -2 --separate-stderr soon pm actions
  [[ $stderr == 'pm: cannot read HEAD: '* ]]
}

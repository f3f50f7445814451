#!/usr/bin/env bats
# Where the machine is against it: no space, nothing writable, no home, few descriptors, odd clocks and
# locales, an end at any moment. What happens when single calls fail is in tests/faults.

load ../lib/helper
load postmortems

readers=('' 'check --all' 'search resolver' 'search resolver --format json' 'actions --all' 'actions log PM-0001#A1'
  'show PM-0001' tags schema 'explain time-order' 'complete -- sh' 'check --staged')
writers=('check --all --fix' 'check --all --write-baseline' 'new Another' init 'tags rename change/config change/setting' 'hook install')

# What every command says that writes nothing. Their exit codes too.
answers() {
  for arguments in "${readers[@]}"; do
    local code=0
    timeout 60 pm $arguments 2>&1 || code=$?
    [ "$code" -lt 2 ] || echo "pm $arguments: exit $code"
  done
}

# refused ARGUMENTS...: exit 2, and one sentence.
refused() {
  run -2 --separate-stderr timeout 60 pm "$@"
  [[ $stderr == 'pm: '* && $stderr != *$'\n'* ]] || { echo "pm $*: $stderr"; return 1; }
}

# A repository in which every writer has something to write.
unfinished() {
  history_repo
  printf -- '---\nid: PM-0002\nstatus: review\n---\n# Two\n\n## Summary\n\nOne.\n' | write_file postmortems/2026-02-02-two.md
  printf 'version: 1\ntags:\n  change:\n    tags: {config: A value}\n' | write_file .pm/tags.yaml
  commit 'another'
}

# small_disk SIZE: a file system of that size, with a clone of the repository on it, and goes there.
small_disk() {
  [ "$(id -u)" = 0 ] || skip 'only root can mount a small file system'
  mkdir "$BATS_TEST_TMPDIR/disk"
  mount -t tmpfs -o size="$1" none "$BATS_TEST_TMPDIR/disk" 2>/dev/null || skip 'no tmpfs here'
  git clone -q --template= . "$BATS_TEST_TMPDIR/disk/repo"
  mkdir -p "$BATS_TEST_TMPDIR/disk/repo/.git/hooks"
  cd "$BATS_TEST_TMPDIR/disk/repo"
}

teardown() {
  cd /
  umount "$BATS_TEST_TMPDIR/disk" 2>/dev/null || :
}

@test "a full disk: the answers are the same, what cannot be written stays as it was" {
  unfinished
  small_disk 2m
  answers >"$BATS_TEST_TMPDIR/right"
  rm -rf .git/pm
  cat /dev/zero >../rest 2>/dev/null || :
  answers >"$BATS_TEST_TMPDIR/now"
  cmp "$BATS_TEST_TMPDIR/right" "$BATS_TEST_TMPDIR/now"
  for arguments in "${writers[@]}"; do refused $arguments; done
  rm ../rest
  same '' "$(git status --porcelain --ignored; ls -A .git/hooks)"
}

@test "a disk that may only be read: the same" {
  unfinished
  small_disk 2m
  answers >"$BATS_TEST_TMPDIR/right"
  rm -rf .git/pm
  mount -o remount,ro "$BATS_TEST_TMPDIR/disk"
  answers >"$BATS_TEST_TMPDIR/now"
  cmp "$BATS_TEST_TMPDIR/right" "$BATS_TEST_TMPDIR/now"
  for arguments in "${writers[@]}"; do refused $arguments; done
  same '' "$(git status --porcelain --ignored; ls -A .git/hooks)"
}

@test "without a home, with another locale, with 64 descriptors: the same answers" {
  unfinished
  for i in $(seq 1 30); do postmortem "postmortems/$i/$i.md" "Number $i" <<<'- None: a test'; done
  commit many
  answers >../right
  rm -rf .git/pm
  (unset HOME XDG_CONFIG_HOME XDG_CACHE_HOME GIT_CONFIG_GLOBAL && answers) >../now
  cmp ../right ../now
  for locale in tr_TR.UTF-8 no_SUCH.locale; do
    rm -rf .git/pm
    LC_ALL=$locale answers >../now
    cmp ../right ../now || { echo "$locale"; return 1; }
  done
  rm -rf .git/pm
  (ulimit -n 64 && answers) >../now
  cmp ../right ../now
}

@test "the clock stands at 1970, and at 2100" {
  unfinished
  export GIT_AUTHOR_DATE='@0 +0000' GIT_COMMITTER_DATE='@0 +0000'
  sed -i.bak 's/2026-03-01/1970-01-01/' postmortems/2026-01-02-dns.md && rm postmortems/*.bak
  commit 'long ago'
  export GIT_AUTHOR_DATE='@4102444800 +1400' GIT_COMMITTER_DATE='@4102444800 -1200'
  sed -i.bak 's/Write a runbook/Write a book/' postmortems/2026-01-02-dns.md && rm postmortems/*.bak
  commit 'far ahead'
  for PM_NOW in 0 1970-01-01T00:00:00Z 4102444800 2100-01-01T00:00:00Z 253402300799; do
    run ! grep -F 'exit ' <(answers)
    run -0 pm actions --all --format json
    same 4 "$(json total <<<"$output")"
  done
  run -0 pm actions overdue:yes --count
  same 1 "$output"
  PM_NOW=0 run -0 pm actions overdue:yes --count
  same 0 "$output"
}

@test "closed standard files: an answer, or a sentence" {
  unfinished
  for arguments in 'check --all' 'actions --all' "${writers[@]}" 'hook run pre-receive' index; do
    for closed in '<&-' '<&- >&- 2>&-'; do
      git checkout -q . && git clean -q -fd && rm -f .git/hooks/*
      code=0
      eval "timeout 60 pm $arguments $closed" >/dev/null 2>&1 </dev/null || code=$?
      [ "$code" -le 2 ] || { echo "pm $arguments $closed: exit $code"; return 1; }
    done
  done
}

@test "ended at any moment, each document is the old one or the new one" {
  unfinished
  cp -R postmortems ../old
  pm check --all --fix >/dev/null 2>&1 || :
  cp -R postmortems ../new
  run ! cmp -s ../old/2026-02-02-two.md ../new/2026-02-02-two.md
  for i in $(seq 1 12); do
    cp ../old/* postmortems
    (exec pm check --all --fix >/dev/null 2>&1) & pid=$!
    perl -e "select undef, undef, undef, $((i * 7919 % 23)) / 1000"
    kill -$((i % 2 ? 9 : 2)) "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :
    for document in postmortems/*.md; do
      cmp -s "$document" "../old/${document##*/}" || cmp "$document" "../new/${document##*/}"
    done
  done
  pm check --all --fix >/dev/null 2>&1 || :
  rm -f postmortems/.pm-*
  diff -r ../new postmortems
}

@test "a gate that is ended at any moment lets nothing pass" {
  unfinished
  printf '%040d %s refs/heads/main\n' 0 "$(git rev-parse HEAD)" >../pushed
  git reset -q --hard HEAD~1
  run -1 pm hook run pre-receive <../pushed
  for i in $(seq 1 12); do
    (exec pm hook run pre-receive <../pushed >/dev/null 2>&1) & pid=$!
    perl -e "select undef, undef, undef, $((i * 7919 % 13)) / 1000"
    kill -$((i % 2 ? 9 : 2)) "$pid" 2>/dev/null || :
    code=0
    wait "$pid" 2>/dev/null || code=$?
    [ "$code" != 0 ] || { echo "round $i"; return 1; }
  done
}

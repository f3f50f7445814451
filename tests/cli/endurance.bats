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

# What pm says must not end up in a file that it opened as its standard output.
@test "closed standard files: an answer, or a sentence, and the same files" {
  unfinished
  state() { git status --porcelain --ignored; cat postmortems/*/*/* postmortems/*.md .pm/* .git/hooks/* 2>/dev/null || :; }
  for arguments in 'check --all' 'actions --all' "${writers[@]}" 'hook run pre-receive' index; do
    for closed in '' '<&-' '<&- >&- 2>&-'; do
      git checkout -q . && git clean -q -fd && rm -rf .git/hooks/* .git/pm
      code=0
      eval "timeout 60 pm $arguments $closed" >/dev/null 2>&1 </dev/null || code=$?
      [ "$code" -le 2 ] || { echo "pm $arguments $closed: exit $code"; return 1; }
      [ -n "$closed" ] || state >../right
      cmp ../right <(state) || { echo "pm $arguments $closed"; return 1; }
    done
  done
}

# ended ROUNDS COMMAND...: the command is run to see what it makes of the files, and for how long; then it is
# killed, or interrupted, at moments all over that time. Each file has to be the old one or the new one,
# the next answer right, and what is run again is done.
ended() {
  perl -e '
    use File::Find; use Time::HiRes qw(time sleep);
    sub bytes { open my $in, "<:raw", $_[0] or die "$_[0]: $!"; local $/; <$in> // "" }
    sub files {
      my %files;
      find({no_chdir => 1, wanted => sub { $files{$_} = bytes($_) if -f }}, grep -d, qw(postmortems .pm .git/hooks));
      \%files;
    }
    sub restore {
      my ($old, $now) = ($_[0], files());
      unlink $_ for grep !exists $old->{$_}, keys %$now;
      for my $path (grep { ($now->{$_} // "") ne $old->{$_} } keys %$old) {
        open my $out, ">:raw", $path; print $out $old->{$path}; close $out;
      }
      unlink glob ".git/pm/*";
    }
    sub start {
      my $pid = fork;
      return $pid if $pid;
      open $_, "+<", "/dev/null" for *STDIN, *STDOUT, *STDERR;
      exec "pm", @_;
    }
    my ($rounds, @command) = @ARGV;
    my $right = `pm actions --all 2>/dev/null`;
    unlink glob ".git/pm/*";
    my $old = files();
    my $began = time;
    waitpid start(@command), 0;
    die "@command: $?" if $? >> 8 > 1;
    my ($took, $new) = (time - $began, files());
    for my $round (0 .. $rounds - 1) {
      restore($old);
      my $pid = start(@command);
      sleep $took * ($round + 0.5) / $rounds;
      kill $round % 2 ? "INT" : "KILL", $pid;
      waitpid $pid, 0;
      my $now = files();
      for my $path (keys %{{%$now, %$old, %$new}}) {
        my ($is, $was, $becomes) = map $_->{$path} // "", $now, $old, $new;
        next if $is eq $was || $is eq $becomes || $path =~ m{/\.pm-\d+-\d+\.tmp$};
        die "@command, round $round: $path is neither the old file nor the new one:\n$is";
      }
      $right eq `pm actions --all 2>/dev/null` or die "@command, round $round: another answer";
    }
    restore($old);
    waitpid start(@command), 0;
    my $now = files();
    join("\0", %$now{sort keys %$now}) eq join("\0", %$new{sort keys %$new}) or die "@command: the last run";
    restore($old);
  ' "$@"
}

@test "ended at any moment, each file is the old one or the new one, and the next answer is right" {
  unfinished
  ended 8 check --all --fix
  ended 8 check --all --write-baseline
  ended 8 new Another
  ended 8 tags rename change/config change/setting
  ended 8 index --rebuild
  ended 6 hook install
  rm -r .pm
  ended 6 init
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

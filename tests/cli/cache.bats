# The cache changes no answer, and what history says agrees with the tree.
load ../lib/helper
load postmortems

# answers: what the reading commands print, with their exit codes.
answers() {
  local arguments ref
  for arguments in '' 'search' 'search timeout' 'search -f json cause:config' 'search -f paths the' 'actions' \
    'actions --all -f json' 'actions --all --sort slips' 'actions --count overdue:yes'; do
    echo "pm $arguments"
    pm $arguments 2>&1 || echo "exit $?"
  done
  while IFS= read -r path; do
    pm show "$path" 2>&1
    pm show -f json "$path" 2>&1
  done < <(pm search -f paths -n 3 2>/dev/null)
  while IFS= read -r ref; do
    pm actions log "$ref" 2>&1
  done < <(pm actions --all -f json -n 3 2>/dev/null | sed -n 's/^ *"ref": "\(.*\)",$/\1/p')
}

# The answers with a cold cache, a warm one, and none to keep are the same bytes.
same_without_cache() {
  rm -rf .git/pm
  answers >cold
  answers >warm
  [ -d .git/pm ]
  rm -rf .git/pm
  answers >again
  cmp cold warm
  cmp cold again
  rm -f cold warm again
}

# agrees: pm actions --all lists for each document exactly the items that pm show finds in it where there
# is no history: text, state, owners, due date, line. pm show reads all documents for each: a dozen of them,
# evenly, are asked for; PM_LONG=1 asks for every one.
agrees() {
  local alone=$BATS_TEST_TMPDIR/alone
  rm -rf "$alone"
  git init -q "$alone"
  git archive HEAD | tar -xf - -C "$alone"
  pm actions --all -f jsonl | perl -MJSON::PP -e '
    my %gone = map { $_ => 1 } qw(dropped withdrawn moved folded cleared);
    my $json = JSON::PP->new->utf8->canonical;
    sub key { my $i = shift; $json->encode([@$i{qw(text state owners due line tracker type priority)}]) }
    my %history;
    while (<STDIN>) {
      my $i = $json->decode($_);
      push @{$history{$i->{path}}}, key($i) unless $gone{$i->{state}};
    }
    chdir shift or die;
    open my $paths, "-|", qw(pm search -f jsonl --worktree) or die;
    my @paths = map { $json->decode($_)->{path} } <$paths>;
    my $n = 0; $n += @{$history{$_} || []} for @paths;
    my %is_path = map { $_ => 1 } @paths;
    $is_path{$_} or die "$_: has items and is no document\n" for keys %history;
    my $step = $ENV{PM_LONG} || @paths < 12 ? 1 : @paths / 12;
    for (my $i = 0; $i < @paths; $i += $step) {
      my $path = $paths[$i];
      open my $show, "-|", qw(pm show --worktree -f json), Encode::encode("UTF-8", $path) or die;
      my $shown = $json->decode(do { local $/; <$show> });
      my $got = join "\n", sort @{$history{$path} || []};
      my $want = join "\n", sort map { key($_) } @{$shown->{actions}};
      die "$path: history says\n$got\nthe file says\n$want\n" if $got ne $want;
    }
    print "$n items of ", scalar @paths, " documents\n";
  ' -MEncode -- "$alone"
}

@test "a small history: the same bytes with and without the cache" {
  history_repo
  same_without_cache
  same '3 items of 1 documents' "$(agrees)"
}

@test "the cache follows: a commit, a branch, another schema, going back" {
  history_repo
  before=$(pm actions --all)
  on 2026-03-01
  postmortem postmortems/2026-02-28-x.md 'Zebra' <<<'- [ ] Do it @eve, due 2026-04-01'
  commit x
  run -0 pm actions --count
  same 3 "$output"
  run -0 pm search --count zebra
  same 1 "$output"
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, actions: {authority: document}}'
  commit schema
  run -0 pm actions overdue:yes --count
  same 2 "$output"
  git reset -q --hard HEAD~2
  same "$before" "$(pm actions --all)"
  same_without_cache
}

@test "two at once agree" {
  history_repo
  rm -rf .git/pm
  pm actions --all >one & pm actions --all >two & pm search dns >/dev/null & wait
  cmp one two
}

corpus_holds() {
  corpus "$1"
  echo "$1: $(agrees)"
  mkdir .pm
  cp "$root/contrib/schemas/$1.yaml" .pm/schema.yaml
  git add .pm
  git commit -q -m schema
  same_without_cache
  agreed=$(agrees)
  echo "$1, with its schema: $agreed"
  [ "${agreed%% *}" -ge "$2" ]
}

@test "corpus dfds" {
  corpus_holds dfds 100
}

@test "corpus mybinder" {
  corpus_holds mybinder 100
}

@test "corpus alt" {
  [ -n "${PM_LONG:-}" ] || skip 'takes seconds: PM_LONG=1'
  corpus_holds alt 459
}

@test "corpus jenkins-status" {
  corpus jenkins-status
  mkdir .pm
  cp "$root/contrib/schemas/jenkins-status.yaml" .pm/schema.yaml
  git add .pm
  git commit -q -m schema
  same_without_cache
  run -0 pm search --count
  same 297 "$output"
}

# Every kind of repository: pm works in it, or says in one sentence what is the matter.
load ../lib/helper
load postmortems

reading=('' 'search' 'actions' 'show PM-0001' 'check --all' 'actions log PM-0001#A1')

# refused PATTERN: every command that needs a repository is exit 2, with one sentence that has PATTERN
# and nothing on stdout.
refused() {
  local arguments
  for arguments in "${reading[@]}" 'new x' 'init' 'hook status'; do
    run -2 --separate-stderr pm $arguments
    same '' "$output"
    [[ ${stderr_lines[0]} == pm:*$1* ]] || { echo "pm $arguments: $stderr"; return 1; }
    [ "${#stderr_lines[@]}" -eq 1 ] || { echo "pm $arguments: $stderr"; return 1; }
  done
}

# works [OPTION...]: every reading command does.
works() {
  local arguments
  for arguments in "${reading[@]}"; do
    run -0 --separate-stderr pm "$@" $arguments
    [ -n "$output" ]
    same '' "$stderr"
  done
}

@test "outside of a repository" {
  refused 'is not in a git repository'
  run -2 pm -C "$BATS_TEST_TMPDIR/nowhere" search
  run -2 pm --git-dir . search
  run -0 pm help
  run -0 pm explain
}

@test "an empty repository" {
  new_repo
  run -0 --separate-stderr pm
  [[ $output == *"0  postmortems"* ]]
  [[ $stderr == *"no postmortems found"* ]]
  run -1 pm search
  run -0 pm actions
  run -0 --separate-stderr pm actions -f json
  "$root/tests/lib/conforms" actions <<<"$output"
  same null "$(json at <<<"$output")"
  run -2 pm show PM-0001
  run -2 pm actions log PM-0001#A1
  run -0 pm check
  run -0 pm check --all
  run -2 pm search --at HEAD
}

@test "an unborn branch: nothing is committed, the worktree has some" {
  new_repo
  postmortem postmortems/2026-01-02-dns.md 'DNS was gone' 'id: PM-0001' <<<'- [ ] **A1** Do it @alice, due 2026-05-01'
  run -1 --separate-stderr pm search
  [[ $stderr == *"no postmortem"* ]]
  run -0 pm search --worktree -f paths
  same postmortems/2026-01-02-dns.md "$output"
  run -0 pm show PM-0001 --worktree
  [[ $output == *"#A1   open   2026-05-01  alice  Do it"* ]]
  run -0 pm check
}

@test "bare" {
  history_repo
  git clone -q --bare . ../bare.git
  cd ../bare.git
  works
  run -2 --separate-stderr pm new x
  [[ $stderr == *"needs a worktree"* ]]
  run -2 pm init
}

@test "a linked worktree and a subfolder" {
  history_repo
  git worktree add -q ../linked -b linked
  cd ../linked
  works
  cd postmortems
  works
  run -0 pm search -f paths
  same 2026-01-02-dns.md "$output"
}

@test "the caches of worktrees on other branches do not mix" {
  history_repo
  git worktree add -q ../linked -b linked HEAD~1
  run -0 pm actions --count
  same 2 "$output"
  run -0 pm -C ../linked actions --count
  same 4 "$output"
  run -0 pm actions --count
  same 2 "$output"
}

@test "a shallow clone" {
  history_repo
  git clone -q --depth 1 "file://$PWD" ../shallow
  cd ../shallow
  run -0 pm search
  run -0 pm show PM-0001
  run -0 --separate-stderr pm actions
  [[ $stderr == "pm: this clone is shallow"* ]]
  run -0 pm
}

@test "a SHA-256 repository" {
  git init -q --object-format=sha256 repo 2>/dev/null || skip 'this git has no SHA-256'
  cd repo
  refused 'sha256'
}

@test "a missing object" {
  history_repo
  for object in "$(git rev-parse HEAD:postmortems/2026-01-02-dns.md)" "$(git rev-parse 'HEAD^{tree}')" \
    "$(git rev-parse HEAD)"; do
    cp -R . ../copy
    file=../copy/.git/objects/${object:0:2}/${object:2}
    rm -f "$file"
    for arguments in '' search actions 'show PM-0001'; do
      run -2 --separate-stderr pm -C ../copy $arguments
      same '' "$output"
      same 1 "${#stderr_lines[@]}"
      [[ $stderr == pm:* ]]
    done
    rm -rf ../copy
  done
}

@test "a damaged object" {
  history_repo
  object=$(git rev-parse HEAD:postmortems/2026-01-02-dns.md)
  file=.git/objects/${object:0:2}/${object:2}
  chmod u+w "$file"
  printf 'rubbish' >"$file"
  run -2 --separate-stderr pm search
  [[ $stderr == pm:* ]]
  run -2 pm actions
}

@test "GIT_DIR, GIT_WORK_TREE, --git-dir and -C name the repository" {
  history_repo
  here=$PWD
  cd "$BATS_TEST_TMPDIR/work"
  works -C history
  for arguments in "${reading[@]}"; do # this folder is the worktree now, as it is for git
    [ "$arguments" = 'check --all' ] || run -0 pm --git-dir history/.git $arguments
    [ "$arguments" = 'check --all' ] || GIT_DIR=history/.git run -0 pm $arguments
  done
  GIT_DIR=$here/.git GIT_WORK_TREE=$here works
  GIT_DIR=/nonexistent run -2 --separate-stderr pm search
  [[ $stderr == *nonexistent* ]]
  GIT_CEILING_DIRECTORIES=$here run -2 pm -C history/postmortems search
}

@test "global options stand before and after the command's name" {
  history_repo
  cd ..
  run -0 pm search -C history --count
  same 1 "$output"
  run -0 pm -C history actions --count --at HEAD~1
  same 4 "$output"
  run -0 pm -C history --at HEAD~1 actions --count
  same 4 "$output"
  run -2 pm -C history --at HEAD~1 -- --count
  run -0 pm -C history search --count -- dns
  run -1 pm -C history search --count -- -dns
}

@test "an unknown command or option gets a did-you-mean" {
  run -2 --separate-stderr pm serach
  same "pm: there is no command 'serach': did you mean 'search'?" "$stderr"
  run -2 --separate-stderr pm frobnicate
  same "pm: there is no command 'frobnicate': see 'pm help'" "$stderr"
  run -2 --separate-stderr pm search --formt json
  [[ $stderr == *"did you mean '--format'?"*"see 'pm help search'"* ]]
  run -2 --separate-stderr pm --wroktree search
  [[ $stderr == *"did you mean '--worktree'?"* ]]
  run -2 --separate-stderr pm search --format yaml
  [[ $stderr == *"table, paths, json, jsonl"* ]]
  run -2 pm version now
}

@test "a clock that is none is said" {
  PM_NOW=yesterday run -2 --separate-stderr pm version
  [[ $stderr == *"PM_NOW is 'yesterday'"* ]]
  history_repo
  PM_NOW=1768478400 run -0 pm actions --count overdue:yes
  same 0 "$output"
  TZ=Nowhere/Land run -0 --separate-stderr pm actions --count
  [[ $stderr == *"TZ is 'Nowhere/Land'"* ]]
}

@test "a cache that cannot be written, or is damaged, changes nothing" {
  history_repo
  pm actions --all >expected
  pm search dns >found
  for file in .git/pm/*; do printf 'rubbish' >"$file"; done
  same "$(cat expected)" "$(pm actions --all)"
  same "$(cat found)" "$(pm search dns)"
  rm -rf .git/pm
  echo 'a file' >.git/pm
  same "$(cat expected)" "$(pm actions --all)"
  same "$(cat found)" "$(pm search dns)"
  rm .git/pm
  if [ "$(id -u)" -ne 0 ]; then
    chmod a-w .git
    same "$(cat expected)" "$(pm actions --all)"
    chmod u+w .git
  fi
}

@test "inside of the git directory" {
  history_repo
  cd .git
  works
  run -2 --separate-stderr pm new x
  [[ $stderr == *"needs a worktree"*"is a git directory"* ]]
  run -2 --separate-stderr pm hook install
  [[ $stderr != *"bare repository"* ]]
}

@test "the names that other tools use lead to the command" {
  while read -r name command; do
    run -2 --separate-stderr pm "$name"
    same "pm: there is no command '$name': '$command' does that" "$stderr"
  done <<'NAMES'
list pm search
ls pm search
find pm search
grep pm search
status pm
lint pm check
log pm actions log
NAMES
}

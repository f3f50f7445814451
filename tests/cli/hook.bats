load ../lib/helper
load postmortems

setup() {
  sandbox
  new_repo
  postmortem postmortems/2026-01-02-dns.md 'DNS was gone' <<<'- None: a test'
  commit 'a postmortem'
}

# incomplete PATH: stages a postmortem that lacks nearly everything.
incomplete() {
  write_file "$1" <<<$'---\nstatus: review\n---\n# Outage\n\n## Summary\n\nDown.'
  git add -- "$1"
}

@test "install, status, uninstall" {
  run -1 pm hook status
  same 'pre-commit: not active
  .git/hooks/pre-commit: there is no such file' "$output"
  run -0 pm hook install
  [[ $output == "installed: .git/hooks/pre-commit"* ]]
  run -0 pm hook status
  same "pre-commit: active
  .git/hooks/pre-commit runs $(readlink -f "$PM")" "$output"
  run -0 pm hook install
  run -0 pm hook uninstall
  same 'removed: .git/hooks/pre-commit' "$output"
  [ ! -e .git/hooks/pre-commit ]
  run -0 pm hook uninstall
  [[ $output == 'nothing to do'* ]]
}

@test "a commit of an incomplete postmortem is rejected, and says what is missing" {
  pm hook install
  incomplete postmortems/2026-03-01-out.md
  run -1 git commit -q -m 'outage'
  [[ $output == *postmortems/2026-03-01-out.md*severity*Timeline*"Not committed. Unfinished? Set \`status: draft\`"* ]]
  run git log --oneline
  same 1 "${#lines[@]}"
}

@test "what is staged counts, not what is in the worktree" {
  pm hook install
  incomplete postmortems/2026-03-01-out.md
  postmortem postmortems/2026-03-01-out.md 'Complete now' <<<'- None: a test'
  run -1 git commit -q -m 'outage'
  git add .
  run -0 git commit -q -m 'outage'
}

@test "drafts, other files and --no-verify pass, in silence" {
  pm hook install
  write_file postmortems/2026-03-01-out.md <<<$'---\nstatus: draft\n---\n# Outage\n\n## Summary\n\nDown.'
  echo text >README.md
  git add .
  run -0 git commit -q -m 'draft'
  same '' "$output"
  incomplete postmortems/2026-03-02-out.md
  run -0 git commit -q --no-verify -m 'anyway'
  echo more >>README.md
  run -0 git commit -q -a -m 'nothing of a postmortem'
  same '' "$output"
  run -0 git rm -q postmortems/2026-03-02-out.md
  run -0 git commit -q -m 'removed'
}

@test "the hook that was there runs first, its refusal stands, and it comes back" {
  printf '#!/bin/sh\necho "before: $*" >>ran\nexit $(cat code)\n' >.git/hooks/pre-commit
  chmod +x .git/hooks/pre-commit
  cp .git/hooks/pre-commit original
  echo 0 >code
  run -0 --separate-stderr pm hook install
  [[ $stderr == *"runs first"* ]]
  run -0 pm hook install
  run -0 pm hook status
  incomplete postmortems/2026-03-01-out.md
  run -1 git commit -q -m 'outage'
  [ -s ran ]
  git rm -q --cached postmortems/2026-03-01-out.md
  echo 7 >code
  echo x >other && git add other
  run ! git commit -q -m 'refused by the other'
  run -0 pm hook uninstall
  [[ $output == *"the hook from before is back"* ]]
  cmp original .git/hooks/pre-commit
  [ ! -e .git/hooks/pre-commit.before-pm ]
}

@test "the hook that was there stays where pm's cannot be written" {
  printf '#!/bin/sh\nexit 7\n' >.git/hooks/pre-commit
  chmod +x .git/hooks/pre-commit
  run -2 bash -c "trap '' XFSZ; ulimit -f 0; pm hook install"
  [[ $output == *"cannot write"* && $output != *"is kept"* ]]
  same 'exit 7' "$(tail -n 1 .git/hooks/pre-commit)"
  [ ! -e .git/hooks/pre-commit.before-pm ]
}

@test "two hooks of others are not lost" {
  printf '#!/bin/sh\n' | tee .git/hooks/pre-commit >.git/hooks/pre-commit.before-pm
  run -2 --separate-stderr pm hook install
  [[ $stderr == *"exists already"* ]]
  same '#!/bin/sh' "$(cat .git/hooks/pre-commit)"
}

@test "where pm is gone, the hook says so and lets the commit pass" {
  mkdir "../it's here"
  cp -L "$(command -v pm)" "../it's here/pm"
  "../it's here/pm" hook install
  run -0 pm hook status
  incomplete postmortems/2026-03-01-out.md
  run -1 git commit -q -m 'outage'
  rm "../it's here/pm"
  run -1 pm hook status
  [[ $output == *"the pm that it names is gone"* ]]
  run -0 git commit -q -m 'outage'
  [[ $output == *"is gone, postmortems are not checked"* ]]
}

@test "core.hooksPath is where git looks" {
  git config core.hooksPath .githooks
  run -0 pm hook install
  [[ $output == "installed: .githooks/pre-commit"* ]]
  [ ! -e .git/hooks/pre-commit ]
  run -0 pm hook status
  incomplete postmortems/2026-03-01-out.md
  run -1 git commit -q -m 'outage'
  git config core.hooksPath "$BATS_TEST_TMPDIR/elsewhere"
  run -1 pm hook status
  run -0 pm -C postmortems hook install
  [ -x "$BATS_TEST_TMPDIR/elsewhere/pre-commit" ]
}

@test "in a linked worktree, from a subfolder" {
  git worktree add -q ../linked -b linked
  cd ../linked
  run -0 pm hook install
  run -0 pm hook status
  mkdir -p deep && cd deep
  incomplete ../postmortems/2026-03-01-out.md
  run -1 git commit -q -m 'outage'
  [[ $output == *"Not committed"* ]]
}

@test "commit -a and commit PATH are checked as they will be" {
  pm hook install
  printf -- '---\nstatus: review\n---\n# Gone\n' >postmortems/2026-01-02-dns.md
  run -1 git commit -q -a -m 'emptied'
  run -1 git commit -q -m 'emptied' postmortems/2026-01-02-dns.md
}

@test "a file that is not executable, and one that does not run pm, are not active" {
  pm hook install
  chmod -x .git/hooks/pre-commit
  run -1 pm hook status
  [[ $output == *"not executable"* ]]
  printf '#!/bin/sh\nexit 0\n' >.git/hooks/pre-commit
  chmod +x .git/hooks/pre-commit
  run -1 pm hook status
  [[ $output == *"does not run pm"* ]]
}

@test "the hook of this project's hooks/ does the same" {
  git config core.hooksPath "$root/hooks"
  run -0 pm hook status
  incomplete postmortems/2026-03-01-out.md
  run -1 git commit -q -m 'outage'
}

@test "wrong usage" {
  for arguments in '' 'instal' 'run' 'run post-commit' 'install now' 'status x'; do
    run -2 --separate-stderr pm hook $arguments
    same '' "$output"
    [[ $stderr == *"pm help hook"* ]]
  done
}

@test "status runs the hook: a pm that is named and not reached is not active" {
  printf '#!/bin/sh\nexit 0\npm hook run pre-commit\n' >.git/hooks/pre-commit
  chmod +x .git/hooks/pre-commit
  run -1 pm hook status
  [[ $output == *"git runs it, and it does not come to pm" ]]
  printf '#!/bin/sh\npm hook run pre-commit || exit 1\nexit 3\n' >.git/hooks/pre-commit
  run -0 pm hook status
  [ -z "$(ls "$TMPDIR")" ]
}

@test "status does not run the hook of others" {
  printf '#!/bin/sh\ntouch ran\n' >.git/hooks/pre-commit
  chmod +x .git/hooks/pre-commit
  run -1 pm hook status
  run -0 pm hook install
  run -0 pm hook status
  [ ! -e ran ]
}

@test "inside of a git directory, none is installed" {
  cd .git
  run -2 --separate-stderr pm hook install
  same '' "$output"
  [[ $stderr == *"start it in the worktree"* ]]
}

@test "a rejected draft is not told to become one" {
  pm hook install
  write_file postmortems/2026-03-01-out.md <<<$'---\nstatus: draft\n---\n# Outage'
  git add .
  run -1 git commit -q -m 'draft'
  [[ $output == *"Not committed."* ]]
  [[ $output != *"status: draft"* ]]
}

@test "to make it a draft is advised where that would help" {
  pm hook install
  postmortem postmortems/2026-02-01-a.md 'A' 'id: PM-1' <<<'- None: a test'
  commit 'one'
  postmortem postmortems/2026-02-02-b.md 'B' 'id: PM-1' 'status: review' <<<'- None: a test'
  git add .
  run -1 git commit -q -m 'the same id'
  [[ $output == *duplicate-id*'Not committed.'* ]]
  [[ $output != *'status: draft'* ]]
  git rm -qf postmortems/2026-02-02-b.md
  sed -i 's/^severity.*/severity: so so/' postmortems/2026-02-01-a.md
  run -1 git commit -qam 'published before'
  [[ $output != *'status: draft'* ]]
  git checkout -q .
  for front in $'---\nseverity: so so\n---\n' ''; do
    write_file postmortems/2026-02-03-c.md <<<"$front"$'# C\n\n## Summary\n\nDown.'
    git add .
    run -1 git commit -q -m 'unfinished'
    [[ $output == *'Unfinished? Set `status: draft`'* ]]
  done
}

# The gate of a server: real pushes over the file protocol, which git keeps in a quarantine meanwhile.
load ../lib/helper
load postmortems

setup() {
  sandbox
  server=$BATS_TEST_TMPDIR/server.git
  serve
}

# serve [git init's options]: a bare repository with the hook, and a clone of it with one commit.
serve() {
  git init -q --bare "$@" "$server"
  new_repo clone "$@"
  git remote add origin "$server"
  postmortem postmortems/2026-01-02-dns.md 'DNS was gone' <<<'- None: a test'
  commit 'a postmortem'
  git push -q origin main
  pm -C "$server" hook install >/dev/null
}

# incomplete PATH [STATUS]: commits a postmortem that lacks nearly everything.
incomplete() {
  write_file "$1" <<<$'---\nstatus: '"${2:-review}"$'\n---\n# Outage\n\n## Summary\n\nDown.'
  commit "incomplete ${1##*/}"
}

# unchecked ...: git push while the server has no hook.
unchecked() {
  mv "$server/hooks/pre-receive" "$BATS_TEST_TMPDIR/hook"
  git push -q "$@"
  mv "$BATS_TEST_TMPDIR/hook" "$server/hooks/pre-receive"
}

# rejected ...: git push ... is refused by the hook.
rejected() {
  run -1 git push "$@"
  [[ $output == *'pre-receive hook declined'* ]]
}

accepted() {
  run -0 git push -q "$@"
  [[ $output != *remote:* ]]
}

@test "install, status, uninstall in a bare repository" {
  git init -q --bare other.git
  cd other.git
  git config receive.denyNonFastForwards true
  before=$(git config --local --list)
  run -1 pm hook status
  same "pre-receive: not active
  $PWD/hooks/pre-receive: there is no such file" "$output"
  run -0 pm hook install
  [[ $output == "installed: $PWD/hooks/pre-receive"*'A push that adds errors'* ]]
  run -0 pm hook status
  same "pre-receive: active
  $PWD/hooks/pre-receive runs $(readlink -f "$PM")" "$output"
  run -0 pm hook uninstall
  [ ! -e hooks/pre-receive ]
  git config core.hooksPath gates
  run -0 pm hook install
  [ -x gates/pre-receive ]
  run -0 pm hook status
  git config --unset core.hooksPath
  same "$before" "$(git config --local --list)"
}

@test "a push is refused for what it adds, with ref, file and line" {
  postmortem postmortems/2026-03-01-out.md 'Out' 'started: 2026-03-01T10:00Z' 'mitigated: 2026-03-01T09:00Z' <<<'- None: a test'
  commit 'a wrong time'
  rejected origin HEAD:topic
  [[ $output == *'refs/heads/topic:'*'postmortems/2026-03-01-out.md:3:'*mitigated*time-order* ]]
  [[ $output == *'Not accepted. Unfinished? Set `status: draft`'* ]]
  run ! git -C "$server" rev-parse -q --verify topic
  ! grep $'\e' <<<"$output"
  postmortem postmortems/2026-03-01-out.md 'Out' 'started: 2026-03-01T10:00Z' 'mitigated: 2026-03-01T11:00Z' <<<'- None: a test'
  commit 'put right'
  accepted origin HEAD:topic
  same "$(git rev-parse HEAD)" "$(git -C "$server" rev-parse topic)"
}

@test "no line is wider than a terminal has columns" {
  incomplete 'postmortems/2026-03-01-with a long name of many words.md'
  rejected origin HEAD:topic
  ! grep '^remote:' <<<"$output" | sed 's/ *$//' | grep '.\{81\}'
}

@test "drafts pass, and answer for all when they are drafts no longer" {
  incomplete postmortems/2026-03-01-out.md draft
  accepted origin main
  incomplete postmortems/2026-03-01-out.md review
  rejected origin main
}

@test "what was there before is not judged again, on old branches and on new ones" {
  incomplete postmortems/2026-03-01-old.md
  unchecked origin main
  sed -i.bak 's/^Down/It was down/' postmortems/2026-03-01-old.md && rm -- */*.bak
  commit 'better words'
  accepted origin main
  postmortem postmortems/2026-03-02-new.md 'New' <<<'- None: a test'
  commit 'another'
  accepted origin HEAD:refs/heads/new
  accepted origin HEAD:refs/heads/newer
}

@test "deleting a branch, rewinding it and pushing another history over it" {
  git config --global push.default current
  postmortem postmortems/2026-03-02-new.md 'New' <<<$'- [ ] **A1** Do it\n      @alice, due 2026-04-01'
  commit 'a promise'
  accepted origin main HEAD:refs/heads/gone
  accepted origin :refs/heads/gone
  accepted -f origin HEAD~1:refs/heads/main
  git reset -q --hard HEAD~1
  incomplete postmortems/2026-03-03-bad.md
  rejected -f origin main
  git reset -q --hard HEAD~1
  postmortem postmortems/2026-03-03-good.md 'Good' <<<'- None: a test'
  commit 'another history'
  accepted -f origin main
}

@test "a promise that a push takes away is told where it stood" {
  postmortem postmortems/2026-03-02-new.md 'New' <<<$'- [ ] **A1** Do it\n      @alice, due 2026-04-01'
  commit 'a promise'
  accepted origin main
  git checkout -q -b topic
  postmortem postmortems/2026-03-02-new.md 'New' <<<'- None: a test'
  commit 'no promise'
  rejected origin topic
  [[ $output == *refs/heads/topic:*postmortems/2026-03-02-new.md:*before*action-dropped* ]]
  git commit -q --amend -m $'no promise\n\nAction-Dropped: postmortems/2026-03-02-new.md#A1 done elsewhere'
  accepted origin topic
  git checkout -q main
  postmortem postmortems/2026-03-03-good.md 'Good' <<<'- None: a test'
  commit 'good'
  accepted origin main
  git commit -q --amend --allow-empty -m 'unrelated'
  accepted -f origin main
  git rm -q postmortems/2026-03-02-new.md
  commit 'no document'
  rejected origin main
}

@test "what was taken away in a branch that is here is not taken away by its merge" {
  postmortem postmortems/2026-03-02-new.md 'New' <<<$'- [ ] **A1** Do it\n      @alice, due 2026-04-01'
  commit 'a promise'
  accepted origin main
  git checkout -q -b topic
  postmortem postmortems/2026-03-02-new.md 'New' <<<'- None: a test'
  commit 'no promise'
  unchecked origin topic
  git checkout -q main
  postmortem postmortems/2026-03-03-good.md 'Good' <<<'- None: a test'
  commit 'good'
  git merge -q --no-edit topic
  accepted origin main
}

@test "a merge that goes back to what both sides started from takes away what one of them made" {
  git checkout -q -b topic
  git commit -q --allow-empty -m 'topic goes on'
  accepted origin topic
  git checkout -q main
  postmortem postmortems/2026-03-02-new.md 'New' <<<$'- [ ] **A1** Do it\n      @alice, due 2026-04-01'
  postmortem postmortems/2026-01-02-dns.md 'DNS' <<<$'- [ ] **A2** Do it\n      @alice, due 2026-04-01'
  commit 'promises'
  accepted origin main
  git merge -q --no-commit -s ours topic >/dev/null
  git checkout -q topic -- postmortems/2026-01-02-dns.md
  git rm -q postmortems/2026-03-02-new.md
  git commit -q -m 'an evil merge'
  rejected origin main
  [[ $output == *2026-01-02-dns.md:*action-dropped*2026-03-02-new.md:*action-dropped* ]]
}

@test "tags are judged by the commit at their end" {
  incomplete postmortems/2026-03-01-out.md
  git tag light
  git tag -a -m annotated annotated
  git tag -a -m 'of a tag' nested annotated 2>/dev/null
  for tag in light annotated nested; do
    rejected origin "$tag"
    [[ $output == *"refs/tags/$tag:"*2026-03-01-out.md* ]]
  done
  git tag blob "$(git rev-parse HEAD:postmortems/2026-03-01-out.md)"
  git tag -a -m tree tree 'HEAD^{tree}'
  accepted origin blob tree
  git tag -a -m 'what is here' here HEAD~1
  accepted origin here
}

@test "many refs in one push: each document is judged once" {
  incomplete postmortems/2026-03-01-out.md
  for n in $(seq 40); do git branch "topic-$n"; done
  git tag v1
  rejected origin 'refs/heads/*:refs/heads/*' v1
  same 1 "$(grep -c '2026-03-01-out.md:' <<<"$output")"
  git checkout -q -b other HEAD~1
  incomplete postmortems/2026-03-09-other.md
  rejected origin topic-1 other
  [[ $output == *2026-03-01-out.md*2026-03-09-other.md* ]]
}

@test "one bad ref keeps all of a push out" {
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  git checkout -q -b bad
  incomplete postmortems/2026-03-01-bad.md
  rejected origin main bad
  run -0 git -C "$server" rev-parse main
  same "$(git rev-parse main~1)" "$output"
}

@test "ten thousand commits" {
  {
    echo 'reset refs/heads/long'
    echo "from $(git rev-parse HEAD)"
    for n in $(seq 10000); do
      printf 'commit refs/heads/long\ncommitter A <a@b> %d +0000\ndata 1\nx\nM 100644 inline notes.txt\ndata %d\n%s\n' \
        $((1767600000 + n)) ${#n} "$n"
    done
  } | git fast-import --quiet
  accepted origin long
  git checkout -q long
  incomplete postmortems/2026-03-01-out.md
  rejected origin long
  same 1 "$(grep -c 2026-03-01-out.md: <<<"$output")"
}

@test "a path with a colon, a quote and a blank" {
  git clone -q --bare "$server" "$BATS_TEST_TMPDIR/a:b \"c.git"
  server="$BATS_TEST_TMPDIR/a:b \"c.git"
  git remote set-url origin "$server"
  pm -C "$server" hook install
  run -0 pm -C "$server" hook status
  incomplete postmortems/2026-03-01-out.md
  rejected origin main
  [[ $output == *2026-03-01-out.md* ]]
  git reset -q --hard HEAD~1
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  accepted origin main
}

@test "objects that are borrowed from another repository" {
  git clone -q --bare --shared "$server" "$BATS_TEST_TMPDIR/fork.git"
  [ -s "$BATS_TEST_TMPDIR/fork.git/objects/info/alternates" ]
  pm -C "$BATS_TEST_TMPDIR/fork.git" hook install
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  accepted "$BATS_TEST_TMPDIR/fork.git" main
  incomplete postmortems/2026-03-01-out.md
  rejected "$BATS_TEST_TMPDIR/fork.git" main
}

@test "a repository of SHA-256: what cannot be read is not let in" {
  server=$BATS_TEST_TMPDIR/sha256.git
  git init -q --bare --object-format=sha256 "$server"
  run -2 pm -C "$server" hook install
  cp "$BATS_TEST_TMPDIR/server.git/hooks/pre-receive" "$server/hooks/"
  new_repo sha256 --object-format=sha256
  echo x | commit_file README.md
  rejected "$server" main
  [[ $output == *sha256* ]]
}

@test "a merge answers for itself, not for the branches that are here already" {
  git checkout -q -b topic
  incomplete postmortems/2026-03-01-topic.md
  unchecked origin topic
  git checkout -q main
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  accepted origin main
  git merge -q --no-edit topic
  accepted origin main
  git checkout -q -b second main
  incomplete postmortems/2026-03-03-second.md
  git checkout -q main
  git merge -q --no-edit --no-ff second
  rejected origin main
  [[ $output == *2026-03-03-second.md* && $output != *2026-03-01-topic.md* ]]
}

@test "another root shares nothing with what is here" {
  git checkout -q --orphan root
  git rm -q -rf .
  incomplete postmortems/2026-03-01-root.md
  rejected origin root
  [[ $output == *refs/heads/root:*2026-03-01-root.md* ]]
  git commit -q --amend --allow-empty -m empty && git rm -q postmortems/2026-03-01-root.md
  git commit -q --amend --allow-empty -m empty
  accepted origin root
}

@test "the first push to an empty repository" {
  git init -q --bare ../empty.git
  pm -C ../empty.git hook install
  accepted ../empty.git main
  git init -q --bare ../empty2.git
  pm -C ../empty2.git hook install
  incomplete postmortems/2026-03-01-out.md
  rejected ../empty2.git main
}

@test "notes and the refs of other tools are not judged, and make nothing judged" {
  git notes add -m 'a note'
  accepted origin refs/notes/commits
  incomplete postmortems/2026-03-01-out.md
  accepted origin HEAD:refs/meta/config HEAD:refs/hidden/x
  rejected origin main
}

@test "the rules are those of what is pushed" {
  write_file .pm/schema.yaml <<<'fields: {severity: {required: no}, started: {required: no}, detected: {required: no}, mitigated: {required: no}, causes: {required: no}}
sections: {Impact: {required: no}, Timeline: {required: no}, Action items: {required: no}}
one_of: []'
  incomplete postmortems/2026-03-01-out.md
  accepted origin main
}

@test "pm.rulesFrom: no push loosens its own gate" {
  write_file .pm/schema.yaml <<<'id: {pattern: "PM-####"}'
  commit rules
  accepted origin main
  git -C "$server" config pm.rulesFrom main
  write_file .pm/schema.yaml <<<'extends: none'
  incomplete postmortems/2026-03-01-out.md
  rejected origin HEAD:topic
  [[ $output == *2026-03-01-out.md* ]]
  git tag main HEAD
  rejected origin refs/tags/main
  git -C "$server" tag main "$(git -C "$server" rev-parse refs/heads/main)"
  rejected origin HEAD:topic
  git rm -q postmortems/2026-03-01-out.md
  commit 'other rules alone'
  accepted origin HEAD:refs/heads/main
}

@test "pm.rulesFrom: no push accepts what it adds by its own baseline" {
  git -C "$server" config pm.rulesFrom main
  write_file postmortems/2026-03-01-out.md <<<$'---\nstatus: review\n---\n# Outage\n\n## Summary\n\nDown.'
  pm check --write-baseline
  commit 'accepted by itself'
  rejected origin main
  [[ $output == *2026-03-01-out.md* ]]
  git -C "$server" config --unset pm.rulesFrom
  accepted origin main
}

@test "pm.rulesFrom: a branch that is not there" {
  git -C "$server" config pm.rulesFrom refs/heads/rules
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  rejected origin main
  [[ $output == *"pm: rejected: pm.rulesFrom is 'refs/heads/rules'"* ]]
  accepted origin main:refs/heads/rules
  accepted origin main
}

@test "a schema with mistakes is refused" {
  write_file .pm/schema.yaml <<<'fields: {severity: {requird: yes}}'
  commit rules
  rejected origin main
  [[ $output == *".pm/schema.yaml:1:21: error: unknown key 'requird'"* ]]
  git -C "$server" config pm.rulesFrom main
  rejected origin main
  [[ $output == *"unknown key 'requird'"* ]]
  write_file .pm/schema.yaml <<<'fields: ['
  commit rules
  rejected origin main
  [[ $output == *.pm/schema.yaml:* ]]
}

@test "nothing that is pushed is obeyed by the terminal of who pushes" {
  printf -- '---\nstatus: review\nstarted: \e[31msoon\xe2\x80\xae\xc2\x9b1m\n---\n# O\e]0;x\a\n' | write_file $'postmortems/a\e[31m.md'
  commit hostile
  rejected origin $'HEAD:refs/heads/\xe2\x80\xaeb'
  printf '%s\n' "$output" | grep '^remote:' >said
  same 0 "$(LC_ALL=C grep -c $'[\x01-\x08\x0b-\x1f\x7f]\|\xc2[\x80-\x9f]\|\xe2\x80\xae' said)"
}

@test "a hook that is killed, and one without memory, refuse" {
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  printf '#!/bin/sh\nkill -9 $$\n' >"$BATS_TEST_TMPDIR/killed"
  chmod +x "$BATS_TEST_TMPDIR/killed"
  sed -i.bak "s|^pm=.*|pm='$BATS_TEST_TMPDIR/killed'|" "$server/hooks/pre-receive"
  rejected origin main
  printf '#!/bin/sh\nulimit -v 3000\nexec "%s" "$@"\n' "$PM" >"$BATS_TEST_TMPDIR/killed"
  rejected origin main
}

@test "a missing object refuses" {
  git -C "$server" update-ref refs/heads/other main
  blob=$(git -C "$server" rev-parse main)
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  cd "$server"
  zero=0000000000000000000000000000000000000000
  run -2 pm hook run pre-receive <<<"$zero 1234567890123456789012345678901234567890 refs/heads/x"
  [[ $output == *"pm: rejected: what is pushed to 'refs/heads/x' cannot be checked: "*1234567890* ]]
}

@test "what git would not say is refused" {
  cd "$server"
  head=$(git rev-parse main)
  for line in garbage "$head $head" "$head  $head refs/heads/x" "$head $head main" "$head $head refs/heads/a b" \
    "$(printf '%040d' 0) xyz refs/heads/x" ''; do
    run -2 pm hook run pre-receive <<<"$line"
    [[ $output == "pm: rejected: line 1 of standard input is not 'OLD NEW REF'"* ]]
  done
  run -2 bash -c "printf '%s %s refs/heads/x\\0y\\n' $head $head | pm hook run pre-receive"
  run -2 bash -c "yes | pm hook run pre-receive"
  run -2 bash -c "head -c 70000000 /dev/zero | pm hook run pre-receive"
  same 'pm: rejected: standard input has more than 67108864 bytes' "$output"
  run -0 bash -c "pm hook run pre-receive </dev/null"
}

@test "the hook that was there reads what is pushed, too, and its refusal stands" {
  pm -C "$server" hook uninstall >/dev/null
  printf '#!/bin/sh\ncat >>pushed\nexit $(cat code)\n' >"$server/hooks/pre-receive"
  chmod +x "$server/hooks/pre-receive"
  cp "$server/hooks/pre-receive" ../original
  echo 0 >"$server/code"
  run -0 --separate-stderr pm -C "$server" hook install
  [[ $stderr == *"runs first"* ]]
  run -0 pm -C "$server" hook status
  [ ! -e "$server/pushed" ]
  before=$(git rev-parse HEAD)
  incomplete postmortems/2026-03-01-out.md
  rejected origin main
  [[ $output == *2026-03-01-out.md* ]]
  same "$before $(git rev-parse HEAD) refs/heads/main" "$(cat "$server/pushed")"
  git reset -q --hard HEAD~1
  postmortem postmortems/2026-03-02-good.md 'Good' <<<'- None: a test'
  commit good
  echo 3 >"$server/code"
  rejected origin main
  echo 0 >"$server/code"
  git branch second
  git push -q origin main second
  same 2 "$(tail -n 2 "$server/pushed" | grep -c "$(git rev-parse HEAD) refs/heads/")"
  printf '#!/bin/sh\nexit 0\n' >"$server/hooks/pre-receive.before-pm"
  git commit -q --allow-empty -m 'a hook that does not read'
  accepted origin main
  cp ../original "$server/hooks/pre-receive.before-pm" && chmod +x "$server/hooks/pre-receive.before-pm"
  run -0 pm -C "$server" hook uninstall
  cmp ../original "$server/hooks/pre-receive"
}

@test "where pm is gone, nothing gets in" {
  cp -L "$(command -v pm)" "$BATS_TEST_TMPDIR/it's pm"
  "$BATS_TEST_TMPDIR/it's pm" -C "$server" hook install
  run -0 pm -C "$server" hook status
  rm "$BATS_TEST_TMPDIR/it's pm"
  git commit -q --allow-empty -m nothing
  rejected origin main
  [[ $output == *"it's pm' is gone"*"pm hook install"* ]]
  run -1 pm -C "$server" hook status
}

@test "the probe of status lets no push through" {
  incomplete postmortems/2026-03-01-out.md
  touch answer
  PM_HOOK_PROBE=$PWD/answer rejected origin main
  [ ! -s answer ]
}

@test "the hook of this project's hooks/ does the same" {
  git -C "$server" config core.hooksPath "$root/hooks"
  run -0 pm -C "$server" hook status
  incomplete postmortems/2026-03-01-out.md
  rejected origin main
}

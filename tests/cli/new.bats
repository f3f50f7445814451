load ../lib/helper
load postmortems

setup() {
  sandbox
  new_repo
  git config user.name 'Ada "the first" Author'
}

@test "a postmortem goes into the folder of its year, named by day and title" {
  run -0 --separate-stderr pm new Checkout returned 500s, 'again!'
  same postmortems/2026/2026-03-20-checkout-returned-500s-again.md "$output"
  same '' "$stderr"
  grep -qx '# Checkout returned 500s, again!' "$output"
  grep -q 'started:.*2026-03-20T12:00:00+00:00' "$output"
  grep -qF 'authors: ["Ada \"the first\" Author"]' "$output"
  run -1 grep -e '{{' -e '^id:' "$output"
  run -0 pm search -f json --worktree
  same draft "$(json postmortems.0.status <<<"$output")"
  same '["Ada \"the first\" Author"]' "$(json postmortems.0.authors <<<"$output")"
}

@test "never over a file that is there" {
  pm new Outage
  echo mine >>postmortems/2026/2026-03-20-outage.md
  run -2 --separate-stderr pm new Outage
  same '' "$output"
  [[ $stderr == "pm: 'postmortems/2026/2026-03-20-outage.md' exists already: give another title"* ]]
  same mine "$(tail -n 1 postmortems/2026/2026-03-20-outage.md)"
}

@test "slugs of any script" {
  same 2026-03-20-uberlast-in-zurich.md "$(basename "$(pm new Überlast in Zürich)")"
  same 2026-03-20-認証基盤の障害.md "$(basename "$(pm new 認証基盤の障害)")"
  same 2026-03-20-postmortem.md "$(basename "$(pm new '***')")"
  same 2026-03-20-untitled.md "$(basename "$(pm new)")"
  same 2026-03-20-etc-passwd.md "$(basename "$(pm new ../../etc/passwd)")"
  long=$(basename "$(pm new "$(printf 'word %.0s' {1..40})")")
  [ "${#long}" -le 80 ]
}

@test "an odd title is read back as it was typed" {
  for title in 'a *b* `c` [d](e) <f> #' 'x <!-- y' 'C# \ D' '"quoted": yes'; do
    path=$(pm new "$title")
    run -0 pm search --worktree -f json "path:$path"
    same "$title" "$(json postmortems.0.title <<<"$output")"
    rm "$path"
  done
}

@test "a title that is no line of text is refused" {
  run -2 pm new $'two\nlines'
  run -2 pm new $'esc\033[31m'
  run -2 pm new $'bad \xff byte'
  run -2 pm new ' '
  same '' "$(git status --porcelain)"
}

@test "ids are numbered over all branches" {
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, id: {pattern: "PM-####"}}'
  postmortem postmortems/a.md 'First' 'id: PM-0007' <<<'- None: a test'
  commit 'first'
  git switch -q -c other
  postmortem postmortems/PM-0041-b.md 'Second' <<<'- None: a test'
  commit 'second'
  git switch -q main
  run -0 pm new Next one
  same postmortems/2026/PM-0042-next-one.md "$output"
  grep -qx 'id: PM-0042' "$output"
  run -0 pm new And another
  same postmortems/2026/PM-0043-and-another.md "$output"
  run -0 pm show PM-0043 --worktree
}

@test "the first id is 1" {
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, id: {pattern: "INC-###"}}'
  same postmortems/2026/INC-001-x.md "$(pm new x)"
}

@test "the repository's template is filled in" {
  write_file .pm/template.md <<'MD'
---
id: {{id}}
date: {{date}}
---
# {{ title }} by {{author}} {{what}}
MD
  path=$(pm new Outage)
  same '---
date: 2026-03-20
---
# Outage by Ada \"the first\" Author ' "$(cat "$path")"
}

@test "where postmortems are kept here" {
  postmortem docs/incidents/2025/2025-11-03-a.md 'A' <<<'- None: a test'
  same docs/incidents/2026/2026-03-20-b.md "$(pm new B)"
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, documents: ["content/issues/*.md"]}'
  same content/issues/2026-03-20-c.md "$(pm new C)"
}

@test "at the root, where they are there" {
  postmortem 2025-11-03-a.md 'A' <<<'- None: a test'
  same 2026-03-20-b.md "$(pm new B)"
  run -0 pm search --worktree --count
  same 2 "$output"
}

@test "by month, once a year's folder is large" {
  mkdir -p postmortems/2026
  for i in {1..200}; do echo "# $i" >"postmortems/2026/$i.md"; done
  same postmortems/2026/03/2026-03-20-a.md "$(pm new A)"
}

@test "the path is printed as it is reached from here" {
  mkdir -p docs/deep postmortems
  cd docs/deep
  same ../../postmortems/2026/2026-03-20-a.md "$(pm new A)"
  [ -f ../../postmortems/2026/2026-03-20-a.md ]
  cd ../../postmortems
  same 2026/2026-03-20-b.md "$(pm new B)"
}

@test "the day is that of the zone" {
  export TZ=Pacific/Kiritimati
  same postmortems/2026/2026-03-21-a.md "$(pm new A)"
  grep -q '2026-03-21T02:00:00+14:00' postmortems/2026/2026-03-21-a.md
}

@test "no editor without a terminal; on one, the editor of git" {
  GIT_EDITOR='touch opened; :' run -0 pm new A
  [ ! -e opened ]
  command -v script >/dev/null || skip 'no script(1)'
  script -qec true /dev/null >/dev/null 2>&1 || skip 'another script(1)'
  GIT_EDITOR='echo edits >opened; :' run -0 script -qec 'pm new B' /dev/null
  [ -e opened ]
  rm opened
  GIT_EDITOR='touch opened; :' run -0 script -qec 'pm new C --no-edit' /dev/null
  [ ! -e opened ]
  GIT_EDITOR=false run -2 script -qec 'pm new D' /dev/null
  [[ $output == *"the editor 'false' failed; the file is written"* ]]
}

@test "nothing is written through a link" {
  mkdir ../outside
  ln -s ../outside postmortems
  run -2 --separate-stderr pm new A
  [[ $stderr == "pm: 'postmortems' is a symbolic link"* ]]
  ln -s ../outside .pm
  run -2 pm init
  same '' "$(ls -A ../outside)"
}

@test "a bare repository and a read-only folder are said" {
  git init -q --bare ../bare.git
  run -2 --separate-stderr pm --git-dir ../bare.git new A
  [[ $stderr == *"needs a worktree"* ]]
  [ "$(id -u)" -ne 0 ] || skip 'root may write anywhere'
  mkdir postmortems && chmod a-w postmortems
  run -2 pm new A
}

@test "a schema that leads out of the repository is not followed" {
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, id: {pattern: "../../../x/PM-####"}}'
  run -0 pm new A
  same postmortems/2026/2026-03-20-a.md "$output"
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, documents: ["../out/**/*.md"]}'
  same postmortems/2026/2026-03-20-b.md "$(pm new B)"
  [ ! -e ../out ] && [ ! -e ../x ]
}

@test "nothing is written or read through a deeper link, or from a template that is one" {
  mkdir ../out postmortems
  ln -s ../../out postmortems/2026
  run -2 --separate-stderr pm new A
  [[ $stderr == "pm: 'postmortems/2026' is a symbolic link"* ]]
  rm postmortems/2026
  same '' "$(ls -A ../out)"
  echo 'secret' >../out/template.md
  ln -s ../out .pm
  run -0 pm new A
  run -1 grep secret "$output"
  same '' "$(find . -name '*.tmp')"
}

@test "of several at the same time, one writes the file" {
  for i in 1 2 3 4 5 6; do
    { pm new A >"out.$i" 2>&1 && echo yes || echo no; } >>codes &
  done
  wait
  same 1 "$(grep -c yes codes)"
  same 5 "$(cat out.* | grep -c 'exists already')"
}

@test "nothing is written into the git directory" {
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, documents: [".git/hooks/*.md"]}'
  run -2 --separate-stderr pm new A
  [[ $stderr == *"it is no path of the worktree"* ]]
}

@test "the home is what the postmortems have in common" {
  new_repo common
  for path in postmortems/Träume/a.md 'postmortems/Zahlungen & Bücher/b.md' postmortems/2025/c.md; do
    postmortem "$path" "$path" <<<'- None: a test'
  done
  run -0 pm new Outage
  [[ $output == *postmortems/2026/* && $output != *Träume* ]]
  cd .. && new_repo one
  postmortem docs/postmortems/payments/a.md A <<<'- None: a test'
  run -0 pm new Outage
  [[ $output == *docs/postmortems/2026/* ]]
  cd .. && new_repo two
  postmortem a/postmortems/a.md A <<<'- None: a test'
  postmortem b/postmortems/b.md A <<<'- None: a test'
  run -0 pm new Outage
  [[ $output == *a/postmortems/2026/* ]]
}

@test "a zone as POSIX writes it, or as a file" {
  TZ='CET-1CEST,M1.1.0,M10.5.0/3' run -0 --separate-stderr pm new A
  same '' "$stderr"
  grep -q '2026-03-20T14:00:00+02:00' "$output"
  grep -q '2026-03-20T10:00:00-02:00' "$(TZ=UTC+2 pm new B)"
  TZ='CET-1CEST,M3.5.0,M10.5.0/3' pm init
  grep -q '^timezone: UTC ' .pm/schema.yaml
  [ -f /usr/share/zoneinfo/Asia/Tokyo ] || skip 'no zones'
  cp /usr/share/zoneinfo/Asia/Tokyo ../localtime
  grep -q '2026-03-20T21:00:00+09:00' "$(TZ=:$PWD/../localtime pm new C)"
}

@test "a branch that cannot be read takes no number" {
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, id: {pattern: "PM-####"}}'
  postmortem postmortems/PM-0004-a.md 'First' <<<'- None: a test'
  commit 'first'
  git branch broken && git switch -q broken && git commit -q --allow-empty -m 'same tree' && git switch -q main
  object=.git/objects/$(git rev-parse broken | sed 's|..|&/|')
  rm -f "$object"
  run -0 --separate-stderr pm new B
  same postmortems/2026/PM-0005-b.md "$output"
  [[ $stderr == "pm: the ids of 'refs/heads/broken' are not counted: "* ]]
}

load ../lib/helper
load postmortems

@test "three files that pm understands, and what to do next" {
  new_repo
  run -0 pm init
  [[ $output == *"written  .pm/schema.yaml"*"written  .pm/tags.yaml"*"written  .pm/template.md"* ]]
  [[ $output == *"0 postmortems found"*"pm hook install"* ]]
  run -0 pm check --all
  path=$(pm new Outage)
  run -0 pm search --worktree -f paths
  same "$path" "$output"
}

@test "what is there is kept" {
  new_repo
  write_file .pm/schema.yaml <<<'{version: 1, extends: default}'
  run -0 pm init
  [[ $output == *"kept     .pm/schema.yaml"*"written  .pm/tags.yaml"* ]]
  same '{version: 1, extends: default}' "$(cat .pm/schema.yaml)"
  before=$(cat .pm/*)
  run -0 pm init
  [[ $output != *written* ]]
  same "$before" "$(cat .pm/*)"
}

@test "globs are proposed from where postmortems are" {
  new_repo
  postmortem docs/postmortems/2025/a.md 'A' <<<'- None: a test'
  postmortem docs/postmortems/2026/03/b.md 'B' <<<'- None: a test'
  postmortem team/incidents/c.md 'C' <<<'- None: a test'
  pm init
  grep -qx 'documents: \["docs/postmortems/\*\*/\*.md", "team/incidents/\*\*/\*.md"\]' .pm/schema.yaml
  run -0 pm search --worktree --count
  same 3 "$output"
}

@test "at the root, and in a folder that only looks like it" {
  new_repo root
  postmortem 2025-11-03-a.md 'A' <<<'- None: a test'
  pm init
  grep -qxF 'documents: ["*.md"]' .pm/schema.yaml
  cd ..
  new_repo hugo
  for i in 1 2 3; do
    write_file content/issues/$i.md <<<$'---\ntitle: Down\ndate: 2026-01-02 10:00:00\nresolved: true\nseverity: down\n---\nText'
  done
  run -0 pm init
  [[ $output == *"3 postmortems found. Next:"*"pm check --all"* ]]
  grep -qxF 'documents: ["content/issues/*.md"]' .pm/schema.yaml
}

@test "what is there already may be looked at, and accepted" {
  new_repo
  run -0 pm init
  [[ $output != *write-baseline* ]]
  postmortem postmortems/a.md 'A' <<<'- None: a test'
  run -0 pm init
  [[ $output == *"pm check --all "*"pm check --write-baseline"*"pm hook install"* ]]
}

@test "headings that the schema does not know are proposed as comments" {
  new_repo
  for i in a b c; do
    postmortem postmortems/$i.md "$i" <<<$'- None: a test\n\n## Say "Auswirkung"\n\nText'
  done
  pm init
  grep -qxF '#   "Say \"Auswirkung\""   (3 documents)' .pm/schema.yaml
  run -0 pm check --all
}

@test "the zone is the reader's" {
  new_repo
  TZ=Europe/Berlin pm init
  grep -q '^timezone: Europe/Berlin ' .pm/schema.yaml
  run -0 pm check --all
}

@test "from a subfolder it is still the repository's; operands are refused" {
  new_repo
  mkdir sub && cd sub
  run -0 pm init
  [ -f ../.pm/schema.yaml ]
  run -2 pm init here
}

@test "every corpus: what is proposed finds what was found" {
  for name in dfds mybinder alt jenkins-status; do
    corpus $name
    before=$(pm search --count 2>/dev/null || true)
    pm init >/dev/null
    after=$(pm search --worktree --count 2>/dev/null || true)
    [ "$name" = jenkins-status ] || same "$before" "$after"
    [ "$after" -ge 20 ]
    cd ..
  done
}

@test "a folder's name is a name, whatever it holds" {
  new_repo
  postmortem 'a "b" [c]{d}*/postmortems/a.md' 'A' <<<'- None: a test'
  postmortem 'a/postmortems-b/x.md' 'no postmortem' <<<'- None: a test'
  postmortem $'back\\slash\nline/postmortems/b.md' 'B' <<<'- None: a test'
  postmortem 'postmortem/c.md' 'no postmortem' <<<'- None: a test'
  pm init
  grep -F 'documents: ["a \"b\" \\[c\\]\\{d\\}\\*/postmortems/**/*.md", "back\\\\slash\u000aline/postmortems/**/*.md"]' .pm/schema.yaml
  run -0 pm search --worktree --count
  same 2 "$output"
  same 'a "b" [c]{d}*/postmortems/2026/2026-03-20-n.md' "$(pm new N)"
}

@test "a folder's name that is no UTF-8" {
  new_repo
  mkdir -p $'b\xe9\xe9/postmortems' 2>/dev/null || skip 'names are UTF-8 here'
  postmortem $'b\xe9\xe9/postmortems/b.md' 'B' <<<'- None: a test'
  pm init
  run -0 pm check --all
  run -0 pm search --worktree --count
  same 1 "$output"
}

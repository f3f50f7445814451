#!/usr/bin/env bats
# .pm/baseline: what is known and accepted, and pm check --write-baseline.

load ../lib/helper

# A repository whose schema asks for three fields and nothing else.
setup() {
  sandbox
  new_repo
  write_file .pm/schema.yaml <<'YAML'
version: 1
extends: none
fields:
  id: {type: text}
  severity: {type: text}
  detected: {type: timestamp, required: yes}
  mitigated: {type: timestamp, required: yes}
sections:
  Response: {}
YAML
}

# broken PATH [LINE...]: two errors, of fields, and what the lines add.
broken() {
  local path=$1
  shift
  {
    printf -- '---\nseverity: sev3\ndetected: soon\n---\n## Summary\nx\n'
    printf '%s\n' "$@"
  } | write_file "$path"
}

@test "what is accepted is counted and not listed; what comes later is found" {
  broken postmortems/a.md
  run -1 pm check --all
  run -0 pm check --write-baseline
  same '.pm/baseline: 2 findings accepted, 2 of them new' "$output"
  same "$(printf '# Findings that are known and accepted. %s\n%s\tpostmortems/a.md\t%s\n%s\tpostmortems/a.md\t%s' \
    "'pm check --write-baseline' writes this file." invalid-value soon missing-field mitigated)" \
    "$(cat .pm/baseline)"
  run -0 pm check --all
  [[ $output == *'(2 accepted'* ]]
  run -0 pm check --all --format json
  same 2 "$(json accepted <<<"$output")"
  broken postmortems/a.md '## Response' 'TODO'
  run -1 pm check --all
  [[ $output == *'placeholder'*'1 error,'*'(2 accepted'* ]]
}

@test "lines that still apply are kept, others are dropped" {
  broken postmortems/a.md
  broken postmortems/b.md
  pm check --write-baseline
  sed -i 's/^detected: .*/detected: unknown/' postmortems/a.md
  run -0 pm check --write-baseline
  same '.pm/baseline: 3 findings accepted; 1 that no longer applies is left out' "$output"
  run -0 pm check --write-baseline
  same '.pm/baseline: 3 findings accepted' "$output"
  git rm -qrf --cached . 2>/dev/null || true
  rm postmortems/?.md
  broken postmortems/c.md
  sed -i 's/^detected: .*/detected: unknown\nmitigated: n\/a/' postmortems/c.md
  run -0 pm check --write-baseline
  same '.pm/baseline: 0 findings accepted; 3 that no longer apply are left out' "$output"
}

@test "where nothing is wrong there is nothing to accept" {
  broken postmortems/c.md
  sed -i 's/^detected: .*/detected: unknown\nmitigated: n\/a/' postmortems/c.md
  run -0 pm check --write-baseline
  same 'there is nothing to accept' "$output"
  [ ! -e .pm/baseline ]
}

@test "a baseline alone does not hide the documents of a repository without a schema" {
  rm -r .pm
  broken 2026-01-01-outage.md
  run -0 --separate-stderr pm check --write-baseline
  [[ $output == '.pm/baseline: '*' accepted'* ]]
  run -0 pm check --all
  [[ $output == *'1 postmortem checked: no errors'* ]]
  git add -A && git commit -qm one
  run -0 pm check HEAD
  [[ $output == *'1 postmortem checked: no errors'* ]]
}

@test "it is read from the state that is judged" {
  broken postmortems/a.md
  git add -A && git commit -qm one
  run -1 pm check HEAD
  pm check --write-baseline
  run -0 pm check --all
  run -1 pm check HEAD
  git add -A && git commit -qm two
  rm .pm/baseline
  run -0 pm check HEAD
  run -1 pm check --all
  broken postmortems/b.md
  git add postmortems/b.md
  run -1 pm check --staged
  pm check --write-baseline
  run -1 pm check --staged
  git add -A
  run -0 pm check --staged
}

@test "paths and texts may be anything" {
  tab=$'a\tb\\c.md'
  broken "postmortems/ä $tab" '## Response' 'TODO'
  run -0 pm check --write-baseline
  grep -F 'postmortems/ä a\tb\\c.md' .pm/baseline
  run -0 pm check --all
}

@test "a duplicate id can be accepted, a secret never" {
  broken postmortems/a.md "$(printf 'AKIA%s' IOSFODNN7EXAMPL3)"
  sed -i 's/^severity/id: PM-1\nseverity/' postmortems/a.md
  cp postmortems/a.md postmortems/b.md
  pm check --write-baseline
  grep -P '^duplicate-id\tpostmortems/b.md\tpm-1$' .pm/baseline
  run ! grep AKIA .pm/baseline
  printf 'secret\tpostmortems/a.md\tx\n' >>.pm/baseline
  run -1 pm check --all
  [[ $output == *".pm/baseline:"*"'secret' is never accepted"* ]]
  [[ $output != *duplicate-id* ]]
}

@test "what is no line is a finding with its place, and a hostile file ends soon" {
  broken postmortems/a.md
  printf '# x\n\nmising-field\tpostmortems/a.md\nnonsense\n' >.pm/baseline
  run -1 pm check --all
  [[ $output == *".pm/baseline:3:1: error: there is no rule 'mising-field': did you mean 'missing-field'?"* ]]
  [[ $output == *'.pm/baseline:4:1: error: this is no line of a baseline'* ]]
  yes nonsense | head -c 1000000 >.pm/baseline
  run -1 pm check --all --format json
  same 1002 "$(json errors <<<"$output")"
  yes nonsense | head -c 17000000 >.pm/baseline
  run -1 pm check --all
  [[ $output == *'.pm/baseline'*'larger than 16777216 bytes'*'3 errors'* ]]
}

@test "it is written to the worktree only, and through no link" {
  broken postmortems/a.md
  run -2 pm check --write-baseline postmortems
  run -2 pm check --write-baseline --staged
  run -2 pm check --write-baseline --rule missing-field
  mkdir elsewhere
  rm -r .pm
  ln -s elsewhere .pm
  run -2 pm check --write-baseline
  [[ $output == *"'.pm' is a symbolic link"* ]]
  [ ! -e elsewhere/baseline ]
  rm .pm && mkdir .pm
  printf 'rules: [' >.pm/schema.yaml
  run -2 pm check --write-baseline
  [[ $output == *'mend them first'* ]]
  git init -q --bare bare.git
  cd bare.git
  run -2 pm check --write-baseline
}

load ../lib/helper

setup() {
  sandbox
  new_repo
}

schema() {
  commit_file .pm/schema.yaml "${1:-schema}"
}

# line KEY [WITHIN]: the lines that have KEY, below the first one that has WITHIN.
line() {
  awk -v key="$1" -v within="${2:-}" 'index($0, within) { on = 1 } on && index($0, key)'
}

@test "without a schema of its own, a repository has the default one" {
  run -0 --separate-stderr pm schema
  same '' "$stderr"
  same '  severity:                                             # default' "$(line '  severity:' <<<"$output")"
  same '  action-missing-owner: error                           # default' "$(line action-missing-owner: rules <<<"$output")"
  [[ $output != *'# strict'* && $output != *.pm/* ]]
}

@test "each line tells where it comes from" {
  schema <<'Y'
extends: strict
timezone: Europe/Berlin
id: {pattern: "PM-####"}
fields:
  started: {aliases: [date]}
  region: {type: enum, values: [eu, us], required: "severity:sev1"}
sections:
  Impact:
    aliases: [Auswirkung]
    min_words: 30
one_of: []
actions:
  required: [owner]
  due_within:
    sev1: 36h
    sev2: 2w
  types: {prevent: [vorbeugen]}
rules: {duplicate-id: warning, unknown-field: off}
Y
  run -0 pm schema
  text=$output
  is() { same "$1" "$(line "$2" "${3:-}" <<<"$text" | head -n 1 | sed 's/   *#/ #/')"; }
  is 'timezone: Europe/Berlin # .pm/schema.yaml:2' timezone
  is '  pattern: "PM-####" # .pm/schema.yaml:3' pattern:
  is '  started: # default' '  started:'
  is '      began_at, 発生日時, 発生, 影響期間, # default' 影響期間 started:
  is '      date] # .pm/schema.yaml:5' '      date]' started:
  is '  region: # .pm/schema.yaml:6' region:
  is '    required: "severity:sev1" # .pm/schema.yaml:6' required region:
  is '    min_words: 30 # .pm/schema.yaml:10' min_words Impact:
  is '    required: "NOT status:draft" # strict' required: Response:
  is '    min_entries: 3 # strict' min_entries Timeline:
  is 'one_of: [] # .pm/schema.yaml:11' one_of:
  is '  required: [owner] # .pm/schema.yaml:13' required: actions:
  is '    sev1: 36h # .pm/schema.yaml:15' sev1: due_within
  is '    sev2: 14d # .pm/schema.yaml:16' sev2: due_within
  is '    type: prevent # strict' type: at_least_one
  is '  duplicate-id: warning # .pm/schema.yaml:18' duplicate-id: rules
  is '  unknown-field: off # .pm/schema.yaml:18' unknown-field: rules
}

@test "it fits 80 columns, but for what cannot be broken" {
  run -0 pm schema
  ! grep -v '[^ -~]' <<<"$output" | grep -v '^#' | grep '.\{81\}'
}

@test "what is printed is a schema that says the same" {
  schema <<'Y'
extends: strict
fields:
  region: {type: enum, values: {eu: ["a, b", "yes", "#1"], us: ["2026-01-01", "q\"u\\o"]}}
  "impact.lost orders": {type: integer, list: yes}
sections: {"Q & A": {required: no}}
facts: [Stats]
rules: {unknown-tag: warning}
Y
  pm schema | sed 's/  *# [^"]*$//' >first
  schema again <first
  run -0 --separate-stderr pm schema
  same '' "$stderr"
  same "$(tr -s ' \n' ' ' <first)" "$(sed 's/  *# [^"]*$//' <<<"$output" | tr -s ' \n' ' ')"
}

@test "it is read from HEAD, from --at, or from the worktree" {
  on 2026-01-05 && schema <<<'timezone: Europe/Berlin'
  on 2026-02-05 && schema <<<'timezone: Asia/Tokyo'
  write_file .pm/schema.yaml <<<'timezone: America/Lima'
  run -0 --separate-stderr pm schema
  [[ $output == *Asia/Tokyo* && $stderr == *'--worktree shows it'* ]]
  run -0 --separate-stderr pm schema --at 2026-01-10
  [[ $output == *Europe/Berlin* && -z $stderr ]]
  run -0 --separate-stderr pm schema --worktree
  [[ $output == *America/Lima* && -z $stderr ]]
  git clone -q --bare . ../bare.git
  run -0 --separate-stderr pm -C ../bare.git schema
  [[ $output == *Asia/Tokyo* && -z $stderr ]]
}

@test "mistakes are told on stderr, and what applies is printed all the same" {
  schema <<'Y'
timezone: Europe/Berlin
fields:
  severity: {requird: yes}
  region: {type: text, required: "severty:sev1"}
rules: {no-such-rule: off}
Y
  run -1 --separate-stderr pm schema
  [[ $output == *Europe/Berlin* && $output != *no-such-rule* ]]
  [[ $stderr == *".pm/schema.yaml:3:14: unknown key 'requird'"*"did you mean 'required'?"* ]]
  [[ $stderr == *.pm/schema.yaml:4:*severty* && $stderr == *no-such-rule* ]]
  schema <<<'fields: {a: ['
  run -1 --separate-stderr pm schema
  [[ $output == *severity:* && $stderr == *'nothing of .pm/schema.yaml applies'* ]]
}

@test "nothing in a schema is obeyed by a terminal" {
  printf 'fields:\n  "a\\e[31m\\u202eb": {type: text}\n  c: {type: enum, values: ["\\e]0;x\\a", "\\u009b"]}\n' | schema
  for option in '' --json-schema; do
    pm schema $option >answer 2>said || true
    same 0 "$(LC_ALL=C grep -c $'[\x01-\x08\x0b-\x1f\x7f]\|\xc2[\x80-\x9f]\|\xe2\x80\xae' answer)"
  done
}

@test "the JSON Schema names what editors complete" {
  schema <<'Y'
fields:
  severity: {required: yes}
  status: {from: resolved, values: {published: ["true"]}}
  region: {type: enum, values: [eu, us]}
Y
  pm schema --json-schema >json
  same https://json-schema.org/draft/2020-12/schema "$(json '$schema' <json)"
  [[ $(json '$id' <json) == urn:pm:front-matter:* ]]
  same '{"$ref":"#/$defs/region"}' "$(json properties.region <json)"
  same '["eu","us"]' "$(json '$defs.region.anyOf.0.enum' <json)"
  same '{"$ref":"#/$defs/status"}' "$(json properties.resolved <json)"
  same null "$(json properties.status <json)"
  same date-time "$(json '$defs.started.anyOf.0.format' <json)"
  same '["severity"]' "$(json allOf.0.anyOf.0.required <json)"
  same null "$(json additionalProperties <json)"
  [[ $(json '$defs.region.description' <json) == 'One of the values.'* ]]
}

# tests/README.md tells how to have one.
needs_validator() {
  [ -n "${PM_AJV:-}" ] || skip 'PM_AJV names no validator'
}

validates() {
  pm schema --worktree --json-schema >"$BATS_TEST_TMPDIR/json"
  node "$root/tests/lib/front-matter.mjs" "$BATS_TEST_TMPDIR/json" "$@"
}

@test "the JSON Schema is one, and takes what pm takes" {
  needs_validator
  write_file takes.md <<'MD'
---
Status: In Review
severity: SEV-2
started: ~2026-03-17 14:10 CET
mitigated: n/a
resolved: unknown
ttd: 1h 30m
causes: Change/Config
roles: {commander: "@alice"}
impact: {customers: 3}
criteria: user-visible, data_loss
foo: {bar: 1}
detected_by:
---
MD
  run -0 validates takes.md "$root"/contrib/example/documents/*.md
}

@test "the JSON Schema refuses what is wrong" {
  needs_validator
  write_file .pm/schema.yaml <<<'fields: {region: {type: enum, values: [eu], required: yes}, n: {type: integer}}'
  write_file .pm/tags.yaml <<<'tags: {change: {tags: {config: a file}}}'
  printf -- '---\nRegion: EU\ncauses: [change/config, Change]\n---\n' >right.md
  run -0 validates right.md
  printf -- '---\nseverity: catastrofic\nstarted: soon\ncauses: [chnge]\nttd: 90\nn: many\n---\n' >wrong.md
  run -1 validates wrong.md
  for field in severity started causes ttd n; do [[ $output == *"/$field"* ]]; done
  printf -- '---\ntitle: x\n---\n' >lacks.md
  run -1 validates lacks.md
}

@test "the JSON Schema takes the front matter of real postmortems" {
  needs_validator
  corpus jenkins-status
  mkdir -p .pm && cp "$root/contrib/schemas/jenkins-status.yaml" .pm/schema.yaml
  run -0 validates content/issues/*.md
}

@test "wrong usage" {
  run -2 --separate-stderr pm schema severity
  [[ $stderr == *"takes no operand"* ]]
}

# The formats of pm check that code hosts read: annotations and SARIF.
load ../lib/helper

setup() {
  sandbox
  new_repo
}

# log_is_sound: the SARIF log on standard input has all that is required.
log_is_sound() {
  cat >log.sarif
  "$root/tests/lib/conforms" sarif <log.sarif
  "$root/tests/lib/sarif" <log.sarif
}

hostile() {
  mkdir -p 'incidents/Störung: 1, 100%'
  printf -- '---\nseverity: \xff\nstarted: "a\\e[31mred\\u202e"\ndetcted: 1\n---\n\n# T\n\n## Summary\n\n::error::x\n\n## Impact\n\n%%0A \x1b[1m\r\n' \
    >"$(printf 'incidents/St\xc3\xb6rung: 1, 100%%/a b\xff.md')"
  printf -- '---\nstatus: review\nseverity: "::error file=x::pwned"\nstarted: [1, 2]\ndetecetd: x\n---\n\n# T\n' >incidents/b.md
}

@test "an annotation names file, line, column and rule, with everything in its place" {
  write_file 'incidents/100%, a: b.md' <<'MD'
---
severity: huge
---
MD
  run -1 pm check --format github
  [[ ${lines[0]} == '::error file=incidents/100%25%2C a%3A b.md,line=2,col=11,title=invalid-value::'*'%0Ahint: '* ]]
}

@test "what a document lacks is one annotation" {
  write_file incidents/a.md <<'MD'
---
severity: sev2
---
MD
  run -1 pm check --format github
  [[ ${lines[0]} == '::error file=incidents/a.md,line=3,col=1,title=missing-field%2C missing-section::a postmortem needs '*' more: fields started, '*'; sections Summary, Impact, '*'%0A`pm check --fix` adds the headings with their guidance; `unknown` is an accepted answer' ]]
  same 1 "$(grep -c '^::error' <<<"$output")"
}

@test "the worst annotations come first, recommendations only when asked for" {
  write_file incidents/a.md <<'MD'
---
status: draft
detcted_by: alert
---

# T

## Summary

Text.
MD
  write_file incidents/b.md <<'MD'
---
status: review
detcted_by: alert
started: soon
---
MD
  run -1 pm check --format github --info
  same '::error ::warning ::notice ' "$(grep -o '^::[a-z]* ' <<<"$output" | uniq | tr -d '\n')"
  run -1 pm check --format github
  [[ $output != *::notice* ]]
  [[ ${lines[-1]} == '2 postmortems checked: '*' errors, 1 warning ('*' recommendations: --info)' ]]
}

@test "where there are more than are shown, the first annotation tells how many" {
  for n in 1 2 3 4 5 6 7 8 9 10; do
    printf -- '---\nstatus: review\nstarted: soon\n---\n' | write_file incidents/$n.md
  done
  run -1 pm check --format github
  [[ ${lines[0]} == '::error title=pm check::'*' errors and 0 warnings in 10 postmortems: at most 10 '* ]]
}

@test "nothing that a document says becomes a command or reaches the log raw" {
  hostile
  run -1 pm check --format github --info
  same "${#lines[@]}" "$(grep -cE '^::(error|warning|notice) |checked:' <<<"$output")"
  [[ $output != *$'\e'* && $output != *$'\r'* ]]
}

@test "a SARIF log has every rule, and each result what the standard and code hosts require" {
  hostile
  pm check --format sarif --info >log || true
  log_is_sound <log
  run -0 json runs.0.tool.driver.rules.length <log
  same "$(($(pm explain | wc -l) - 1))" "$output"
  run -0 json runs.0.results.0.locations.0.physicalLocation.artifactLocation.uri <log
  same 'incidents/St%C3%B6rung%3A%201%2C%20100%25/a%20b%FF.md' "$output"
}

@test "a SARIF log without findings, or about the schema, is sound too" {
  pm check --format sarif | log_is_sound
  same '[]' "$(json runs.0.results <log.sarif)"
  printf 'rules: {no-such-rule: error}\nfields: [\n' | write_file .pm/schema.yaml
  pm check --all --format sarif | log_is_sound
  same .pm/schema.yaml "$(json runs.0.results.0.locations.0.physicalLocation.artifactLocation.uri <log.sarif)"
}

@test "what names somebody is not published, and only counted" {
  write_file incidents/a.md <<'MD'
---
status: review
authors: [zora]
---

# T

## Root causes

@zora pushed a config that nobody had read.
MD
  run -1 --separate-stderr pm check
  [[ $output == *'[person-as-cause]'* ]]
  for format in github sarif; do
    run -1 --separate-stderr pm check --format $format --rule person-as-cause --rule missing-field
    same 'pm: 1 finding is for the author and the reviewers only: --format text lists it' "$stderr"
    [[ $output != *zora* && $output != *file=*person-as-cause* ]]
  done
  same '' "$(json runs.0.results <<<"$output" | grep person-as-cause)"
}

@test "a fingerprint stays when lines move" {
  printf -- '---\nstatus: review\nstarted: soon\n---\n\n## Summary\n\nTODO\n\n## Impact\n' | write_file incidents/a.md
  fingerprints() { pm check --format sarif | perl -MJSON::PP -e '
    my $log = decode_json(join "", <STDIN>);
    print map { "$_->{ruleId} $_->{partialFingerprints}{primaryLocationLineHash}\n" } @{$log->{runs}[0]{results}}' | sort; }
  before=$(fingerprints)
  printf -- '---\nstatus: review\nteams: [a]\n\n\nstarted: soon\n---\n\nHello.\n\n## Summary\n\nTODO\n\n## Impact\n' | write_file incidents/a.md
  same "$before" "$(fingerprints)"
}

# The validator of the standard's authors; tests/README.md tells where it comes from.
@test "the log is valid by the schema of SARIF" {
  [ -x "${PM_SARIF_MULTITOOL:-}" ] || skip 'PM_SARIF_MULTITOOL names no validator'
  hostile
  pm check --format sarif --info >log.sarif || true
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 run -0 "$PM_SARIF_MULTITOOL" validate log.sarif
  [[ $output == *'Analysis completed successfully'* && $output != *error* ]]
}

# pm check --fix and --diff.
load ../lib/helper

setup() {
  sandbox
  new_repo
}

# A document with one of each.
document() {
  write_file "${1:-incidents/a.md}" <<'MD'
---
status: review
severity: "SEV-2"   # stays a comment
sevices: [api]
started: 2026-3-7T12:00Z
detected: 2026-03-07T12:10Z
mitigated: unknown
causes: [Config]
---

# T

## Summary

Text.

## Timeline

- 12:00 It broke.

## Action items

- [ ] Do it
      @bob, due 2026-04-01
MD
  printf 'tags: {change: {tags: {config: {aliases: [config]}}}}\n' | write_file .pm/tags.yaml
}

@test "--fix mends what has one right answer, says so, and checks the rest" {
  document
  run -1 --separate-stderr pm check --fix
  same "pm: fixed 'incidents/a.md': heading 'Impact' added, heading 'Root causes' added, heading 'Lessons learned' added, 'sevices' → 'services', 'SEV-2' → 'sev2', '2026-3-7' → '2026-03-07', 'Config' → 'change/config'" "$stderr"
  [[ ${lines[1]} == "incidents/a.md:17:4: error: 3 sections are empty [empty-section]" ]]
  grep -q '^severity: "sev2"   # stays a comment$' incidents/a.md
  grep -q '^services: \[api\]$' incidents/a.md
  grep -q '^started: 2026-03-07T12:00Z$' incidents/a.md
  grep -q '^causes: \[change/config\]$' incidents/a.md
  same '# T
## Summary
## Impact
## Timeline
## Root causes
## Lessons learned
## Action items' "$(grep '^#' incidents/a.md)"
  grep -q '^<!-- What did users see?' incidents/a.md
}

@test "what was fixed is not fixed again" {
  document
  run -1 pm check --fix
  cp incidents/a.md once
  run -1 --separate-stderr pm check --fix
  same 'pm: there is nothing that can be fixed' "$stderr"
  cmp once incidents/a.md
}

@test "--dry-run prints a patch that git applies, and writes nothing" {
  document 'incidents/Störung 1.md'
  printf 'no end' >>'incidents/Störung 1.md'
  cp -R incidents before
  run -1 --separate-stderr pm check --fix --dry-run
  same '' "$stderr"
  diff -r before incidents
  pm check --fix --dry-run >patch || true
  git apply patch
  mv incidents patched && cp -R before incidents
  run -1 pm check --fix
  diff -r patched incidents
  run -0 --separate-stderr pm check --fix --dry-run
  same '' "$output"
  run -2 pm check --dry-run
}

@test "the patch is coloured when colours are asked for" {
  document
  run -1 pm --color always check --fix --dry-run
  [[ $output == *$'\e['*'+services: [api]'* ]]
  run -1 pm check --fix --dry-run
  [[ $output != *$'\e'* ]]
}

@test "line ends, a BOM and a missing last line end stay what they are" {
  printf '\xef\xbb\xbf---\r\nstatus: draft\r\ndetcted_by: alert\r\n---\r\n\r\n# T\r\n\r\nText.' |
    write_file incidents/a.md
  run -0 pm check --fix --rule unknown-field --rule missing-section
  same "$(printf '\xef\xbb\xbf---\r\nstatus: draft\r\ndetcted_by: alert\r\n---\r\n\r\n# T\r\n\r\nText.\r\n\r\n## Summary\r\n\r\n' | od -c)" \
    "$(sed '/^<!--/,$d' incidents/a.md | od -c)"
  same '0' "$(tail -c1 incidents/a.md | tr -d '>' | wc -c | tr -d ' ')"
  same '' "$(tr -d '\r' <incidents/a.md | cmp - incidents/a.md 2>&1 | grep -v differ)"
  same "$(grep -c '' incidents/a.md)" "$(($(grep -c $'\r$' incidents/a.md) + 1))"
}

@test "a repository's own template gives the headings" {
  document
  printf '# {{title}}\n\n## Auswirkung\n\n<!-- Wen traf es? -->\n{{date}}\n\nZahlen:\n' | write_file .pm/template.md
  printf 'extends: default\nsections: {Impact: {aliases: [Auswirkung]}}\n' | write_file .pm/schema.yaml
  run -1 pm check --fix
  same '## Auswirkung

<!-- Wen traf es? -->

Zahlen:

## Timeline' "$(sed -n '/^## Auswirkung/,/^## Timeline/p' incidents/a.md)"
}

@test "a heading that would not be one is not written" {
  printf -- '---\nstatus: draft\n---\n\n# T\n\n```\ncode without an end\n' | write_file incidents/a.md
  cp incidents/a.md before
  run -1 pm check --fix
  cmp before incidents/a.md
}

@test "a name whose value would then be wrong stays" {
  printf -- '---\nstatus: review\nsevrity: purple\n---\n\n# T\n' | write_file incidents/a.md
  run -1 pm check --fix
  grep -q '^sevrity: purple$' incidents/a.md
}

@test "only the findings of a rule are mended with --rule" {
  document
  run -0 pm check --fix --rule unknown-field

  grep -q '^services:' incidents/a.md
  grep -q 'SEV-2' incidents/a.md
  run -1 grep -q '^## Impact' incidents/a.md
}

@test "the mode stays, other files stay, nothing is left behind" {
  document
  document incidents/b.md
  chmod 640 incidents/a.md
  git add . && git commit -qm x
  run -1 pm check --fix incidents/a.md
  same '-rw-r-----' "$(ls -l incidents/a.md | cut -c1-10)"
  same ' M incidents/a.md' "$(git status --porcelain)"
}

@test "a symbolic link is not written through" {
  document outside/a.md
  mkdir incidents
  ln -s ../outside/a.md incidents/a.md
  cp outside/a.md before
  run pm check --all --fix
  cmp before outside/a.md
  [ -L incidents/a.md ]
}

@test "what is not in the worktree is refused, with the way out" {
  document
  git add . && git commit -qm x
  run -2 --separate-stderr pm check --fix --staged
  [[ $stderr == *"run 'pm check --fix', then 'git add'"* ]]
  run -2 --separate-stderr pm check --fix HEAD
  [[ $stderr == *"name files, or give '--all'"* ]]
  run -2 pm check --fix HEAD..
  run -2 pm --at HEAD check --fix
  git clone -q --bare . ../bare.git
  cd ../bare.git
  run -2 --separate-stderr pm check --fix
  [[ $stderr == *"'--fix'"* ]]
}

@test "standard input comes out mended" {
  document
  run -0 pm check --fix --rule missing-section
  cp incidents/a.md mended
  document
  pm check --fix --rule missing-section - <incidents/a.md >out
  cmp mended out
  pm check --fix - <mended >out
  pm check --fix - <out >again
  cmp out again
  run -1 pm check --fix --dry-run - --stdin-path incidents/a.md <incidents/a.md
  [[ ${lines[0]} == 'diff --git a/incidents/a.md b/incidents/a.md' ]]
}

@test "a deprecated tag gives way to the one to use, unless that stands there too" {
  document
  printf 'tags: {change: {tags: {config: {}}}, setup: {deprecated: change/config}}\n' | write_file .pm/tags.yaml
  sed -i.bak 's/\[Config\]/[setup]/' incidents/a.md
  run -1 pm check --fix
  grep -q '^causes: \[change/config\]$' incidents/a.md
  sed -i.bak 's/^causes: .*/causes: [setup, change\/config]/' incidents/a.md
  run -1 pm check --fix
  grep -q '^causes: \[setup, change/config\]$' incidents/a.md
}

# findings: path, rule and how often, of all but the headings that --fix adds and nobody has filled yet.
findings() {
  pm check --info -f jsonl incidents | grep -v '"rule":"empty-section"' |
    sed -n 's/^{"path":"\([^"]*\)".*"rule":"\([^"]*\)".*/\1 \2/p' | sort | uniq -c
}

# Of the documents in incidents/: mended once they stay, and nothing is found that was not before.
mended_for_good() {
  local now
  findings >before
  pm check --fix incidents >out 2>&1 || [ $? = 1 ]
  findings >after
  awk '{ key = $2 " " $3 } NR == FNR { was[key] = $1; next } $1 > was[key] + 0 { print; bad = 1 } END { exit bad }' before after
  cp -R incidents once
  pm check --fix incidents >out 2>&1 || [ $? = 1 ]
  diff -r once incidents
  rm -rf once
}

@test "the golden documents are mended once, and have no finding that they did not have" {
  local golden name file
  mkdir incidents
  for golden in "$root"/tests/golden/*/*.md; do
    name=${golden#"$root"/tests/golden/}
    case $name in *.other.md | *.before.md | *.elsewhere.md) continue ;; esac
    [ -f "${golden%.md}.schema.yaml" ] || [ -f "${golden%.md}.tags.yaml" ] ||
      cp "$golden" "incidents/${name//\//-}"
  done
  mended_for_good
}

@test "and those with a schema or a taxonomy of their own" {
  local golden file
  for golden in "$root"/tests/golden/{deprecated-tag,unknown-tag,unknown-field,invalid-value,missing-*}/*.md; do
    case $golden in *.other.md | *.before.md | *.elsewhere.md) continue ;; esac
    [ -f "${golden%.md}.schema.yaml" ] || [ -f "${golden%.md}.tags.yaml" ] || continue
    rm -rf incidents .pm && mkdir incidents .pm
    cp "$golden" incidents/a.md
    for file in schema tags; do
      [ ! -f "${golden%.md}.$file.yaml" ] || cp "${golden%.md}.$file.yaml" .pm/$file.yaml
    done
    mended_for_good || { echo "$golden"; return 1; }
  done
}

@test "what an old document lacks is not put on who changes it" {
  document
  git add . && git commit -qm x
  printf '\nMore.\n' >>incidents/a.md
  sed -i.bak 's/^status: .*/&   # as it was/' incidents/a.md
  run -0 --separate-stderr pm check --fix --rule missing-section
  same 'pm: there is nothing that can be fixed' "$stderr"
  run -1 grep -q '^## Impact' incidents/a.md
  pm check --fix incidents/a.md || true
  grep -q '^## Impact' incidents/a.md
}

# ---- --diff

@test "--diff keeps what stands on changed lines and what is about the document" {
  printf -- '---\nstatus: draft\nseverity: huge\nstarted: soon\n---\n\n# T\n' | commit_file incidents/a.md
  sed -i.bak 's/soon/later/; s/draft/review/' incidents/a.md
  run -1 pm check --diff
  [[ $output == *"started 'later'"* && $output != *huge* && $output == *' needs '* ]]
  git add incidents/a.md
  run -1 pm check --diff --staged
  [[ $output == *"started 'later'"* && $output != *huge* ]]
  git commit -qm y
  run -1 pm check --diff HEAD~..
  [[ $output == *"started 'later'"* && $output != *huge* ]]
  run -1 pm check HEAD~..
  [[ $output == *huge* ]]
}

@test "--diff takes all of a new document, and wants something to compare with" {
  printf -- '---\nstatus: review\nseverity: huge\n---\n\n# T\n' | write_file incidents/a.md
  run -1 pm check --diff
  [[ $output == *huge* ]]
  run -2 --separate-stderr pm check --diff --all
  [[ $stderr == *"'--diff' compares what changed"* ]]
  run -2 pm check --diff incidents/a.md
}

@test "--diff sees the section that a change emptied" {
  printf -- '---\nstatus: draft\n---\n\n# T\n\n## Summary\n\nText.\n\n## Impact\n\nText.\n' | commit_file incidents/a.md
  printf -- '---\nstatus: draft\n---\n\n# T\n\n## Summary\n\n## Impact\n\nText.\n' | write_file incidents/a.md
  run -1 pm check --diff
  [[ $output == *"section 'Summary' is empty"* ]]
}

load ../lib/helper

# document NAME FRONT-MATTER...
document() {
  { echo ---; printf '%s\n' 'severity: sev2' 'started: 2026-01-02T10:00Z' "${@:2}"; echo ---; echo; echo "# $1"; } |
    write_file "postmortems/$1.md"
}

repository() {
  new_repo
  write_file .pm/tags.yaml <<'YAML'
version: 1
tags:
  change:
    description: On purpose
    tags:
      config: {description: A value, aliases: [misconfiguration]}
  network: Packets did not arrive
YAML
  document a 'causes: [change/config]'
  document b 'causes: ["misconfiguration", network]   # two of them' 'contributing_factors: change/config'
  document c 'causes:' '  - network'
  document d 'causes: [chnge/config]'
  git add -A && git commit -qm all
}

@test "rename changes documents and taxonomy, prints the patch, and commits nothing" {
  repository
  run -0 --separate-stderr pm tags rename change/config change/settings
  same "pm: 'change/config' is now 'change/settings' in 2 postmortems and .pm/tags.yaml; nothing is committed yet" "$stderr"
  same "$(git diff --no-color --no-ext-diff --numstat)" $'1\t1\t.pm/tags.yaml\n1\t1\tpostmortems/a.md\n2\t2\tpostmortems/b.md'
  grep -qxF 'causes: ["change/settings", network]   # two of them' postmortems/b.md
  grep -qxF 'contributing_factors: change/settings' postmortems/b.md
  grep -qxF '      settings: {description: A value, aliases: [misconfiguration]}' .pm/tags.yaml
  git stash -q
  git apply <<<"$output"
  same '' "$(git diff stash@{0})"
  run -0 pm tags --worktree
  [[ $output == *'change/settings    2 '* ]]
}

@test "--dry-run prints the same patch and changes nothing" {
  repository
  run -0 --separate-stderr pm tags rename --dry-run change/config change/settings
  same "pm: 'change/config' would become 'change/settings' in 2 postmortems and .pm/tags.yaml" "$stderr"
  same '' "$(git status --porcelain)"
  same "$output" "$(pm tags rename change/config change/settings 2>/dev/null)"
}

@test "--color always colours the patch in a pipe, too" {
  repository
  run -0 --separate-stderr pm tags rename --dry-run --color always change/config change/settings
  [[ $output == *$'\e[32m+causes: [change/settings]\e[0m'* ]]
}

@test "the tags below go along" {
  repository
  run -0 pm tags rename change alteration
  grep -qxF 'causes: [alteration/config]' postmortems/a.md
  grep -qxF '  alteration:' .pm/tags.yaml
  run -0 pm check --rule unknown-tag postmortems/a.md postmortems/b.md
}

@test "a slip that no taxonomy lists is mended in the documents alone" {
  repository
  run -0 pm tags rename chnge/config change/config
  same ' M postmortems/d.md' "$(git status --porcelain)"
  grep -qxF 'causes: [change/config]' postmortems/d.md
}

@test "to a tag that is there: the old one is deprecated for it, twice the same is left" {
  repository
  run -0 --separate-stderr pm tags rename network change/config
  [[ $stderr == *"postmortems/b.md:4:30: 'network' is left to be changed by hand"* ]]
  grep -qxF '  - change/config' postmortems/c.md
  same $'  network:\n    deprecated: change/config\n    description: Packets did not arrive' "$(tail -n 3 .pm/tags.yaml)"
}

@test "what cannot be renamed is a usage error, and nothing is changed" {
  repository
  run -2 pm tags rename change/confg other
  same "pm: there is no tag 'change/confg': did you mean 'change/config'?" "${lines[0]}"
  run -2 pm tags rename change change/more
  same "pm: 'change' would be below itself" "${lines[0]}"
  run -2 pm tags rename change 'not / a tag!'
  run -2 pm tags rename change/config misconfiguration
  same "pm: 'change/config' is 'misconfiguration' already" "${lines[0]}"
  run -2 pm tags rename change
  run -2 pm tags rename change/config network/config --unused
  same '' "$(git status --porcelain)"
}

@test "where a file cannot be written, what is changed already is told" {
  repository
  perl -e 'print "text\n" x 2000' >>postmortems/b.md
  run -2 bash -c 'trap "" XFSZ; ulimit -f 8; pm tags rename change/config change/settings'
  [[ $output == "pm: 2 of 3 files are changed already ('git diff' shows them): cannot write 'postmortems/b.md': "* ]]
  same $'.pm/tags.yaml\npostmortems/a.md\npostmortems/b.md' "$(git diff --name-only)"
  grep -q misconfiguration postmortems/b.md
  same '' "$(git ls-files --others)"
}

@test "what is not committed stays, other tags' conditions are named, symbolic links refused" {
  repository
  echo 'More.' >>postmortems/a.md
  write_file .pm/schema.yaml <<<'{version: 1, extends: default, fields: {region: {required: "cause:change/config"}}}'
  run -0 pm tags rename change/config change/settings
  [[ $output == *".pm/schema.yaml:1 mentions 'change/config'"* ]]
  same More. "$(tail -n 1 postmortems/a.md)"
  git clone -q --bare . ../bare.git
  cd ../bare.git
  run -2 pm tags rename change/config change/settings
  [[ $output == *"'pm tags rename' needs a worktree"* ]]
}

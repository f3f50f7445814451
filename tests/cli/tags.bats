load ../lib/helper

taxonomy() {
  write_file .pm/tags.yaml <<'YAML'
version: 1
tags:
  change:
    description: Something was changed on purpose
    tags:
      config: {description: A configuration value, aliases: [misconfiguration]}
      deploy: A rollout
      release: {deprecated: change/deploy}
  network:
    tags: {dns: Names were not resolved}
YAML
}

# postmortem DATE CAUSES [FACTORS] [STATE-OF-THE-ACTION]
postmortem() {
  write_file "postmortems/$1-x.md" <<MD
---
status: published
severity: sev2
started: $1T10:00Z
causes: [$2]
contributing_factors: [${3:-}]
---

# Outage of $1

## Action items

- [${4:- }] Mend it
  @alice, due 2026-04-01
MD
}

repository() {
  new_repo
  taxonomy
  postmortem 2024-02-01 change/config
  postmortem 2025-03-01 'misconfiguration, change/deploy' network/dns
  postmortem 2025-04-01 change/config change x
  postmortem 2026-01-01 'chnge/config, weather'
  git add -A && git commit -qm all
}

# numbers TAG: own, all, open
numbers() {
  pm tags --format jsonl | grep "\"tag\":\"$1\"" |
    sed -E 's/.*"own":([0-9]+),"all":([0-9]+),"open":([0-9]+).*/\1 \2 \3/'
}

@test "own, all and open count each postmortem once, aliases as their tag" {
  repository
  same '1 3 2' "$(numbers change)"
  same '3 3 2' "$(numbers change/config)"
  same '1 1 1' "$(numbers change/deploy)"
  same '0 0 0' "$(numbers change/release)"
  same '0 1 1' "$(numbers network)"
  same '1 1 1' "$(numbers chnge/config)"
}

@test "all is what search finds, open what actions lists" {
  repository
  for tag in change change/config change/deploy network network/dns; do
    read -r _ all open <<<"$(numbers $tag)"
    same "$all" "$(pm search --count tag:$tag)"
    same "$open" "$(pm actions tag:$tag --count)"
  done
}

@test "the table is the tree, with what .pm/tags.yaml says, and what it does not list" {
  repository
  run -0 pm tags
  same 'tag             own  all  open
change            1    3     2  Something was changed on purpose
change/config     3    3     2  A configuration value (also: misconfiguration)
change/deploy     1    1     1  A rollout
change/release    0    0     0  deprecated: use change/deploy
network           0    1     1
network/dns       1    1     1  Names were not resolved

Not in .pm/tags.yaml
chnge/config  1  postmortems/2026-01-01-x.md:5:10  did you mean '"'change/config'"'?
weather       1  postmortems/2026-01-01-x.md:5:24

8 tags, 1 unused, 2 unknown; 4 postmortems, 0 without a tag' "$output"
}

@test "--unknown, --used and --unused narrow the list" {
  repository
  run -0 pm tags --unknown
  same 2 "${#lines[@]}"
  [[ ${lines[0]} == chnge/config* && ${lines[1]} == weather* ]]
  run -0 pm tags --unused
  same 2 "${#lines[@]}"
  [[ ${lines[1]} == change/release* ]]
  same 'change change/config change/deploy chnge chnge/config network network/dns weather' \
    "$(pm tags --used --format jsonl | sed -E 's/.*"tag":"([^"]*)".*/\1/' | xargs)"
  same 'change/release chnge/config weather' \
    "$(pm tags --unknown --unused --format jsonl | sed -E 's/.*"tag":"([^"]*)".*/\1/' | sort | xargs)"
}

@test "without a taxonomy no tag is unknown" {
  repository
  git rm -q .pm/tags.yaml && git commit -qm 'no taxonomy'
  run -0 --separate-stderr pm tags --unknown
  same '' "$output"
  [[ $stderr == *'there is no .pm/tags.yaml'* ]]
  run -0 pm tags
  [[ ${lines[-1]} == *' unused; 4 postmortems, 0 without a tag' ]]
}

@test "show lists the postmortems of a tag and of those below it, oldest first" {
  repository
  run -0 pm tags show change
  same 'change' "${lines[0]}"
  same 'Something was changed on purpose' "${lines[1]}"
  same '3 postmortems (1 of it itself), 2 unresolved action items: 1 in 2024, 2 in 2025' "${lines[2]}"
  [[ ${lines[3]} == 2024-02-01-x* && ${lines[4]} == 2025-03-01-x* && ${lines[5]} == 2025-04-01-x* ]]
  same "$(pm tags show change/config --format json)" "$(pm tags show misconfiguration --format json)"
  same '0 postmortems, 0 unresolved action items' "$(pm tags show change/release | sed -n 3p)"
}

@test "a tag that is neither listed nor borne is a usage error that names a near one" {
  repository
  run -2 pm tags show change/confg
  same "pm: there is no tag 'change/confg': did you mean 'change/config'?" "${lines[0]}"
  run -2 pm tags show zzz
  same "pm: there is no tag 'zzz': 'pm tags' lists them" "${lines[0]}"
  run -2 pm tags show
  run -2 pm tags list
  run -2 pm tags show change --unused
}

@test "JSON follows the grammar" {
  repository
  pm tags --format json | "$root/tests/lib/conforms" tags
  pm tags --format jsonl | "$root/tests/lib/conforms" tag --lines
  pm tags show change --format json | "$root/tests/lib/conforms" search
}

@test "nothing to count: no postmortem, no commit" {
  new_repo
  run -0 pm tags
  same "pm: no postmortems found: 'pm new' writes the first, 'pm help format' says where they are looked for" "$output"
}

@test "--at and --worktree choose what is counted" {
  repository
  postmortem 2026-02-01 network/dns
  same '1 1 1' "$(numbers network/dns)"
  same '2 2 2' "$(pm --worktree tags --format jsonl | grep '"tag":"network/dns"' |
    sed -E 's/.*"own":([0-9]+),"all":([0-9]+),"open":([0-9]+).*/\1 \2 \3/')"
}

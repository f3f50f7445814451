load ../lib/helper

offered() {
  pm complete -- "$@" | cut -f 1
}

repository() {
  new_repo
  write_file .pm/tags.yaml <<'YAML'
version: 1
tags:
  change:
    description: Something was changed
    tags: {config: A value, deploy: A rollout, release: {deprecated: change/deploy}}
YAML
  write_file postmortems/2026-01-02-dns.md <<'MD'
---
id: PM-0001
status: published
severity: sev1
started: 2026-01-02T10:00Z
causes: [change/config]
---

# DNS was gone

## Action items

- [ ] **A1** Add a second resolver
      @alice, @bob, due 2026-02-01
- [ ] **A2** Rotate the keys
      @carol, due 2026-02-01
MD
  git add -A && git commit -qm all
}

@test "commands, options with what they are, and choices" {
  same 'actions' "$(offered act)"
  same 'check' "$(offered ch)"
  [[ $(pm complete -- check --st) == *$'--staged\twhat is staged'* ]]
  same $'--format=' "$(offered check --form)"
  same $'table\ntsv' "$(offered search --format t)"
  same $'--format=table\n--format=tsv' "$(offered search --format=t)"
  same '--worktree' "$(offered --wor)"
  same 'time-order' "$(offered explain time-or)"
  same 'time-order' "$(offered check --rule time-or)"
  same $'install\nstatus\nuninstall\nrun' "$(offered hook '')"
  same 'format' "$(offered help form)"
}

@test "every command of pm help and every long option of its usage is offered" {
  for command in $(pm help | awk '/^commands/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
    same "$command" "$(offered "$command" | grep -x -- "$command")"
    for option in $(pm "$command" -h | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
      offered "$command" "$option" | grep -qxE -- "$option=?"
    done
  done
}

@test "fields of a query, then values of their kind" {
  repository
  same 'severity:' "$(offered search sev)"
  same $'severity:sev1\nseverity:sev2\nseverity:sev3\nseverity:sev4' "$(offered search severity:)"
  same '(severity:sev1,sev3' "$(offered search '(severity:sev1,sev3')"
  same $'cause:change/config\ncause:change/deploy' "$(offered search cause:change/)"
  same $'overdue:yes\noverdue:no' "$(offered actions overdue:)"
  same 'state:done' "$(offered actions state:do)"
  same 'in:Timeline' "$(offered search in:Time)"
  same 'in:timeline' "$(offered search in:time)"
  same 'in:root-causes' "$(offered search in:root)"
  same 'Root causes' "$(offered search --section Root)"
  same 'no:owner' "$(offered actions no:owner)"
  same '' "$(offered search zzz)"
  same '' "$(offered search zzz:)"
}

@test "ids, references and owners come from the index as it stands; none is built for that" {
  repository
  same '' "$(offered show PM)"
  same '' "$(offered actions owner:)"
  [ ! -e .git/pm ]
  pm actions >/dev/null
  same 'PM-0001' "$(offered show PM)"
  same $'PM-0001#A1\nPM-0001#A2' "$(offered actions log PM-)"
  same $'owner:alice\nowner:bob\nowner:carol' "$(offered actions owner:)"
  same $'alice' "$(offered actions --owner a)"
  same 'PM-0001' "$(cd / && offered -C "$OLDPWD" show PM)"
  echo damaged >.git/pm/ledger.sqlite
  same '' "$(offered show PM)"
  same damaged "$(cat .git/pm/ledger.sqlite)"
}

@test "names that postmortems state, quoted in a query where they have blanks" {
  repository
  sed -i.bak 's/^status:.*/services: [api, Größe, web front]\nauthors: [Ada Author, zoe]\n&/' postmortems/*.md
  rm postmortems/*.bak
  git add -A && git commit -qm names
  pm search >/dev/null
  same $'service:Größe\nservice:api\nservice:"web front"' "$(offered search service:)"
  same 'service:api,Größe' "$(offered search service:api,G)"
  same 'service:"web front"' "$(offered search 'service:"w')"
  same 'web front' "$(offered actions --service w)"
  same $'author:"Ada Author"\nauthor:zoe' "$(offered search author:)"
  same '' "$(offered search trigger:)"
}

@test "branches and tags, where a revision may stand" {
  repository
  git branch feature/dns && git tag v1
  same $'feature/dns\nmain\nv1' "$(offered actions diff '')"
  same 'main..feature/dns' "$(offered actions diff main..f)"
  same 'main...v1' "$(offered actions diff main...v)"
  same 'feature/dns' "$(offered check fea)"
  same '--at=v1' "$(offered search --at=v)"
  run -1 pm complete -- check ''
  run -1 pm complete -- check postm
  same $'pre-commit\npre-receive' "$(offered hook run '')"
}

@test "files are the shell's: exit 1 asks for them" {
  run -1 pm complete -- check ''
  same '' "$output"
  run -1 pm complete -- -C ''
  run -0 pm complete -- search nothing
  run -0 pm complete --
  run -0 pm complete -- nosuchcommand x
}

@test "hostile names do not reach the shell raw" {
  new_repo
  write_file .pm/tags.yaml <<<$'tags: {"a": "x\\ny\\e[31m"}'
  git add -A && git commit -qm tags
  run -0 pm complete -- search cause:
  same $'cause:a\tx\\x0ay\\x1b[31m' "$output"
}

# complete_in_bash LINE: what bash would offer at its end, sorted.
complete_in_bash() {
  bash --norc -c '
    source "$1/contrib/completion/pm.bash"
    COMP_LINE=$2 COMP_POINT=${#2}
    _pm
    printf "%s\n" "${COMPREPLY[@]}"' bash "$root" "$1" | sort
}

@test "bash" {
  repository
  pm actions >/dev/null
  same 'search' "$(complete_in_bash 'pm sea')"
  same $'sev1\nsev2\nsev3\nsev4' "$(complete_in_bash 'pm search severity:')"
  same $'alice' "$(complete_in_bash 'pm actions owner:a')"
  same 'json' "$(complete_in_bash 'pm check --format=json' | grep -x json)"
  same 'PM-0001' "$(complete_in_bash 'pm show ')"
  same '' "$(complete_in_bash 'pm check ')"
}

@test "bash: what the shell would take for more than a name is quoted" {
  new_repo
  write_file 'postmortems/dns is down.md' <<<'# DNS'
  write_file 'postmortems/$(touch here).md' <<<'# Command'
  git add -A && git commit -qm names
  pm actions >/dev/null
  same 'dns\ is\ down' "$(complete_in_bash 'pm show dn')"
  same 'dns\ is\ down' "$(complete_in_bash 'pm show dns\ i')"
  same 'dns is down' "$(complete_in_bash 'pm show "dn')"
  same '\$\(touch\ here\)' "$(complete_in_bash 'pm show $')"
  same '' "$(complete_in_bash 'pm show "$')"
  eval "pm show $(complete_in_bash 'pm show $')"
  [[ ! -e here ]]
}

@test "zsh" {
  command -v zsh >/dev/null || skip "no zsh"
  repository
  pm actions >/dev/null
  run -0 zsh -f "$root/tests/lib/complete.zsh" "$root/contrib/completion/_pm" pm search severity:
  same $'severity:sev1\nseverity:sev2\nseverity:sev3\nseverity:sev4' "$output"
  run -0 zsh -f "$root/tests/lib/complete.zsh" "$root/contrib/completion/_pm" pm sho
  same 'show' "$output"
  run -0 zsh -f "$root/tests/lib/complete.zsh" "$root/contrib/completion/_pm" pm check ''
  same 'files' "$output"
}

@test "fish" {
  command -v fish >/dev/null || skip "no fish"
  repository
  pm actions >/dev/null
  run -0 fish --no-config -c "source '$root/contrib/completion/pm.fish'; complete -C 'pm search severity:'"
  same $'severity:sev1\nseverity:sev2\nseverity:sev3\nseverity:sev4' "$output"
  run -0 fish --no-config -c "source '$root/contrib/completion/pm.fish'; complete -C 'pm sho'"
  [[ $output == show* ]]
  run -0 fish --no-config -c "source '$root/contrib/completion/pm.fish'; complete -C 'pm check postm'"
  [[ $output == postmortems/* ]]
}

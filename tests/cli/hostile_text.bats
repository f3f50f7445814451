#!/usr/bin/env bats
# Text that would take over a terminal, in every place where a contributor can leave some: each word of it
# (EVIL and a number) is looked for in all that every command says, in every format.

load ../lib/helper
load postmortems

# ESC, BEL, CR, backspace, C1 as UTF-8, DEL, the other direction of text. As bytes: in the locale C bash
# makes no characters.
evil=$'\e]0;x\a\r\b\xc2\x9b31m\x7f\xe2\x80\xae\xe2\x81\xa6'
in_ref=$'\xc2\x9b31m\xe2\x80\xae\xe2\x81\xa6' # what git lets into the name of a branch
in_yaml='\e]0;x\a\r\b\x9b31m\x7f\u202e\u2066'

setup_file() {
  BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/setup sandbox
  cd "$BATS_FILE_TMPDIR"
  new_repo repo
  git symbolic-ref HEAD "refs/heads/EVIL1$in_ref"
  on 2026-01-05
  write_file .pm/schema.yaml <<MD
version: 1
extends: default
documents: ["postmortems/**"]
fields:
  "EVIL2$in_yaml": {type: text}
  colour: {type: enum, values: ["EVIL3$in_yaml"]}
sections:
  "EVIL4$in_yaml": {aliases: ["EVIL5$in_yaml"], required: "severity:sev2"}
actions: {tracker: "EVIL6#"}
rules: {"EVIL7$in_yaml": off}
MD
  write_file .pm/tags.yaml <<MD
version: 1
tags:
  change:
    description: "EVIL8$in_yaml"
    tags: {config: "EVIL9$in_yaml"}
  access: {aliases: [door], deprecated: change/config}
MD
  postmortem "postmortems/EVIL10$evil.md" "EVIL11 resolver $evil" "id: \"EVIL12$in_yaml\"" "services: [\"EVIL13$in_yaml\"]" \
    "causes: [\"EVIL14$in_yaml\", change/config, door]" "\"EVIL15$in_yaml\": \"EVIL16$in_yaml\"" "trigger: \"EVIL17 resolver $in_yaml\"" \
    "colour: \"EVIL18$in_yaml\"" "detected_by: \"EVIL19$in_yaml\"" "authors: [\"EVIL20$in_yaml\"]" "related: [\"EVIL21$in_yaml\"]" <<MD
- [ ] **A1** EVIL22 $evil do it
      @EVIL23$evil, due 2026-02-01
- [ ] EVIL24 $evil, [EVIL25$evil](https://example.org/EVIL26$evil), due EVIL27$evil
- [x] EVIL28 $evil
      @bob, won't do: EVIL29 $evil
- [ ] **A4** gone EVIL30 $evil

<!-- pm: allow EVIL31$evil: EVIL32$evil -->

## EVIL33 $evil
MD
  postmortem postmortems/conflict.md 'Conflict' <<<"<<<<<<< EVIL34$evil"
  postmortem postmortems/broken.md 'Broken' "severity: [\"EVIL35$in_yaml\"" <<<''
  postmortem postmortems/plain.md 'Plain' 'id: PM-0002' <<<'- [ ] **A1** gone, @bob'
  export GIT_AUTHOR_NAME="EVIL36$evil" GIT_AUTHOR_EMAIL="EVIL37$evil"
  commit "EVIL38 $evil"
  on 2026-02-05
  perl -ni -e 'print unless /EVIL30/' "postmortems/EVIL10$evil.md"
  perl -ni -e 'print unless /gone/' postmortems/plain.md
  perl -pi -e 's/A1\*\*/A1** soon/; s/2026-02-01/2026-02-20/' "postmortems/EVIL10$evil.md"
  printf 'EVIL39%s <EVIL40%s> <EVIL37%s>\n' "$evil" "$evil" "$evil" >.mailmap
  GIT_AUTHOR_NAME="EVIL41$evil" GIT_AUTHOR_EMAIL="EVIL42$evil" commit "gone

Action-Dropped: PM-0002#A1 EVIL43 $evil"
  git tag "EVIL44$in_ref"
  cd .. && mv repo history
}

setup() {
  sandbox
  cp -R "$BATS_FILE_TMPDIR/history" "repo-$in_ref"
  cd "repo-$in_ref"
  # Every command and format; the words are split at blanks.
  commands=('' 'check --all --info' 'check --all --fix --dry-run' 'check HEAD~1..HEAD' "check EVIL44$in_ref"
    "check EVIL1$in_ref~1..EVIL1$in_ref" 'check --staged' "check postmortems/EVIL10$evil.md" "check EVIL50$evil" 'search'
    'search resolver' 'search --facets' 'search --section Summary' 'search --section Actions' "search EVIL51$evil"
    "search EVIL52$evil:x" "search cause:EVIL53$evil" "search (EVIL54$evil" 'actions --all' 'actions --all --format text'
    'actions --worktree' 'actions diff HEAD~1..HEAD' "actions diff EVIL55$evil..HEAD" 'actions diff HEAD~1..HEAD --format markdown'
    "actions log EVIL12$evil#A1" 'actions log PM-0002#A1' 'actions log broken' "show EVIL12$evil" 'show EVIL' 'show broken'
    "show EVIL12$evil --format json" "show EVIL12$evil --section Actions" "show EVIL12$evil --raw" "show EVIL56$evil" tags
    'tags --unknown' 'tags --used' 'tags show change' "tags show EVIL57$evil" 'tags rename --dry-run change/config change/other'
    "tags rename --dry-run EVIL58$evil x" schema 'schema --json-schema' 'index --status' 'hook status' "hook run EVIL59$evil"
    "explain EVIL60$evil" "help EVIL61$evil" "EVIL62$evil" "--EVIL63$evil" "--at EVIL64$evil" "-C EVIL65$evil"
    "--git-dir EVIL66$evil" version "actions EVIL67$evil#1" "actions EVIL68$evil" 'index --dump' 'index --verify')
  for field in postmortem service severity cause type quarter owner; do commands+=("actions --all --by $field"); done
  for format in paths json jsonl csv tsv markdown '%(title)%(path)%(causes)%(services)'; do
    commands+=("search -f $format" "actions --all -f $format" "actions --all --by owner -f $format")
  done
  for format in json jsonl github sarif; do commands+=("check --all --info -f $format" "check HEAD~1..HEAD -f $format"); done
  for format in json jsonl; do commands+=("tags -f $format" "actions log PM-0002#A1 -f $format" "actions diff HEAD~1..HEAD -f $format"); done
  commands+=("new --no-edit EVIL69$evil" init 'check --all --write-baseline' 'hook install' 'hook status' 'hook uninstall' 'hook uninstall')
  git config core.hooksPath "../repo-$in_ref/.git/hooks"
}

# everything OPTION...: what all commands say, each after its own name.
everything() {
  local words
  for arguments in "${commands[@]}"; do
    IFS=' ' read -r -a words <<<"$arguments"
    printf -- '---- %s\n' "$(tr -cd ' -~' <<<"$arguments")"
    pm --no-pager "$@" "${words[@]}" </dev/null 2>&1 || :
  done
}

# nothing_raw FILE: the colours of pm aside.
nothing_raw() {
  run -0 perl -ne '
    s/\e\[[0-9;]*m//g;
    utf8::decode($_) or print "no UTF-8: ", $_;
    $command = $_ if /^---- /;
    s/\r$// if $command =~ /csv/;
    print $command, map { /[ -~]/ ? $_ : sprintf "<%x>", ord } split //, $_
      if /[\x00-\x08\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}\x{2029}\x{202a}-\x{202e}\x{2066}-\x{2069}]/' "$1"
  same '' "$output"
}

# all_but FILE PLACES: of the 64 places, those that no command showed.
all_but() {
  same "$2" "$(comm -13 <(grep -ao 'EVIL[0-9]*' "$1" | sort -u) <(printf 'EVIL%d\n' {1..44} {50..69} | sort) | sort -V | paste -sd' ')"
}

@test "in a pipe, for people, in JSON, for code hosts" {
  commands=("${commands[@]/*--raw}") # bytes as they are: for programs, like the next two
  commands=("${commands[@]/*-f [pct%]*}")
  commands=("${commands[@]/*--dump}")
  everything --color always >../said
  nothing_raw ../said
  all_but ../said 'EVIL1 EVIL33 EVIL36 EVIL37 EVIL38 EVIL44'
}

@test "on a terminal, in every format" {
  command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1 || skip 'no script(1) as it should be'
  { declare -p commands; declare -f everything; } >../commands
  TERM=xterm script -qec "stty -opost cols 80 rows 24; bash -c 'source ../commands; everything --color never'" /dev/null </dev/null >../said
  nothing_raw ../said
  all_but ../said 'EVIL1 EVIL38 EVIL44'
}

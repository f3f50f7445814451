# What reaches the terminal, the pipe and the full disk.
load ../lib/helper
load postmortems

answers=('' 'search' 'search dns' 'actions' 'actions --all -f json' 'actions log PM-0001#A1'
  'show PM-0001' 'show PM-0001 --raw' 'check --all --info' 'explain' 'help' 'help search' 'version'
  'hook install' 'hook status' 'hook uninstall' 'init' 'new --no-edit x' 'search -h')

setup() {
  sandbox
  history_repo
}

on_terminal() {
  command -v script >/dev/null || skip 'no script(1)'
  script -qec true /dev/null >/dev/null 2>&1 || skip 'another script(1)'
}

# terminal COMMAND: its output on a terminal of 80 columns and 24 rows.
terminal() {
  TERM=xterm script -qec "stty cols ${COLUMNS_WANTED:-80} rows 24; $1" /dev/null </dev/null | tr -d '\r'
}

@test "a full disk is exit 2, for every command that answers" {
  [ -w /dev/full ] || skip 'no /dev/full'
  for arguments in "${answers[@]}"; do
    run -2 --separate-stderr sh -c 'exec pm "$@" >/dev/full' sh $arguments
    [[ $stderr == *"pm: cannot write to standard output: "* ]] || { echo "pm $arguments: $stderr"; return 1; }
  done
}

@test "a closed stdout is exit 2, a closed stderr is not" {
  for arguments in "${answers[@]}"; do
    run -2 sh -c 'exec pm "$@" >&-' sh $arguments
    [[ $output == *"cannot write to standard output"* ]]
  done
  for arguments in '' search actions 'actions --worktree'; do
    run -0 sh -c 'exec pm "$@" 2>&-' sh $arguments
    [ -n "$output" ]
  done
  run -0 sh -c 'exec pm search <&-'
  run -2 sh -c 'exec pm serch 2>/dev/full'
}

@test "a reader that goes away is silent" {
  for i in {1..600}; do echo "- [ ] Item number $i of a long list that fills the pipe many times over and over"; done |
    postmortem postmortems/2026-03-01-long.md 'Long'
  commit long
  run -0 bash -c 'set -o pipefail; pm actions | head -n 1'
  same 1 "${#lines[@]}"
  run -0 bash -c 'pm actions --all -f json | true; exit ${PIPESTATUS[0]}'
  same '' "$output"
}

# Does standard input hold a control character?
hostile() {
  perl -CSD -ne 'BEGIN { $found = 1 } /[\x00-\x08\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}]/ and $found = 0; END { exit $found }'
}

@test "hostile text never reaches a terminal raw" {
  evil=$'\033]0;x\a\033[31m\xc2\x9b31m\xe2\x80\xae\xe2\x81\xa6\xd8\x9c'
  postmortem "postmortems/2026-03-01-$evil.md" "Title $evil" "services: [\"s\\e[31m\\u202e\"]" \
    "commander: \"c\\x9b\\a\"" <<MD
- [ ] Do $evil it
      @ev${evil}il, due 2026-03-02
MD
  as "Ann $evil"
  commit "evil $evil"
  for arguments in '' 'search' 'search title' 'actions --all' 'actions log 2026-03-01#1' 'check --all --info' \
    'show 2026-03-01' 'show 2026-03-01 --section summary' 'show 2026-03-01 --section Actions' \
    "search nothing$evil" "search $evil:x" "show x$evil" "actions log x$evil#1" "$evil" "help $evil" \
    "--$evil"; do
    IFS=' ' read -r -a words <<<"$arguments"
    run pm "${words[@]}"
    run -1 hostile <<<"$output"
  done
  run -0 pm search title
  [[ $output == *'\x1b]0;x\x07'* ]]
  run -0 pm search -f paths title # quoted, as git does; with -z a program gets the path as it is
  [[ $output == *'\033]0;x\a'* ]]
  pm search -f paths -z title >found
  [ -f "$(tr -d '\0' <found)" ]
  run -0 pm search -f jsonl title
  [ -f "$(json path <<<"$output")" ]
  on_terminal
  for arguments in 'search -f paths' 'actions -f paths' 'search -f json' 'actions -f jsonl' 'show 2026-03-01 --raw'; do
    run -0 terminal "pm --no-pager --color never $arguments"
    run -1 hostile <<<"$output"
  done
  run -0 pm actions -f json --all
  "$root/tests/lib/conforms" actions <<<"$output"
}

@test "bytes that are not UTF-8 are U+FFFD in JSON, and escaped for people" {
  name=$'postmortems/b\xe9la.md'
  postmortem "$name" 'Odd' <<<'- [ ] Do it' 2>/dev/null || skip 'no such file names here'
  commit odd
  run -0 --separate-stderr pm search -f json path:postmortems/b*
  "$root/tests/lib/conforms" search <<<"$output"
  same $'postmortems/b\xef\xbf\xbdla.md' "$(json postmortems.0.path <<<"$output")"
  run -0 pm actions
  [[ $output == *'b\xe9la#1'* ]]
}

@test "colours: on a terminal, with --color always; never with NO_COLOR, --color never, TERM=dumb" {
  on_terminal
  run -0 terminal 'pm --no-pager search'
  [[ $output == *$'\033['* ]]
  NO_COLOR=1 run -0 terminal 'pm --no-pager search'
  [[ $output != *$'\033['* ]]
  run -0 terminal 'pm --no-pager search --color never'
  [[ $output != *$'\033['* ]]
  run -0 terminal 'TERM=dumb pm --no-pager search'
  [[ $output != *$'\033['* ]]
  NO_COLOR=1 run -0 pm search --color always
  [[ $output == *$'\033['* ]]
  run -2 pm search --color sometimes
}

@test "a terminal's width is kept, a pipe gets every word" {
  on_terminal
  long='Checkout returned five hundreds for every third customer after a push of a configuration'
  postmortem postmortems/2026-03-01-long-name-of-a-file-that-goes-on.md "$long" <<MD
- [ ] $long and so on
      @alice, @bob, due 2026-03-02
MD
  commit long
  for arguments in '' search 'search checkout' actions 'actions --all' 'actions log 2026-03-01#1' \
    'show 2026-03-01' explain 'help actions'; do
    run -0 terminal "NO_COLOR=1 pm --no-pager $arguments"
    wide=$(perl -CSD -lne 'print if length > 80' <<<"$output")
    same '' "$wide"
  done
  run -0 pm actions
  [[ $output == *"$long and so on"* ]]
  run -0 pm search checkout
  [[ $output == *"$long"* ]]
  COLUMNS_WANTED=40 run -0 terminal "NO_COLOR=1 pm --no-pager actions"
  [[ $output == *2026-03-01-long-name-of-a-file-that-goes-on#1* ]]
}

@test "wide characters are counted as wide" {
  postmortem postmortems/2026-03-01-a.md '認証基盤の障害' 'causes: [x/y]' <<<'- None: a test'
  postmortem postmortems/2026-03-02-b.md 'abcdefghijklmn' 'causes: [x/y]' <<<'- None: a test'
  commit wide
  same "2026-03-01-a  2026-01-02  sev2  認証基盤の障害  x/y
2026-03-02-b  2026-01-02  sev2  abcdefghijklmn  x/y" "$(pm search path:postmortems/2026-03* --sort path)"
}

@test "the pager: on a terminal, for long answers, as git has it" {
  on_terminal
  PAGER='cat >paged' run -0 terminal 'pm search'
  grep -q 'DNS was gone' paged
  same '' "$output"
  rm paged
  PAGER='cat >paged' run -0 terminal 'pm search --no-pager'
  [ ! -e paged ]
  [[ $output == *'DNS was gone'* ]]
  PAGER='cat >paged' run -0 terminal 'pm version'
  [ ! -e paged ]
  git config core.pager 'cat >configured'
  PAGER='cat >paged' run -0 terminal 'pm show PM-0001'
  [ -e configured ] && [ ! -e paged ]
  rm configured
  GIT_PAGER='cat >fromgit' run -0 terminal 'pm show PM-0001'
  [ -e fromgit ] && [ ! -e configured ]
  PAGER='cat >paged' run -0 pm search
  [ ! -e paged ]
  GIT_PAGER=no-such-pager-at-all run -0 terminal 'pm show PM-0001'
  [[ $output == *'DNS was gone'* ]]
}

@test "from a repository of somebody else no program is taken" {
  on_terminal
  [ "$(id -u)" -eq 0 ] || skip 'only root can give a folder away'
  git config --global --add safe.directory '*'
  git config core.pager 'cat >configured'
  git config core.editor 'touch edited; :'
  chown -R 12345 .
  PAGER='cat >paged' run -0 terminal 'pm show PM-0001'
  [ -e paged ] && [ ! -e configured ]
  EDITOR='touch mine; :' run -0 script -qec 'pm new Outage' /dev/null
  [ -e mine ] && [ ! -e edited ]
}

@test "a short answer does not stay in the pager" {
  on_terminal
  command -v less >/dev/null || skip 'no less'
  unset PAGER
  run -0 timeout 20 bash -c "TERM=xterm script -qec 'stty cols 80 rows 24; pm search' /dev/null </dev/null"
  [[ $output == *'DNS was gone'* ]]
}

@test "no progress where nobody looks" {
  run -0 --separate-stderr pm actions
  same '' "$stderr"
}

# What was started in the background of a script ignores interrupts, and all that it starts does.
interruptible() {
  perl -e '$SIG{INT} = $SIG{QUIT} = "DEFAULT"; exec @ARGV or die' "$@"
}

@test "an interrupt is the editor's and the pager's, not pm's" {
  on_terminal
  GIT_EDITOR='kill -INT $PPID; kill -QUIT $PPID; echo edited >done; :' run -0 interruptible script -qec 'pm new A' /dev/null
  [ -e done ]
  GIT_EDITOR='kill -INT $$; :' run -2 interruptible script -qec 'pm new B' /dev/null
  [[ $output == *"the editor"*"failed"* ]]
  GIT_PAGER='kill -INT $PPID; cat >paged' run -0 terminal 'pm show PM-0001'
  [ -s paged ]
}

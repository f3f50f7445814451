load ../lib/helper

commands() {
  pm help | sed -n '/^commands/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# The options in the help of a command, those of every command left out: long names, one a line.
options_of() {
  pm "$@" -h | sed -n '/^options$/,/^$/s/^  \(-., \|    \)--\([a-z-]*\).*/\2/p' | sort
}

# The same from the OPTIONS section of a manual.
documented() {
  sed -n '/^\.SH OPTIONS/,/^\.SH [^O]/p' "$1" | sed 's/\\-/-/g' |
    sed -n '/^\.TP/{n;s/^.*--\([a-z-]*\).*/\1/p;}' | sort
}

wide_lines() {
  perl -CSD -lne 'print if length > 80'
}

@test "every command has a help of at most 80 columns on stdout, and a manual" {
  for command in $(commands); do
    run -0 --separate-stderr pm "$command" -h
    [[ $output == "usage: pm $command"* ]]
    [ -z "$stderr" ]
    same '' "$(wide_lines <<<"$output")"
    run -0 pm help "$command"
    [[ $output == NAME* ]]
  done
}

@test "the values of an option are told once, and by what refuses others" {
  run -0 pm check -h
  [[ $output == *"  -f, --format FORMAT     how to print: text, json, jsonl, github, sarif"$'\n'* ]]
  [[ $output == *"      --as STATUS         hold drafts to the rules of another status: review"$'\n'* ]]
  run -2 pm check --format xml
  [[ $output == "pm: --format cannot be 'xml': it is one of text, json, jsonl, github, sarif"* ]]
  run -2 pm check --as final
  [[ $output == "pm: --as cannot be 'final': it is review"* ]]
}

@test "the options of a command's help are those of its manual" {
  for manual in "$root"/src/cmd/pm-*.1; do
    command=${manual##*/pm-}
    same "$(options_of "${command%.1}")" "$(documented "$manual")"
  done
}

@test "the options of every command are those of the program's manual" {
  here=$(pm -h | sed -n '/^options of every/,/^$/s/^  \(-., \|    \)--\([a-z-]*\).*/\2/p' | sort)
  same "$here" "$(documented "$root/src/cmd/pm.1")"
}

@test "the environment that the program reads at its start is in its manual" {
  for name in $(sed -n 's/.*getenv("\([A-Z_]*\)").*/\1/p' "$root/src/main.c"); do
    pm help pm | sed -n '/^ENVIRONMENT/,/^FILES/p' | grep -qw "$name" || { echo "$name"; return 1; }
  done
}

@test "manuals are understood by man and mandoc without a warning" {
  for manual in "$root"/src/cmd/pm*.[157]; do
    if command -v mandoc; then
      run -0 mandoc -T lint -W warning "$manual"
    fi
    if man --warnings -l /dev/null >/dev/null 2>&1; then
      run -0 --separate-stderr man --warnings -E UTF-8 -l "$manual"
      [ -z "$stderr" ]
    fi
  done
}

@test "manuals use only the macros and escapes that pm prints" {
  for manual in "$root"/src/cmd/pm*.[157]; do
    sections=$(grep '^\.SH' "$manual")
    for wanted in NAME 'SEE ALSO'; do [[ $sections == *"$wanted"* ]]; done
    run -1 grep -nE '^\.' <(grep -vE '^\.(\\"|TH|SH|SS|PP|TP|IP|RS|RE|br|nf|fi|EX|EE|B|I|BR|RB|BI|IB|IR|RI)( |$)' "$manual")
    run -1 grep -nE '\\' <(sed -E 's/\\(f[BIR]|-|\(aq|\(dq|\(bu|&|e)//g; /^\.\\"/d' "$manual")
  done
}

@test "manuals print without markup and within 80 columns" {
  for manual in "$root"/src/cmd/pm*.[157]; do
    topic=${manual##*/pm}
    topic=${topic#-}
    topic=${topic%.*}
    run -0 pm help "${topic:-pm}"
    same '' "$(wide_lines <<<"$output")"
    run -1 grep -nE '\\f|\\\(|^\.[A-Z]' <<<"$output"
  done
}

@test "fonts change inside a word, and what is between two words stays" {
  run -0 pm help format
  [[ $output == *"draft, review or published."* ]]
  run -0 pm help query
  [[ $output == *"in:SECTION looks"* ]]
}

@test "a manual is coloured when asked" {
  run -0 pm help search --color always
  [[ $output == *$'\033[1mNAME\033[0m'* ]]
}

@test "an unknown topic gets a did-you-mean" {
  run -2 --separate-stderr pm help serach
  [ -z "$output" ]
  [[ ${stderr_lines[0]} == "pm: there is no manual for 'serach': did you mean 'search'?" ]]
  run -2 pm help one two
}

@test "help and version need no repository" {
  run -0 pm help
  run -0 pm --version
  [[ ${lines[0]} == "pm "* ]]
  for library in libgit2 cmark libyaml SQLite jansson utf8proc libstemmer; do
    grep -qE "^$library [0-9(]" <<<"$output"
  done
  same "$output" "$(pm version)"
}

@test "a manual by the name that man knows" {
  same "$(pm help search)" "$(pm help pm-search)"
  run -2 --separate-stderr pm help pm-serch
  [[ $stderr == *"did you mean 'search'"* ]]
}

@test "a mistake in a query leads to the manual of queries" {
  new_repo
  run -2 --separate-stderr pm search sevrity:sev1
  [[ $stderr == *"see 'pm help query'"* ]]
  run -2 --separate-stderr pm search --formt json
  [[ $stderr == *"see 'pm help search'"* ]]
}

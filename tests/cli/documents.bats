#!/usr/bin/env bats
# What is written about pm agrees with pm.

load ../lib/helper

commands() {
  pm -h | sed -n '/^commands$/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

rules() {
  pm explain | sed 1d | cut -d' ' -f1
}

# own_options NAME: the long options that `pm NAME -h` lists as its own.
own_options() {
  pm "$1" -h | sed -n '/^options$/,/^$/p' | grep -o -e '--[a-z][a-z-]*' | sort -u
}

@test "there are commands and rules" {
  [ "$(commands | wc -l)" -ge 10 ]
  [ "$(rules | wc -l)" -ge 10 ]
}

@test "every command has a manual that pm help shows, with every option of -h" {
  for command in $(commands); do
    run -0 pm help "$command"
    [[ $output == *"pm-$command"* || $output == *"pm $command"* ]] || { echo "pm help $command"; return 1; }
    for option in $(own_options "$command"); do
      grep -qF -e "$option" <<<"$output" || { echo "pm help $command: no $option"; return 1; }
    done
  done
}

@test "every command: -h is an answer, an unknown option a usage error" {
  for command in $(commands); do
    run -0 --separate-stderr pm "$command" -h
    [[ ${lines[0]} == "usage: pm $command"* ]] || { echo "pm $command -h: ${lines[0]}"; return 1; }
    [ -z "$stderr" ]
    run -2 --separate-stderr pm "$command" --no-such-option
    [ -z "$output" ]
    [[ $stderr == *--no-such-option* ]] || { echo "pm $command: $stderr"; return 1; }
  done
}

@test "every rule is explained and has golden files" {
  for rule in $(rules); do
    run -0 pm explain "$rule"
    [[ $output == *"$rule"* ]] || { echo "pm explain $rule"; return 1; }
    [ -d "$root/tests/golden/$rule" ] || { echo "no tests/golden/$rule"; return 1; }
  done
}

@test "every golden folder is of a rule" {
  known=" $(rules | tr '\n' ' ')"
  for folder in "$root"/tests/golden/*/; do
    [ -d "$folder" ] || continue
    name=$(basename "$folder")
    case $name in *_) continue ;; esac
    [[ $known == *" $name "* ]] || { echo "tests/golden/$name is of no rule"; return 1; }
  done
}

@test "a full disk is an error for every command that answers" {
  [ -w /dev/full ] || skip "no /dev/full"
  for command in $(commands); do
    run -2 --separate-stderr sh -c 'pm "$1" -h >/dev/full' sh "$command"
    [ -n "$stderr" ]
  done
}

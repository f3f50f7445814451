#!/usr/bin/env bats
# pm explain: every rule has its page.

load ../lib/helper

@test "without operands the rules are listed with their levels" {
  run -0 pm explain
  [[ ${lines[0]} == rule* ]]
  [[ $output == *'missing-field'*'error'*'a required field is absent'* ]]
}

@test "every rule has a page that says why, shows before and after, and how to configure it" {
  for rule in $(pm explain | awk 'NR > 1 { print $1 }'); do
    run -0 pm explain "$rule"
    [[ ${lines[0]} == "$rule ("*')' ]] || { echo "$rule: title ${lines[0]}"; return 1; }
    for heading in Why Before After Configure; do
      grep -qx "$heading" <<<"$output" || { echo "$rule: no $heading"; return 1; }
    done
  done
}

@test "a page names the rule's level as the list does" {
  pm explain | awk 'NR > 1 { print $1, $2 }' >list
  while read -r rule level; do
    same "$rule ($level)" "$(pm explain "$rule" | head -1)"
  done <list
}

@test "several rules are several pages" {
  run -0 pm explain time-order placeholder
  [[ $output == 'time-order (error)'*'placeholder (error)'* ]]
}

@test "an unknown rule is exit 2 with the nearest name" {
  run -2 pm explain time-ordr
  same "pm: there is no rule 'time-ordr': did you mean 'time-order'?" "${lines[0]}"
  run -2 pm explain nonsense
  [[ $output == *"'pm explain' lists them"* ]]
}

@test "a full disk is exit 2" {
  [ -w /dev/full ] || skip 'no /dev/full'
  run -2 bash -c 'pm explain >/dev/full'
}

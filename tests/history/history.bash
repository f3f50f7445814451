# For the golden histories: scripts that build a repository with git and say what the ledger tells
# of it, an event a line:
#
#   REF KIND: BEFORE -> AFTER (DAYS) [CHANGE > LANDING]
#
# where change and landing are the subjects of commits, the landing only where it differs.

load ../lib/helper

setup() {
  sandbox
  new_repo
}

# document NAME [FRONT MATTER LINE...]: a postmortem with the action items of standard input.
document() {
  local name=$1
  shift
  mkdir -p postmortems
  {
    [ $# -eq 0 ] || printf -- '---\n%s\n---\n' "$(printf '%s\n' "$@")"
    printf '# Outage of %s\n\n## Summary\n\nIt was down, and %s knows why.\n\n' "$name" "$name"
    printf '## Action items\n\n'
    cat
  } >"postmortems/$name"
}

# report FOLDER: the same, where each postmortem has a folder of its own, all files are called alike, and
# most of what they say is the same.
report() {
  document "$1.md"
  mkdir -p "postmortems/$1"
  {
    cat "postmortems/$1.md"
    printf '\n## %s\n\nAs always.\n' Impact Response Communication Recovery Lessons
  } >"postmortems/$1/report.md"
  rm "postmortems/$1.md"
}

# change SUBJECT: commits everything.
change() {
  git add -A
  git commit -q --allow-empty -m "$1"
}

# merge BRANCH SUBJECT [git merge's options]
merge() {
  git merge -q --no-ff -m "$2" "${@:3}" "$1"
}

# branch NAME [FROM]: a new branch, and goes there.
branch() {
  git checkout -q -b "$@"
}

# The program that prints them is the property's; `make check` has built it.
events() {
  "$(dirname "$PM")/tests/prop/prop_ledger" --events .
}

# told: what the events are is what standard input says.
told() {
  same "$(cat)" "$(events)"
}

# told_since SUBJECT: the same, of the events of that landing and later ones.
told_since() {
  same "$(cat)" "$(events | awk -v s="$1]" 'index($0, s) && substr($0, length($0) - length(s) + 1) == s { on = 1 } on')"
}

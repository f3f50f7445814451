#!/bin/sh
# make bench: pm beside public commands on made-up repositories, whole processes, medians of
# hyperfine, as ratios. BENCH_DOCS lists the numbers of documents (1000 10000). Repositories are kept
# in ${XDG_CACHE_HOME:-~/.cache}/pm-bench, outside of the tree.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/common"
sizes=${BENCH_DOCS:-1000 10000}
needs hyperfine cmark awk

csv=$(mktemp)
trap 'rm -f "$csv"' EXIT

# row WORK RUNS PREPARE COMMAND BASELINE: both in one run of hyperfine. PREPARE comes before each time
# of COMMAND. CPU is the ratio of processor times, of all threads and children; the peak of memory is
# COMMAND's.
row() {
  hyperfine -N --runs "$2" --prepare "$3" "$4" --prepare true "$5" --ignore-failure \
    --export-csv "$csv" >/dev/null 2>&1
  peak=$(peak_of "$3" "$4")
  # command,mean,stddev,median,user,system,min,max: counted from the end, commands may hold commas
  sed 1d "$csv" | awk -F, -v work="$1" -v peak="$peak" -v beside="$5" '
    { median[NR] = $(NF - 4); cpu[NR] = $(NF - 3) + $(NF - 2) }
    END {
      if (length(beside) > 48) beside = substr(beside, 1, 45) "..."
      printf "| %s | %.1f ms | `%s` | %.1f ms | %.2f | %.2f | %s |\n", work, median[1] * 1000, beside,
        median[2] * 1000, median[1] / median[2], cpu[1] / cpu[2], peak
    }'
}

# In MB, where GNU time is there to tell.
peak_of() {
  [ -x /usr/bin/time ] || { echo -; return; }
  eval "$1"
  eval "/usr/bin/time -f %M $2" 2>&1 >/dev/null | tail -n 1 | awk '{ printf "%d MB", ($1 + 1023) / 1024 }'
}

# The index as it is one commit before the tip, kept beside the repository.
keep_older_index() {
  tip=$(git rev-parse HEAD)
  git update-ref refs/heads/main HEAD^
  "$pm" --git-dir .git actions --count >/dev/null 2>&1
  git update-ref refs/heads/main "$tip"
  rm -rf "$repo.older"
  cp -R .git/pm "$repo.older"
}

stage_one() {
  printf '\nOne more line.\n' >>"$one"
  git add "$one"
}

header() {
  printf '\n%s documents %s, %s commits, %s of %s action items unresolved\n\n' "$1" "by $2" \
    "$(git rev-list --count HEAD)" "$("$pm" actions --count)" "$("$pm" actions --all --count)"
  printf '| work | pm | beside | takes | ratio | CPU | peak |\n|---|---|---|---|---|---|---|\n'
}

by_year() {
  enter "$1" year
  header "$1" year
  forget="rm -rf .git/pm"
  one=$(git ls-files | head -n 1)
  every="sh -c 'find postmortems -name *.md -print0 | xargs -0 cmark'"
  words="search --count cause:change/config latency rollback"
  seek="grep -rl latency postmortems"
  ! command -v rg >/dev/null || seek="rg -l latency postmortems"
  row "cold actions" 3 "$forget" "$pm actions -n 20" "git log --raw --no-abbrev -- postmortems"
  row "warm actions" 20 true "$pm actions -n 20" "git rev-parse HEAD"
  row "warm actions of an owner" 20 true "$pm actions owner:alice slips:2.. -n 20" "git rev-parse HEAD"
  keep_older_index
  row "actions after a commit" 5 "sh -c 'rm -rf .git/pm; cp -R $repo.older .git/pm'" \
    "$pm actions -n 20" "git rev-parse HEAD"
  rm -rf "$repo.older"
  row "check --all" 5 true "$pm check --all" "$every"
  row "check of one file" 20 true "$pm check $one" "cmark $one"
  stage_one
  row "check --staged" 20 true "$pm check --staged" "git diff --cached --name-only"
  git reset -q --hard
  row "cold search" 3 "rm -f .git/pm/text.sqlite" "$pm $words" "$every"
  row "warm search" 20 true "$pm $words" "$seek"
  sizes_of
}

sizes_of() {
  bytes=$(git ls-files -z | xargs -0 cat | wc -c)
  for part in ledger text; do
    wc -c <".git/pm/$part.sqlite" | awk -v part="$part" -v all="$bytes" '{
      printf "\n%s: %d KiB, %.2f of the documents at HEAD", part, $1 / 1024, $1 / all }'
  done
  echo
}

by_month() {
  enter "$1" month
  header "$1" month
  row "cold actions" 3 "rm -rf .git/pm" "$pm actions -n 20" "git log -p -- postmortems"
}

printf '%s cores, %s, %s, %s\n' "$(nproc 2>/dev/null || echo ?)" "$(uname -sm)" \
  "$("$pm" version | head -n 1)" "$(git --version)"
for docs in $sizes; do
  by_year "$docs"
  [ "$docs" -lt 10000 ] || by_month "$docs"
done

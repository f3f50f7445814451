#!/bin/sh
# Part of make bench: warm searches beside rg and git grep on the same checkout, whole processes, medians
# of hyperfine; then how they grow with the documents. BENCH=large adds 100,000 documents, which takes a
# while to make.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/common"
sizes=${BENCH_DOCS:-1000 10000}
[ "${BENCH:-}" != large ] || sizes="$sizes 100000"
needs hyperfine cmark rg awk
medians=$(mktemp)
trap 'rm -f "$csv" "$medians"' EXIT

# ask WORK PATTERN ARGUMENTS [OPTIONS OF PM]: pm search beside who looks for the pattern. CPU is the ratio of processor
# times to those of rg, of all threads and children: git status is one, which looks at each file.
ask() {
  command="$pm ${4:-} search $3"
  hyperfine -N --warmup 2 --runs 10 "$command" "rg -l '$2' postmortems" \
    "git grep -l '$2' -- postmortems" --ignore-failure --export-csv "$csv" >/dev/null 2>&1
  peak=$(peak_of true "$command")
  sed 1d "$csv" | awk -F, -v work="$1" -v peak="$peak" -v docs="$docs" -v medians="$medians" '
    { median[NR] = $(NF - 4) * 1000; cpu[NR] = ($(NF - 3) + $(NF - 2)) * 1000 }
    END {
      printf "| %s | %.1f ms | %.1f ms | %.2f | %.2f | %.1f ms | %.2f | %s |\n", work, median[1], median[2],
        median[1] / median[2], cpu[1] / cpu[2], median[3], median[1] / median[3], peak
      printf "%s\t%s\t%f\t%f\n", work, docs, cpu[1], cpu[2] >>medians
    }'
}

# The line about what is not committed costs a git status, but in a bare repository.
in_bare_clone() {
  rm -rf "$repo.bare"
  git clone -q -s --bare . "$repo.bare"
  mkdir "$repo.bare/pm"
  cp .git/pm/text.sqlite "$repo.bare/pm/"
  ask "a tag and two words, bare" latency "--count cause:change/config latency rollback" \
    "--git-dir $repo.bare"
  rm -rf "$repo.bare"
}

searches() {
  docs=$1
  layout=year
  [ "$docs" -lt 100000 ] || layout=month # a folder of 12,500 files is slow for git itself
  enter "$docs" "$layout"
  printf '\n%s documents by %s\n\n' "$docs" "$layout"
  printf '| work | pm | beside | takes | ratio | CPU | peak |\n|---|---|---|---|---|---|---|\n'
  row "cold search" 3 "rm -f .git/pm/text.sqlite" "$pm search --count latency" \
    "sh -c 'find postmortems -name *.md -print0 | xargs -0 cmark'"
  size_of text
  printf '\n| warm search | pm | `rg -l` | ratio | CPU | `git grep -l` | ratio | peak |\n'
  printf '|---|---|---|---|---|---|---|---|\n'
  ask "by tag" change/config "--count cause:change/config"
  ask "two words" latency "--count latency rollback"
  ask "a phrase" "connection pool" "--count '\"connection pool\"'"
  ask "a tag and two words" latency "--count cause:change/config latency rollback"
  in_bare_clone
  ask "a tag, a word, a range of dates" latency "--count cause:change/config latency date:2019..2020"
  ask "two words in a section" latency "--count in:timeline latency rollback"
  ask "20 rows of two words" latency "-n 20 latency rollback"
  ask "--facets and 20 rows" latency "--facets -n 20 latency"
}

# Of processor times, with ten times the documents.
growth() {
  printf '\n| growth of processor time | documents | pm | `rg -l` |\n|---|---|---|---|\n'
  sort -s -t"$(printf '\t')" -k1,1 "$medians" | awk -F'\t' '
    $1 == work { printf "| %s | %d to %d | %.1f | %.1f |\n", work, docs, $2, $3 / pm, $4 / rg }
    { work = $1; docs = $2; pm = $3; rg = $4 }'
}

for n in $sizes; do
  searches "$n"
done
growth

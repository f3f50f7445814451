#!/bin/sh
# make bench: pm beside public commands on the same made-up repository, whole processes, medians of
# hyperfine, as ratios. BENCH_DOCS sets the number of documents (1000). Repositories are kept in
# ${XDG_CACHE_HOME:-~/.cache}/pm-bench, outside of the tree.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
docs=${BENCH_DOCS:-1000}
pm=${PM:-$here/../../build/pm}
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/pm-bench
repo=$cache/history-$docs

for tool in hyperfine cmark awk; do
  command -v $tool >/dev/null || { echo "make bench needs $tool ($tool is its Debian package)" >&2; exit 2; }
done
PM_NOW=2026-01-01T00:00:00Z
export PM_NOW

if [ ! -d "$repo/.git" ]; then
  echo "making $docs documents in $repo"
  mkdir -p "$repo"
  git init -q -b main "$repo"
  awk -v docs="$docs" -v seed=7 -f "$here/history.awk" </dev/null | git -C "$repo" fast-import --quiet --force
  git -C "$repo" gc --quiet --prune=now
  git -C "$repo" reset -q --hard main
fi
cd "$repo"

# median PREPARE COMMAND: in seconds; PREPARE is run before each time, where it is not empty
median() {
  if [ -n "$1" ]; then
    hyperfine -N --warmup 1 --min-runs 5 --prepare "$1" --ignore-failure --export-csv "$csv" "$2" >/dev/null 2>&1
  else
    hyperfine -N --warmup 1 --min-runs 5 --ignore-failure --export-csv "$csv" "$2" >/dev/null 2>&1
  fi
  # command,mean,stddev,median,user,system,min,max: counted from the end, commands may hold commas
  sed -n 2p "$csv" | awk -F, '{print $(NF - 4)}'
}

csv=$(mktemp)
trap 'rm -f "$csv"' EXIT
printf '%s\n\n' "$docs documents, $(git rev-list --count HEAD) commits, $(nproc 2>/dev/null || echo ?) cores, $(uname -sm), $("$pm" version | head -n 1), $(git --version)"
printf '| work | pm | beside | takes | ratio |\n|---|---|---|---|---|\n'

# row WORK PREPARE COMMAND BASELINE
row() {
  ours=$(median "$2" "$3")
  theirs=$(median "" "$4")
  awk -v w="$1" -v a="$ours" -v c="$4" -v b="$theirs" 'BEGIN {
    if (length(c) > 48) c = substr(c, 1, 45) "..."
    printf "| %s | %.1f ms | `%s` | %.1f ms | %.2f |\n", w, a * 1000, c, b * 1000, a / b
  }'
}

forget="rm -rf $repo/.git/pm"
one=$(git ls-files | head -n 1)
every="sh -c 'find postmortems -name *.md -print0 | xargs -0 cmark'"
question="search --count cause:change/config latency"
row "cold actions" "$forget" "$pm actions -n 20" "git log --raw --no-abbrev -- postmortems"
row "warm actions" "" "$pm actions -n 20" "git rev-parse HEAD"
row "check --all" "" "$pm check --all" "$every"
row "check of one file" "" "$pm check $one" "cmark $one"
row "cold search" "$forget" "$pm $question" "$every"
row "warm search" "" "$pm $question" "grep -rl latency postmortems"
echo
echo "cache: $(du -sk .git/pm | cut -f1) KiB for $(git ls-files -z | xargs -0 cat | wc -c | awk '{print int($1/1024)}') KiB of documents"

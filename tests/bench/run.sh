#!/bin/sh
# make bench: pm beside public commands on made-up repositories, whole processes, medians of
# hyperfine, as ratios. BENCH_DOCS lists the numbers of documents (1000 10000); BENCH=large adds a flat
# folder and, once, the history of 100,000. Repositories are kept
# in ${XDG_CACHE_HOME:-~/.cache}/pm-bench, outside of the tree. Searching is in search.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/common"
sizes=${BENCH_DOCS:-1000 10000}
needs hyperfine cmark awk

# The index as it is one commit before the tip, kept beside the repository.
keep_older_index() {
  tip=$(git rev-parse HEAD)
  git update-ref refs/heads/main HEAD^
  "$pm" --git-dir .git actions --count >/dev/null 2>&1
  git update-ref refs/heads/main "$tip"
  rm -rf "$repo.older"
  cp -R .git/pm "$repo.older"
}

# Where git is not asked whether the worktree differs, which it finds out file by file: a bare clone.
keep_bare() {
  rm -rf "$repo.bare"
  git clone -q -s --bare . "$repo.bare"
  cp -R .git/pm "$repo.bare/pm"
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
  row "cold actions" 3 "$forget" "$pm actions -n 20" "git log --raw --no-abbrev -- postmortems"
  row "warm actions" 20 true "$pm actions -n 20" "git rev-parse HEAD"
  row "warm actions of an owner" 20 true "$pm actions owner:alice slips:2.. -n 20" "git rev-parse HEAD"
  keep_bare
  row "warm actions, bare" 20 true "$pm --git-dir $repo.bare actions -n 20" "git rev-parse HEAD"
  row "the same of an owner, bare" 20 true "$pm --git-dir $repo.bare actions owner:alice slips:2.. -n 20" \
    "git rev-parse HEAD"
  keep_older_index
  row "actions after a commit" 5 "sh -c 'rm -rf .git/pm; cp -R $repo.older .git/pm'" \
    "$pm actions -n 20" "git rev-parse HEAD"
  row "the same, bare" 5 "sh -c 'rm -rf $repo.bare/pm; cp -R $repo.older $repo.bare/pm'" \
    "$pm --git-dir $repo.bare actions -n 20" "git rev-parse HEAD"
  rm -rf "$repo.older" "$repo.bare"
  row "check --all" 5 true "$pm check --all" "$every"
  row "check of one file" 20 true "$pm check $one" "cmark $one"
  stage_one
  row "check --staged" 20 true "$pm check --staged" "git diff --cached --name-only"
  git reset -q --hard
  size_of ledger
}

# cold DOCS LAYOUT RUNS BESIDE: the first question to a history, which is where folders matter.
cold() {
  enter "$1" "$2"
  header "$1" "$2"
  row "cold actions" "$3" "rm -rf .git/pm" "$pm actions -n 20" "$4"
}

printf '%s cores, %s, %s, %s\n' "$(nproc 2>/dev/null || echo ?)" "$(uname -sm)" \
  "$("$pm" version | head -n 1)" "$(git --version)"
for docs in $sizes; do
  by_year "$docs"
  [ "$docs" -lt 10000 ] || cold "$docs" month 3 "git log -p -- postmortems"
done
if [ "${BENCH:-}" = large ]; then
  cold 10000 flat 1 "git log --raw --no-abbrev -- postmortems"
  cold 100000 month 1 "git log --raw --no-abbrev -- postmortems"
fi

# What other people's continuous integration and hook managers are given.
load ../lib/helper

# is_yaml FILE: as pm reads YAML, without anchors and tags.
is_yaml() {
  mkdir -p yaml/incidents
  { echo ---; echo file:; sed 's/^/  /' "$1"; echo ---; } >yaml/incidents/a.md
  run -0 pm -C yaml check --all --rule unreadable-front-matter
  [[ $output == '1 postmortem checked: no errors, no warnings'* ]]
}

# blocks FILE: the scripts of a file that stand in a block, each ended by NUL.
blocks() {
  perl -0777 -ne 'while (/\|\n(( +)\S.*\n(?:\2.*\n)*)/g) { my ($t, $by) = ($1, $2); $t =~ s/^$by//mg; print "$t\0" }' "$1"
}

repository() {
  new_repo
  commit_file incidents/a.md <<'MD'
---
status: draft
---

# T

## Summary

Text.
MD
  git checkout -q -b change
  printf -- '---\nstatus: review\n---\n\n# T\n' | commit_file incidents/b.md
}

@test "the files of contrib/ci and of pre-commit are YAML" {
  git init -q yaml
  for file in "$root"/contrib/ci/*.yml "$root/.pre-commit-hooks.yaml"; do
    is_yaml "$file"
  done
}

@test "both fetch the whole history" {
  grep -q '^ *fetch-depth: 0$' "$root/contrib/ci/github.yml"
  grep -q '^ *GIT_DEPTH: "0"$' "$root/contrib/ci/gitlab.yml"
}

@test "their scripts are clean" {
  for file in "$root"/contrib/ci/*.yml; do
    while IFS= read -r -d '' block; do
      sh -n -c "$block"
      ! command -v shellcheck >/dev/null || shellcheck -s sh - <<<"$block"
    done < <(blocks "$file")
  done
}

@test "the commands for GitHub do what they say" {
  repository
  export BASE HEAD GITHUB_STEP_SUMMARY=$TMPDIR/summary
  BASE=$(git rev-parse main) HEAD=$(git rev-parse change)
  while IFS= read -r -d '' block; do
    case $block in
    *'git clone'*) ;;
    *BASE*)
      run -1 sh -e -c "$block"
      [[ ${lines[0]} == '::error file=incidents/b.md,'* ]]
      [ -e "$GITHUB_STEP_SUMMARY" ]
      ;;
    *)
      sh -e -c "$block"
      "$root/tests/lib/conforms" sarif <pm.sarif
      ;;
    esac
  done < <(blocks "$root/contrib/ci/github.yml")
}

@test "the commands for GitLab do what they say" {
  repository
  export CI_COMMIT_SHA CI_MERGE_REQUEST_DIFF_BASE_SHA
  CI_COMMIT_SHA=$(git rev-parse change) CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse main)
  IFS= read -r -d '' block < <(blocks "$root/contrib/ci/gitlab.yml")
  run -1 sh -e -c "$block"
  [[ $output == 'incidents/b.md: review needs '* ]]
  CI_MERGE_REQUEST_DIFF_BASE_SHA=
  run -1 sh -e -c "$block"
  [[ $output == *'2 postmortems checked: '* ]]
  "$root/tests/lib/conforms" sarif <pm.sarif
}

@test "pre-commit's hook says what pre-commit needs, and its entry checks what is staged" {
  for key in id name entry language pass_filenames; do
    grep -qE "^[- ] $key: " "$root/.pre-commit-hooks.yaml"
  done
  repository
  git rm -q incidents/a.md
  printf -- '---\nstatus: review\n---\n\n# T\n' | write_file incidents/c.md
  git add .
  run -1 sh -c "$(sed -n 's/^  entry: //p' "$root/.pre-commit-hooks.yaml")"
  [[ $output == 'incidents/c.md: review needs '* ]]
}

# Queries over real postmortems, each answered a second time by grep and awk: a status page with one
# front matter on every file.
load ../lib/helper

setup_file() {
  local bundles=${PM_CORPUS:-$BATS_TEST_DIRNAME/../../../shared/corpus}
  export REPO=$BATS_FILE_TMPDIR/repo
  [ -f "$bundles/jenkins-status.bundle" ] || return 0
  git clone -q "$bundles/jenkins-status.bundle" "$REPO"
  cd "$REPO" || return 1
  mkdir .pm
  cp "$BATS_TEST_DIRNAME/../../contrib/schemas/jenkins-status.yaml" .pm/schema.yaml
  git add .pm
  git -c user.name=a -c user.email=a@example.org commit -q -m rules
  # path, severity, start and end (UTC, seconds cut off), affected, title: the front matter as awk
  # reads it
  awk '
    function value(s) { sub(/^[^:]*: */, "", s); gsub(/^["'\'']|["'\'']$/, "", s); return s }
    FNR == 1 { if (path) print path, severity, start, end, resolved, affected, title
               path = FILENAME; severity = start = end = resolved = title = "-"; affected = ","; front = 0 }
    /^---/ { front++; next }
    front != 1 { next }
    /^severity:/ { severity = value($0) }
    /^date:/ { start = substr(value($0), 1, 16) }
    /^resolvedWhen:/ { end = substr(value($0), 1, 16) }
    /^resolved:/ { resolved = value($0) }
    /^title:/ { title = value($0) }
    /^ +- / { sub(/^ +- */, ""); affected = affected $0 "," }
    END { print path, severity, start, end, resolved, affected, title }
  ' OFS='\t' content/issues/*.md | grep -v '/_index' >"$BATS_FILE_TMPDIR/facts"
}

setup() {
  sandbox
  [ -d "$REPO" ] || skip "no corpus 'jenkins-status' in PM_CORPUS"
  cd "$REPO" || return 1
}

# by_hand CONDITION: the files of whose facts an awk condition holds, sorted.
by_hand() {
  awk -F '\t' "$1 { print \$1 }" "$BATS_FILE_TMPDIR/facts" | sort
}

# agree QUERY CONDITION: the same files, and there are some.
agree() {
  local wanted
  wanted=$(by_hand "$2")
  [ -n "$wanted" ] || { echo "nothing to find by hand: $2"; return 1; }
  same "$wanted" "$(pm search -f paths "$1" | sort)" || { echo "  for: $1"; return 1; }
}

# with_words QUERY EXTENDED-REGEX: the files that grep finds, whatever the case.
with_words() {
  local wanted
  wanted=$(grep -liE -- "$2" content/issues/*.md | grep -v /_index | sort)
  [ -n "$wanted" ] || { echo "nothing to find by hand: $2"; return 1; }
  same "$wanted" "$(pm search -f paths "$1" | sort)" || { echo "  for: $1"; return 1; }
}

@test "all of them" {
  same "$(wc -l <"$BATS_FILE_TMPDIR/facts" | tr -d ' ')" "$(pm search --count)"
}

@test "severities, by name, alias, list, range and comparison" {
  agree severity:sev1 '$2 == "down"'
  agree severity:down '$2 == "down"'
  agree severity:sev2 '$2 == "disrupted"'
  agree severity:sev3 '$2 == "notice"'
  agree severity:sev1,sev3 '$2 == "down" || $2 == "notice"'
  agree severity:sev1..sev2 '$2 != "notice"'
  agree 'severity>=sev2' '$2 != "down"'
  agree 'NOT severity:sev1' '$2 != "down"'
}

@test "days, months, quarters, years and ranges of them" {
  agree started:2024 'substr($3, 1, 4) == "2024"'
  agree started:2023-05 'substr($3, 1, 7) == "2023-05"'
  agree started:2022-Q1 '$3 >= "2022-01" && $3 < "2022-04"'
  agree started:2022-02-01..2022-03-15 'substr($3, 1, 10) >= "2022-02-01" && substr($3, 1, 10) <= "2022-03-15"'
  agree started:..2021-12-31 'substr($3, 1, 10) <= "2021-12-31"'
  agree started:2025.. 'substr($3, 1, 4) >= "2025"'
  agree date:2024-04 'substr($3, 1, 7) == "2024-04"'
  agree mitigated:2023 'substr($4, 1, 4) == "2023"'
}

@test "services: one, any of several, a prefix, none of them" {
  agree service:ci.jenkins.io 'index($6, ",ci.jenkins.io,")'
  agree affected:ldap.jenkins.io 'index($6, ",ldap.jenkins.io,")'
  agree service:issues.jenkins.io,www.jenkins.io 'index($6, ",issues.jenkins.io,") || index($6, ",www.jenkins.io,")'
  agree 'service:repo*' '$6 ~ /,repo/'
  agree 'NOT service:ci.jenkins.io' '!index($6, ",ci.jenkins.io,")'
  agree no:service '$6 == ","'
  agree has:service '$6 != ","'
}

@test "several conditions at once" {
  agree 'service:ci.jenkins.io severity:sev1' 'index($6, ",ci.jenkins.io,") && $2 == "down"'
  agree 'severity:sev1 started:2024' '$2 == "down" && substr($3, 1, 4) == "2024"'
  agree '(severity:sev1 OR service:ldap.jenkins.io) NOT started:2022' \
    '($2 == "down" || index($6, ",ldap.jenkins.io,")) && substr($3, 1, 4) != "2022"'
  agree 'status:published severity:notice' '$5 == "true" && $2 == "notice"'
}

@test "words, phrases, prefixes and names as phrases" {
  with_words kubernetes '\<kubernetes\>'
  with_words 'helm*' '\<helm'
  with_words '"credentials are"' '\<credentials are\>'
  with_words 'kubern*' '\<kubern'
  with_words terraform '\<terraform\>'
  with_words 'ldap OR terraform' '\<(ldap|terraform)\>'
  with_words 'http2 OR h2c OR 502' '\<(http2|h2c|502)\>'
  with_words '"repo.jenkins-ci.org"' 'repo\.jenkins-ci\.org'
}

@test "a title, as words" {
  same "$(by_hand 'tolower($7) ~ /(^|[^a-z])maintenances?([^a-z]|$)/')" "$(pm search -f paths title:maintenance | sort)"
  same "$(by_hand 'tolower($7) ~ /ci\.jenkins\.io/')" "$(pm search -f paths title:ci.jenkins.io | sort)"
}

@test "facets count what grep counts" {
  run -0 pm search --facets -n 1
  same 'severity  sev2 130 · sev1 112 · sev3 55' "$(grep '^severity' <<<"$output")"
  for year in 2021 2022 2023 2024 2025; do
    n=$(by_hand "substr(\$3, 1, 4) == \"$year\"" | wc -l | tr -d ' ')
    [[ $(grep '^year' <<<"$output") == *"$year $n"* ]]
  done
}

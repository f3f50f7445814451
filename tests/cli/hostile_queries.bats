# Nothing of a query is ever syntax to SQL or FTS5, and no query is too long or too deep to be answered.
load ../lib/helper

setup() {
  sandbox
  new_repo
  commit_file postmortems/2026-01-02-dns.md <<'MD'
---
status: published
severity: sev1
started: 2026-01-02T10:00Z
causes: [network/dns]
services: ["o'brien", "100%_sure"]
---

# It's "gone": 100% of DNS

## Action items

- [ ] **A1** Don't drop tables; add a resolver
  @alice, due 2026-02-01
MD
  pm search resolver >/dev/null
  pm actions >/dev/null
}

# An answer or a usage error, never a failure of the machinery; the index is as it was.
answered() {
  local status=0
  "$@" >out 2>err || status=$?
  [ $status -le 2 ]
  ! grep -qiE 'sqlite|fts5|syntax error near|the index:' err
}

@test "quotes, comments and operators of SQL and FTS5 are words like others" {
  before=$(pm index --dump)
  for text in "'" "''" '"' '""' "' OR 1=1 --" "'; DROP TABLE documents; --" 'x" OR "y' 'title:x" NEAR("a"' \
    'NEAR(a b)' 'a NEAR b' 'body : x' '^dns' '{title body}: dns' 'dns + gone' '*' '**' '%' '_' '100%' '\' \
    'a\' '?1' ':name' '@p' '$x' 'x/**/y' ')' '(' '()' '-' '--' '"unclosed' 'severity:' ':x' '\x00' $'a\nb' \
    $'\e[31m' $'\xff\xfe' "o'brien" 'service:"o'"'"'brien"' 'cause:"x'"'"' OR 1=1"' 'id:%' 'path:%'; do
    answered pm search -- "$text"
    answered pm actions -- "$text"
  done
  same "$before" "$(pm index --dump)"
}

@test "what has a quote or a percent sign is found by it, and a percent sign stands for nothing" {
  same 1 "$(pm search --count "service:\"o'brien\"")"
  same 1 "$(pm search --count "\"it's\"")"
  same 1 "$(pm search --count 'service:100%_sure')"
  same 0 "$(pm search --count 'service:100%')"
  same 0 "$(pm search --count 'service:%')"
  same 0 "$(pm search --count 'service:_________')"
  same 0 "$(pm search --count 'cause:network%' || true)"
}

@test "queries of hundreds of kilobytes" {
  perl -e 'print "dns " x 100000' >long # more does not fit into a command line
  answered sh -c 'pm search --cause network/dns "$(head -c 100000 long)"'
  answered sh -c 'pm search $(cat long)'
  perl -e 'print "severity:", join(",", ("sev1") x 20000)' >values
  answered sh -c 'pm search "$(cat values)"'
  same 1 "$(pm actions --all --count "slips:$(perl -e 'print join(",", (0..3) x 900)')")"
  perl -e 'print "\"", "dns " x 30000, "\""' >phrase
  answered sh -c 'pm search "$(cat phrase)"'
  perl -e 'print "a" x 100000' >word
  answered sh -c 'pm search "$(cat word)"'
}

@test "a query ten thousand levels deep" {
  answered pm search "$(perl -e 'print "(" x 10000, "dns", ")" x 10000')"
  answered pm search "$(perl -e 'print "NOT " x 10000, "dns"')"
  answered pm search "$(perl -e 'print "-" x 10000, "dns"')"
  answered pm search "$(perl -e 'print "(" x 10000')"
  answered pm search "$(perl -e 'print "dns OR " x 10000, "dns"')"
}

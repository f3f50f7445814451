# Postmortems for the tests of commands. `load postmortems` after the helper.

# postmortem PATH TITLE [FRONT MATTER LINE...]: writes one that passes the check; standard input, when
# there is any, is its list of action items. Lines given come before the defaults and replace them.
postmortem() {
  local path=$1 title=$2 line given=' '
  shift 2
  for line; do given+="${line%%:*} "; done
  {
    echo ---
    for line; do printf '%s\n' "$line"; done
    for line in 'status: published' 'severity: sev2' 'started: 2026-01-02T10:00Z' \
      'detected: 2026-01-02T10:30Z' 'mitigated: 2026-01-02T11:00Z' 'causes: [change/config]'; do
      [[ $given == *" ${line%%:*} "* ]] || printf '%s\n' "$line"
    done
    printf -- '---\n\n# %s\n\n' "$title"
    printf '## %s\n\n%s\n\n' Summary 'The service was down.' Impact 'Customers waited.'
    printf '## Timeline\n\n- 10:00 it began\n\n'
    printf '## %s\n\n%s\n\n' 'Root causes' 'A change.' 'Lessons learned' 'Test changes.'
    printf '## Action items\n\n'
    if [ -t 0 ]; then echo '- None: a test'; else cat; fi
  } | write_file "$path"
}

# commit MESSAGE: all that is there.
commit() {
  git add -A
  git commit -q -m "$1"
}

# A repository with a history: A1 slips and is done, A2 is dropped, A3 is overdue, A4 has a ticket.
history_repo() {
  new_repo history
  on 2026-01-05
  postmortem postmortems/2026-01-02-dns.md 'DNS was gone' 'id: PM-0001' 'services: [dns]' <<'MD'
- [ ] **A1** Add a second resolver
      @alice, due 2026-02-01, prevent, P1
- [ ] **A2** Alert on failed lookups
      @bob, due 2026-02-10
- [ ] **A3** Write a runbook
      @carol, due 2026-03-01
- [ ] **A4** Move the zone
      @dave, due 2026-01-10, [OPS-1](https://tickets.example.org/OPS-1)
MD
  commit 'postmortem of the DNS outage'
  on 2026-01-30 && as 'Grace Hopper'
  sed -i.bak 's/due 2026-02-01/due 2026-02-20/' postmortems/2026-01-02-dns.md && rm -- */*.bak
  commit 'more time for the resolver'
  on 2026-02-15 && as 'Ada Author'
  sed -i.bak -e 's/\[ \] \*\*A1/[x] **A1/' -e '/A2/,/bob/d' postmortems/2026-01-02-dns.md && rm -- */*.bak
  commit 'resolver is there'
}

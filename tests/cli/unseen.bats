#!/usr/bin/env bats
# Postmortems that no glob names: told of what a change adds, and of everything with --all.

load ../lib/helper

report() {
  printf -- '---\nseverity: sev2\nstarted: 2026-03-17T12:31+01:00\n---\n# A\n\n## Summary\n\nIt broke.\n'
}

setup() {
  sandbox
  new_repo
  report | commit_file postmortems/a.md
}

unseen() {
  pm check --rule unseen-document --format jsonl "$@" | sed 's/.*"path":"\([^"]*\)".*/\1/'
}

@test "what is added without its extension, untracked, staged or committed" {
  report >postmortems/report
  same postmortems/report "$(unseen)"
  same '' "$(unseen --staged)"
  git add .
  same postmortems/report "$(unseen --staged)"
  git commit -qm add
  same '' "$(unseen)"
  same postmortems/report "$(unseen HEAD~..HEAD)"
  same postmortems/report "$(unseen --all)"
  same postmortems/report "$(pm --at HEAD check --all --rule unseen-document --format jsonl | sed 's/.*"path":"\([^"]*\)".*/\1/')"
}

@test "an old one that a change only edits is left alone" {
  report | commit_file postmortems/report
  printf 'More.\n' >>postmortems/report
  same '' "$(unseen)"
  git commit -qam edit
  same '' "$(unseen HEAD~..)"
}

@test "a folder beside and below, not far away; names with blanks and umlauts" {
  for path in 'other/b.md' 'b.md' 'postmortems/old/b.md' 'postmortems/Störung im März' 'far/away/b.md'; do
    write_file "$path" < <(report)
  done
  printf "version: 1\ndocuments: ['postmortems/*.md']\n" | write_file .pm/schema.yaml
  same 'other/b.md
postmortems/Störung im März
postmortems/old/b.md' "$(unseen --all)"
}

@test "a folder beside documents of which none is staged" {
  printf "version: 1\ndocuments: ['postmortems/*.md', 'incidents/*.md']\n" | write_file .pm/schema.yaml
  report | commit_file incidents/c.md
  printf 'More.\n' >>incidents/c.md
  write_file postmortems/old/b.md < <(report)
  git add .
  same postmortems/old/b.md "$(unseen --staged)"
}

@test "a README, a license and what is no text are no postmortems" {
  report >postmortems/README
  report >postmortems/LICENSE
  { report; printf '\0'; } >postmortems/dump
  head -c 2000000 /dev/zero | tr '\0' 'a' >postmortems/large
  ln -s a.md postmortems/link
  same '' "$(unseen --all)"
}

@test "the warning counts under --strict, and its level can be changed" {
  report >postmortems/report
  run -0 pm check --rule unseen-document
  run -1 pm check --rule unseen-document --strict
  [[ $output == *"postmortems/report:1:1: warning: "*"rename it to 'report.md'"* ]]
  printf 'version: 1\nrules: {unseen-document: off}\n' | write_file .pm/schema.yaml
  run -0 pm check --rule unseen-document --strict
}

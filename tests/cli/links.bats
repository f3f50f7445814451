load ../lib/helper

# Where links lead is asked of the state that is checked.

# document [NAME]: a published postmortem with the text of standard input.
document() {
  { printf -- '---\nstatus: review\n---\n\n# T\n\n'; cat; } | write_file "incidents/${1:-a}.md"
}

broken() { # what of it is a broken link: its place and path
  pm check --info --rule broken-link "$@" |
    sed -n "s/.*:\([0-9]*:[0-9]*\): info: '*\([^']*\)' leads nowhere.*/\1 \2/p"
}

@test "the worktree, what is staged and a commit each have their own files" {
  new_repo
  document <<<'[a](one.png), [b](two.png), [c](three.png)'
  write_file incidents/one.png <<<'1'
  git add -A
  git commit -qm 'one'
  write_file incidents/two.png <<<'2'
  git add -A
  write_file incidents/three.png <<<'3'
  rm incidents/one.png
  same '7:5 one.png' "$(broken --all)"
  document b <<<'[a](one.png), [b](two.png), [c](three.png)'
  git add incidents/b.md
  same '7:33 three.png' "$(broken --staged)"
  same '7:19 two.png
7:33 three.png' "$(broken HEAD)"
}

@test "folders, links, submodules and what git ignores are there, and nothing is looked for behind links" {
  new_repo
  mkdir ../outside
  ln -s ../outside linked
  ln -s /nonexistent dangling
  write_file .gitignore <<<'*.log'
  write_file docs/x.txt <<<'x'
  document <<'MD'
[a](../linked/x.md), [b](../linked), [c](../dangling), [d](../docs), [e](../sub/x.md), [f](../sub),
[g](../docs/x.txt/y.md), [h](../../outside/x.md), [i](../docs/none.txt)
MD
  git add -A
  git update-index --add --cacheinfo "160000,$(printf '%040d' 1),sub"
  git commit -qm 'all of it'
  mkdir -p sub
  same '8:5 ../docs/x.txt/y.md
8:55 ../docs/none.txt' "$(broken --all)"
  same "$(broken --all)" "$(broken HEAD)"
  rm incidents/a.md
  document b <<<'[e](../sub/x.md), [f](../sub), [a](../linked/x), [b](../linked), [i](../docs/none.txt)'
  git add incidents/b.md
  same '7:70 ../docs/none.txt' "$(broken --staged)"
  document b <<<'[a](ignored.log)'
  write_file incidents/ignored.log <<<'there'
  same '' "$(broken --all)"
}

@test "a part of a worktree does not tell what is not there" {
  new_repo
  document <<<'[a](../docs/x.txt)'
  write_file docs/x.txt <<<'x'
  git add -A
  git commit -qm 'both'
  git sparse-checkout set incidents
  [ ! -e docs/x.txt ]
  same '' "$(broken --all)"
}

@test "git is asked once what there is, also where it does not say" {
  new_repo
  printf '[x](gone%d.md) ' {1..20} | document
  git add .
  mkdir ../bin
  printf '%s\n' '#!/bin/sh' "real=$(command -v git)" \
    'case "$*" in *"ls-files -s -z --") echo asked >>'"$PWD/../asked"'; exit 1 ;; esac' 'exec "$real" "$@"' >../bin/git
  chmod +x ../bin/git
  PATH=$PWD/../bin:$PATH run -0 --separate-stderr pm check --info --rule broken-link --staged
  same 1 "$(wc -l <../asked)"
  [[ $stderr == *'pm: not every link was followed: '* ]]
  [[ $output != *'[broken-link]'* ]]
}

@test "a document that moves takes its links along" {
  new_repo
  document <<<'[a](one.png) and more of it, so that it is known again'
  write_file incidents/one.png <<<'1'
  git add -A
  git commit -qm 'one'
  mkdir incidents/2026
  git mv incidents/a.md incidents/2026/a.md
  same '7:5 one.png' "$(broken --staged)"
}

@test "above a site's settings only links to Markdown files are judged" {
  new_repo
  document <<<'[a](../images/x.png), [b](../2026/some-page/), [c](x.md)'
  write_file mkdocs.yml <<<'site_name: x'
  same '7:52 x.md' "$(broken --all)"
}

@test "standard input has links where its path would be" {
  new_repo
  document <<<'[a](one.png), [b](#no-such)'
  write_file incidents/one.png <<<'1'
  run -0 pm check - --info --rule broken-link <incidents/a.md
  [[ $output == *"'#no-such'"* && $output != *'leads nowhere'* ]]
  same '7:5 one.png' "$(broken - --stdin-path other/incidents/a.md <incidents/a.md)"
}

@test "an id is looked for in documents outside of the change, and only where it is new" {
  new_repo
  printf -- '---\nid: PM-0001\n---\n\n# One\n' | write_file incidents/one.md
  printf -- '---\nid: PM-0002\nrelated: [PM-0009]\n---\n\n# Two\n' | write_file incidents/two.md
  git add -A
  git commit -qm 'both'
  printf -- '---\nid: PM-0002\nrelated: [PM-0009, pm-0001, one, incidents/one.md, PM-0010, X-1]\n---\n\n# Two\n' |
    write_file incidents/two.md
  run -0 pm check --rule broken-link --rule duplicate-id --format jsonl
  [ "$(grep -c broken-link <<<"$output")" -eq 1 ]
  [[ $output == *"related: no postmortem is 'PM-0010'"* ]]
  run -0 pm check --all --rule broken-link --format jsonl
  [ "$(grep -c broken-link <<<"$output")" -eq 2 ]
}

@test "a waiver for an id that is none is used" {
  new_repo
  printf -- '---\nid: PM-0002\nrelated: [PM-0009]\n---\n\n# Two\n\n<!-- pm: allow broken-link: it is in the old system -->\n' |
    write_file incidents/two.md
  run pm check --all --info
  [[ $output != *broken-link* && $output != *waiver-unused* ]]
}

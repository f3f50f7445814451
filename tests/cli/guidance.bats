load ../lib/helper

# The template that counts is that of the state which is checked.

impact() {
  printf -- '---\nstatus: draft\n---\n\n# T\n\n## Summary\n\n%s\n' "$1" | write_file incidents/a.md
}

template() {
  printf '# {{title}}\n\n## Summary\n\n%s\n' "$1" | write_file .pm/template.md
}

@test "guidance left in place is found by the template of the worktree, the index, the commit" {
  new_repo
  template '_What happened?_'
  impact '_What happened?_'
  git add -A
  template '_What went on?_'
  run -0 pm check --all
  run -1 pm check --staged
  [[ $output == *"section 'Summary' is empty"*'this is what the template says'* ]]
  git commit -qm 'all of it'
  run -1 pm check HEAD
  rm .pm/template.md
  run -0 pm check --all
}

@test "what --fix writes under a heading is found again as guidance" {
  new_repo
  template '_What happened?_'
  printf -- '---\nstatus: draft\n---\n\n# T\n' | write_file incidents/a.md
  run -1 pm check --fix
  [[ $output == *'[empty-section]'* ]]
  grep -qx '_What happened?_' incidents/a.md
}

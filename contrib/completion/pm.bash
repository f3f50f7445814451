# Completion of pm for bash: `pm complete` says what may follow. bash breaks words at ':' and '=',
# pm does not: so the line is split here again, and of what is offered the part that bash takes for
# a word of its own is cut off.
_pm() {
  local line=${COMP_LINE:0:COMP_POINT} word offered cut answer
  local -a words
  read -ra words <<<"$line"
  word=
  [[ $line == *[[:space:]] ]] && words+=('') || word=${words[${#words[@]}-1]}
  cut=
  [[ $word == *[:=]* ]] && cut=${word%"${word##*[:=]}"}
  COMPREPLY=()
  answer=$("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null) || return
  [[ -n $answer ]] || { compopt +o default 2>/dev/null; return; }
  while IFS= read -r offered; do
    offered=${offered%%$'\t'*}
    COMPREPLY+=("${offered#"$cut"}")
  done <<<"$answer"
  # A field or an option goes on with its value.
  [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[:=] ]] || compopt -o nospace 2>/dev/null
}
complete -o default -F _pm pm

# Completion of pm for bash: `pm complete` says what may follow. bash breaks words at ':' and '=',
# pm does not: so the line is split here again, and of what is offered the part that bash takes for
# a word of its own is cut off. Names come from the repository: what the shell would take for more
# than a name is quoted, unless the word was begun with a quote.
_pm() {
  local line=${COMP_LINE:0:COMP_POINT} word offered cut quote answer
  local -a words
  read -a words <<<"$line" # without -r: "a\ b" is one word
  word=
  [[ $line == *[!\\][[:space:]] ]] && words+=('') || word=${words[${#words[@]}-1]}
  quote=
  if [[ $word == [\"\']* ]]; then
    quote=${word:0:1} word=${word:1}
    words[${#words[@]}-1]=$word
  fi
  cut=
  [[ $word == *[:=]* ]] && cut=${word%"${word##*[:=]}"}
  COMPREPLY=()
  answer=$("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null) || return
  [[ -n $answer ]] || { compopt +o default 2>/dev/null; return; }
  while IFS= read -r offered; do
    offered=${offered%%$'\t'*}
    offered=${offered#"$cut"}
    [[ ! $quote || $offered != *[\\\"\'\$\`]* ]] || continue # no quote would hold it
    [[ $quote || $offered == *= ]] || printf -v offered %q "$offered"
    COMPREPLY+=("$offered")
  done <<<"$answer"
  # A field or an option goes on with its value.
  [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *[:=] ]] || compopt -o nospace 2>/dev/null
}
complete -o default -F _pm pm

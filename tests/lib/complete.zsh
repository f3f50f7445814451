# complete.zsh FILE WORD...: what the completion in FILE offers for the last WORD, one a line; the
# builtins that a completion calls are replaced by ones that print.
file=$1
shift
words=("$@")
CURRENT=$#words
compadd() {
  local last=${@[-1]}
  print -rl -- ${(P)last}
}
_files() { print files }
source "$file"

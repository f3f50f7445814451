# Completion of pm for fish: `pm complete` says what may follow, and fish reads its lines as they are.
function __pm_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
    if test $status -eq 0
        printf '%s\n' $answer
    else
        __fish_complete_path "$current"
    end
end
complete -c pm -f -a '(__pm_complete)'

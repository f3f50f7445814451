# For the checks of the source: C without its comments and the contents of its literals.
#
# code(line) wants every line of a file in turn; a file's first line starts afresh.

function code(line,    out, c, i, n) {
    if (FNR == 1)
        in_comment = 0
    if (!in_comment && line !~ /["'\/]/)
        return line
    n = length(line)
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        if (in_comment) {
            if (c == "*" && substr(line, i + 1, 1) == "/") {
                in_comment = 0
                i++
            }
        } else if (c == "/" && substr(line, i + 1, 1) == "*") {
            in_comment = 1
            i++
        } else if (c == "/" && substr(line, i + 1, 1) == "/") {
            break
        } else if (c == "\"" || c == "'") {
            for (i++; i <= n && substr(line, i, 1) != c; i++)
                if (substr(line, i, 1) == "\\")
                    i++
            out = out c c
        } else {
            out = out c
        }
    }
    return out
}

function report(line, sentence) {
    print (file ? file : FILENAME) ":" line ": " sentence
    offences++
}

END {
    exit offences > 0
}

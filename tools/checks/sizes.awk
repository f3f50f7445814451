# A function has at most 80 lines, from the first line of its signature to its closing brace, and
# a file at most 600. Functions are found by the brace style: { and } in the first column.

function end_file() {
    if (lines > 600)
        report(lines, "the file has " lines " lines, 600 is the limit")
}

FNR == 1 {
    end_file()
    file = FILENAME
    signature = 0
    inside = 0
}

{
    lines = FNR
    text = code($0)
    sub(/[ \t]+$/, "", text)
}

inside && text == "}" {
    size = FNR - signature + 1
    if (size > 80)
        report(signature, "function '" name "' has " size " lines, 80 is the limit")
    inside = 0
    signature = 0
    next
}

inside {
    next
}

text == "{" || text ~ /^[A-Za-z_].*\)[ \t]*\{$/ {
    if (!signature) {
        signature = FNR
        name = text
    }
    sub(/[ \t]*\(.*/, "", name)
    sub(/.*[ \t*]/, "", name)
    inside = 1
    next
}

text == "" || text ~ /[;}]$/ || text ~ /^[ \t]*#/ {
    signature = 0
    next
}

!signature {
    signature = FNR
    name = ""
}

name !~ /\(/ {
    name = text
}

END {
    end_file()
}

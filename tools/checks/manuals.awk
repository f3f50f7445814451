# Every command of the table `commands[]` (rows: &command_NAME) has its manual beside it,
# src/cmd/pm-NAME.1, and every such manual is of a command. The dashboard, which is pm without a
# command, has src/cmd/pm.1. Read are the table's file and, after it, the manuals.

function manual_of(name) {
    return "src/cmd/" (name == "dashboard" ? "pm" : "pm-" name) ".1"
}

function readable(path,    line, got) {
    got = (getline line < path) > 0
    close(path)
    return got
}

/^const struct command \*const commands\[\]/ {
    inside = 1
}

inside {
    rest = $0
    while (match(rest, /&command_[a-z_]+/)) {
        name = substr(rest, RSTART + 9, RLENGTH - 9)
        rest = substr(rest, RSTART + RLENGTH)
        wanted[manual_of(name)] = 1
        if (!readable(manual_of(name)))
            report(FNR, "command '" name "' has no manual " manual_of(name))
    }
}

/^};/ {
    inside = 0
}

FNR == 1 && FILENAME ~ /\.1$/ && !(FILENAME in wanted) {
    report(1, "a manual of what is no command")
}

# Every row of the command table, `const struct command commands[]`, has its manual beside the
# commands, src/cmd/pm-NAME.1, and every such manual is of a command: read the table's file, and
# the manuals after it.

function readable(path,    line, got) {
    got = (getline line < path) > 0
    close(path)
    return got
}

/^const struct command commands\[\]/ {
    inside = 1
}

inside && /^};/ {
    inside = 0
}

inside && /^[ \t]*\{"[a-z-]+"/ {
    name = $0
    sub(/^[ \t]*\{"/, "", name)
    sub(/".*/, "", name)
    command[name] = 1
    if (!readable("src/cmd/pm-" name ".1"))
        report(FNR, "command '" name "' has no manual src/cmd/pm-" name ".1")
}

FNR == 1 && FILENAME ~ /\.1$/ {
    name = FILENAME
    sub(/.*\/pm-/, "", name)
    sub(/\.1$/, "", name)
    if (!(name in command))
        report(1, "the manual of '" name "', which is no command")
}

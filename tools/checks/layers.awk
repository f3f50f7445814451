# Who includes what, against src/LAYERS.
#
# A source file belongs to the layer whose folder it is in, src/main.c to cmd; a header of
# include/pm to the layer that its first line names: /* pm/NAME.h - LAYER: summary

# The first line that is not a comment of src/LAYERS: layer | layers | headers
function read_layers(    line, part, i, n, word) {
    while ((getline line < "src/LAYERS") > 0) {
        if (line ~ /^#/)
            continue
        split(line, part, "|")
        gsub(/ /, "", part[1])
        known[part[1]] = 1
        n = split(part[2], word, " ")
        for (i = 1; i <= n; i++)
            may[part[1], word[i]] = 1
        n = split(part[3], word, " ")
        for (i = 1; i <= n; i++)
            owner[word[i]] = part[1]
    }
}

function layer_in(first,    part) {
    if (first !~ /^\/\* pm\/[a-z0-9_]+\.h - [a-z]+: /)
        return ""
    split(first, part, " ")
    sub(/:$/, "", part[4])
    return part[4]
}

# Headers are read first, so that the order of the files does not matter.
function read_headers(    i, line, name) {
    for (i = 1; i < ARGC; i++)
        if (ARGV[i] ~ /^include\/pm\//) {
            line = ""
            getline line < ARGV[i]
            close(ARGV[i])
            name = ARGV[i]
            sub(/^include\//, "", name)
            layer[name] = layer_in(line)
        }
}

function folder(path,    part) {
    split(path, part, "/")
    return path == "src/main.c" ? "cmd" : part[2]
}

function begin_file(    name) {
    if (FILENAME ~ /^include\//) {
        mine = layer[substr(FILENAME, length("include/") + 1)]
        if (mine == "")
            report(1, "the first line must name its layer: /* pm/name.h - layer: summary")
        return
    }
    mine = folder(FILENAME)
    if (!(mine in known))
        report(1, "src/" mine " is not a layer of src/LAYERS")
    name = FILENAME
    sub(/^.*\//, "pm/", name)
    sub(/\.c$/, ".h", name)
    # A command is named by what people type, which may be a module's name too.
    if ((name in layer) && layer[name] != mine && mine != "cmd" && FILENAME != "src/main.c")
        report(1, "layer " mine " implements " name ", which says that it is of " layer[name])
}

function check_ours(name) {
    if (!(name in layer))
        report(FNR, "there is no include/" name)
    else if (layer[name] != mine && layer[name] != "" && !((mine, layer[name]) in may))
        report(FNR, "layer " mine " may not include " name " of layer " layer[name])
}

function check_library(name,    top) {
    top = name
    sub(/\/.*/, "/", top)
    if ((name in owner) && owner[name] != mine)
        report(FNR, "only layer " owner[name] " may include <" name ">, not " mine)
    else if (top != name && (top in owner) && owner[top] != mine)
        report(FNR, "only layer " owner[top] " may include <" name ">, not " mine)
}

BEGIN {
    read_layers()
    read_headers()
}

FNR == 1 {
    begin_file()
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    name = $0
    sub(/^[^"<]*["<]/, "", name)
    sub(/[">].*/, "", name)
    if ($0 ~ /</)
        check_library(name)
    else if (name ~ /^pm\//)
        check_ours(name)
    else if (name ~ /\//)
        report(FNR, "a private header is included by its own folder only: " name)
}

# What is left to do is an issue, not a comment. Only comments count that begin with the word or
# put a colon or a bracket behind it: pm itself speaks of documents that say such things.

{
    word = "(TODO|FIXME|XXX)"
    if ($0 ~ ("(/\\*|//|^[ \t]*\\*|#)[ \t]*" word "([^A-Za-z0-9]|$)") || code($0) ~ (word "[:(]"))
        report(FNR, "a note of something left to do: make it an issue")
}

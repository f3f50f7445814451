# Layers below cmd do not print and do not exit: they return an error that somebody can handle.
# src/base/alloc.c is the exception, which ends the program that has no memory or a bug.

function mentions(text, word) {
    return (" " text " ") ~ ("[^A-Za-z0-9_>.]" word "[^A-Za-z0-9_]")
}

function calls(text, word) {
    return (" " text) ~ ("[^A-Za-z0-9_>.]" word "[ \t]*\\(")
}

BEGIN {
    n = split("printf puts putchar vprintf perror psignal exit quick_exit abort err errx warn warnx", \
              function_names, " ")
}

{
    text = code($0)
    if (FILENAME == "src/base/alloc.c" || text ~ /^[ \t]*#[ \t]*include/)
        next
    for (i = 1; i <= n; i++)
        if (calls(text, function_names[i]))
            report(FNR, "layers below cmd do not call " function_names[i] "()")
    if (mentions(text, "stdout") || mentions(text, "stderr"))
        report(FNR, "layers below cmd do not print: stdout and stderr belong to cmd")
}

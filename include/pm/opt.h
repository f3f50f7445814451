/* pm/opt.h - base: command-line options from one table
 *
 * One table per command drives getopt_long, the usage text and the completions. Options and
 * operands may be mixed; "--" ends the options. -n5, -n 5, --count=5 and --count 5 are the same; a
 * long name may be cut to what is unique. Not for threads: getopt_long has state of its own.
 */
#ifndef PM_OPT_H
#define PM_OPT_H

#include "pm/err.h"
#include "pm/str.h"
#include "pm/vec.h"

enum opt_kind {
    OPT_FLAG,   /* bool * : set to true */
    OPT_STRING, /* const char ** : borrowed from argv */
    OPT_COUNT,  /* long * : a whole number, 0 or more */
    OPT_CHOICE, /* const char ** : one of choices */
    OPT_TEMPLATE, /* const char ** : one of choices, or a text with a '%' */
    OPT_LIST    /* struct opt_list * : may be given again */
};

struct opt_list {
    const char **v;
    size_t n, cap;
};

struct opt {
    const char *name;           /* long name without dashes; NULL ends a table */
    char letter;                /* short form or 0 */
    enum opt_kind kind;
    size_t offset;              /* of the member in the command's options struct */
    const char *argument;       /* its name in the usage text: FORMAT; NULL for flags */
    const char *help;           /* one line, lower case, no full stop */
    const char *const *choices; /* OPT_CHOICE: NULL-terminated; OPT_STRING: offered to completion */
    bool hidden;
};

struct operands {
    const char **v;
    size_t n, cap;
};

enum {
    OPT_DASH_TERMS = 1,   /* "-x" that is not exactly a declared short option is an operand (queries) */
    OPT_FIRST_OPERAND = 2 /* the first operand ends the options: all from there on are operands */
};

/* Parses argv[1..] by the tables (NULL-terminated list of tables with the struct that each fills).
 * -1 with a usage error: unknown options get a did-you-mean. */
struct opt_set {
    const struct opt *table;
    void *into;
};
int opt_parse(const struct opt_set *sets, size_t nsets, int argc, char **argv, int flags,
              struct operands *operands, struct err *e);
void operands_release(struct operands *o);
void opt_list_release(struct opt_list *l);
/* Releases the lists in a struct that opt_parse has filled. */
void opt_release(const struct opt *table, void *into);

/* Appends "  -f, --format FORMAT   how to print: table, paths, json" lines, aligned, ≤ 80 columns. The
 * choices of an OPT_CHOICE are added to its help; hidden options are left out. */
void opt_usage(struct str *out, const struct opt *table);

#endif

/* The oracle of the ledger: at every commit of the chain, what it says is there is what parsing the
 * tree of that commit says, and its events tell how it came to be.
 *
 * With arguments, a tool: prop_ledger --events DIR prints the events of DIR's HEAD. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/chronicle.h"

static int open_head(struct repo **r, struct oid *tip, struct state *s, const char *dir,
                     struct err *e)
{
    struct repo_where where = {dir, NULL};

    if (repo_open(r, &where, e) < 0)
        return -1;
    if (commit_head(*r, tip, e) != 1)
        return -1;
    return state_of_commit(s, *r, tip, e);
}

/* The first line of its message: a script names its commits by what they do. */
static void put_commit(struct str *out, struct repo *r, const struct chronicle *c, uint32_t number)
{
    struct commit commit;

    if (commit_read(r, &c->commits[number].id, &commit, NULL) < 0)
        return;
    struct slice rest = commit.message, line = {NULL, 0};
    slice_split(&rest, '\n', &line);
    str_adds(out, line);
    commit_release(&commit);
}

static void put_value(struct str *out, struct slice value)
{
    for (size_t i = 0; i < value.n; i++)
        str_addc(out, value.p[i] == '\n' ? ' ' : value.p[i]);
}

/* REF KIND: BEFORE -> AFTER (DAYS) [CHANGE > LANDING] */
static void put_event(struct str *out, struct repo *r, const struct chronicle *c,
                      const struct ledger_names *names, const struct ledger_event *ev)
{
    ledger_ref(out, c->ledger, names, ev->item);
    str_addf(out, " %s: ", event_name(ev->kind));
    put_value(out, ev->before);
    str_addz(out, ev->before.n ? " -> " : "-> ");
    put_value(out, ev->after);
    if (ev->days)
        str_addf(out, " (%+d days)", ev->days);
    str_addz(out, " [");
    put_commit(out, r, c, ev->change);
    if (ev->change != ev->landing) {
        str_addz(out, " > ");
        put_commit(out, r, c, ev->landing);
    }
    str_addz(out, "]\n");
}

static int print_events(const char *dir)
{
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    struct state s = {0};
    struct oid tip;
    struct chronicle *c = NULL;
    struct ledger_names names;
    struct str out = STR_INIT;

    if (open_head(&r, &tip, &s, dir, &e) < 0 ||
        chronicle_build(&c, r, &tip, &s.selection, NULL, NULL, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        return 2;
    }
    ledger_names_init(&names, c->ledger);
    for (size_t i = 0; i < c->ledger->nevents; i++)
        put_event(&out, r, c, &names, &c->ledger->events[i]);
    fwrite(out.p, 1, out.n, stdout);
    str_release(&out);
    ledger_names_release(&names);
    chronicle_free(c);
    state_release(&s);
    repo_free(r);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--events") == 0)
        return print_events(argv[2]);
    return 0;
}

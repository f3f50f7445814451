/* The oracle of the ledger: at every commit of the chain, what it says is there is what parsing the
 * tree of that commit says, and its events tell how it came to be.
 *
 * PM_SEED=N tries one random history, PM_SEEDS=N that many from there on.
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

#include "../lib/seeds.h"

#include "random_history.h"

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

/* ---- the oracle -------------------------------------------------------------------------------
 */

static const struct ledger_document *document_at(const struct ledger *l, struct slice path)
{
    for (size_t i = 0; i < l->ndocuments; i++)
        if (l->documents[i].present && slice_eq(l->documents[i].path, path))
            return &l->documents[i];
    return NULL;
}

static void assert_slice(struct slice got, struct slice wanted)
{
    if (!slice_eq(got, wanted))
        fail_msg("'" SLICE_FMT "' is not '" SLICE_FMT "'", SLICE_ARG(got), SLICE_ARG(wanted));
}

static void assert_stated(const struct ledger_item *item, const struct version_item *v)
{
    assert_int_equal(item->state, v->stated.state);
    assert_int_equal(item->now.state, v->stated.state);
    assert_slice(item->now.text, v->stated.text);
    assert_slice(item->now.owners, v->stated.owners);
    assert_int_equal(date_cmp(item->now.due, v->stated.due), 0);
    assert_slice(item->now.type, v->stated.type);
    assert_slice(item->now.priority, v->stated.priority);
    assert_slice(item->now.reason, v->stated.reason);
    assert_slice(item->now.tracker, v->stated.tracker);
    assert_slice(item->now.links, v->stated.links);
    assert_slice(item->id, v->id);
    assert_int_equal(item->line, v->line);
}

static struct version *parsed(const struct state *s, struct repo *r, size_t file)
{
    struct zones *zones = zones_new();
    struct reader rd = {s->schema, zones_find, zones};
    struct str bytes = STR_INIT;
    struct err e = ERR_INIT;
    bool large = false;
    size_t n;

    assert_int_equal(snapshot_read(s->files, r, file, 1024 * 1024, &bytes, &large, &e), 0);
    char *p = str_detach(&bytes, &n);
    struct postmortem *pm = postmortem_read(&rd, p, n, snapshot_file(s->files, file)->path);
    struct version *v = large ? version_unreadable() : version_of(pm);
    postmortem_free(pm);
    zones_free(zones);
    return v;
}

/* Every document of the tree is there, states what its text states, and nothing else is there. */
static void assert_tree(const struct chronicle *c, const struct state *s, struct repo *r)
{
    const struct ledger *l = c->ledger;
    size_t present = 0, items = 0, stated = 0;

    for (size_t i = 0; i < l->ndocuments; i++)
        present += l->documents[i].present;
    assert_int_equal(present, snapshot_count(s->files));
    for (size_t f = 0; f < snapshot_count(s->files); f++) {
        const struct ledger_document *d = document_at(l, snapshot_file(s->files, f)->path);
        assert_non_null(d);
        struct version *v = parsed(s, r, f);
        assert_int_equal(d->readable, v->readable);
        if (v->readable) {
            assert_slice(d->id, v->id);
            assert_int_equal(d->draft, v->draft);
            assert_int_equal(d->version->nitems, v->nitems);
            for (size_t i = 0; i < v->nitems; i++)
                assert_stated(&l->items[d->current[i]], &v->items[i]);
        }
        stated += d->version ? d->version->nitems : 0;
        version_free(v);
    }
    for (size_t i = 0; i < l->nitems; i++)
        items += item_present(l->items[i].state);
    assert_int_equal(items, stated);
}

/* ---- replay -----------------------------------------------------------------------------------
 */

/* What events alone say of an item. */
struct replayed {
    bool known, here;
    struct slice state, value[EVENT_KIND_COUNT];
    bool said[EVENT_KIND_COUNT];
    uint32_t landing[EVENT_KIND_COUNT];
};

static bool is_field(enum event_kind k)
{
    return k >= EVENT_REASSIGNED && k <= EVENT_REWORDED;
}

static bool is_state(enum event_kind k)
{
    return k >= EVENT_BEGUN && k <= EVENT_REOPENED;
}

static void replay_event(struct replayed *r, const struct ledger *l, const struct ledger_event *ev)
{
    const struct ledger_item *item = &l->items[ev->item];
    struct replayed *i = &r[ev->item];

    if (i->said[ev->kind])
        assert_int_not_equal(i->landing[ev->kind], ev->landing);
    i->landing[ev->kind] = ev->landing;
    if (ev->kind == EVENT_OPENED) {
        assert_false(i->known);
        i->known = i->here = true;
        i->state = SLICE("open");
        i->value[EVENT_REWORDED] = ev->after;
    } else if (ev->kind == EVENT_RESTORED) {
        assert_true(i->known && !i->here);
        i->here = true;
    } else if (is_state(ev->kind)) {
        assert_true(i->here);
        if (!slice_eqz(ev->before, "proposed") && !slice_eqz(i->state, "proposed"))
            assert_slice(ev->before, i->state);
        i->state = ev->after;
    } else if (is_field(ev->kind)) {
        assert_true(i->here);
        if (i->said[ev->kind] && ev->kind != EVENT_REWORDED) /* a change of case is no event */
            assert_slice(ev->before, i->value[ev->kind]);
        i->value[ev->kind] = ev->after;
    } else {
        assert_true(i->here);
        i->here = false;
        if (ev->kind == EVENT_MOVED && !r[item->successor].known) {
            struct replayed *to = &r[item->successor];
            memcpy(to, i, sizeof *to);
            memset(to->landing, 0xff, sizeof to->landing);
            to->here = true;
        }
    }
    i->said[ev->kind] = true;
}

static void assert_replay(const struct ledger *l)
{
    struct replayed *r = calloc(l->nitems + 1, sizeof *r);
    struct str due = STR_INIT;

    for (size_t i = 0, end; i < l->nevents; i = end) { /* step by step; who moves goes first */
        for (end = i; end < l->nevents && l->events[end].landing == l->events[i].landing; end++)
            if (l->events[end].kind == EVENT_MOVED)
                replay_event(r, l, &l->events[end]);
        for (size_t k = i; k < end; k++)
            if (l->events[k].kind != EVENT_MOVED)
                replay_event(r, l, &l->events[k]);
    }
    for (size_t i = 0; i < l->nitems; i++) {
        const struct ledger_item *item = &l->items[i];
        assert_true(r[i].known);
        assert_int_equal(r[i].here, item_present(item->state));
        if (item->now.state != STATE_PROPOSED && !slice_eqz(r[i].state, "proposed"))
            assert_slice(r[i].state, slice_of(action_state_name(item->now.state)));
        if (r[i].said[EVENT_REASSIGNED])
            assert_slice(r[i].value[EVENT_REASSIGNED], item->now.owners);
        if (r[i].said[EVENT_RESCHEDULED]) {
            str_clear(&due);
            if (item->now.due.year)
                date_format(&due, item->now.due);
            assert_slice(r[i].value[EVENT_RESCHEDULED], str_slice(&due));
        }
    }
    str_release(&due);
    free(r);
}

/* What goes on as another item ends at one that goes on as none. */
static void assert_ends(const struct ledger *l)
{
    for (size_t i = 0; i < l->nitems; i++) {
        size_t steps = 0;
        for (uint32_t at = (uint32_t)i; l->items[at].successor != LEDGER_NONE; steps++) {
            at = l->items[at].successor;
            assert_true(at < l->nitems && steps < l->nitems);
        }
    }
}

/* ---- going on ---------------------------------------------------------------------------------
 */

static bool is_wanted(const struct slice *v, size_t n, struct slice s)
{
    for (size_t i = 0; i < n; i++)
        if (s.n && slice_eq(v[i], s))
            return true;
    return false;
}

static bool has_fresh(const struct ledger *l, uint32_t document)
{
    for (size_t i = 0; i < l->nfresh; i++)
        if (l->items[l->fresh[i]].document == document)
            return true;
    return false;
}

static uint32_t commit_again(struct chronicle *to, const struct chronicle *from, uint32_t number)
{
    return number == LEDGER_NONE ? number : chronicle_commit_add(to, &from->commits[number]);
}

static uint32_t slot_of(const struct ledger_document *d, uint32_t item)
{
    for (uint32_t i = 0; d->current && i < d->version->nitems; i++)
        if (d->current[i] == item)
            return i;
    return LEDGER_NONE;
}

static int version_again(struct chronicle *to, const struct chronicle *from,
                         const struct version **v, struct err *e)
{
    return *v ? chronicle_version(to, chronicle_blob(from, *v), v, e) : 0;
}

/* The store of this test is the chronicle of an earlier commit. */
static int load_from(void *ctx, struct chronicle *c, const struct chronicle_wanted *w,
                     struct err *e)
{
    const struct chronicle *past = ctx;
    const struct ledger *from = past->ledger;
    uint32_t landing = from->previous;

    c->ledger->ids_taken = from->ids_taken;
    c->ledger->previous = commit_again(c, past, landing);
    for (uint32_t i = 0; i < from->ndocuments; i++) {
        struct ledger_document d = from->documents[i];
        if (!is_wanted(w->paths, w->npaths, d.path) && !is_wanted(w->ids, w->nids, d.id) &&
            !has_fresh(from, i))
            continue;
        if (version_again(c, past, &d.version, e) < 0 || version_again(c, past, &d.content, e) < 0)
            return -1;
        uint32_t document = ledger_restore_document(c->ledger, &d);
        for (uint32_t n = 0; n < d.items; n++) {
            uint32_t index = from->documents[i].numbered[n];
            struct ledger_item item = from->items[index];
            item.document = document;
            item.opened_change = commit_again(c, past, item.opened_change);
            item.closed_change = commit_again(c, past, item.closed_change);
            item.closed_landing = commit_again(c, past, item.closed_landing);
            item.successor = LEDGER_NONE;
            item.since =
                item.since == landing ? c->ledger->previous : commit_again(c, past, item.since);
            item.opened_landing = item.opened_landing == landing
                                      ? c->ledger->previous
                                      : commit_again(c, past, item.opened_landing);
            ledger_restore_item(c->ledger, &item, slot_of(&from->documents[i], index));
        }
    }
    c->rows_besides = chronicle_rows(past) - chronicle_rows(c);
    return 0;
}

static void assert_same_commit(const struct chronicle *a, uint32_t x, const struct chronicle *b,
                               uint32_t y)
{
    assert_int_equal(x == LEDGER_NONE, y == LEDGER_NONE);
    if (x != LEDGER_NONE)
        assert_true(oid_eq(&a->commits[x].id, &b->commits[y].id));
}

static void assert_same_item(const struct chronicle *a, const struct ledger_item *x,
                             const struct chronicle *b, const struct ledger_item *y)
{
    assert_slice(a->ledger->documents[x->document].path, b->ledger->documents[y->document].path);
    assert_int_equal(x->number, y->number);
    assert_int_equal(x->state, y->state);
    assert_slice(x->now.text, y->now.text);
    assert_slice(x->now.owners, y->now.owners);
    assert_slice(x->id, y->id);
    assert_int_equal(date_cmp(x->first_due, y->first_due), 0);
    assert_int_equal(date_cmp(x->last_due, y->last_due), 0);
    assert_int_equal(x->slips, y->slips);
    assert_int_equal(x->slipped_days, y->slipped_days);
    assert_int_equal(x->reopened, y->reopened);
    assert_int_equal(x->promised, y->promised);
    assert_same_commit(a, x->opened_change, b, y->opened_change);
    assert_same_commit(a, x->opened_landing, b, y->opened_landing);
    assert_same_commit(a, x->closed_landing, b, y->closed_landing);
    assert_same_commit(a, x->since, b, y->since);
}

/* From an earlier commit's rows, the same events and the same items as in one go. */
static void assert_continues(struct repo *r, const struct selection *sel,
                             const struct chronicle *past, const struct chronicle *whole)
{
    struct chronicle_past stored = {(void *)(uintptr_t)past, past->tip, past->forward, past->edits,
                                    load_from};
    struct chronicle *c = NULL;
    struct err e = ERR_INIT;
    bool found = false;
    size_t first = past->ledger->nevents;

    if (chronicle_continue(&c, &found, r, &whole->tip, sel, &stored, &e) < 0)
        fail_msg("%s", e.text);
    assert_true(found);
    assert_int_equal(first + c->ledger->nevents, whole->ledger->nevents);
    assert_int_equal(c->edits, whole->edits);
    assert_int_equal(chronicle_rows(c), chronicle_rows(whole));
    for (size_t i = 0; i < c->ledger->nevents; i++) {
        const struct ledger_event *x = &c->ledger->events[i];
        const struct ledger_event *y = &whole->ledger->events[first + i];
        assert_int_equal(x->kind, y->kind);
        assert_slice(x->before, y->before);
        assert_slice(x->after, y->after);
        assert_int_equal(x->days, y->days);
        assert_same_commit(c, x->change, whole, y->change);
        assert_same_commit(c, x->landing, whole, y->landing);
        assert_same_item(c, &c->ledger->items[x->item], whole, &whole->ledger->items[y->item]);
    }
    chronicle_free(c);
}

/* ---- every commit of a chain ------------------------------------------------------------------
 */

static void assert_same_events(const struct chronicle *part, const struct chronicle *whole)
{
    const struct ledger *a = part->ledger, *b = whole->ledger;

    assert_true(a->nevents <= b->nevents);
    for (size_t i = 0; i < a->nevents; i++) {
        const struct ledger_event *x = &a->events[i], *y = &b->events[i];
        assert_int_equal(x->item, y->item);
        assert_int_equal(x->kind, y->kind);
        assert_slice(x->before, y->before);
        assert_slice(x->after, y->after);
        assert_true(oid_eq(&part->commits[x->change].id, &whole->commits[y->change].id));
        assert_true(oid_eq(&part->commits[x->landing].id, &whole->commits[y->landing].id));
    }
}

/* Under the schema of the tip, at most `most` commits of the chain, the last one always. */
static void assert_history(const char *dir, size_t most)
{
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    struct state s = {0};
    struct oid tip;
    struct walk walk;
    struct chronicle *whole = NULL;

    if (open_head(&r, &tip, &s, dir, &e) < 0 || walk_history(&walk, r, &tip, NULL, NULL, &e) < 0 ||
        chronicle_build(&whole, r, &tip, &s.selection, NULL, NULL, &e) < 0)
        fail_msg("%s", e.text);
    assert_replay(whole->ledger);
    size_t every = 1 + walk.nchain / most;
    for (size_t k = walk.nchain; k > 0; k = k > every ? k - every : 0) {
        const struct oid *commit = &walk.v[walk.chain[k - 1]].id;
        struct chronicle *c = NULL;
        struct state at = {.schema = s.schema, .selection = s.selection};
        if (chronicle_build(&c, r, commit, &s.selection, NULL, NULL, &e) < 0 ||
            snapshot_of_commit(&at.files, r, commit, selection_wanted, &s.selection, &e) < 0)
            fail_msg("%s", e.text);
        assert_tree(c, &at, r);
        assert_replay(c->ledger);
        assert_ends(c->ledger);
        assert_same_events(c, whole);
        assert_continues(r, &s.selection, c, whole);
        snapshot_free(at.files);
        chronicle_free(c);
    }
    chronicle_free(whole);
    walk_release(&walk);
    state_release(&s);
    repo_free(r);
}

/* ---- real histories ---------------------------------------------------------------------------
 */

static char scratch[] = "/tmp/pm-prop-ledger-XXXXXX";

static int make_scratch(void **state)
{
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    return mkdtemp(scratch) ? 0 : -1;
}

static int run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static int run(const char *fmt, ...)
{
    char command[4096];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(command, sizeof command, fmt, ap);
    va_end(ap);
    return system(command);
}

static int remove_scratch(void **state)
{
    return run("rm -rf '%s'", scratch);
}

static void real_history(const char *name, const char *schema)
{
    const char *corpus = getenv("PM_CORPUS");
    char dir[256];

    if (!corpus)
        corpus = "../shared/corpus";
    if (run("test -f '%s/%s.bundle'", corpus, name) != 0)
        skip();
    snprintf(dir, sizeof dir, "%s/%s", scratch, name);
    assert_int_equal(run("git clone -q '%s/%s.bundle' '%s'", corpus, name, dir), 0);
    if (run("test -f 'contrib/schemas/%s.yaml'", schema) == 0)
        assert_int_equal(
            run("mkdir '%s/.pm' && cp 'contrib/schemas/%s.yaml' '%s/.pm/schema.yaml' && "
                "cd '%s' && git add .pm && git -c user.name=t -c user.email=t@e "
                "commit -q -m schema",
                dir, schema, dir, dir),
            0);
    assert_history(dir, 60);
}

static void dfds_is_told_as_it_is(void **state)
{
    real_history("dfds", "dfds");
}

static void mybinder_is_told_as_it_is(void **state)
{
    real_history("mybinder", "mybinder");
}

static void alt_is_told_as_it_is(void **state)
{
    real_history("alt", "alt");
}

static void jenkins_is_told_as_it_is(void **state)
{
    real_history("jenkins-status", "jenkins-status");
}

/* ---- random histories -------------------------------------------------------------------------
 */

static void make_random(const char *dir, uint64_t seed)
{
    char stream[300];

    snprintf(stream, sizeof stream, "%s.stream", dir);
    FILE *out = fopen(stream, "w");
    assert_non_null(out);
    random_history(out, seed, 60);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(
        run("git init -q -b main '%s' && git -C '%s' fast-import --quiet --force <'%s'", dir, dir,
            stream),
        0);
}

static void random_histories_are_told_as_they_are(void **state)
{
    struct seeds seeds = seeds_from_1(8);
    char dir[256];

    for (uint64_t seed; seeds_next(&seeds, &seed);) {
        snprintf(dir, sizeof dir, "%s/random-%llu", scratch, (unsigned long long)seed);
        make_random(dir, seed);
        assert_history(dir, 100);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histories_are_told_as_they_are),
        cmocka_unit_test(dfds_is_told_as_it_is),
        cmocka_unit_test(mybinder_is_told_as_it_is),
        cmocka_unit_test(alt_is_told_as_it_is),
        cmocka_unit_test(jenkins_is_told_as_it_is),
    };

    if (argc == 3 && strcmp(argv[1], "--events") == 0)
        return print_events(argv[2]);
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}

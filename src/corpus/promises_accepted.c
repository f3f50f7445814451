/* Action-Dropped: REF reason. */
#include "promises_private.h"

#include "pm/caps.h"
#include "pm/path.h"

#include <string.h>

/* ---- names -------------------------------------------------------------------------------- */

static struct slice unique_id(const struct version *v, uint32_t slot)
{
    for (uint32_t i = 0; i < v->nitems; i++)
        if (i != slot && slice_ieq(v->items[i].id, v->items[slot].id))
            return slice_from(NULL, 0);
    return v->items[slot].id;
}

struct promise_event promise_at(struct slice path, const struct version *v, uint32_t slot)
{
    return (struct promise_event){.path = path,
                                  .document_id = v->id,
                                  .id = unique_id(v, slot),
                                  .number = slot + 1};
}

static bool document_is_gone(const struct promise_event *event)
{
    return slice_eqz(event->after, "document");
}

void promise_ref(struct str *out, const struct promise_event *event)
{
    bool by_id = event->document_id.n && (event->id.n || document_is_gone(event));

    str_adds(out, by_id ? event->document_id : event->path);
    if (document_is_gone(event))
        return;
    if (event->id.n)
        str_addf(out, "#" SLICE_FMT, SLICE_ARG(event->id));
    else
        str_addf(out, "#%zu", event->number);
}

/* What follows a word at the front of *rest, in any case of its letters. */
static bool take_word(struct slice *rest, struct slice word)
{
    if (!word.n || !slice_istarts(*rest, word))
        return false;
    *rest = slice_sub(*rest, word.n, rest->n);
    return true;
}

static bool at_blank(struct slice rest)
{
    return !rest.n || ascii_is_space((unsigned char)rest.p[0]);
}

/* The item's name behind its document's. */
static bool take_item(struct slice *rest, const struct promise_event *event, bool by_path)
{
    struct slice name = *rest, after, word;
    int64_t number;

    if (document_is_gone(event) && at_blank(*rest))
        return true;
    if (!take_word(&name, SLICE("#")) && !take_word(&name, SLICE(":")))
        return false;
    after = name;
    if (take_word(&after, event->id) && at_blank(after)) {
        *rest = after;
        return true;
    }
    if (!by_path || !slice_split(&name, ' ', &word) || !slice_i64(word, 1, INT32_MAX, &number) ||
        (size_t)number != event->number)
        return false;
    *rest = name;
    return true;
}

bool promise_named(const struct promise_event *event, struct slice value, struct slice *reason)
{
    struct slice names[] = {event->path, event->document_id, path_stem(event->path)};
    bool named = false;

    value = slice_trim(value);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice rest = value;
        if (!take_word(&rest, names[i]) || !take_item(&rest, event, i == 0))
            continue;
        rest = slice_trim(rest);
        if (!named || rest.n < reason->n) /* an id may begin as the path does */
            *reason = rest;
        named = true;
    }
    return named;
}

/* ---- messages ----------------------------------------------------------------------------- */

struct hearing {
    struct promises *promises;
    size_t compared;
};

static void hear(void *ctx, struct slice value)
{
    struct hearing *h = ctx;
    struct promises *p = h->promises;

    p->unheard |= h->compared >= CAP_REASONS_COMPARED;
    for (size_t i = 0; i < p->n && !p->unheard; i++) {
        struct promise_event *event = &p->v[i];
        struct slice reason;
        if (event->kind != EVENT_DROPPED || event->accepted.n)
            continue;
        h->compared++;
        if (!promise_named(event, value, &reason))
            continue;
        event->accepted_bare = !reason.n;
        if (reason.n)
            event->accepted = arena_dup(&p->chronicle->arena, reason);
    }
}

/* A line that starts with the word, wherever it stands: squashed commits keep their trailers in the
 * middle of a message, some tools indent them. Lines that are indented more go on with it. */
void acceptances_read(struct slice message, acceptance_heard *heard, void *ctx)
{
    struct slice line, word = SLICE("Action-Dropped:");
    bool have = slice_split(&message, '\n', &line);

    while (have) {
        struct slice text = slice_ltrim(line);
        size_t indent = line.n - text.n;
        bool named = take_word(&text, word);
        struct str value = STR_INIT;
        str_adds(&value, text);
        while ((have = slice_split(&message, '\n', &line)) && named) {
            struct slice more = slice_trim(line);
            if (line.n - slice_ltrim(line).n <= indent || !more.n || slice_istarts(more, word))
                break;
            str_addf(&value, " " SLICE_FMT, SLICE_ARG(more));
        }
        if (named)
            heard(ctx, str_slice(&value));
        str_release(&value);
    }
}

int promises_accept(struct making *m, struct promises *p, struct err *e)
{
    struct hearing hearing = {p, 0};
    bool dropped = false;

    for (size_t i = 0; i < p->n; i++)
        dropped |= p->v[i].kind == EVENT_DROPPED;
    for (size_t i = 1; i < m->walk.n - 1 && dropped; i++) {
        struct commit commit;
        if (m->walk.v[i].past)
            continue;
        if (commit_read(m->repo, &m->walk.v[i].id, &commit, e) < 0)
            return -1;
        acceptances_read(commit.message, hear, &hearing);
        commit_release(&commit);
    }
    return 0;
}

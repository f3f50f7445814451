#include "build.h"

#include "pm/document.h"

void fold_word(struct str *out, struct slice word)
{
    const size_t before = out->n;

    name_fold(out, word);
    if (out->n == before)
        str_adds(out, slice_trim(word));
}

struct holder *naming_find(const struct naming *n, struct slice name)
{
    struct str folded = STR_INIT;

    n->fold(&folded, name);
    struct holder *h = folded.n ? map_get(&n->holders, str_slice(&folded)) : NULL;
    str_release(&folded);
    return h;
}

static void complain_taken(struct builder *b, const struct naming *n, const struct holder *h,
                           const struct yaml *name)
{
    struct slice text = shown(name->value);
    struct problem *p =
        h->canonical
            ? COMPLAIN(b, name->span, "'" SLICE_FMT "' is a %s of its own", SLICE_ARG(text),
                       n->what)
            : COMPLAIN(b, name->span, "'" SLICE_FMT "' is a name of %s '" SLICE_FMT "' already",
                       SLICE_ARG(text), n->what, SLICE_ARG(shown(h->name)));

    p->subject = name->value;
    if (h->canonical && n == &b->fields_named)
        p->hint = arena_fmt(b->a,
                            "to read that key for another field, give the other field "
                            "`from: " SLICE_FMT "`",
                            SLICE_ARG(text));
}

/* The thing's own name can be taken over from an alias of an earlier file; an alias never from a
 * thing's own name. */
static bool may_take(const struct builder *b, const struct holder *h, bool canonical)
{
    return h->source.origin != b->origin && (canonical || !h->canonical);
}

bool naming_claim(struct builder *b, struct naming *n, void *thing, struct slice own,
                  const struct yaml *name)
{
    const struct slice written = slice_trim(name->value);
    const bool canonical = slice_eq(written, own);
    struct str folded = STR_INIT;
    bool claimed = false;

    n->fold(&folded, written);
    struct holder *h = folded.n ? map_get(&n->holders, str_slice(&folded)) : NULL;
    if (!folded.n) {
        COMPLAIN(b, name->span, "'" SLICE_FMT "' is no name of a %s", SLICE_ARG(shown(written)),
                 n->what);
    } else if (h && h->thing == thing) {
        claimed = true;
    } else if (h && !may_take(b, h, canonical)) {
        complain_taken(b, n, h, name);
    } else {
        if (!h) {
            h = arena_alloc(b->a, sizeof *h);
            map_put(&n->holders, str_slice(&folded), h);
        }
        *h = (struct holder){thing, own, written, node_source(b, name), canonical};
        claimed = true;
    }
    str_release(&folded);
    return claimed;
}

void naming_aliases(struct builder *b, struct naming *n, void *thing, struct slice own,
                    struct yaml *node)
{
    struct list texts = node_texts(b, node, "aliases");

    for (size_t i = 0; i < texts.n; i++)
        naming_claim(b, n, thing, own, texts.v[i]);
}

void naming_offer(const struct builder *b, const struct naming *n, struct spell *contest)
{
    size_t count = b->s->problems.n > GUESSES ? 0 : n->holders.n;

    for (size_t i = 0; i < count; i++) {
        const struct holder *h = n->holders.entries[i].value;
        if (h && h->canonical)
            spell_offer(contest, h->name);
    }
}

void naming_deal(const struct naming *n, struct arena *a)
{
    for (size_t i = 0; i < n->holders.n; i++) {
        struct map_entry *e = &n->holders.entries[i];
        const struct holder *h = e->value;
        if (h)
            list_push(a, &((struct named *)h->thing)->names, e);
    }
}

static void collect(struct names *out, const struct list *entries, bool canonical, struct arena *a)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct map_entry *e = entries->v[i];
        const struct holder *h = e->value;
        if (h->canonical != canonical)
            continue;
        out->folded[out->n] = arena_dup(a, slice_from(e->key, e->n));
        out->spellings[out->n++] = (struct spelling){h->text, h->source};
    }
}

struct names names_of(const struct named *thing, struct arena *a)
{
    struct names names = {NULL, NULL, 0};

    names.folded = arena_array(a, thing->names.n, sizeof *names.folded);
    names.spellings = arena_array(a, thing->names.n, sizeof *names.spellings);
    collect(&names, &thing->names, true, a);
    collect(&names, &thing->names, false, a);
    return names;
}

void naming_release(struct naming *n)
{
    map_release(&n->holders);
}

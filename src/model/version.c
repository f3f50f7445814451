#include "pm/version.h"

#include "pm/utf8.h"
#include "pm/vec.h"

#include <stdlib.h>
#include <string.h>

/* Every slice of an item: what a copy must carry along. */
static const size_t item_slices[] = {
    offsetof(struct version_item, stated.text),   offsetof(struct version_item, stated.owners),
    offsetof(struct version_item, stated.type),   offsetof(struct version_item, stated.priority),
    offsetof(struct version_item, stated.reason), offsetof(struct version_item, stated.tracker),
    offsetof(struct version_item, stated.links),  offsetof(struct version_item, id),
    offsetof(struct version_item, key),           offsetof(struct version_item, group),
    offsetof(struct version_item, nested),
};
#define ITEM_SLICES (sizeof item_slices / sizeof item_slices[0])

static struct slice *item_slice(struct version_item *item, size_t i)
{
    return (struct slice *)(void *)((char *)item + item_slices[i]);
}

void version_item_keep(struct version_item *item, struct arena *a)
{
    for (size_t i = 0; i < ITEM_SLICES; i++) {
        struct slice *s = item_slice(item, i);
        *s = s->n ? arena_dup(a, *s) : slice_from(NULL, 0);
    }
}

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

static uint32_t hash32(struct slice s)
{
    uint64_t h = slice_hash(s);

    return (uint32_t)(h ^ h >> 32);
}

enum script { SCRIPT_NONE, SCRIPT_WORDS, SCRIPT_CJK };

static enum script script_of(uint32_t c)
{
    if (utf8_is_cjk(c))
        return SCRIPT_CJK;
    return utf8_is_letter(c) ? SCRIPT_WORDS : SCRIPT_NONE;
}

/* CJK text is not spaced into words: the overlapping pairs of a run stand for them, and a lone
 * character for itself. */
size_t version_words(uint32_t **out, struct slice key)
{
    uint32_t *words = xcalloc(key.n + 1, sizeof *words); /* at most one ends at each byte */
    size_t n = 0, run = 0, previous = 0, characters = 0;
    enum script current = SCRIPT_NONE;

    for (size_t at = 0, start = 0; start <= key.n; start = at) {
        enum script next = start < key.n ? script_of(utf8_next(key, &at)) : SCRIPT_NONE;
        if (next != current || start == key.n) {
            if (current == SCRIPT_WORDS || (current == SCRIPT_CJK && characters == 1))
                words[n++] = hash32(slice_sub(key, run, start - run));
            current = next;
            run = start;
            characters = 0;
        }
        if (start == key.n)
            break;
        if (current == SCRIPT_CJK && characters++ > 0)
            words[n++] = hash32(slice_sub(key, previous, at - previous));
        previous = start;
    }
    qsort(words, n, sizeof *words, by_number);
    *out = words;
    return n;
}

/* One blank between words, none at the ends, case and compatibility folded. */
static struct slice fold(struct arena *a, struct slice text)
{
    struct str folded = STR_INIT, spaced = STR_INIT;

    utf8_fold(&folded, text);
    struct slice s = str_slice(&folded);
    for (size_t at = 0; at < s.n;) {
        size_t start = at;
        if (!utf8_is_space(utf8_next(s, &at)))
            str_add(&spaced, s.p + start, at - start);
        else if (spaced.n && spaced.p[spaced.n - 1] != ' ')
            str_addc(&spaced, ' ');
    }
    struct slice out = arena_dup(a, slice_rtrim(str_slice(&spaced)));
    str_release(&folded);
    str_release(&spaced);
    return out;
}

/* One a line; a line end within one is a blank. */
static struct slice join(struct arena *a, const struct slice *v, size_t n)
{
    struct str s = STR_INIT;

    for (size_t i = 0; i < n; i++) {
        if (i)
            str_addc(&s, '\n');
        for (size_t k = 0; k < v[i].n; k++)
            str_addc(&s, v[i].p[k] == '\n' ? ' ' : v[i].p[k]);
    }
    struct slice out = arena_dup(a, str_slice(&s));
    str_release(&s);
    return out;
}

/* A bare number is a position, never an id. */
static bool is_number(struct slice id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!ascii_is_digit((unsigned char)id.p[i]) && !(i == 0 && id.p[0] == '#'))
            return false;
    return true;
}

static struct version_item item_of(const struct postmortem *pm, const struct action *from,
                                   struct arena *scratch)
{
    struct version_item item = {
        .stated = {.text = from->text,
                   .owners = join(scratch, from->owners, from->nowners),
                   .due = from->due,
                   .type = from->type,
                   .priority = from->priority,
                   .state = from->state,
                   .reason = from->reason,
                   .tracker = from->tracker,
                   .links = join(scratch, from->links, from->nlinks)},
        .id = is_number(from->id) ? slice_from(NULL, 0) : from->id,
        .position = from->position,
        .key = from->key,
        .group = fold(scratch, from->group),
        .nested = fold(scratch, from->nested),
        .line = lines_number(&pm->doc->lines, from->span.start),
    };
    item.nwords = version_words(&item.words, item.key);
    return item;
}

static void pack(char **at, struct slice *s)
{
    if (s->n)
        memcpy(*at, s->p, s->n);
    s->p = s->n ? *at : NULL;
    *at += s->n;
}

/* A copy in one piece: a history of a hundred thousand versions is held in memory. */
static struct version *pack_version(const struct version *from)
{
    size_t words = 0, bytes = from->id.n;

    for (size_t i = 0; i < from->nitems; i++) {
        words += from->items[i].nwords;
        for (size_t k = 0; k < ITEM_SLICES; k++)
            bytes += item_slice(&from->items[i], k)->n;
    }
    struct version *v =
        xmalloc(sizeof *v + from->nitems * sizeof *v->items + words * sizeof(uint32_t) + bytes);
    *v = *from;
    v->items = (struct version_item *)(void *)(v + 1);
    uint32_t *word = (uint32_t *)(void *)(v->items + from->nitems);
    char *text = (char *)(word + words);
    pack(&text, &v->id);
    for (size_t i = 0; i < from->nitems; i++) {
        struct version_item *item = &v->items[i];
        *item = from->items[i];
        for (size_t k = 0; k < ITEM_SLICES; k++)
            pack(&text, item_slice(item, k));
        if (item->nwords)
            memcpy(word, item->words, item->nwords * sizeof *word);
        item->words = word;
        word += item->nwords;
    }
    return v;
}

struct version *version_of(const struct postmortem *pm)
{
    /* Of items that were not read nobody may say that they are gone. */
    if (!pm->readable || pm->actions.cut)
        return version_unreadable();
    struct arena scratch = ARENA_INIT;
    struct version v = {
        .readable = true,
        .draft = pm->status_stated && pm->status == STATUS_DRAFT,
        .id = pm->id_from == ID_STATED ? pm->id : slice_from(NULL, 0),
        .items = arena_array(&scratch, pm->actions.n, sizeof *v.items),
        .nitems = pm->actions.n,
    };
    for (size_t i = 0; i < v.nitems; i++)
        v.items[i] = item_of(pm, &pm->actions.v[i], &scratch);
    struct version *packed = pack_version(&v);
    for (size_t i = 0; i < v.nitems; i++)
        free(v.items[i].words);
    arena_release(&scratch);
    return packed;
}

struct version *version_unreadable(void)
{
    return xcalloc(1, sizeof(struct version));
}

void version_free(struct version *v)
{
    free(v);
}

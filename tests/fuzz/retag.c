/* A tag gets another name, in the .pm/tags.yaml before the first NUL and in the document behind it:
 * both can be read as before, other lines stay, and the second time there is nothing to do. */
#include "pm/retag.h"
#include "pm/tagedit.h"

#include "../lib/reading.h"

static struct schema *schema_of(struct slice tags)
{
    return schema_load(slice_of(NULL), false, tags, true);
}

/* The taxonomy is as clean as it was, and knows the new name; the old one is gone, or leads to it. */
static void check_tags(const struct schema *before, struct slice tags, struct slice from,
                       struct slice to)
{
    struct schema *after = schema_of(tags);
    const struct tag *old = taxonomy_find(&after->taxonomy, from);
    const struct tag *tag = taxonomy_find(&after->taxonomy, to);
    check_that(after->tag_problems.n <= before->tag_problems.n, "a rename makes no mistakes");
    check_that(tag && slice_eq(tag->name, to), "the new name is known");
    check_that(!old || old->deprecated.n || old == tag, "the old name is gone");
    schema_free(after);
}

static void check_document(const struct schema *schema, struct slice bytes, struct slice from,
                           struct slice to)
{
    struct retagged once, twice;
    struct postmortem *pm = read_document(schema, bytes);
    retag_document(&once, pm, from, to);
    if (once.values) {
        struct postmortem *after = read_document(schema, str_slice(&once.text));
        check_that(after->readable == pm->readable, "what was readable stays so");
        check_that(after->nfacts == pm->nfacts, "no fact comes or goes");
        check_that(after->actions.n == pm->actions.n, "no item comes or goes");
        retag_document(&twice, after, from, to);
        check_that(!twice.values, "the second time there is nothing to do");
        retagged_release(&twice);
        postmortem_free(after);
    }
    retagged_release(&once);
    postmortem_free(pm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"change/rollout", "zz/new", "capacity"};
    struct slice document, tags = before_nul(data, size, &document);
    struct schema *schema = schema_of(tags);
    struct arena arena = ARENA_INIT;
    for (size_t i = 0; i < schema->taxonomy.ntags && i < 3; i++) {
        struct slice from = schema->taxonomy.tags[i].name;
        struct slice to = taxonomy_canonical(&schema->taxonomy, slice_of(names[i]), &arena);
        struct str text = STR_INIT;
        if (tag_within(to, from))
            continue;
        if (taxonomy_rename(&text, tags, from, to, NULL) == 0)
            check_tags(schema, str_slice(&text), from, to);
        check_document(schema, document, from, to);
        str_release(&text);
    }
    arena_release(&arena);
    schema_free(schema);
    return 0;
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/document.h"
#include "pm/embed.h"
#include "pm/schema.h"

/* The template as `pm new` would fill it in, each blank with one word. */
static struct document *filled_in(void)
{
    struct slice rest = slice_of(embedded_find("schema/template.md")->data);
    struct str text = STR_INIT;
    size_t open, n;

    while ((open = slice_find(rest, SLICE("{{"), 0)) != SIZE_MAX) {
        str_adds(&text, slice_sub(rest, 0, open));
        str_addz(&text, "word");
        rest = slice_sub(rest, slice_find(rest, SLICE("}}"), open) + 2, rest.n);
    }
    str_adds(&text, rest);
    char *bytes = str_detach(&text, &n);
    return document_parse(bytes, n);
}

static void its_front_matter_is_of_the_default_schema(void **state)
{
    struct document *d = filled_in();
    struct schema *s = schema_load(slice_of(NULL), false, slice_of(NULL), false);

    assert_int_equal(d->problems.n, 0);
    assert_int_equal(d->front, FRONT_YAML);
    for (const struct yaml *key = d->yaml->first; key; key = key->next)
        if (!slice_eqz(key->key->value, "roles") && !schema_key(s, key->key->value))
            fail_msg("%.*s is no field", SLICE_ARG(key->key->value));
    for (size_t i = 0; i < s->nfields; i++)
        if (s->fields[i].required.kind != NEED_NO) {
            char name[64] = "";
            memcpy(name, s->fields[i].name.p, s->fields[i].name.n);
            assert_non_null(yaml_get(d->yaml, name));
        }
    schema_free(s);
    document_free(d);
}

static bool has_section(const struct schema *s, const struct document *d,
                        const struct section_rule *r)
{
    for (size_t i = 0; i < d->nsections; i++)
        if (schema_section(s, d->sections[i].title) == r)
            return true;
    return false;
}

static void its_sections_are_those_of_the_default_schema(void **state)
{
    struct document *d = filled_in();
    struct schema *s = schema_load(slice_of(NULL), false, slice_of(NULL), false);

    for (size_t i = 0; i < d->nsections; i++)
        if (d->sections[i].level == 2) {
            const struct section_rule *r = schema_section(s, d->sections[i].title);
            assert_non_null(r);
            assert_true(slice_eq(r->name, d->sections[i].title));
        }
    for (size_t i = 0; i < s->nsections; i++)
        if (s->sections[i].kind != SECTION_WHYS && s->sections[i].kind != SECTION_FACTS)
            assert_true(has_section(s, d, &s->sections[i]));
    schema_free(s);
    document_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_front_matter_is_of_the_default_schema),
        cmocka_unit_test(its_sections_are_those_of_the_default_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

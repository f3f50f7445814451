#include "build.h"

#include "pm/section.h"

static void *look_up(const struct map *names, fold_name *fold, struct slice name)
{
    struct str folded = STR_INIT;

    if (name_is_folded(name))
        return map_get(names, name);
    fold(&folded, name);
    void *found = map_get(names, str_slice(&folded));
    str_release(&folded);
    return found;
}

const struct field *schema_field(const struct schema *s, struct slice name)
{
    return look_up(&s->field_names, fold_word, name);
}

const struct field *schema_key(const struct schema *s, struct slice key)
{
    const struct field *f = look_up(&s->from_names, fold_word, key);

    if (f)
        return f;
    f = schema_field(s, key);
    return f && f->from.n ? NULL : f;
}

const struct section_rule *schema_section(const struct schema *s, struct slice heading)
{
    return look_up(&s->section_names, section_fold, heading);
}

enum action_column schema_action_column(const struct schema *s, struct slice header)
{
    const struct draft_word *w = look_up(&s->column_names, fold_word, header);

    return w ? (enum action_column)w->index : ACTION_COLUMNS;
}

bool schema_action_state(const struct schema *s, struct slice word, enum action_state *out)
{
    const struct draft_word *w = look_up(&s->state_names, fold_word, word);

    if (w)
        *out = (enum action_state)w->index;
    return w != NULL;
}

struct slice schema_action_type(const struct schema *s, struct slice word)
{
    const struct draft_word *w = look_up(&s->type_names, fold_word, word);

    return w ? w->name : slice_of(NULL);
}

static bool has_name(const struct enum_value *v, struct slice folded)
{
    for (size_t i = 0; i < v->names.n; i++)
        if (slice_eq(v->names.folded[i], folded))
            return true;
    return false;
}

size_t field_value(const struct field *f, struct slice word)
{
    struct str folded = STR_INIT;
    size_t found = SIZE_MAX;

    fold_word(&folded, word);
    for (size_t i = 0; i < f->nvalues && found == SIZE_MAX; i++)
        if (has_name(&f->values[i], str_slice(&folded)))
            found = i;
    str_release(&folded);
    return found;
}

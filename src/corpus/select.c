#include "pm/corpus.h"

/* What is never a postmortem (README, CHANGELOG, ...) is the schema's to say, so it is asked about
 * a file of the root as if the file stood in a folder that the built-in globs name. */
static bool root_document(const struct schema *schema, struct slice path)
{
    if (slice_chr(path, '/', 0) != SIZE_MAX)
        return false;
    struct str elsewhere = STR_INIT;
    str_addz(&elsewhere, "postmortems/");
    str_adds(&elsewhere, path);
    bool wanted = schema_is_document(schema, str_slice(&elsewhere));
    str_release(&elsewhere);
    return wanted;
}

bool selection_wanted(void *selection, struct slice path, bool folder)
{
    const struct selection *sel = selection;
    if (sel->root)
        return !folder && root_document(sel->schema, path);
    return folder ? schema_may_hold(sel->schema, path) : schema_is_document(sel->schema, path);
}

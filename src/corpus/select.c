#include "pm/corpus.h"

#include "pm/path.h"

/* "PM2022-009 - Bad image", "2022-01-05-outage": at least three digits and a '-' before the first
 * blank. People forget the extension, and notice later: the history of such a file begins here. */
static bool named_by_id(struct slice name)
{
    size_t digits = 0, dashes = 0;
    for (size_t i = 0; i < name.n && !ascii_is_blank((unsigned char)name.p[i]); i++) {
        digits += ascii_is_digit((unsigned char)name.p[i]);
        dashes += name.p[i] == '-';
    }
    return digits >= 3 && dashes > 0;
}

/* What is never a postmortem (README, CHANGELOG, ...) is the schema's to say, so it is asked about
 * a file of the root as if the file stood in a folder that the built-in globs name. */
static bool root_document(const struct schema *schema, struct slice path)
{
    if (slice_chr(path, '/', 0) != SIZE_MAX)
        return false;
    struct str elsewhere = STR_INIT;
    str_addz(&elsewhere, "postmortems/");
    str_adds(&elsewhere, path);
    if (path_extension(path).n == 0 && named_by_id(path))
        str_addz(&elsewhere, ".md");
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

#include "pm/snapshot.h"

#include "pm/caps.h"
#include "pm/file.h"
#include "pm/vec.h"

int pending_merge(struct oid **heads, size_t *n, struct repo *r, struct err *e)
{
    struct str path = STR_INIT, text = STR_INIT;
    VEC(struct oid) list = VEC_INIT;
    struct slice rest, line;
    int result = 0;

    str_addf(&path, "%sMERGE_HEAD", repo_git_dir(r));
    if (file_exists(path.p))
        result = file_read(&text, path.p, CAP_SCHEMA_BYTES, NULL, e);
    rest = str_slice(&text);
    while (result == 0 && slice_split(&rest, '\n', &line)) {
        struct oid id;
        if (oid_parse(slice_trim(line), &id))
            vec_push(&list, id);
        else if (slice_trim(line).n)
            result = err_set(e, "cannot understand '%s'", path.p);
    }
    if (result < 0) {
        vec_release(&list);
    } else {
        *heads = list.v;
        *n = list.n;
    }
    str_release(&text);
    str_release(&path);
    return result;
}

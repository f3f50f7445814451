/* The small readers of base, on any bytes: what they say they used is there, what they make is
 * well-formed. */
#include <stdlib.h>

#include "pm/date.h"
#include "pm/glob.h"
#include "pm/path.h"
#include "pm/spell.h"
#include "pm/utf8.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_times(struct slice s)
{
    struct moment m;
    struct date first, last;
    size_t used;
    int64_t seconds;

    if (moment_scan(s, &m, &used))
        require(used > 0 && used <= s.n && (m.date.year ? date_valid(m.date) : m.hour >= 0));
    if (duration_parse(s, &seconds, NULL))
        require(seconds >= 0);
    if (date_range_parse(s, (struct date){2026, 3, 20}, &first, &last))
        require(date_valid(first) && date_valid(last) && date_cmp(first, last) <= 0);
    if (date_find(s, &first))
        require(date_valid(first));
}

static void clean_text(struct slice s, struct str *out)
{
    utf8_add_clean(out, s);
    require(utf8_valid_prefix(str_slice(out)) == out->n);
    str_clear(out);
    utf8_fold_search(out, s);
    require(utf8_valid_prefix(str_slice(out)) == out->n);
    str_clear(out);
    utf8_add_visible(out, s, false);
    require(utf8_valid_prefix(str_slice(out)) == out->n);
    require(slice_chr(str_slice(out), '\x1b', 0) == SIZE_MAX);
    require(utf8_width(utf8_cut(s, 7)) <= 7);
}

/* Up to the first line feed a pattern or a folder, behind it a path. */
static void use_paths(struct slice s, struct str *out)
{
    struct slice first;

    if (!slice_split(&s, '\n', &first))
        return;
    glob_match_once(first, s);
    str_clear(out);
    if (path_join(out, first, s))
        require(!slice_starts(str_slice(out), SLICE("../")));
    spell_distance(first, s, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s = slice_from((const char *)data, size);
    struct str out = STR_INIT;

    read_times(s);
    clean_text(s, &out);
    use_paths(s, &out);
    str_release(&out);
    return 0;
}

/* The small readers of base, on any bytes: what they say they used is there, what they make is
 * well-formed. And text that is put into Markdown shows there as it is. */
#include <cmark.h>

#include "pm/date.h"
#include "pm/glob.h"
#include "pm/path.h"
#include "pm/printer.h"
#include "pm/spell.h"
#include "pm/zone.h"

#include "../lib/hostile.h"

static void read_times(struct slice s)
{
    struct moment m;
    struct date first, last;
    size_t used;
    int64_t seconds;

    if (moment_scan(s, &m, &used))
        check_that(used > 0 && used <= s.n && (m.date.year ? date_valid(m.date) : m.hour >= 0),
                   "a moment is a date or a time");
    if (moment_scan_zone(s, &m, &used))
        check_that(used > 0 && used <= s.n && m.zone != ZONE_NONE, "a zone is one");
    if (duration_parse(s, &seconds, NULL))
        check_that(seconds >= 0, "a duration is not negative");
    if (date_range_parse(s, (struct date){2026, 3, 20}, &first, &last))
        check_that(date_valid(first) && date_valid(last) && date_cmp(first, last) <= 0,
                   "a range has its first day first");
    if (date_find(s, &first))
        check_that(date_valid(first), "what is found is a date");
}

/* As PM_NOW is read, and what is shown of it. */
static void read_clock(struct slice s)
{
    struct moment m;
    struct str shown = STR_INIT;
    int64_t seconds, again = 0;

    if (moment_parse(s, &m) && moment_resolve(&m, zone_utc(), NULL, NULL, &seconds)) {
        time_format_utc(&shown, seconds);
        check_that(moment_parse(str_slice(&shown), &m) &&
                       moment_resolve(&m, zone_utc(), NULL, NULL, &again),
                   "a time that is shown is one");
        check_that(again == seconds || m.date.year == 1 || m.date.year == 9999,
                   "a time that is shown is the same");
    }
    str_release(&shown);
}

static void read_zone(struct slice s)
{
    struct zone *zone;

    if (zone_from_posix(&zone, s, NULL))
        return;
    for (int64_t t = -4000000000; t < 9000000000; t += 999999999) {
        int32_t offset = zone_offset_at(zone, t);
        check_that(offset > -100000 && offset < 100000, "an offset is less than a day or so");
        zone_to_utc(zone, t);
    }
    zone_free(zone);
}

static void check_clean(struct str *out)
{
    check_that(utf8_valid_prefix(str_slice(out)) == out->n, "a text is UTF-8");
    str_clear(out);
}

static void clean_text(struct slice s, struct str *out)
{
    struct printer printer = {.out = out, .width = 40};

    utf8_add_clean(out, s);
    check_clean(out);
    utf8_fold(out, s);
    check_clean(out);
    utf8_fold_search(out, s);
    check_clean(out);
    utf8_add_visible(out, s, false);
    check_shown(str_slice(out));
    check_that(slice_chr(str_slice(out), '\n', 0) == SIZE_MAX, "one line stays one");
    str_clear(out);
    printer_wrap(&printer, TINT_NONE, 2, s);
    check_shown(str_slice(out));
    str_clear(out);
    check_that(utf8_width(utf8_cut(s, 7)) <= 7, "what is cut is not too wide");
}

/* ---- in Markdown ---- */

/* Appends what a text shows; anything but words, code and breaks of lines is markup. */
static void add_plain(struct str *out, cmark_node *paragraph, cmark_node_type markup)
{
    for (cmark_node *n = cmark_node_first_child(paragraph); n; n = cmark_node_next(n)) {
        cmark_node_type type = cmark_node_get_type(n);
        check_that(type == CMARK_NODE_TEXT || type == CMARK_NODE_SOFTBREAK || type == markup,
                   "text in Markdown is text");
        str_addz(out, type == CMARK_NODE_SOFTBREAK ? " " : cmark_node_get_literal(n));
    }
}

static void check_plain(struct str *markdown, struct slice expected, cmark_node_type markup)
{
    struct str shown = STR_INIT;
    cmark_node *root = cmark_parse_document(markdown->p, markdown->n, CMARK_OPT_DEFAULT);
    cmark_node *paragraph = cmark_node_first_child(root);
    check_that(paragraph && paragraph == cmark_node_last_child(root) &&
                   cmark_node_get_type(paragraph) == CMARK_NODE_PARAGRAPH,
               "text in Markdown is one paragraph");
    add_plain(&shown, paragraph, markup);
    if (!slice_eq(str_slice(&shown), expected))
        fprintf(stderr, "# '%s' shows '%s'\n", markdown->p, shown.p);
    check_that(slice_eq(str_slice(&shown), expected), "text in Markdown shows as it is");
    cmark_node_free(root);
    str_release(&shown);
    str_clear(markdown);
}

/* But for an '@' that would call somebody. */
static void put_into_markdown(struct slice s, struct str *out)
{
    struct str visible = STR_INIT, expected = STR_INIT;

    utf8_add_visible(&visible, s, false);
    str_addf(&expected, "x " SLICE_FMT " x", SLICE_ARG(str_slice(&visible)));
    if (slice_chr(s, '@', 0) == SIZE_MAX) {
        str_addz(out, "x ");
        markdown_text(out, s);
        str_addz(out, " x");
        check_plain(out, str_slice(&expected), CMARK_NODE_TEXT);
    }
    if (slice_trim(s).n == s.n && s.n) {
        str_addz(out, "x ");
        markdown_code(out, s);
        str_addz(out, " x");
        check_plain(out, str_slice(&expected), CMARK_NODE_CODE);
    }
    str_release(&visible);
    str_release(&expected);
}

/* Up to the first line feed a pattern or a folder, behind it a path. */
static void use_paths(struct slice s, struct str *out)
{
    struct slice first;

    if (!slice_split(&s, '\n', &first))
        return;
    glob_match_once(first, s);
    if (path_join(out, first, s))
        check_that(!slice_starts(str_slice(out), SLICE("../")), "no path leaves the top");
    str_clear(out);
    path_quote(out, s);
    check_that(slice_chr(str_slice(out), '\n', 0) == SIZE_MAX, "a quoted path is one line");
    str_clear(out);
    size_t whole = spell_distance(first, s, 99), near = spell_distance(s, first, 3);
    check_that(near == (whole < 4 ? whole : 4), "a distance is the same from both sides");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s = slice_from((const char *)data, size);
    struct str out = STR_INIT;

    read_times(s);
    read_clock(s);
    read_zone(s);
    clean_text(s, &out);
    put_into_markdown(s, &out);
    use_paths(s, &out);
    str_release(&out);
    return 0;
}

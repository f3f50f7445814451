#include <string.h>

#include "unit.h"

#include "pm/utf8.h"

static void malformed_bytes_end_the_valid_prefix(void **state)
{
    static const char *const malformed[] = {
        "\x80",             /* a continuation without a start */
        "\xc0\xaf",         /* overlong */
        "\xe0\x80\xaf",     "\xf0\x80\x80\xaf",
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
        "\xc3",             /* cut */
        "\xe9\x9a",         "\xf0\x9f\x98",
        "\xc3(",
    };

    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct str s = STR_INIT;
        str_addf(&s, "ab\xc3\xa9%s", malformed[i]);
        assert_int_equal(utf8_valid_prefix(str_slice(&s)), 4);
        str_release(&s);
    }
    assert_int_equal(utf8_valid_prefix(SLICE("a\0\xf4\x8f\xbf\xbf\xed\x9f\xbf")), 9);
    assert_int_equal(utf8_valid_prefix(slice_of(NULL)), 0);
}

static void reading_any_bytes_ends(void **state)
{
    for (unsigned first = 0; first < 256; first++)
        for (unsigned second = 0; second < 256; second++) {
            char bytes[] = {(char)first, (char)second, (char)0x80, 'x'};
            size_t at = 0, steps = 0;
            while (at < sizeof bytes) {
                size_t before = at;
                uint32_t cp = utf8_next(slice_from(bytes, sizeof bytes), &at);
                assert_true(at > before && at <= sizeof bytes);
                assert_true(cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff));
                steps++;
            }
            assert_int_equal(utf8_count(slice_from(bytes, sizeof bytes)), steps);
        }
}

static void what_is_added_is_read_back(void **state)
{
    static const uint32_t cps[] = {0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xfffd, 0x10000, 0x10ffff};
    struct str s = STR_INIT;
    size_t at = 0;

    for (size_t i = 0; i < sizeof cps / sizeof cps[0]; i++)
        utf8_add(&s, cps[i]);
    for (size_t i = 0; i < sizeof cps / sizeof cps[0]; i++)
        assert_int_equal(utf8_next(str_slice(&s), &at), cps[i]);
    assert_int_equal(at, s.n);
    str_clear(&s);
    utf8_add(&s, 0xd800);
    utf8_add(&s, 0x110000);
    assert_string_equal(s.p, "\xef\xbf\xbd\xef\xbf\xbd");
    str_release(&s);
}

static void assert_clean(struct slice s, const char *expected)
{
    struct str out = STR_INIT;

    utf8_add_clean(&out, s);
    assert_string_equal(out.p, expected);
    assert_int_equal(utf8_valid_prefix(str_slice(&out)), out.n);
    str_release(&out);
}

static void cleaning_replaces_each_malformed_byte(void **state)
{
    assert_clean(SLICE("caf\xe9 ok"), "caf\xef\xbf\xbd ok");
    assert_clean(SLICE("\xff\xfe"), "\xef\xbf\xbd\xef\xbf\xbd");
    assert_clean(SLICE("障害"), "障害");
    assert_clean(SLICE("\xe9\x9a"), "\xef\xbf\xbd\xef\xbf\xbd");
    assert_clean(slice_of(NULL), "");
}

static void assert_folds(const char *text, const char *fold, const char *search)
{
    struct str out = STR_INIT;

    utf8_fold(&out, slice_of(text));
    assert_string_equal(out.p, fold);
    str_clear(&out);
    utf8_fold_search(&out, slice_of(text));
    assert_string_equal(out.p, search);
    str_release(&out);
}

static void folding_removes_case_width_and_for_search_diacritics(void **state)
{
    assert_folds("Root Causes", "root causes", "root causes");
    assert_folds("Überlast", "überlast", "uberlast");
    assert_folds("U\xcc\x88" "berlast", "überlast", "uberlast");
    assert_folds("STRASSE straße", "strasse strasse", "strasse strasse");
    assert_folds("ＳＥＶ１", "sev1", "sev1");
    assert_folds("ﬁnding", "finding", "finding");
    assert_folds("Ё", "ё", "е");
    assert_folds("a\xc2\xad" "b\xe2\x80\x8b" "c", "abc", "abc"); /* soft hyphen, zero width space */
    assert_folds("", "", "");
}

static void other_scripts_keep_their_marks(void **state)
{
    assert_folds("ガが", "ガが", "ガが");
    assert_folds("ｶﾞ", "ガ", "ガ"); /* half width */
    assert_folds("हिन्दी", "हिन्दी", "हिन्दी");
    assert_folds("한국어", "한국어", "한국어");
}

static void folding_takes_malformed_bytes(void **state)
{
    assert_folds("\xc3\x89\xff", "é\xef\xbf\xbd", "e\xef\xbf\xbd");
}

static void classes_know_their_scripts(void **state)
{
    assert_true(utf8_is_letter('a') && utf8_is_letter('7') && utf8_is_letter(0x0301));
    assert_true(utf8_is_letter(0x969c) && utf8_is_letter(0x2163)); /* 障, roman four */
    assert_false(utf8_is_letter('_') || utf8_is_letter(' ') || utf8_is_letter(0x3001));
    assert_true(utf8_is_cjk(0x969c) && utf8_is_cjk(0x3042) && utf8_is_cjk(0x30ab));
    assert_true(utf8_is_cjk(0xac00) && utf8_is_cjk(0x20000) && utf8_is_cjk(0x30fc));
    assert_false(utf8_is_cjk('a') || utf8_is_cjk(0xe9) || utf8_is_cjk(0x3001));
    assert_false(utf8_is_cjk(0x30fb)); /* the middle dot separates words */
    assert_true(utf8_is_space(' ') && utf8_is_space(0xa0) && utf8_is_space(0x3000));
    assert_false(utf8_is_space('x') || utf8_is_space(0x200b));
    assert_true(utf8_is_emoji(0x1f525) && utf8_is_emoji(0x2705) && utf8_is_emoji(0xfe0f));
    assert_true(utf8_is_emoji(0x200d) && utf8_is_emoji(0x1f1ef));
    assert_false(utf8_is_emoji('#') || utf8_is_emoji('1') || utf8_is_emoji(0xa9));
    assert_false(utf8_is_emoji(0x969c));
}

static void wide_characters_take_two_columns(void **state)
{
    assert_int_equal(utf8_width(SLICE("abc")), 3);
    assert_int_equal(utf8_width(SLICE("障害 x")), 6);
    assert_int_equal(utf8_width(SLICE("e\xcc\x81")), 1);
    assert_int_equal(utf8_width(SLICE("✅")), 2);
    assert_int_equal(utf8_width(SLICE("ｶﾅ")), 2);
    assert_int_equal(utf8_width(slice_of(NULL)), 0);
}

static void cutting_keeps_characters_whole(void **state)
{
    assert_slice(utf8_cut(SLICE("abcdef"), 3), "abc");
    assert_slice(utf8_cut(SLICE("abc"), 3), "abc");
    assert_slice(utf8_cut(SLICE("abc"), 0), "");
    assert_slice(utf8_cut(SLICE("障害x"), 3), "障");
    assert_slice(utf8_cut(SLICE("障害x"), 1), "");
    assert_slice(utf8_cut(SLICE("e\xcc\x81x"), 1), "e\xcc\x81");
    assert_slice(utf8_cut(SLICE("a👩\xe2\x80\x8d💻b"), 3), "a");
    assert_slice(utf8_cut(slice_of(NULL), 5), "");
}

static void assert_visible(struct slice s, bool lines, const char *expected)
{
    struct str out = STR_INIT;

    utf8_add_visible(&out, s, lines);
    assert_string_equal(out.p, expected);
    str_release(&out);
}

static void terminals_are_told_nothing(void **state)
{
    assert_visible(SLICE("\x1b[31mred\x07\x7f"), false, "\\x1b[31mred\\x07\\x7f");
    assert_visible(SLICE("a\xc2\x9b" "31m"), false, "a\\u009b31m");
    assert_visible(SLICE("\x9b" "31m\xff"), false, "\\x9b31m\\xff");
    assert_visible(SLICE("a\xe2\x80\xae" "b\xe2\x81\xa6\xd8\x9c"), false, "a\\u202eb\\u2066\\u061c");
    assert_visible(SLICE("a\xe2\x80\xa8" "b"), true, "a\\u2028b");
    assert_visible(SLICE("a\r\n\tb"), false, "a\\x0d\\x0a\tb");
    assert_visible(SLICE("a\r\n\tb"), true, "a\\x0d\n\tb");
    assert_visible(SLICE("a\0b"), false, "a\\x00b");
    assert_visible(SLICE("障害 é ✅"), false, "障害 é ✅");
}

/* Whatever the bytes, the result is well-formed and has no control but those allowed. */
static void no_bytes_escape(void **state)
{
    for (unsigned first = 0; first < 256; first++)
        for (unsigned second = 0; second < 256; second++) {
            char bytes[] = {(char)first, (char)second, (char)0x9b, (char)0xae};
            struct str out = STR_INIT;
            utf8_add_visible(&out, slice_from(bytes, sizeof bytes), false);
            for (size_t at = 0; at < out.n;) {
                uint32_t cp = utf8_next(str_slice(&out), &at);
                assert_true(cp == '\t' || (cp >= 0x20 && cp < 0x7f) || cp >= 0xa0);
            }
            str_release(&out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_bytes_end_the_valid_prefix),
        cmocka_unit_test(reading_any_bytes_ends),
        cmocka_unit_test(what_is_added_is_read_back),
        cmocka_unit_test(cleaning_replaces_each_malformed_byte),
        cmocka_unit_test(folding_removes_case_width_and_for_search_diacritics),
        cmocka_unit_test(other_scripts_keep_their_marks),
        cmocka_unit_test(folding_takes_malformed_bytes),
        cmocka_unit_test(classes_know_their_scripts),
        cmocka_unit_test(wide_characters_take_two_columns),
        cmocka_unit_test(cutting_keeps_characters_whole),
        cmocka_unit_test(terminals_are_told_nothing),
        cmocka_unit_test(no_bytes_escape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

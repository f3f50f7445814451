#include "pm/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* "stem" where it differs from the word: "stem<word"; '+' before a token that is joined. */
static void tokens_of(struct str *out, const char *text)
{
    struct tokenizer *t = tokenizer_new();
    struct token token;
    tokenizer_start(t, slice_of(text));
    while (tokenizer_next(t, &token)) {
        assert_true(token.start < token.end && token.end <= strlen(text));
        str_addf(out, "%s%s" SLICE_FMT, out->n ? " " : "", token.joined ? "+" : "",
                 SLICE_ARG(token.text));
        if (!slice_eq(token.text, token.word))
            str_addf(out, "<" SLICE_FMT, SLICE_ARG(token.word));
    }
    assert_int_equal(tokenizer_next(t, &token), 0);
    tokenizer_free(t);
}

static void expect(const char *text, const char *tokens)
{
    struct str got = STR_INIT;
    tokens_of(&got, text);
    assert_string_equal(got.p, tokens);
    str_release(&got);
}

static void test_words(void **state)
{
    expect("", "");
    expect(" -- ", "");
    expect("Checkout timed out", "checkout time<timed out");
    expect("connections CONNECTED", "connect<connections connect<connected");
    expect("Café ＡＢＣ", "cafe abc");
    expect("straße ﬁx", "strass<strasse fix");
}

static void test_identifiers_are_joined(void **state)
{
    expect("foo_bar.baz", "foo +bar +baz");
    expect("h2c 0x80070005", "h2c 0x80070005");
    expect("a, b", "a b");
    expect("it's", "it +s");
}

static void test_cjk(void **state)
{
    expect("障害", "障害");
    expect("鍵", "鍵");
    expect("障害対応", "障害 +害対 +対応");
    expect("障害 鍵", "障害 鍵");
    expect("v2障害対応、db", "v2 +障害 +害対 +対応 +db");
    expect("ﾊﾞｯｸﾞ", "バッ +ッグ");
    expect("バッグ", "バッ +ッグ");
}

static void test_what_folds_to_nothing(void **state)
{
    expect("\xCC\x81", "");
    expect("\xCC\x81 x", "x");
    expect("a\xFFz", "a +z");
}

static void test_places(void **state)
{
    struct tokenizer *t = tokenizer_new();
    struct token token;
    tokenizer_start(t, SLICE("é 障害x"));
    assert_int_equal(tokenizer_next(t, &token), 1);
    assert_int_equal(token.start, 0);
    assert_int_equal(token.end, 2);
    assert_int_equal(tokenizer_next(t, &token), 1);
    assert_int_equal(token.start, 3);
    assert_int_equal(token.end, 9);
    assert_true(token.cjk);
    assert_int_equal(tokenizer_next(t, &token), 1);
    assert_int_equal(token.start, 9);
    assert_true(token.joined);
    tokenizer_free(t);
}

/* What a tokenizer keeps must not show: the same text gives the same tokens again. */
static void test_stems_are_kept_apart(void **state)
{
    struct tokenizer *t = tokenizer_new();
    struct token token;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 26 * 26 * 26; i++) {
            char word[] = {(char)('a' + i / 676),
                           (char)('a' + i / 26 % 26),
                           (char)('a' + i % 26),
                           'i',
                           'n',
                           'g'};
            struct tokenizer *fresh = tokenizer_new();
            struct token expected;
            tokenizer_start(t, slice_from(word, sizeof word));
            tokenizer_start(fresh, slice_from(word, sizeof word));
            assert_int_equal(tokenizer_next(t, &token), 1);
            assert_int_equal(tokenizer_next(fresh, &expected), 1);
            assert_true(slice_eq(token.text, expected.text));
            assert_int_equal(token.text.p[0], token.word.p[0]);
            tokenizer_free(fresh);
        }
    }
    tokenizer_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),  cmocka_unit_test(test_identifiers_are_joined),
        cmocka_unit_test(test_cjk),    cmocka_unit_test(test_what_folds_to_nothing),
        cmocka_unit_test(test_places), cmocka_unit_test(test_stems_are_kept_apart),
    };
    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}

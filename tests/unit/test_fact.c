/* What people write where a value is not known, and amounts. */
#include "pm/fact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void unknown_and_not_applicable(void **state)
{
    assert_int_equal(fact_how_of(SLICE("unknown")), FACT_UNKNOWN);
    assert_int_equal(fact_how_of(SLICE(" Unknown ")), FACT_UNKNOWN);
    assert_int_equal(fact_how_of(SLICE("?")), FACT_UNKNOWN);
    assert_int_equal(fact_how_of(SLICE("不明")), FACT_UNKNOWN);
    assert_int_equal(fact_how_of(SLICE("n/a")), FACT_NA);
    assert_int_equal(fact_how_of(SLICE("N/A")), FACT_NA);
    assert_int_equal(fact_how_of(SLICE("none")), FACT_NA);
    assert_int_equal(fact_how_of(SLICE("—")), FACT_NA);
    assert_int_equal(fact_how_of(SLICE("TBD")), FACT_VALUE);
    assert_int_equal(fact_how_of(SLICE("TODO")), FACT_VALUE);
    assert_int_equal(fact_how_of(SLICE("none of them")), FACT_VALUE);
    assert_int_equal(fact_how_of(SLICE("unknown unknowns in the queue")), FACT_VALUE);
}

static void numbers(void **state)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"12", 12}, {"12,000", 12000}, {"12 000", 12000}, {"1'234'567", 1234567},
                {"99.5", 99.5}, {"-3", -3}, {"1,234.5", 1234.5}};
    static const char *const bad[] = {"", "12,00", "1234,567", "1.2.3", "twelve", "12 users", ","};
    double v;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(number_parse(slice_of(good[i].text), &v));
        assert_true(v == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(number_parse(slice_of(bad[i]), &v));
}

static void assert_money(const char *text, double amount, const char *currency)
{
    double a = 0;
    struct slice c = {NULL, 0};
    assert_true(money_parse(slice_of(text), &a, &c));
    assert_true(a > amount - 0.001 && a < amount + 0.001);
    assert_true(slice_eqz(c, currency));
}

static void money(void **state)
{
    double a;
    struct slice c;
    assert_money("1200 EUR", 1200, "EUR");
    assert_money("€1.2k", 1200, "EUR");
    assert_money("$3M", 3e6, "USD");
    assert_money("USD 40,000", 40000, "USD");
    assert_money("40,000", 40000, "");
    assert_money("2 million GBP", 2e6, "GBP");
    assert_false(money_parse(SLICE("a lot"), &a, &c));
    assert_false(money_parse(SLICE("EUR"), &a, &c));
    assert_false(money_parse(SLICE(""), &a, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_and_not_applicable),
        cmocka_unit_test(numbers),
        cmocka_unit_test(money),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

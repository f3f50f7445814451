#include "pm/fact.h"

#include "pm/utf8.h"

#include <string.h>

const char *const fact_unknown_words[] = {"unknown", "not known", "?",    "??",
                                          "???",     "unclear",   "不明", NULL};
const char *const fact_na_words[] = {"n/a", "na",  "n.a.", "not applicable", "none", "-", "--",
                                     "---", "—",   "–",    "なし",           "該当なし", NULL};

static bool is_word(struct slice s, const char *const *words)
{
    for (; *words; words++)
        if (slice_ieqz(s, *words))
            return true;
    return false;
}

enum fact_how fact_how_of(struct slice text)
{
    text = slice_trim(text);
    if (text.n > 24)
        return FACT_VALUE;
    if (is_word(text, fact_unknown_words))
        return FACT_UNKNOWN;
    return is_word(text, fact_na_words) ? FACT_NA : FACT_VALUE;
}

static const struct {
    const char *sign, *code;
} currency_signs[] = {{"€", "EUR"}, {"$", "USD"}, {"£", "GBP"}, {"¥", "JPY"}, {"₹", "INR"}};

static bool currency_code(struct slice s)
{
    if (s.n != 3)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    return true;
}

/* A currency at the start (or, with `end`, at the end) of *s, taken off. */
static bool take_currency(struct slice *s, bool end, struct slice *currency)
{
    for (size_t i = 0; i < sizeof currency_signs / sizeof *currency_signs; i++) {
        struct slice sign = slice_of(currency_signs[i].sign);
        if (end ? !slice_ends(*s, sign) : !slice_starts(*s, sign))
            continue;
        *currency = slice_of(currency_signs[i].code);
        *s = slice_trim(slice_sub(*s, end ? 0 : sign.n, s->n - sign.n));
        return true;
    }
    if (s->n < 4)
        return false;
    struct slice code = slice_sub(*s, end ? s->n - 3 : 0, 3);
    unsigned char beside = (unsigned char)s->p[end ? s->n - 4 : 3];
    if (!currency_code(code) || ascii_is_alpha(beside))
        return false;
    *currency = code;
    *s = slice_trim(slice_sub(*s, end ? 0 : 3, s->n - 3));
    return true;
}

static double take_magnitude(struct slice *s)
{
    static const struct {
        const char *word;
        double factor;
    } magnitudes[] = {{"thousand", 1e3}, {"million", 1e6}, {"billion", 1e9}, {"bn", 1e9},
                      {"mio", 1e6},      {"k", 1e3},       {"m", 1e6},       {"b", 1e9}};
    for (size_t i = 0; i < sizeof magnitudes / sizeof *magnitudes; i++) {
        size_t n = strlen(magnitudes[i].word);
        if (s->n <= n || !slice_ieqz(slice_sub(*s, s->n - n, n), magnitudes[i].word))
            continue;
        *s = slice_trim(slice_sub(*s, 0, s->n - n));
        return magnitudes[i].factor;
    }
    return 1;
}

/* Commas, blanks, apostrophes and low lines stand between groups of three digits only. */
bool number_parse(struct slice s, double *out)
{
    char digits[40];
    size_t n = 0, group = 0;
    bool grouped = false, fraction = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (ascii_is_digit((unsigned char)c)) {
            group++;
        } else if ((c == ',' || c == ' ' || c == '\'' || c == '_') && !fraction) {
            if (group == 0 || group > 3 || (grouped && group != 3))
                return false;
            grouped = true;
            group = 0;
            continue;
        } else if (c == '.' && !fraction) {
            if (grouped && group != 3)
                return false;
            fraction = true;
        } else if (!(c == '-' && i == 0)) {
            return false;
        }
        if (n == sizeof digits)
            return false;
        digits[n++] = c;
    }
    if (grouped && !fraction && group != 3)
        return false;
    return slice_double(slice_from(digits, n), out);
}

bool money_parse(struct slice s, double *amount, struct slice *currency)
{
    struct slice found = {NULL, 0};
    double value, factor;
    s = slice_trim(s);
    if (!take_currency(&s, false, &found))
        take_currency(&s, true, &found);
    factor = take_magnitude(&s);
    if (s.n == 0 || !number_parse(s, &value))
        return false;
    *amount = value * factor;
    *currency = found;
    return true;
}

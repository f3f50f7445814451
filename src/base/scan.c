#include "scan.h"

static char front(struct slice s)
{
    return s.n ? s.p[0] : '\0';
}

static struct slice without(struct slice s, size_t n)
{
    return slice_sub(s, n, s.n);
}

bool scan_number(struct slice *s, int min, int max, int *out)
{
    int value = 0, n = 0;

    while ((size_t)n < s->n && ascii_is_digit((unsigned char)s->p[n])) {
        if (n == max)
            return false;
        value = value * 10 + (s->p[n++] - '0');
    }
    if (n < min)
        return false;
    *s = without(*s, (size_t)n);
    *out = value;
    return true;
}

bool scan_char(struct slice *s, char c)
{
    if (front(*s) != c || !s->n)
        return false;
    *s = without(*s, 1);
    return true;
}

bool scan_word(struct slice *s, const char *text)
{
    struct slice t = slice_of(text);
    if (!t.n || !slice_istarts(*s, t))
        return false;
    struct slice rest = without(*s, t.n);
    if (ascii_is_alpha((unsigned char)t.p[t.n - 1]) && ascii_is_alpha((unsigned char)front(rest)))
        return false;
    *s = rest;
    return true;
}

/* Lists of dozens of words are tried at every cell of a table: the first letter tells most apart. */
bool scan_any_word(struct slice *s, const char *const *words)
{
    char first = ascii_lower(front(*s));

    for (; !ascii_is_digit((unsigned char)first) && *words; words++)
        if (ascii_lower(**words) == first && scan_word(s, *words))
            return true;
    return false;
}

/* Also those of a document that was pasted: no-break spaces, and those of Japanese. */
bool scan_blanks(struct slice *s)
{
    size_t before = s->n;

    for (;;) {
        while (ascii_is_blank((unsigned char)front(*s)))
            *s = without(*s, 1);
        if ((unsigned char)front(*s) < 0x80 ||
            (!scan_text(s, "\xC2\xA0") && !scan_text(s, "\xE3\x80\x80")))
            return s->n < before;
    }
}

bool scan_month(struct slice *s, int *out)
{
    static const char *const names[12][4] = {
        {"january", "jan.", "jan"},           {"february", "feb.", "feb"},
        {"march", "mar.", "mar"},             {"april", "apr.", "apr"},
        {"may"},                              {"june", "jun.", "jun"},
        {"july", "jul.", "jul"},              {"august", "aug.", "aug"},
        {"september", "sept", "sep.", "sep"}, {"october", "oct.", "oct"},
        {"november", "nov.", "nov"},          {"december", "dec.", "dec"}};

    static const char firsts[12 + 1] = "jfmamjjasond";
    char first = ascii_lower(front(*s));

    for (int month = 0; month < 12; month++)
        for (int i = 0; first == firsts[month] && i < 4 && names[month][i]; i++)
            if (scan_word(s, names[month][i])) {
                *out = month + 1;
                return true;
            }
    return false;
}

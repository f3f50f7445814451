#include "pm/section.h"

#include "pm/utf8.h"

static bool is_word(struct slice s, size_t at)
{
    size_t next = at;
    return utf8_is_letter(utf8_next(s, &next));
}

static size_t previous(struct slice s, size_t at)
{
    at--;
    while (at && ((unsigned char)s.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static struct slice trim_punctuation(struct slice s)
{
    size_t from = 0, to = s.n;
    while (from < to && !is_word(s, from))
        utf8_next(s, &from);
    while (to > from && !is_word(s, previous(s, to)))
        to = previous(s, to);
    return slice_sub(s, from, to - from);
}

/* Length of a shortcode (:rotating_light:) that starts at `at`, 0 for none. */
static size_t shortcode(struct slice s, size_t at)
{
    size_t end = at + 1;
    bool letter = false;
    while (end < s.n && end - at < 64 &&
           (ascii_is_alnum((unsigned char)s.p[end]) || s.p[end] == '_' || s.p[end] == '-' ||
            s.p[end] == '+'))
        letter = ascii_is_alpha((unsigned char)s.p[end++]) || letter;
    return letter && end < s.n && s.p[end] == ':' ? end + 1 - at : 0;
}

/* Without emoji and shortcodes, white space single, apostrophes straight. */
static void simplify(struct str *out, struct slice s)
{
    bool gap = false;
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        size_t code = s.p[at] == ':' ? shortcode(s, at) : 0;
        uint32_t cp = utf8_next(s, &at);
        if (code || utf8_is_space(cp) || (cp > 0x7f && utf8_is_emoji(cp))) {
            at = code ? from + code : at;
            gap = true;
            continue;
        }
        if (gap && out->n)
            str_addc(out, ' ');
        gap = false;
        if (cp == 0x2019)
            str_addc(out, '\'');
        else
            str_add(out, s.p + from, at - from);
    }
}

/* +1 for a closing parenthesis at `at`, -1 for an opening one, ASCII or full width; else 0. */
static int parenthesis(struct slice s, size_t at)
{
    uint32_t cp = utf8_next(s, &at);
    return (cp == ')' || cp == 0xFF09) - (cp == '(' || cp == 0xFF08);
}

/* The trailing parenthesis of s, with its brackets; empty when there is none, or nothing else. */
static struct slice trailing_parenthesis(struct slice s)
{
    const struct slice none = slice_sub(s, s.n, 0);
    size_t end = s.n;
    while (end && !is_word(s, previous(s, end)) && parenthesis(s, previous(s, end)) != 1)
        end = previous(s, end);
    if (!end || is_word(s, previous(s, end)))
        return none;
    size_t open = previous(s, end);
    int depth = 1;
    while (depth && open) {
        open = previous(s, open);
        depth += parenthesis(s, open);
    }
    if (depth || !trim_punctuation(slice_sub(s, 0, open)).n)
        return none;
    return slice_sub(s, open, end - open);
}

/* "3. ", "3) ", "2.1 " in front of a word. */
static struct slice drop_number(struct slice s)
{
    size_t at = 0;
    bool marked = false;
    while (at < s.n && ascii_is_digit((unsigned char)s.p[at])) {
        while (at < s.n && ascii_is_digit((unsigned char)s.p[at]))
            at++;
        if (at == s.n || (s.p[at] != '.' && s.p[at] != ')'))
            break;
        marked = true;
        at++;
    }
    struct slice rest = trim_punctuation(slice_sub(s, at, SIZE_MAX));
    bool apart = at < s.n && !is_word(s, at);
    bool dotted = at && !ascii_is_digit((unsigned char)s.p[at - 1]);
    return marked && rest.n && (apart || dotted) ? rest : s;
}

/* Words of letters and digits of ASCII with a space between them: only their case can change. */
static bool is_simple(struct slice s)
{
    bool word = false;
    for (size_t i = 0; i < s.n; i++) {
        bool here = ascii_is_alnum((unsigned char)s.p[i]);
        if (!here && (s.p[i] != ' ' || !word))
            return false;
        word = here;
    }
    return word;
}

/* Hyphens become blanks, and blanks behind each other one. */
static void join_words(struct str *out, size_t from)
{
    size_t n = from;
    for (size_t i = from; i < out->n; i++) {
        char c = out->p[i] == '-' || out->p[i] == '_' ? ' ' : out->p[i];
        if (c != ' ' || n == from || out->p[n - 1] != ' ')
            out->p[n++] = c;
    }
    str_truncate(out, n);
}

void section_fold(struct str *out, struct slice title)
{
    if (is_simple(title)) {
        utf8_fold(out, title);
        return;
    }
    struct str folded = STR_INIT, simple = STR_INIT;
    const size_t before = out->n;
    utf8_fold(&folded, title);
    simplify(&simple, str_slice(&folded));
    struct slice s = str_slice(&simple);
    struct slice note = trailing_parenthesis(s);
    if (note.n)
        s.n = (size_t)(note.p - s.p);
    str_adds(out, drop_number(trim_punctuation(s)));
    join_words(out, before);
    str_release(&folded);
    str_release(&simple);
}

struct slice section_note(struct slice title)
{
    struct slice note = trailing_parenthesis(title);
    size_t inner = 0;
    if (!note.n)
        return note;
    utf8_next(note, &inner);
    return slice_trim(slice_sub(note, inner, previous(note, note.n) - inner));
}

bool name_is_folded(struct slice name)
{
    char before = ' ';
    for (size_t i = 0; i < name.n; before = name.p[i++])
        if (!(name.p[i] >= 'a' && name.p[i] <= 'z') && (name.p[i] != ' ' || before == ' '))
            return false;
    return before != ' ';
}

void name_fold(struct str *out, struct slice name)
{
    struct str spaced = STR_INIT;
    if (name_is_folded(name)) {
        str_adds(out, name);
        return;
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool upper = c >= 'A' && c <= 'Z';
        unsigned char before = i ? (unsigned char)name.p[i - 1] : ' ';
        if (upper && ((before >= 'a' && before <= 'z') || ascii_is_digit(before)))
            str_addc(&spaced, ' ');
        str_addc(&spaced, c == '_' || c == '-' ? ' ' : c);
    }
    section_fold(out, str_slice(&spaced));
    str_release(&spaced);
}

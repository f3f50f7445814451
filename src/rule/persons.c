/* People among the causes. Nobody is accused: what somebody did is where the questions begin. */
#include "report.h"

#include "passages.h"
#include "pm/map.h"
#include "pm/utf8.h"
#include "words.h"

#define NAME_WORDS 4u

/* The people of one document, under what they may be called in its text, folded. */
struct people {
    struct map handles; /* behind an @ */
    struct map names;   /* "alice smith" */
    struct map given;   /* "alice": a name that may be a word, too */
    const struct words *words;
};

static void put(struct map *m, struct slice name, struct people *people)
{
    struct str folded = STR_INIT;
    struct slice word;
    for (size_t at = 0; word_next(name, &at, &word);) {
        if (folded.n)
            str_addc(&folded, ' ');
        utf8_fold(&folded, word);
    }
    if (folded.n)
        map_put(m, str_slice(&folded), people);
    str_release(&folded);
}

static size_t count_words(struct slice s)
{
    struct slice word;
    size_t n = 0;
    for (size_t at = 0; word_next(s, &at, &word);)
        n++;
    return n;
}

static bool stated_in(const struct postmortem *pm, const char *field, struct slice name)
{
    const struct fact *fact = postmortem_fact(pm, field);
    for (size_t i = 0; fact && i < fact->nvalues; i++)
        if (slice_ieq(fact->values[i].text, name))
            return true;
    return false;
}

static bool is_team(const struct people *p, const struct postmortem *pm, struct slice name)
{
    return slice_chr(name, '/', 0) != SIZE_MAX || words_have_one(p->words, WORDS_TEAM, name) ||
           stated_in(pm, "teams", name) || stated_in(pm, "services", name);
}

/* An owner is known by the handle only: owners may be teams, and a team's name may be that of what
 * it runs. */
static void add_person(struct people *p, const struct postmortem *pm, struct slice name, bool owner)
{
    size_t n = count_words(name);
    if (!n || n > NAME_WORDS || is_team(p, pm, name))
        return;
    put(&p->handles, name, p);
    if (owner)
        return;
    bool handle = slice_chr(name, '-', 0) != SIZE_MAX || slice_chr(name, '_', 0) != SIZE_MAX;
    put(n > 1 && !handle ? &p->names : &p->given, name, p);
}

static void gather(struct people *p, const struct postmortem *pm)
{
    for (size_t i = 0; i < pm->nfacts; i++) {
        const struct fact *fact = &pm->facts[i];
        if (!slice_starts(fact->name, SLICE("roles.")) && !slice_eqz(fact->name, "authors"))
            continue;
        for (size_t k = 0; k < fact->nvalues; k++)
            add_person(p, pm, fact->values[k].text, false);
    }
    for (size_t i = 0; i < pm->actions.n; i++)
        for (size_t k = 0; k < pm->actions.v[i].nowners; k++)
            add_person(p, pm, pm->actions.v[i].owners[k], true);
}

static void people_release(struct people *p)
{
    map_release(&p->handles);
    map_release(&p->names);
    map_release(&p->given);
}

/* ---- in the text ---- */

static bool holds(const struct map *m, struct slice folded)
{
    return m->n && map_get(m, folded) != NULL;
}

/* `@alice`, `@alice-smith`: the end of the handle at `at`, which is an @; 0: nobody known. */
static size_t handle_at(const struct people *p, struct slice text, size_t at)
{
    struct str folded = STR_INIT;
    struct slice word;
    size_t end = 0, next = at + 1;
    if (at && ascii_is_alnum((unsigned char)text.p[at - 1]))
        return 0; /* an address */
    for (size_t n = 0; n < NAME_WORDS && word_next(text, &next, &word); n++) {
        size_t start = (size_t)(word.p - text.p);
        if (n ? start != end + 1 || slice_chr(SLICE("-_."), text.p[end], 0) == SIZE_MAX
              : start != at + 1)
            break;
        str_addz(&folded, n ? " " : "");
        utf8_fold(&folded, word);
        end = next;
    }
    bool known = holds(&p->handles, str_slice(&folded));
    str_release(&folded);
    return known ? end : 0;
}

static bool begins_sentence(struct slice text, size_t at)
{
    struct slice before = slice_rtrim(slice_sub(text, 0, at));
    while (before.n && slice_chr(SLICE("*_~\x1f"), before.p[before.n - 1], 0) != SIZE_MAX)
        before = slice_rtrim(slice_sub(before, 0, before.n - 1));
    return !before.n || slice_chr(SLICE(".:!?;|-"), before.p[before.n - 1], 0) != SIZE_MAX;
}

/* One blank, or the end of a line. */
static bool is_gap(struct slice between)
{
    return between.n && ascii_is_space((unsigned char)between.p[0]) && !slice_trim(between).n;
}

/* Part of a path, a file's name or an identifier: "CLAUDE.md". */
static bool is_joined(struct slice text, size_t from, size_t to)
{
    static const struct slice joints = {"./_-@#=", 7};
    bool before = from && slice_chr(joints, text.p[from - 1], 0) != SIZE_MAX;
    return before || (to + 1 < text.n && slice_chr(joints, text.p[to], 0) != SIZE_MAX &&
                      ascii_is_alnum((unsigned char)text.p[to + 1]));
}

/* Alice: neither alice nor ALICE. */
static bool is_capitalised(struct slice word)
{
    if (word.p[0] < 'A' || word.p[0] > 'Z')
        return false;
    for (size_t i = 1; i < word.n; i++)
        if (word.p[i] >= 'A' && word.p[i] <= 'Z')
            return false;
    return true;
}

/* "The Bill", "each Case". */
static bool follows_article(const struct people *p, struct slice text, size_t at)
{
    enum { LONGEST = 8 };
    struct slice before = slice_rtrim(slice_sub(text, 0, at));
    size_t from = before.n;
    while (from > 0 && before.n - from < LONGEST && ascii_is_alpha((unsigned char)text.p[from - 1]))
        from--;
    return before.n < at && words_are(p->words, WORDS_ARTICLE, slice_sub(before, from, before.n));
}

/* "Will" and "Mark" begin many a sentence, and May is a month: there a name is one when somebody
 * does something. What has a number is a thing or a day: "Mark 2". */
static bool is_given_name(const struct people *p, struct slice text, struct slice word)
{
    size_t at = (size_t)(word.p - text.p), behind = at + word.n;
    struct slice next;
    if (word.n < 3 || !is_capitalised(word) || is_joined(text, at, behind) ||
        follows_article(p, text, at))
        return false;
    bool follows = word_next(text, &behind, &next) &&
                   is_gap(slice_sub(text, at + word.n, (size_t)(next.p - word.p) - word.n));
    if (follows && ascii_is_digit((unsigned char)next.p[0]))
        return false;
    if (!begins_sentence(text, at) && !words_are(p->words, WORDS_MONTH, word))
        return true;
    return follows && words_have_one(p->words, WORDS_PAST, next);
}

/* The end of the name that begins with the word; 0: none. */
static size_t name_at(const struct people *p, struct slice text, struct slice word)
{
    struct str folded = STR_INIT;
    size_t at = (size_t)(word.p - text.p) + word.n, end = 0;
    if (word.p[0] >= 'a' && word.p[0] <= 'z')
        return 0; /* a name begins with a capital, in the scripts that have them */
    utf8_fold(&folded, word);
    if (holds(&p->given, str_slice(&folded)) && is_given_name(p, text, word))
        end = at;
    for (size_t n = 1; p->names.n && n < NAME_WORDS; n++) {
        struct slice next;
        size_t last = at;
        if (!word_next(text, &at, &next) ||
            !is_gap(slice_sub(text, last, (size_t)(next.p - text.p) - last)))
            break;
        str_addc(&folded, ' ');
        utf8_fold(&folded, next);
        if (holds(&p->names, str_slice(&folded)))
            end = at;
    }
    str_release(&folded);
    return end;
}

static void person_at(struct report *r, struct span at)
{
    struct str name = STR_INIT;
    passage_add_line(&name, document_slice(r->pm->doc, at));
    struct finding *f =
        report_at(r, RULE_PERSON_AS_CAUSE, at, "'%s' is named among the causes", name.p);
    report_hint(r, f,
                "what made this reasonable at the time? Name what was shown, known or missing; "
                "where somebody must be mentioned, a role such as `the on-call engineer`");
    str_release(&name);
}

/* The next one who is named at or after *at, which moves behind the name. */
static bool next_person(const struct people *p, struct slice text, size_t *at, struct span *hit)
{
    struct slice word;
    while (word_next(text, at, &word)) {
        size_t start = (size_t)(word.p - text.p);
        bool handle = start && text.p[start - 1] == '@';
        size_t end = handle ? handle_at(p, text, start - 1) : name_at(p, text, word);
        if (!end)
            continue;
        *hit = (struct span){(uint32_t)(start - handle), (uint32_t)end};
        *at = end;
        return true;
    }
    return false;
}

static void check_passage(struct report *r, const struct people *p, struct span passage,
                          struct arena *scratch)
{
    struct slice text = document_slice(r->pm->doc, passage);
    struct span hit;
    size_t at = 0;
    bool handles_only = !p->names.n && !p->given.n;
    if ((handles_only && slice_chr(text, '@', 0) == SIZE_MAX) || !next_person(p, text, &at, &hit))
        return; /* mostly: nothing else needs to be known of it */
    text = passage_prose(r->pm, passage, scratch);
    for (at = 0; next_person(p, text, &at, &hit);)
        person_at(r, (struct span){passage.start + hit.start, passage.start + hit.end});
}

/* A tag such as process/alice. */
static void check_tags(struct report *r, const struct people *p, const char *field)
{
    const struct fact *fact = postmortem_fact(r->pm, field);
    for (size_t i = 0; fact && i < fact->nvalues; i++) {
        struct slice rest = fact->values[i].text, part;
        while (slice_split(&rest, '/', &part)) {
            struct str folded = STR_INIT;
            utf8_fold(&folded, part);
            bool known = holds(&p->given, str_slice(&folded));
            str_release(&folded);
            if (known)
                person_at(r, fact->values[i].span);
        }
    }
}

/* The sections that say why. */
struct why {
    const struct section_rule *causes, *factors;
};

static bool tells_why(const struct why *w, const struct section_rule *rule)
{
    return rule && (rule->kind == SECTION_WHYS || rule == w->causes || rule == w->factors);
}

void rules_persons(struct report *r)
{
    const struct schema *s = r->checker->schema;
    struct people people = {MAP_INIT, MAP_INIT, MAP_INIT, r->checker->words};
    struct passages passages;
    struct passage passage;
    struct arena scratch = ARENA_INIT;
    gather(&people, r->pm);
    if (people.handles.n) {
        check_tags(r, &people, "causes");
        check_tags(r, &people, "contributing_factors");
        struct why why = {schema_section(s, SLICE("Root causes")),
                          schema_section(s, SLICE("Contributing factors"))};
        passages_start(&passages, r->pm);
        while (passages_next(&passages, &passage))
            if (tells_why(&why, passage.rule))
                check_passage(r, &people, passage.span, &scratch);
    }
    people_release(&people);
    arena_release(&scratch);
}

#include "words.h"

#include <stdlib.h>

#include "pm/beginnings.h"
#include "pm/embed.h"
#include "pm/map.h"
#include "pm/utf8.h"
#include "pm/vec.h"
#include "pm/yamltree.h"

#define FILE_NAME  "schema/blameless.yaml"
#define GAP_WORDS  12u
#define FILLERS    3u /* "would most likely not have" */
#define WORD_BYTES 64u

static const char *const list_names[] = {
    [WORDS_COUNTERFACTUAL] = "counterfactual",
    [WORDS_NOT_COUNTERFACTUAL] = "not_counterfactual",
    [WORDS_QUESTION] = "question",
    [WORDS_AND] = "and",
    [WORDS_BETWEEN] = "between",
    [WORDS_PARTICIPLE] = "participle",
    [WORDS_NOT_PARTICIPLE] = "not_participle",
    [WORDS_VAGUE_VERB] = "vague_verb",
    [WORDS_CONCRETE_VERB] = "concrete_verb",
    [WORDS_PLACEHOLDER_OWNER] = "placeholder_owner",
    [WORDS_TEAM] = "team",
    [WORDS_PAST] = "past",
    [WORDS_MONTH] = "month",
    [WORDS_ARTICLE] = "article",
};

enum part_kind {
    PART_WORD,
    PART_PARTICIPLE,
    PART_DONE, /* a participle that describes nothing */
    PART_GAP   /* other words of the same sentence */
};

struct part {
    enum part_kind kind;
    struct slice word; /* folded */
};

struct phrase {
    struct part *parts;
    size_t n;
};

struct word_set {
    VEC(struct phrase) phrases; /* of words with blanks between them, sorted by the first one */
    VEC(struct slice) unspaced; /* in a script without blanks */
    VEC(struct slice) endings;  /* "-ed" */
    struct map whole;           /* every phrase, its words with one blank between */
};

struct words {
    struct arena arena;
    struct word_set sets[WORD_LISTS];
    struct beginnings beginnings; /* of counterfactual */
};

/* ---- words ---- */

bool word_next(struct slice text, size_t *at, struct slice *word)
{
    size_t start = *at, next;
    while (start < text.n && !ascii_is_alnum((unsigned char)text.p[start])) {
        next = start;
        if ((unsigned char)text.p[start] >= 0x80 && utf8_is_letter(utf8_next(text, &next)))
            break;
        start = next > start ? next : start + 1;
    }
    for (*at = next = start; next < text.n; *at = next)
        if (!ascii_is_alnum((unsigned char)text.p[next])) {
            if ((unsigned char)text.p[next] < 0x80 || !utf8_is_letter(utf8_next(text, &next)))
                break;
        } else {
            next++;
        }
    *word = slice_sub(text, start, *at - start);
    return word->n > 0;
}

/* A longer word is none of ours. */
static struct slice fold_word(struct str *out, struct slice word)
{
    str_clear(out);
    if (word.n <= WORD_BYTES)
        utf8_fold(out, word);
    return str_slice(out);
}

/* The words of a text with one blank between them. */
static void fold_words(struct str *out, struct slice text)
{
    struct slice word;
    for (size_t at = 0; word_next(text, &at, &word);) {
        if (out->n)
            str_addc(out, ' ');
        utf8_fold(out, word);
    }
}

static bool set_has(const struct word_set *set, struct slice folded)
{
    for (size_t i = 0; i < set->endings.n; i++)
        if (folded.n > set->endings.v[i].n && slice_ends(folded, set->endings.v[i]))
            return true;
    return map_get(&set->whole, folded) != NULL;
}

/* ---- reading the file ---- */

static void add_part(struct words *w, struct phrase *p, struct slice text)
{
    struct slice word;
    static const struct {
        const char *text;
        enum part_kind kind;
    } marks[] = {{"<participle>", PART_PARTICIPLE}, {"<done>", PART_DONE}, {"…", PART_GAP}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_eqz(text, marks[i].text)) {
            p->parts[p->n++] = (struct part){.kind = marks[i].kind};
            return;
        }
    for (size_t at = 0; word_next(text, &at, &word);) {
        struct str folded = STR_INIT;
        utf8_fold(&folded, word);
        p->parts[p->n++] = (struct part){PART_WORD, arena_dup(&w->arena, str_slice(&folded))};
        str_release(&folded);
    }
}

static bool is_unspaced(struct slice text)
{
    size_t at = 0;
    return text.n && utf8_is_cjk(utf8_next(text, &at));
}

static void add_phrase(struct words *w, enum word_list l, struct slice text)
{
    struct word_set *set = &w->sets[l];
    struct str folded = STR_INIT;
    if (slice_starts(text, SLICE("-"))) {
        vec_push(&set->endings, slice_sub(text, 1, text.n));
        return;
    }
    fold_words(&folded, text);
    if (!folded.n)
        BUG(FILE_NAME ": '" SLICE_FMT "' has no words", SLICE_ARG(text));
    map_put(&set->whole, str_slice(&folded), set);
    str_release(&folded);
    if (is_unspaced(text)) {
        vec_push(&set->unspaced, text);
        if (l == WORDS_COUNTERFACTUAL)
            beginnings_add(&w->beginnings, text);
        return;
    }
    struct phrase p = {arena_array(&w->arena, text.n, sizeof *p.parts), 0};
    struct slice rest = text, part;
    while (slice_split(&rest, ' ', &part))
        add_part(w, &p, part);
    if (p.parts[0].kind != PART_WORD || p.parts[p.n - 1].kind == PART_GAP)
        BUG(FILE_NAME ": '" SLICE_FMT "' does not begin or end with a word", SLICE_ARG(text));
    if (l == WORDS_COUNTERFACTUAL) /* the one that is looked for in whole documents */
        beginnings_add_word(&w->beginnings, p.parts[0].word);
    vec_push(&set->phrases, p);
}

static enum word_list list_of(struct slice key)
{
    enum word_list l = 0;
    while (l < WORD_LISTS && !slice_eqz(key, list_names[l]))
        l++;
    return l;
}

static void read_list(struct words *w, const struct yaml *list)
{
    enum word_list l = list_of(list->key->value);
    if (l == WORD_LISTS || list->kind != YAML_MAP)
        BUG(FILE_NAME ": '" SLICE_FMT "' is no list of words", SLICE_ARG(list->key->value));
    for (const struct yaml *language = list->first; language; language = language->next)
        for (const struct yaml *text = language->first; text; text = text->next) {
            if (text->kind != YAML_SCALAR)
                BUG(FILE_NAME ": a word of %s is no text", list_names[l]);
            add_phrase(w, l, text->value);
        }
}

static int by_first_word(const void *a, const void *b)
{
    const struct phrase *x = a, *y = b;
    return slice_cmp(x->parts[0].word, y->parts[0].word);
}

struct words *words_load(void)
{
    const struct embedded *file = embedded_find(FILE_NAME);
    struct words *w = xcalloc(1, sizeof *w);
    struct problems ps = {NULL, 0, 0};
    if (!file)
        BUG("'" FILE_NAME "' is not built in");
    const struct yaml *root = yaml_parse(slice_from(file->data, file->n), 0, &w->arena, &ps);
    if (ps.n || !root || root->kind != YAML_MAP)
        BUG(FILE_NAME ": %s", ps.n ? ps.v[0].text : "no map");
    for (const struct yaml *list = root->first; list; list = list->next)
        if (!slice_eqz(list->key->value, "version"))
            read_list(w, list);
    for (enum word_list l = 0; l < WORD_LISTS; l++)
        vec_sort(&w->sets[l].phrases, by_first_word);
    problems_release(&ps);
    return w;
}

void words_free(struct words *w)
{
    if (!w)
        return;
    for (enum word_list l = 0; l < WORD_LISTS; l++) {
        struct word_set *set = &w->sets[l];
        vec_release(&set->phrases);
        vec_release(&set->unspaced);
        vec_release(&set->endings);
        map_release(&set->whole);
    }
    arena_release(&w->arena);
    free(w);
}

/* ---- a phrase at a place ---- */

struct matcher {
    const struct words *words;
    struct slice text;
    struct str first, folded; /* scratch */
};

static struct matcher matcher_of(const struct words *w, struct slice text)
{
    return (struct matcher){w, text, STR_INIT, STR_INIT};
}

static void matcher_release(struct matcher *m)
{
    str_release(&m->first);
    str_release(&m->folded);
}

/* What may stand between two words of a phrase: blanks, an apostrophe, markup. */
static bool is_joint(struct slice between)
{
    for (size_t i = 0; i < between.n; i++)
        if (!ascii_is_space((unsigned char)between.p[i]) &&
            slice_chr(SLICE("'*_~-"), between.p[i], 0) == SIZE_MAX) {
            if (!slice_starts(slice_sub(between, i, between.n), SLICE("’")))
                return false;
            i += 2;
        }
    return true;
}

static bool ends_sentence(struct slice between)
{
    for (size_t i = 0; i < between.n; i++)
        if (slice_chr(SLICE(".!?;:|\x1f"), between.p[i], 0) != SIZE_MAX)
            return true;
    return false;
}

static bool is_plural(struct slice word)
{
    return word.n > 4 && slice_ends(word, SLICE("s")) && !slice_ends(word, SLICE("ss")) &&
           !slice_ends(word, SLICE("us"));
}

/* "backups", but not "this", "always" or "obvious". */
static bool plural_follows(const struct matcher *m, size_t at)
{
    size_t before = at;
    struct slice word;
    return word_next(m->text, &at, &word) && is_plural(word) &&
           word.p == m->text.p + before + 1 && m->text.p[before] == ' ';
}

/* Is the word that ends at `at`, folded, the part? */
static bool part_holds(struct matcher *m, const struct part *part, size_t at)
{
    const struct word_set *sets = m->words->sets;
    struct slice word = str_slice(&m->folded);
    if (part->kind == PART_WORD)
        return slice_eq(word, part->word);
    return set_has(&sets[WORDS_PARTICIPLE], word) && !set_has(&sets[WORDS_NOT_PARTICIPLE], word) &&
           !(part->kind == PART_DONE && plural_follows(m, at));
}

/* Where both begin with ASCII letters, these tell most of them apart, and nothing is folded. */
static bool may_hold(const struct part *part, struct slice word)
{
    unsigned char first = (unsigned char)word.p[0];
    if (part->kind != PART_WORD || first >= 0x80 || (unsigned char)part->word.p[0] >= 0x80)
        return true;
    return ascii_lower(word.p[0]) == part->word.p[0];
}

/* Moves *at behind the next word that is the part; some other words may come before it. */
static bool match_part(struct matcher *m, const struct part *part, bool gap, size_t *at)
{
    const struct word_set *fillers = &m->words->sets[WORDS_BETWEEN];
    for (size_t skipped = 0;; skipped++) {
        size_t before = *at;
        struct slice word;
        if (!word_next(m->text, at, &word))
            return false;
        size_t start = (size_t)(word.p - m->text.p);
        struct slice between = slice_sub(m->text, before, start - before);
        if (gap ? ends_sentence(between) : !is_joint(between))
            return false;
        bool may = may_hold(part, word);
        if (may || !gap)
            fold_word(&m->folded, word);
        if (may && part_holds(m, part, *at))
            return true;
        if (gap ? skipped >= GAP_WORDS
                : skipped >= FILLERS || !set_has(fillers, str_slice(&m->folded)))
            return false;
    }
}

/* The end of the phrase whose first word ends at `at`, or 0. */
static size_t match_rest(struct matcher *m, const struct phrase *p, size_t at)
{
    for (size_t i = 1; i < p->n; i++) {
        bool gap = p->parts[i].kind == PART_GAP;
        i += gap;
        if (!match_part(m, &p->parts[i], gap, &at))
            return 0;
    }
    return at;
}

/* The first phrase that does not come before the word, as they are sorted. */
static size_t first_phrase(const struct word_set *set, struct slice word)
{
    size_t low = 0, high = set->phrases.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(set->phrases.v[middle].parts[0].word, word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The end of the longest phrase that begins at the word at `at`, or 0. */
static size_t match_any(struct matcher *m, const struct word_set *set, size_t at)
{
    size_t longest = 0;
    struct slice word;
    if (!word_next(m->text, &at, &word))
        return 0;
    word = fold_word(&m->first, word);
    for (size_t i = first_phrase(set, word); i < set->phrases.n; i++) {
        const struct phrase *p = &set->phrases.v[i];
        if (!slice_eq(p->parts[0].word, word))
            break;
        size_t end = match_rest(m, p, at);
        if (end > longest)
            longest = end;
    }
    return longest;
}

static bool begins_word(struct slice text, size_t at)
{
    size_t before = at;
    if (at == 0)
        return true;
    if ((unsigned char)text.p[at - 1] < 0x80)
        return !ascii_is_alnum((unsigned char)text.p[at - 1]);
    do
        before--;
    while (before > 0 && ((unsigned char)text.p[before] & 0xC0) == 0x80);
    return !utf8_is_letter(utf8_next(text, &before));
}

/* The end of the phrase of a script without blanks that stands at `at`, or 0. */
static size_t match_unspaced(const struct word_set *set, struct slice text, size_t at)
{
    if ((unsigned char)text.p[at] < 0x80)
        return 0;
    for (size_t i = 0; i < set->unspaced.n; i++)
        if (slice_starts(slice_sub(text, at, text.n), set->unspaced.v[i]))
            return at + set->unspaced.v[i].n;
    return 0;
}

/* ---- the questions ---- */

bool words_are(const struct words *w, enum word_list l, struct slice text)
{
    struct str folded = STR_INIT;
    fold_words(&folded, text);
    bool are = map_get(&w->sets[l].whole, str_slice(&folded)) != NULL;
    str_release(&folded);
    return are;
}

bool words_have_one(const struct words *w, enum word_list l, struct slice text)
{
    const struct word_set *set = &w->sets[l];
    struct str folded = STR_INIT;
    struct slice word;
    bool found = false;
    for (size_t at = 0; !found && word_next(text, &at, &word);)
        found = set_has(set, fold_word(&folded, word));
    for (size_t i = 0; !found && i < set->unspaced.n; i++)
        found = slice_find(text, set->unspaced.v[i], 0) != SIZE_MAX;
    str_release(&folded);
    return found;
}

static struct slice without_last_marks(struct slice text)
{
    static const char *const marks[] = {"。", "．", "）", "」", ".", ")", NULL};
    for (const char *const *mark = marks; *mark; mark++) {
        text = slice_rtrim(text);
        if (slice_ends(text, slice_of(*mark)))
            text = slice_sub(text, 0, text.n - strlen(*mark));
    }
    return text;
}

static bool begins_clause(struct slice between)
{
    static const char *const marks[] = {",", ".", ";", ":", "(", " -", "–", "—"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (slice_find(between, slice_of(marks[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

/* "and fix it", or in a later clause a verb of which one can tell. */
static bool another_verb_follows(struct matcher *m, size_t at)
{
    const struct word_set *sets = m->words->sets;
    bool first = true, clause = false;
    struct slice word;
    for (size_t last = at; word_next(m->text, &at, &word); last = at, first = false) {
        size_t start = (size_t)(word.p - m->text.p);
        bool joins = set_has(&sets[WORDS_AND], fold_word(&m->folded, word));
        clause |= joins || begins_clause(slice_sub(m->text, last, start - last));
        if ((first && joins) ||
            (clause && set_has(&sets[WORDS_CONCRETE_VERB], str_slice(&m->folded))))
            return true;
    }
    return false;
}

/* "…を追加し、…を検討する": the first verb is another one. */
static bool another_verb_precedes(struct slice text)
{
    return slice_find(text, SLICE("。"), 0) != SIZE_MAX ||
           slice_find(text, SLICE("し、"), 0) != SIZE_MAX;
}

bool words_vague_verb(const struct words *w, struct slice promise, struct span *hit)
{
    const struct word_set *set = &w->sets[WORDS_VAGUE_VERB];
    struct matcher m = matcher_of(w, promise);
    struct slice head = without_last_marks(promise), word;
    size_t at = 0, end = 0;
    if (word_next(promise, &at, &word)) {
        at = (size_t)(word.p - promise.p);
        end = match_any(&m, set, at);
    }
    *hit = (struct span){(uint32_t)at, (uint32_t)end};
    bool vague = end && !another_verb_follows(&m, end);
    matcher_release(&m);
    if (end)
        return vague;
    for (size_t i = 0; i < set->unspaced.n; i++)
        if (slice_ends(head, set->unspaced.v[i]) && !another_verb_precedes(head)) {
            *hit = (struct span){(uint32_t)(head.n - set->unspaced.v[i].n), (uint32_t)head.n};
            return true;
        }
    return false;
}

/* "What would have helped?", "nothing that we could have done": one of a few words before says so.
 */
static bool is_asked(struct matcher *m, size_t at)
{
    enum { REACH = 48 };
    size_t from = at > REACH ? at - REACH : 0;
    bool asked = false;
    struct slice word;
    for (size_t last = from; word_next(m->text, &from, &word) && from <= at; last = from) {
        size_t start = (size_t)(word.p - m->text.p);
        if (ends_sentence(slice_sub(m->text, last, start - last)))
            asked = false;
        asked |= set_has(&m->words->sets[WORDS_QUESTION], fold_word(&m->folded, word));
    }
    return asked;
}

static bool is_other(struct matcher *m, size_t at)
{
    return match_any(m, &m->words->sets[WORDS_NOT_COUNTERFACTUAL], at) || is_asked(m, at);
}

bool words_find_counterfactual(const struct words *w, struct slice text, size_t from,
                               struct span *hit)
{
    struct matcher m = matcher_of(w, text);
    const struct word_set *set = &w->sets[WORDS_COUNTERFACTUAL];
    size_t end = 0;
    for (size_t at = from; !end; at++) {
        at = beginnings_next(&w->beginnings, text, at);
        if (at == SIZE_MAX)
            break;
        end = match_unspaced(set, text, at);
        if (!end && begins_word(text, at) && (end = match_any(&m, set, at)) > 0 &&
            is_other(&m, at)) {
            at = end - 1;
            end = 0;
        }
        *hit = (struct span){(uint32_t)at, (uint32_t)end};
    }
    matcher_release(&m);
    return end > 0;
}

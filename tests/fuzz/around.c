/* What stands around a repository, of any bytes: files of its git directory, loose objects and the index
 * of a pack, what git hands on in variables. It is opened, or refused with a sentence; what is asked
 * then has an answer or a sentence. A setting handed on is read as it was given.
 *
 * Pieces are separated by 0xff; the first byte of each says what it is. */
#include <fcntl.h>

#include "pm/file.h"
#include "pm/people.h"
#include "pm/snapshot.h"

#include "../lib/in_gits_place.h"
#include "../lib/scripted.h"

/* What a piece may be: a file, made anew each time, or a variable of the environment. */
static const struct place_of {
    char letter;
    const char *file, *variable;
} places[] = {
    {'c', ".git/config", NULL},
    {'h', ".git/HEAD", NULL},
    {'s', ".git/shallow", NULL},
    {'m', ".git/MERGE_HEAD", NULL},
    {'a', ".git/objects/info/alternates", NULL},
    {'d', ".git/commondir", NULL},
    {'p', ".git/packed-refs", NULL},
    {'r', ".git/refs/heads/main", NULL},
    {'w', ".mailmap", NULL},
    {'i', ".git/objects/pack/pack-a.idx", NULL},
    {'k', ".git/objects/pack/pack-a.pack", NULL},
    {'o', ".git/objects/01/00000000000000000000000000000000000000", NULL},
    {'g', "linked/.git", NULL},
    {'C', NULL, "GIT_CONFIG_COUNT"},
    {'K', NULL, "GIT_CONFIG_KEY_0"},
    {'V', NULL, "GIT_CONFIG_VALUE_0"},
    {'P', NULL, "GIT_CONFIG_PARAMETERS"},
    {'A', NULL, "GIT_ALTERNATE_OBJECT_DIRECTORIES"},
    {'L', NULL, "GIT_CEILING_DIRECTORIES"},
};
enum { PLACES = sizeof places / sizeof *places };

/* Asked by the leak sanitizer. libgit2 1.5 loses the path of a common directory that is none. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libgit2.so\n";
}

/* Nothing of it: who knows what a configuration would have it do. */
static int git_answers(const char *const *argv, struct str *out, struct err *e)
{
    (void)out;
    return err_set(e, "git %s failed", argv[0]);
}

static struct str usual[PLACES]; /* what the files hold where nothing is said of them */
static bool there[PLACES];

static const char script[] =
    "echo '# A' >postmortems/a.md; git add .; git commit -q -m all; git gc -q --prune=now\n"
    "mkdir linked .git/objects/01\n";

static void file_of(struct str *path, size_t place)
{
    str_clear(path);
    str_addf(path, "%s/%s", scripted, places[place].file);
}

static void put_file(size_t place, struct slice bytes)
{
    struct str path = STR_INIT;
    file_of(&path, place);
    int fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    check_that(fd >= 0 && file_write_fd(fd, bytes) == 0 && close(fd) == 0, "a file is written");
    str_release(&path);
}

static void put_variable(size_t place, struct slice bytes)
{
    struct str value = STR_INIT;
    str_adds(&value, slice_sub(bytes, 0, slice_chr(bytes, '\0', 0)));
    setenv(places[place].variable, value.p, 1);
    str_release(&value);
}

static void take_away(size_t place)
{
    struct str path = STR_INIT;
    if (places[place].variable)
        unsetenv(places[place].variable);
    else if (there[place])
        put_file(place, str_slice(&usual[place]));
    else {
        file_of(&path, place);
        unlink(path.p);
    }
    str_release(&path);
}

/* *linked: the repository is looked for from within a folder with a .git file of its own. */
static void put_pieces(struct slice rest, bool *linked)
{
    bool put[PLACES] = {false};
    struct slice piece;
    while (slice_split(&rest, '\xff', &piece))
        for (size_t i = 0; i < PLACES; i++)
            if (piece.n && piece.p[0] == places[i].letter) {
                struct slice bytes = slice_sub(piece, 1, piece.n);
                put[i] = true;
                if (places[i].file)
                    put_file(i, bytes);
                else
                    put_variable(i, bytes);
            }
    for (size_t i = 0; i < PLACES; i++) {
        *linked |= put[i] && places[i].letter == 'g';
        if (!put[i])
            take_away(i);
    }
}

/* ---- what is asked ---- */

static void said(int result, struct err *e)
{
    check_that(result >= 0 || e->text[0], "a failure has its sentence");
    *e = (struct err)ERR_INIT;
}

static void ask_settings(struct repo *r)
{
    static const char *const keys[] = {"pm.rulesfrom", "core.pager", "mailmap.file", "core.editor",
                                       "a.B.c"};
    struct str value = STR_INIT;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        str_clear(&value);
        check_that(repo_config(r, keys[i], &value) == 1 || !value.n, "what is not set has no value");
    }
    repo_config_bool(r, "core.sparsecheckout", false);
    str_release(&value);
}

static void ask_objects(struct repo *r, struct err *e)
{
    static const struct oid ids[] = {{{1}}, {{0x39, 0x9d}}, {{0xff, 1}}, {{0x7f, 0x3b}}};
    enum { IDS = sizeof ids / sizeof *ids };
    uint32_t order[IDS];
    bool seen[IDS] = {false};
    struct oid head;
    struct commit commit;
    struct object object;
    object_read_order(r, ids, IDS, order);
    for (size_t i = 0; i < IDS; i++) {
        check_that(order[i] < IDS && !seen[order[i]], "an order has each once");
        seen[order[i]] = true;
    }
    for (size_t i = 0; i < IDS; i++) {
        int result = object_read(r, &ids[i], OBJECT_BLOB, &object, e);
        if (result == 0)
            object_release(&object);
        said(result, e);
    }
    int result = commit_head(r, &head, e);
    if (result == 1 && (result = commit_read(r, &head, &commit, e)) == 0)
        commit_release(&commit);
    said(result, e);
}

static void ask_people(struct repo *r, struct err *e)
{
    struct people *people = NULL;
    struct slice name, email;
    int result = people_load(&people, r, e);
    if (result == 0)
        people_resolve(people, SLICE("Ann"), SLICE("a@x"), &name, &email);
    people_free(people);
    said(result, e);
}

static void ask_everything(struct repo *r)
{
    struct err e = ERR_INIT;
    struct oid *heads = NULL;
    size_t nheads = 0;
    int result = pending_merge(&heads, &nheads, r, &e);
    check_that(result < 0 || !nheads || heads, "there are as many heads as are told");
    free(heads);
    said(result, &e);
    check_that(repo_is_shallow(r) == (repo_shallow_digest(r) != 0), "what is cut off has a digest");
    ask_settings(r);
    ask_objects(r, &e);
    ask_people(r, &e);
}

/* ---- what is handed on ---- */

/* As git quotes for a shell. */
static void add_quoted(struct str *out, struct slice text)
{
    str_addc(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'' || text.p[i] == '!')
            str_addf(out, "'\\%c'", text.p[i]);
        else
            str_addc(out, text.p[i]);
    }
    str_addc(out, '\'');
}

/* `git -c a.B.c=VALUE`, as git before 2.31 and since hands it on. */
static void check_handed_on(struct slice value)
{
    for (int older = 0; older < 2; older++) {
        struct str text = STR_INIT, got = STR_INIT, whole = STR_INIT;
        struct repo_where where = {scripted, NULL};
        struct repo *r = NULL;
        struct err e = ERR_INIT;
        str_addf(&whole, "a.B.c=" SLICE_FMT, SLICE_ARG(value));
        if (older) {
            add_quoted(&text, str_slice(&whole));
        } else {
            str_addz(&text, "'a.B.c'=");
            add_quoted(&text, value);
        }
        setenv("GIT_CONFIG_PARAMETERS", text.p, 1);
        check_that(repo_open(&r, &where, &e) == 0, e.text);
        check_that(repo_config(r, "a.b.c", &got) == 0 && repo_config(r, "A.B.C", &got) == 1 &&
                       slice_eq(str_slice(&got), value),
                   "a setting is read as it was handed on");
        repo_free(r);
        str_release(&text);
        str_release(&got);
        str_release(&whole);
    }
    unsetenv("GIT_CONFIG_PARAMETERS");
}

/* ---- once ---- */

static void leave(void)
{
    for (size_t i = 0; i < PLACES; i++)
        str_release(&usual[i]);
}

static void start(void)
{
    struct str path = STR_INIT;
    scripted_make(script);
    atexit(leave);
    for (size_t i = 0; i < PLACES; i++) {
        if (!places[i].file)
            continue;
        file_of(&path, i);
        there[i] = file_exists(path.p);
        check_that(!there[i] || file_read(&usual[i], path.p, 1 << 20, NULL, NULL) == 0,
                   "a file is read");
    }
    str_release(&path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_from((const char *)data, size);
    struct str folder = STR_INIT;
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    bool linked = false;
    if (!*scripted)
        start();
    put_pieces(rest, &linked);
    str_addf(&folder, "%s%s", scripted, linked ? "/linked" : "");
    struct repo_where where = {folder.p, NULL};
    int result = repo_open(&r, &where, &e);
    if (result == 0)
        ask_everything(r);
    said(result, &e);
    repo_free(r);
    str_release(&folder);
    put_pieces((struct slice){0}, &linked);
    if (size && data[0] == 'V') {
        rest = slice_sub(rest, 1, rest.n);
        check_handed_on(slice_sub(rest, 0, slice_chr(rest, '\0', 0)));
    }
    return 0;
}

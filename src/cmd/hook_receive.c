/* pre-receive: what is pushed is judged before any ref moves. The objects are in a quarantine, where
 * repo_open finds them by the environment; the refs are still the old ones. */
#include "check_private.h"
#include "hook_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pm/caps.h"
#include "pm/file.h"
#include "pm/utf8.h"

/* git puts "remote: " in front of each line on the terminal of who pushes. */
#define PUSHER_WIDTH (80u - (sizeof "remote: " - 1))

struct update {
    struct oid before, after; /* zero: there is no such ref before, or after */
    struct slice ref;
};

struct push {
    struct str text;
    VEC(struct update) updates;
    struct oids here;         /* commits that are here already, or judged before in this push */
    struct str rules_name;    /* of pm.rulesFrom; empty: not set */
    struct oid rules_commit;
    const struct oid *rules;  /* NULL: what is pushed is judged by its own rules */
    bool draft_helps;         /* that of check_staged, of one of the documents */
};

/* ---- what git says ---- */

/* "OLD NEW REF" */
static bool read_update(struct slice line, struct update *out)
{
    const size_t ref = 2 * (OID_HEX + 1);
    if (line.n <= ref || line.p[OID_HEX] != ' ' || line.p[ref - 1] != ' ' ||
        !oid_parse(slice_sub(line, 0, OID_HEX), &out->before) ||
        !oid_parse(slice_sub(line, OID_HEX + 1, OID_HEX), &out->after))
        return false;
    out->ref = slice_sub(line, ref, line.n);
    return slice_starts(out->ref, SLICE("refs/")) && slice_chr(out->ref, '\0', 0) == SIZE_MAX &&
           slice_chr(out->ref, ' ', 0) == SIZE_MAX;
}

static int read_updates(struct push *p, struct err *e)
{
    bool too_large = false;
    struct slice rest, line;
    if (file_read_fd(&p->text, STDIN_FILENO, CAP_PUSH_BYTES, &too_large, e))
        return too_large ? err_set(e, "standard input has more than %u bytes", CAP_PUSH_BYTES) : -1;
    rest = str_slice(&p->text);
    for (size_t n = 1; slice_split(&rest, '\n', &line); n++) {
        struct update u;
        if (!read_update(line, &u))
            return err_set(e, "line %zu of standard input is not 'OLD NEW REF', as git gives it to "
                              "this hook", n);
        vec_push(&p->updates, u);
    }
    return 0;
}

/* Notes, the refs of other tools and the like hold no postmortems; nor is what they hold taken for
 * judged. */
static bool is_judged(struct slice ref)
{
    return slice_starts(ref, SLICE("refs/heads/")) || slice_starts(ref, SLICE("refs/tags/"));
}

/* The commits that the refs of the server lead to. */
static int read_refs(struct context *c, struct push *p, struct err *e)
{
    const char *argv[] = {"for-each-ref", "--format=%(objectname)", "refs/heads/", "refs/tags/",
                          NULL};
    struct str listed = STR_INIT;
    int result = repo_ask(c->repo, argv, &listed, e);
    struct slice rest = str_slice(&listed), line;
    while (result == 0 && slice_split(&rest, '\n', &line)) {
        struct oid id, commit;
        int found = oid_parse(line, &id) ? commit_peel(c->repo, &id, &commit, e)
                                         : err_set(e, "git for-each-ref gives no object names");
        if (found > 0)
            vec_push(&p->here, commit);
        result = found < 0 ? -1 : 0;
    }
    str_release(&listed);
    return result;
}

/* ---- by which rules ---- */

static bool is_created(const struct push *p, struct slice ref)
{
    for (size_t i = 0; i < p->updates.n; i++) {
        const struct update *u = &p->updates.v[i];
        if (slice_eq(u->ref, ref) && oid_is_zero(&u->before) && !oid_is_zero(&u->after))
            return true;
    }
    return false;
}

/* pm.rulesFrom is a branch, or a whole name: a tag of a branch's name, which anybody may push, is not
 * meant. A repository gets its first rules by the push that creates that branch. */
static int find_rules(struct context *c, struct push *p, struct err *e)
{
    struct str value = STR_INIT;
    int result = 0;
    if (repo_config(c->repo, "pm.rulesfrom", &value)) {
        if (strncmp(value.p, "refs/", strlen("refs/")) != 0)
            str_addz(&p->rules_name, "refs/heads/");
        str_adds(&p->rules_name, str_slice(&value));
        result = commit_resolve(c->repo, c->zone, p->rules_name.p, &p->rules_commit, NULL, e);
        if (result == 0)
            p->rules = &p->rules_commit;
        else if (is_created(p, str_slice(&p->rules_name)))
            result = 0;
        else
            err_prefix(e, "pm.rulesFrom is '%s'", value.p);
    }
    str_release(&value);
    return result;
}

/* ---- what the pusher sees ---- */

/* "   6 | mitigated: ..." and the carets below it stay as they are. */
static bool is_source(struct slice line)
{
    size_t at = 0;
    while (at < line.n && (line.p[at] == ' ' || ascii_is_digit((unsigned char)line.p[at])))
        at++;
    return at < line.n && line.p[at] == '|';
}

/* Sentences go on in the next line, below what they belong to. */
static void add_folded(struct str *out, struct slice text)
{
    struct slice line, part;
    while (slice_split(&text, '\n', &line)) {
        size_t indent = line.n - slice_ltrim(line).n, width;
        indent = indent < PUSHER_WIDTH / 2 ? indent : 0;
        width = PUSHER_WIDTH - indent;
        if (is_source(line) || utf8_width(line) <= PUSHER_WIDTH) {
            str_adds(out, line);
            str_addc(out, '\n');
            continue;
        }
        while (printer_next_line(&line, width, &part)) {
            str_pad(out, ' ', PUSHER_WIDTH - width);
            str_adds(out, part);
            str_addc(out, '\n');
            width = PUSHER_WIDTH - indent - 4;
        }
    }
}

static void fold_from(struct str *out, size_t from)
{
    struct str text = STR_INIT;
    str_adds(&text, slice_sub(str_slice(out), from, out->n));
    str_truncate(out, from);
    add_folded(out, str_slice(&text));
    str_release(&text);
}

/* ---- judging ---- */

/* The old tip of the branch first: who pushes to it compares with that. */
static void put_first(struct oids *bases, const struct oid *first)
{
    for (size_t i = 1; i < bases->n; i++) {
        if (!oid_eq(&bases->v[i], first))
            continue;
        bases->v[i] = bases->v[0];
        bases->v[0] = *first;
    }
}

static int judge_commit(struct context *c, struct push *p, const struct update *u,
                        const struct oid *head, struct err *e)
{
    struct oids bases = VEC_INIT;
    bool draft_helps = false;
    const size_t before = c->out.n;
    int code = commit_merge_bases(c->repo, head, p->here.v, p->here.n, &bases, e);
    if (code == 0 && !(bases.n && oid_eq(&bases.v[0], head))) {
        put_first(&bases, &u->before);
        printer_text(&c->printer, TINT_BOLD, u->ref);
        str_addz(&c->out, ":\n");
        code = check_pushed(c, &(struct pushed){*head, bases.v, bases.n, p->rules}, &draft_helps, e);
        str_addc(&c->out, '\n');
        if (code == PM_NO)
            fold_from(&c->out, before);
        else
            str_truncate(&c->out, before);
        p->draft_helps |= draft_helps;
        vec_push(&p->here, *head);
    }
    vec_release(&bases);
    return code;
}

/* A tag may be of something that is no commit. */
static int judge_update(struct context *c, struct push *p, const struct update *u, struct err *e)
{
    struct oid head;
    if (oid_is_zero(&u->after) || !is_judged(u->ref))
        return PM_YES;
    int found = commit_peel(c->repo, &u->after, &head, e);
    int code = found > 0 ? judge_commit(c, p, u, &head, e) : found;
    if (code < 0)
        err_prefix(e, "what is pushed to '" SLICE_FMT "' cannot be checked", SLICE_ARG(u->ref));
    return code;
}

static int judge_push(struct context *c, struct push *p, struct err *e)
{
    int result = PM_YES;
    if (!p->updates.n)
        return PM_YES;
    if (read_refs(c, p, e) || find_rules(c, p, e))
        return -1;
    for (size_t i = 0; i < p->updates.n; i++) {
        int code = judge_update(c, p, &p->updates.v[i], e);
        if (code < 0)
            return -1;
        if (code == PM_NO)
            result = PM_NO;
    }
    if (result == PM_NO)
        str_addz(&c->out, p->draft_helps ? "Not accepted. Unfinished? Set `status: draft`:\n"
                                        "a draft needs only a summary.\n"
                                      : "Not accepted.\n");
    return result;
}

int hook_pre_receive(struct context *c, struct err *e)
{
    struct push p = {.text = STR_INIT, .rules_name = STR_INIT};
    c->printer.width = PUSHER_WIDTH;
    c->printer.color = false;
    int code = read_updates(&p, e);
    if (code == 0 && !p.updates.n)
        code = hook_answer_probe(c, e) < 0 ? -1 : PM_YES;
    else if (code == 0)
        code = judge_push(c, &p, e);
    if (code < 0)
        err_prefix(e, "rejected");
    str_release(&p.text);
    str_release(&p.rules_name);
    vec_release(&p.updates);
    vec_release(&p.here);
    return code;
}

/* A small random history as a git repository: branches, merges of every shape, reverts, and documents
 * whose items are edited, explained, moved, renumbered, converted, broken, deleted and brought back. */
#ifndef RANDOM_HISTORY_H
#define RANDOM_HISTORY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ITEMS   6
#define MOST_FILES   6
#define MOST_COMMITS 64
#define HEADS        3

struct random {
    uint64_t state;
};

static unsigned pick(struct random *r, unsigned n)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return (unsigned)((r->state >> 20) % n);
}

struct some_item {
    unsigned text, variant, owner, due, state, id; /* id 0: none */
};

enum form { FORM_CHECKS, FORM_BULLETS, FORM_NUMBERS, FORM_ROWS, FORM_YAML, FORMS };

struct some_file {
    unsigned name; /* path */
    unsigned body; /* prose */
    unsigned id;   /* stated; 0: none */
    enum form form;
    int broken, draft;
    unsigned nitems;
    struct some_item items[MOST_ITEMS];
};

struct some_tree {
    unsigned n;
    struct some_file files[MOST_FILES]; /* by name */
};

static const char *const texts[] = {
    "Reject configs that fail schema validation",
    "Alert when checkout errors exceed one percent",
    "Rehearse the failover of the database",
    "Write a runbook for the payment queue",
    "Add a dashboard for queue depth",
    "設定の検証をデプロイ前に行う",
    "Fix it",
    "Rotate the signing key every month",
};
static const char *const variants[] = {
    "", " in the pipeline", " before the next release, really",
    ": nobody did so for years, and whoever knew how it is done had left the company long before",
};
enum { VARIANTS = sizeof variants / sizeof *variants };
static const char *const owners[] = {"", "alice", "bob", "team-sre"};
static const char *const dues[] = {"", "2026-02-01", "2026-03-01", "2027-01-15"};
static const char *const states[] = {"open", "in progress", "done"};

static void put_item(FILE *out, const struct some_item *i, enum form form, unsigned number)
{
    char id[16] = "", text[200];

    if (i->id)
        snprintf(id, sizeof id, "A%u", i->id);
    snprintf(text, sizeof text, "%s%s", texts[i->text], variants[i->variant]);
    if (form == FORM_ROWS) {
        fprintf(out, "| %s | %s | %s | %s | %s |\n", id, text, owners[i->owner], dues[i->due],
                states[i->state]);
        return;
    }
    if (form == FORM_YAML) {
        fprintf(out, "  - text: \"%s\"\n    status: %s\n", text, states[i->state]);
        if (i->id)
            fprintf(out, "    id: %s\n", id);
        if (i->owner)
            fprintf(out, "    owner: %s\n", owners[i->owner]);
        if (i->due)
            fprintf(out, "    due: %s\n", dues[i->due]);
        return;
    }
    if (form == FORM_NUMBERS)
        fprintf(out, "%u. ", number);
    else
        fprintf(out, "- %s", form == FORM_BULLETS ? "" : i->state == 2 ? "[x] " : "[ ] ");
    fprintf(out, i->id ? "**%s** %s\n" : "%s%s\n", id, text);
    if (i->owner || i->due || (i->state && !(form == FORM_CHECKS && i->state == 2)))
        fprintf(out, "  %s%s%s%s%s%s\n", i->owner ? "@" : "", owners[i->owner],
                i->due ? ", due " : "", dues[i->due], i->state ? ", " : "",
                i->state ? states[i->state] : "");
}

static void put_file(FILE *out, const struct some_file *f)
{
    fprintf(out, "---\nstatus: %s\n", f->draft ? "draft" : "review");
    if (f->id)
        fprintf(out, "id: PM-%u\n", f->id);
    if (f->form == FORM_YAML && f->nitems)
        fprintf(out, "action_items:\n");
    for (unsigned i = 0; f->form == FORM_YAML && i < f->nitems; i++)
        put_item(out, &f->items[i], f->form, i + 1);
    fprintf(out, "%s---\n# Outage %u\n\n## Summary\n\n", f->broken ? "x: \"never closed\n" : "",
            f->body);
    for (unsigned i = 0; i < 6; i++)
        fprintf(out, "Line %u of outage %u says what happened.\n", i, f->body);
    if (f->form == FORM_YAML)
        return;
    fprintf(out, "\n## Action items\n\n");
    if (f->form == FORM_ROWS && f->nitems)
        fprintf(out, "| ID | Action | Owner | Due | Status |\n|---|---|---|---|---|\n");
    for (unsigned i = 0; i < f->nitems; i++)
        put_item(out, &f->items[i], f->form, i + 1);
}

static struct some_item some_item(struct random *r)
{
    return (struct some_item){pick(r, 8), pick(r, VARIANTS), pick(r, 4),
                              pick(r, 4), pick(r, 3), pick(r, 3) ? 0 : 1 + pick(r, 5)};
}

static struct some_file *file_named(struct some_tree *t, unsigned name)
{
    for (unsigned i = 0; i < t->n; i++)
        if (t->files[i].name == name)
            return &t->files[i];
    return NULL;
}

static void add_file(struct some_tree *t, const struct some_file *f)
{
    if (t->n < MOST_FILES && !file_named(t, f->name))
        t->files[t->n++] = *f;
}

static void edit_item(struct random *r, struct some_file *f)
{
    struct some_item *i = &f->items[pick(r, f->nitems)];
    unsigned k = (unsigned)(i - f->items);

    switch (pick(r, 9)) {
    case 0:
        i->state = pick(r, 3);
        break;
    case 1:
        i->due = pick(r, 4);
        break;
    case 2:
        i->owner = pick(r, 4);
        break;
    case 3:
        i->variant = pick(r, VARIANTS);
        break;
    case 4:
        i->text = pick(r, 8);
        break;
    case 5:
        i->id = pick(r, 2) ? 0 : 1 + pick(r, 5);
        break;
    case 6: { /* swapped with another */
        struct some_item *j = &f->items[pick(r, f->nitems)], swap = *i;
        *i = *j;
        *j = swap;
        break;
    }
    default:
        memmove(i, i + 1, (f->nitems - k - 1) * sizeof *i);
        f->nitems--;
    }
}

static void edit_file(struct random *r, struct some_tree *t)
{
    struct some_file *f = &t->files[pick(r, t->n)], copy = *f;

    switch (pick(r, 16)) {
    case 0:
        f->form = pick(r, FORMS);
        break;
    case 1:
        f->broken = !f->broken;
        break;
    case 2:
        f->draft = !f->draft;
        break;
    case 3:
        f->id = pick(r, 4);
        break;
    case 4:
        f->body = pick(r, 9);
        break;
    case 5:
        *f = t->files[--t->n];
        break;
    case 6:
    case 7: { /* renamed, perhaps edited too */
        unsigned name = pick(r, 9);
        if (!file_named(t, name))
            f->name = name;
        break;
    }
    case 8:
        copy.name = pick(r, 9);
        add_file(t, &copy);
        break;
    case 9: { /* an item goes to another document */
        struct some_file *to = &t->files[pick(r, t->n)];
        if (f->nitems && to->nitems < MOST_ITEMS)
            to->items[to->nitems++] = f->items[--f->nitems];
        break;
    }
    case 10:
    case 11:
        if (f->nitems < MOST_ITEMS)
            f->items[f->nitems++] = some_item(r);
        break;
    default:
        if (f->nitems)
            edit_item(r, f);
    }
}

static void edit_tree(struct random *r, struct some_tree *t)
{
    if (pick(r, 30) == 0)
        t->n = 0; /* copies and all */
    if (t->n == 0 || pick(r, 8) == 0) {
        struct some_file f = {.name = pick(r, 9),
                              .body = pick(r, 9),
                              .form = pick(r, FORMS),
                              .id = pick(r, 2) ? 0 : 1 + pick(r, 3),
                              .nitems = pick(r, MOST_ITEMS + 1)};
        for (unsigned i = 0; i < f.nitems; i++)
            f.items[i] = some_item(r);
        add_file(t, &f);
    }
    for (unsigned n = pick(r, 6); n > 0 && t->n > 0; n--)
        edit_file(r, t);
}

/* One file after the other from either parent, as a merge without sense would. */
static void merge_trees(struct random *r, struct some_tree *out, const struct some_tree *a,
                        const struct some_tree *b)
{
    struct some_tree mine = *a, theirs = *b;

    out->n = 0;
    for (unsigned name = 0; name < 9; name++) {
        struct some_file *f = file_named(&mine, name), *g = file_named(&theirs, name);
        if (pick(r, 3) && g)
            f = g;
        if (f && (g || pick(r, 4)))
            add_file(out, f);
    }
}

struct some_commit {
    unsigned parents[HEADS], nparents;
    struct some_tree tree;
};

static void put_commit_stream(FILE *out, const struct some_commit *c, unsigned number,
                              struct random *r)
{
    static char text[64 * 1024];

    fprintf(out, "commit refs/heads/work\nmark :%u\n", number + 1);
    fprintf(out, "author A%u <a@example.org> %u +0000\n", pick(r, 4),
            1700000000 + pick(r, 9999999));
    fprintf(out, "committer C <c@example.org> %u +0000\n", 1700000000 + pick(r, 9999999));
    fprintf(out, "data <<E\nchange %u\nE\n", number);
    for (unsigned i = 0; i < c->nparents; i++)
        fprintf(out, "%s :%u\n", i ? "merge" : "from", c->parents[i] + 1);
    fprintf(out, "deleteall\n");
    for (unsigned i = 0; i < c->tree.n; i++) {
        FILE *file = fmemopen(text, sizeof text, "w");
        put_file(file, &c->tree.files[i]);
        fclose(file);
        unsigned name = c->tree.files[i].name; /* some names lie outside the globs */
        fprintf(out, "M 100644 inline %s/%c%s\ndata %zu\n%s\n",
                name == 8  ? "attic"
                : name % 3 ? "postmortems"
                           : "incidents",
                'a' + (int)name, name % 2 ? ".md" : ".markdown", strlen(text), text);
    }
    fprintf(out, "\n");
}

/* Writes a stream for git fast-import; the tip is refs/heads/main. */
static void random_history(FILE *out, uint64_t seed, unsigned ncommits)
{
    static struct some_commit commits[MOST_COMMITS];
    struct random r = {seed * 0x9e3779b97f4a7c15u + 1};
    unsigned heads[HEADS] = {0};

    for (unsigned k = 0; k < ncommits; k++) {
        struct some_commit *c = &commits[k];
        unsigned head = pick(&r, 2) ? 0 : pick(&r, HEADS), other = pick(&r, HEADS);
        memset(c, 0, sizeof *c);
        if (k > 0 && pick(&r, 20)) { /* now and then another root */
            c->parents[c->nparents++] = heads[head];
            c->tree = commits[heads[head]].tree;
        } else {
            fprintf(out, "reset refs/heads/work\n");
        }
        bool another = k > 0 && pick(&r, 4) == 0;
        for (unsigned h = 0; another && h < HEADS; h++) {
            bool known = heads[h] == heads[head];
            for (unsigned i = 0; i < c->nparents; i++)
                known |= c->parents[i] == heads[h];
            if (known || (h != other && pick(&r, 4)))
                continue;
            struct some_tree both;
            merge_trees(&r, &both, &c->tree, &commits[heads[h]].tree);
            c->tree = both;
            c->parents[c->nparents++] = heads[h];
        }
        if (c->nparents < 2 || pick(&r, 4) == 0)
            edit_tree(&r, &c->tree);
        if (k > 0 && pick(&r, 15) == 0)
            c->tree = commits[pick(&r, k)].tree; /* what was done since is reverted */
        put_commit_stream(out, c, k, &r);
        heads[head] = k;
        if (pick(&r, 6) == 0)
            heads[pick(&r, HEADS)] = k; /* a branch begins here */
    }
    fprintf(out, "reset refs/heads/main\nfrom :%u\n\n", heads[0] + 1);
}

#endif

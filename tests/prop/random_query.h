/* For property tests of the query language: small random postmortems, items and queries about them,
 * from one seed. */
#ifndef PM_TEST_RANDOM_QUERY_H
#define PM_TEST_RANDOM_QUERY_H

#include "pm/ledger.h"
#include "pm/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DOCUMENTS 12
#define ITEMS     4

struct world {
    uint64_t seed;
    struct schema *schema;
    struct query_context ctx;
    struct query_document documents[DOCUMENTS];
    struct query_item items[DOCUMENTS][ITEMS];
    struct arena arena; /* of one round */
};

static inline uint32_t draw(struct world *w, uint32_t below)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->seed >> 33) % below;
}

#define PICK(w, list) (list)[draw((w), sizeof(list) / sizeof *(list))]

static const char *const words[] = {"checkout",    "timed",    "timeout", "pool", "pools", "h2c",
                                    "foo_bar.baz", "障害対応", "障",      "café", "cafe",  "it's",
                                    "happy", "happi", "hoping", "hope", "coding", "code"};
/* Beginnings of words, of stems, of both. */
static const char *const prefixes[] = {"check", "tim",  "time", "pool", "h2",   "foo",  "障",
                                       "caf",   "happ", "happi", "hop", "hope", "code", "cod"};
static const char *const tags[] = {"change",  "change/config", "change/config/typo",
                                   "config",  "network",       "network/dns",
                                   "capacity"};
static const char *const people[] = {"alice", "bob", "Carol King"};
static const char *const dates[] = {"2025-12-31", "2026-01-01", "2026-02-28", "2026-03-19",
                                    "2026-03-20"};
static const char *const states[] = {"proposed", "open",    "in-progress", "done",
                                     "wontdo",   "dropped", "withdrawn"};

/* ---- postmortems ------------------------------------------------------------------------------
 */

static inline void add_words(struct world *w, struct str *out)
{
    for (uint32_t n = draw(w, 6); n > 0; n--)
        str_addf(out, "%s%s", PICK(w, words), draw(w, 4) ? " " : ".\n\n");
    str_addc(out, '\n');
}

static inline void random_text(struct world *w, struct str *out)
{
    str_addz(out, "---\n");
    if (draw(w, 4))
        str_addf(out, "severity: sev%u\n", 1 + draw(w, 4));
    if (draw(w, 3))
        str_addf(out, "started: %sT%02u:00+0%u:00\n", PICK(w, dates), draw(w, 24), draw(w, 9));
    if (draw(w, 3))
        str_addf(out, "detected: 2026-03-20T%02u:00Z\n", draw(w, 24));
    if (draw(w, 3))
        str_addf(out, "mitigated: %s\n", draw(w, 2) ? "unknown" : "n/a");
    if (draw(w, 2))
        str_addf(out, "causes: [%s, %s]\n", PICK(w, tags), PICK(w, tags));
    if (draw(w, 2))
        str_addf(out, "contributing_factors: [%s]\n", PICK(w, tags));
    if (draw(w, 2))
        str_addf(out, "services: [api, %s]\n", draw(w, 2) ? "web" : "db");
    if (draw(w, 2))
        str_addf(out, "impact: {customers: %u, cost: %u %s, outage: %um}\n", draw(w, 5) * 500,
                 draw(w, 3) * 100, draw(w, 2) ? "EUR" : "USD", 20 + draw(w, 30));
    if (draw(w, 3) == 0)
        str_addf(out, "authors: [%s, %s]\n", PICK(w, people), PICK(w, people));
    if (draw(w, 3) == 0)
        str_addf(out, "trigger: %s %s\n", PICK(w, words), PICK(w, words));
    if (draw(w, 3) == 0)
        str_addf(out, "status: %s\n", PICK(w, ((const char *const[]){"draft", "published", "unknown"})));
    if (draw(w, 4) == 0)
        str_addf(out, "id: PM-%u\n", draw(w, 200));
    str_addz(out, "---\n# ");
    add_words(w, out);
    str_addz(out, "\n## Summary\n");
    add_words(w, out);
    str_addz(out, "\n## Timeline\n");
    add_words(w, out);
}

static inline struct postmortem *random_postmortem(struct world *w, unsigned number)
{
    struct str text = STR_INIT, path = STR_INIT;
    struct reader rd = {w->schema, NULL, NULL};
    size_t n;
    random_text(w, &text);
    str_addf(&path, "postmortems/%u.md", number);
    char *bytes = str_detach(&text, &n);
    struct postmortem *pm = postmortem_read(&rd, bytes, n, str_slice(&path));
    str_release(&path);
    return pm;
}

static inline void random_item(struct world *w, struct query_item *item)
{
    *item = (struct query_item){.text = slice_of(PICK(w, words)), .slips = draw(w, 4)};
    item->ref = SLICE("1#A1");
    item->state = (int)draw(w, ITEM_STATES);
    item->reopened = draw(w, 2);
    if (draw(w, 3))
        item->owners = slice_of(PICK(w, people));
    if (draw(w, 3))
        date_parse(slice_of(PICK(w, dates)), &item->due);
    if (draw(w, 3) == 0)
        item->tracker = SLICE("OPS-1");
    if (draw(w, 2))
        item->priority = SLICE("P1");
    item->opened = 1767225600 + (int64_t)draw(w, 80) * 86400;
    item->closed = draw(w, 2) ? item->opened + (int64_t)draw(w, 40) * 86400 : 0;
}

/* ---- queries ----------------------------------------------------------------------------------
 */

static inline void add_range(struct world *w, struct str *out, const char *low, const char *high)
{
    switch (draw(w, 5)) {
    case 0:
        str_addf(out, "%s..", low);
        return;
    case 1:
        str_addf(out, "..%s", high);
        return;
    case 2:
        str_addf(out, "%s..%s", low, high);
        return;
    case 3:
        str_addf(out, "%s%s", PICK(w, ((const char *const[]){">", "<", ">=", "<="})), low);
        return;
    default:
        str_addz(out, high);
    }
}

/* Of the postmortem alone: what SQL answers, too. */
static inline void add_fact(struct world *w, struct str *out)
{
    switch (draw(w, 12)) {
    case 0:
        str_addf(out, "authors:%s", PICK(w, ((const char *const[]){"alice", "carol", "Ki*", "\"carol king\""})));
        return;
    case 1:
        str_addf(out, "impact.cost:%s", PICK(w, ((const char *const[]){"100..", "..100EUR", "200USD", "<200"})));
        return;
    case 2:
        str_addf(out, "impact.outage:%s", PICK(w, ((const char *const[]){"30m..", "..25m", "20m..40m"})));
        return;
    case 3:
        str_addf(out, "impact:%s", PICK(w, ((const char *const[]){"500..", "EUR", "30m..", "unknown"})));
        return;
    case 4:
        str_addf(out, "trigger:%s", PICK(w, words));
        return;
    case 5:
        str_addf(out, "status:%s", PICK(w, ((const char *const[]){"draft", "review", "review..", "unknown", "draft..review"})));
        return;
    case 6:
        str_addf(out, "id:%s", PICK(w, ((const char *const[]){"PM-1*", "pm-10", "7", "1*"})));
        return;
    case 7:
        str_addf(out, "path:%s", PICK(w, ((const char *const[]){"postmortems", "postmortems/1*", "Postmortems/7.md"})));
        return;
    case 8:
        str_addf(out, "started:%s", PICK(w, ((const char *const[]){"2026-01-01T10:00Z..", "..2026-03-19T05:00+02:00", ">2026-01-01", "unknown"})));
        return;
    case 9:
        str_addf(out, "cause:%s", PICK(w, ((const char *const[]){"unknown", "chan*", "dns", "typo", "n/a"})));
        return;
    case 10:
        str_addf(out, "%s:%s", draw(w, 2) ? "has" : "no",
                 PICK(w, ((const char *const[]){"date", "tag", "title", "impact.cost", "started", "status", "duration"})));
        return;
    default:
        str_addf(out, "duration:%s", PICK(w, ((const char *const[]){"unknown", "n/a", "1h.."})));
    }
}

static inline void add_field(struct world *w, struct str *out)
{
    uint32_t a = draw(w, 5), b = a + draw(w, 5 - a);
    char low[24], high[24];
    snprintf(low, sizeof low, "%u", a);
    snprintf(high, sizeof high, "%u", b);
    switch (draw(w, 14)) {
    case 0:
        str_addf(out, "sev:sev%u..sev%u", 1 + a % 2, 3 + b % 2);
        return;
    case 1:
        str_addz(out, PICK(w, ((const char *const[]){"started:", "due:", "opened:", "date:"})));
        add_range(w, out, dates[a], dates[b]);
        return;
    case 2:
        str_addf(out, "%s:%s", PICK(w, ((const char *const[]){"cause", "factor", "tag"})),
                 PICK(w, tags));
        return;
    case 3:
        str_addz(out, "slips:");
        add_range(w, out, low, high);
        return;
    case 4:
        str_addz(out, "impact.customers:");
        add_range(w, out, "500", "1000");
        return;
    case 5:
        str_addf(out, "service:%s", PICK(w, ((const char *const[]){"api", "web,db", "w*"})));
        return;
    case 6:
        str_addf(out, "owner:%s", PICK(w, ((const char *const[]){"alice", "bob,carol", "@al*"})));
        return;
    case 7:
        str_addf(out, "state:%s,%s", PICK(w, states), PICK(w, states));
        return;
    case 8:
        str_addf(out, "%s:%s",
                 PICK(w, ((const char *const[]){"overdue", "late", "dropped", "reopened"})),
                 draw(w, 2) ? "yes" : "no");
        return;
    case 9:
        str_addf(out, "%s:%s", draw(w, 2) ? "has" : "no",
                 PICK(w, ((const char *const[]){"owner", "due", "severity", "impact", "ttd"})));
        return;
    case 10:
        str_addf(out, "mitigated:%s", draw(w, 2) ? "unknown" : "n/a");
        return;
    case 11:
        str_addz(out, PICK(w, ((const char *const[]){"age:", "ttd:"})));
        add_range(w, out, "20d", "40d");
        return;
    case 12:
        str_addf(out, "(in:%s %s)", draw(w, 2) ? "timeline" : "summary", PICK(w, words));
        return;
    default:
        str_addf(out, "title:\"%s\"", PICK(w, words));
    }
}

static inline void add_query(struct world *w, struct str *out, unsigned depth)
{
    switch (draw(w, depth ? 11 : 6)) {
    case 9:
        str_addf(out, "%s*", PICK(w, prefixes));
        return;
    case 10:
        str_addf(out, "\"%s %s\"*", PICK(w, words), PICK(w, prefixes));
        return;
    case 0:
        str_addz(out, PICK(w, words));
        return;
    case 1:
        str_addf(out, "\"%s %s\"", PICK(w, words), PICK(w, words));
        return;
    case 2:
        add_field(w, out);
        return;
    case 3:
        add_fact(w, out);
        return;
    case 4:
    case 5:
        str_addc(out, '(');
        if (!depth) {
            add_fact(w, out);
            str_addc(out, ')');
            return;
        }
        add_query(w, out, depth - 1);
        str_addc(out, ' ');
        add_query(w, out, depth - 1);
        str_addc(out, ')');
        return;
    case 6:
        str_addc(out, '(');
        add_query(w, out, depth - 1);
        str_addz(out, " OR ");
        add_query(w, out, depth - 1);
        str_addc(out, ')');
        return;
    case 7:
        str_addz(out, "NOT ");
        add_query(w, out, depth - 1);
        return;
    default:
        str_addz(out, "-(");
        add_query(w, out, depth - 1);
        str_addc(out, ')');
    }
}

static inline struct query *parse(struct world *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static inline struct query *parse(struct world *w, const char *fmt, ...)
{
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    struct query *q = NULL;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    struct slice kept = arena_dup(&w->arena, str_slice(&text));
    str_release(&text);
    if (query_parse(&q, kept, &w->ctx, &w->arena, &e) != 0)
        fail_msg("%s: %s", kept.p, e.text);
    return q;
}

#endif

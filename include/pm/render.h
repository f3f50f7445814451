/* pm/render.h - render: findings, postmortems, actions and events in every format
 *
 * JSON follows the grammar in schema/output.md. Everything appends to a string. Rows come as plain
 * structs, so that this layer needs neither index nor history.
 */
#ifndef PM_RENDER_H
#define PM_RENDER_H

#include "pm/finding.h"
#include "pm/ledger.h"
#include "pm/printer.h"

/* ---- findings ---- */
struct check_total {
    size_t documents, errors, warnings, infos;
    size_t drafts;    /* documents that were held to less for being one */
    size_t unlisted;  /* findings that are counted and not in the list */
    size_t inherited; /* neither: the change that is judged did not add them, */
    size_t accepted;  /* or somebody has accepted them */
};
/* Grouped text: what is absent in one line a document, what is wrong with its source line and a
 * caret; hints; the total is the command's to print. show_info: information is listed too. */
void render_findings_text(struct printer *p, const struct findings *f, bool show_info);
void render_findings_json(struct str *out, const struct findings *f, const struct check_total *t);
void render_findings_jsonl(struct str *out, const struct findings *f);
/* For code hosts, whose readers may be everybody: leave out first what is private
 * (findings_drop_private).
 * Workflow commands of GitHub: an annotation for each finding and for all that a document lacks, the
 * worst first. Ten of a level are shown there: where there are more, the first one tells of all. */
void render_findings_github(struct str *out, const struct findings *f,
                            const struct check_total *t);
/* A SARIF 2.1.0 log, with every rule. Fingerprints stay when lines move. */
void render_findings_sarif(struct str *out, const struct findings *f);

/* ---- the schema ---- */
/* The schema in force in the language of .pm/schema.yaml; behind each line, where it comes from.
 * Given back as .pm/schema.yaml it makes the same schema: it extends none. */
void render_schema_yaml(struct printer *p, const struct schema *s);
/* A JSON Schema (2020-12) of the front matter, for editors: what it refuses, pm check refuses too,
 * but for a required field that is stated in the text. */
void render_schema_json(struct str *out, const struct schema *s);

/* ---- paths ---- */
struct path_view {
    const char *from; /* the folder they are relative to: "" or "docs/postmortems/" */
    bool visible;     /* as a terminal may see them */
    bool nul;         /* ends in NUL, and is not quoted */
};
/* Appends a path on one line, as git prints it. */
void render_path(struct str *out, struct slice path, const struct path_view *how);

/* ---- postmortems ---- */
struct search_row {
    const struct postmortem *pm;
    struct slice snippet; /* empty: none */
    const struct span *marks; /* in snippet */
    size_t nmarks;
    struct slice section; /* the text of the section that was asked for; empty: none */
};
/* How often each value of a field is there, the most frequent first. */
struct facet_value {
    struct slice value;
    size_t n;
};
struct facet_view {
    const char *name; /* severity, cause, service, year: of a term of the query language */
    const struct facet_value *v;
    size_t n;
};
/* What an answer says about itself. */
struct answer_view {
    struct slice query;
    const char *at;    /* the commit that was read; "" for none */
    size_t total;      /* what matched: more than is listed where there is a limit */
    size_t unreadable; /* actions: documents */
    const struct facet_view *facets; /* search: NULL unless asked for */
    size_t nfacets;
};
void render_search_table(struct printer *p, const struct search_row *rows, size_t n);
void render_search_json(struct str *out, const struct search_row *rows, size_t n,
                        const struct answer_view *answer);
void render_search_jsonl(struct str *out, const struct search_row *rows, size_t n);
void render_search_markdown(struct str *out, const struct search_row *rows, size_t n);
/* Below the table, a line each. */
void render_facets_text(struct printer *p, const struct facet_view *v, size_t n);
/* One a line. */
void render_search_paths(struct str *out, const struct search_row *rows, size_t n,
                         const struct path_view *how);

/* ---- actions and events ---- */
struct moment_view { /* null in JSON unless known */
    bool known;
    bool uncommitted;   /* not known: of the worktree, as of today */
    const char *commit; /* hexadecimal */
    int64_t at;
    struct date day; /* of at, in the zone of the reader */
    struct slice author, email;
};
struct action_view { /* owners, links, services, causes: one a line */
    struct slice ref, postmortem, path, text, reason, owners, type, priority, tracker, links;
    uint32_t line;
    bool gone; /* no longer in the tree: path and line are where it stood last */
    enum item_state state;
    struct date due;
    struct moment_view opened, closed;
    int64_t age_days;
    int64_t overdue_days; /* <= 0: not overdue */
    bool has_age, has_overdue;
    bool elsewhere;       /* has a ticket, and the schema says that is where it is followed up */
    uint32_t slips;
    int32_t slipped_days;
    /* Of the postmortem; empty unless they were asked for. */
    struct slice severity, services, causes;
    struct date date;
};
struct event_view {
    struct slice ref;
    enum event_kind kind;
    struct slice before, after;
    int32_t days;
    struct moment_view change, landing;
};
/* whole_refs: PM-0042#A1; else #A1, below a heading that says whose it is. */
void render_actions_table(struct printer *p, const struct action_view *v, size_t n,
                          bool whole_refs);

/* The same items in groups; one that is in several groups counts in each. */
struct tally {
    size_t items, unresolved, overdue, elsewhere;
};
struct group_view {
    struct slice name; /* empty: of those that state none */
    size_t rank;       /* of a severity */
    struct action_view *v;
    size_t n, cap;
    struct tally tally;
};
struct groups_view {
    const char *by; /* postmortem, service ... */
    struct group_view *v;
    size_t n;
};
void render_tally(struct str *out, const struct tally *t); /* "2 unresolved, 1 overdue" */
void render_groups_table(struct printer *p, const struct groups_view *g);
void render_groups_markdown(struct str *out, const struct groups_view *g);
/* groups: NULL where none were asked for. */
void render_actions_json(struct str *out, const struct action_view *v, size_t n,
                         const struct groups_view *groups, const struct answer_view *answer);
void render_actions_jsonl(struct str *out, const struct action_view *v, size_t n);
/* path:line; of an item that is gone, the path alone. */
void render_actions_paths(struct str *out, const struct action_view *v, size_t n,
                          const struct path_view *how);
/* A table to paste into an issue; notifies nobody. */
void render_actions_markdown(struct str *out, const struct action_view *v, size_t n);
void render_log_text(struct printer *p, const struct action_view *item, const struct event_view *v,
                     size_t n);
void render_log_json(struct str *out, const struct action_view *item, const struct event_view *v,
                     size_t n);
void render_log_jsonl(struct str *out, const struct event_view *v, size_t n);

/* ---- what a range does ---- */
struct diff_entry {
    struct event_view event;
    struct slice text, owners, reason; /* of the item, as last stated; owners: one a line */
    struct date due;
    enum item_state state;
    bool born; /* the range opens the item */
};
struct diff_view {
    const char *base, *head; /* hexadecimal */
    const struct diff_entry *entries;
    size_t n;
};
/* Text and Markdown: what needs attention first, without the fields that an item lost by being
 * resolved; an item born resolved, or begun, once. The Markdown is a comment for a pull request. */
void render_diff_text(struct printer *p, const struct diff_view *d);
void render_diff_markdown(struct str *out, const struct diff_view *d);
void render_diff_json(struct str *out, const struct diff_view *d);
void render_diff_jsonl(struct str *out, const struct diff_view *d);

/* ---- one postmortem ---- */
struct show_view {
    const struct postmortem *pm;
    const struct action_view *actions; /* with history; in document order, then those gone */
    size_t nactions;
    const struct postmortem *const *referring; /* postmortems whose `related` names this one */
    size_t nreferring;
};
void render_show_text(struct printer *p, const struct show_view *v);
void render_show_json(struct str *out, const struct show_view *v);

/* ---- patches ---- */
/* A patch in the colours that git gives it, safe for a terminal; where it goes to none and has no
 * colours, as it is. */
void render_patch(struct printer *p, struct slice patch, bool terminal);

/* ---- tags ---- */
struct tag_view {
    struct slice name;
    const struct tag *tag;  /* of .pm/tags.yaml; NULL: not listed there */
    const struct tag *near; /* of one that is unknown: what was meant; NULL: none is near */
    size_t own, all, open;  /* as in pm/tagcount.h */
    struct slice path;      /* where it stands first; empty: nowhere */
    struct place place;
};
struct tags_total {
    const char *at; /* the commit that was read; "" for none */
    size_t postmortems, untagged;
};
struct year_count {
    int year; /* 0: without a date */
    size_t n;
};
void render_tags_table(struct printer *p, const struct tag_view *v, size_t n);
/* A line each: where it stands first, and what was meant. */
void render_unknown_tags(struct printer *p, const struct tag_view *v, size_t n);
/* What one tag means, and when it came up. */
void render_tag_head(struct printer *p, const struct tag_view *v, const struct year_count *years,
                     size_t nyears);
void render_tags_json(struct str *out, const struct tag_view *v, size_t n,
                      const struct tags_total *t);
void render_tags_jsonl(struct str *out, const struct tag_view *v, size_t n);

/* Appends a line for each library of this layer, "libgit2 1.5.1". */
void render_libraries(struct str *out);

#endif

#include "pm/command.h"

#include <stdlib.h>
#include <string.h>

int range_resolve(struct context *c, const char *text, struct range *out, struct err *e)
{
    struct range range;
    const char *dots = strstr(text, "..");
    size_t n = dots ? (size_t)(dots - text) : strlen(text);
    char *left = xstrndup(text, n);
    const char *right = dots ? dots + 2 : "";
    struct oid tip;
    int found = -1;
    right += dots && *right == '.';
    if (commit_resolve(c->repo, c->zone, *left ? left : "HEAD", &tip, NULL, e) == 0 &&
        commit_resolve(c->repo, c->zone, *right ? right : "HEAD", &range.head, NULL, e) == 0)
        found = commit_merge_base(c->repo, &tip, &range.head, &range.base, e);
    free(left);
    if (found < 0)
        return -1;
    range.related = found;
    *out = range;
    return 0;
}

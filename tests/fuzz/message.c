/* A commit message of any bytes, and what it says of an action item that a change dropped: the first
 * four lines are the item's document and its id, its own id, and its number. Each Action-Dropped: is
 * heard as one line; the reference that pm check proposes is heard, and means that item. */
#include "../../src/corpus/promises_private.h"

#include "../lib/hostile.h"

struct heard {
    const struct promise_event *event;
    size_t values, accepted;
    struct str reason;
};

static void hear(void *ctx, struct slice value)
{
    struct heard *h = ctx;
    struct slice reason;
    h->values++;
    check_that(slice_chr(value, '\n', 0) == SIZE_MAX, "a value is one line");
    if (!promise_named(h->event, value, &reason))
        return;
    check_that(slice_trim(reason).n == reason.n && slice_ends(slice_trim(value), reason),
               "a reason is the end of what was said");
    h->accepted++;
    str_clear(&h->reason);
    str_adds(&h->reason, reason);
}

static struct heard heard_in(struct slice message, const struct promise_event *event)
{
    struct heard h = {.event = event, .reason = STR_INIT};
    acceptances_read(message, hear, &h);
    return h;
}

/* What is proposed, between other lines of the message. */
static void check_proposal(const struct promise_event *event, struct slice reason)
{
    struct str message = STR_INIT;
    str_addz(&message, "Subject\n\n  action-dropped: ");
    promise_ref(&message, event);
    str_addf(&message, " " SLICE_FMT "\n\nSigned-off-by: Ann <a@x>\n", SLICE_ARG(reason));
    struct heard h = heard_in(str_slice(&message), event);
    if (h.values != 1 || h.accepted != 1 || !slice_eq(str_slice(&h.reason), reason))
        fprintf(stderr, "# %s# '%s'\n", message.p, h.reason.p);
    check_that(h.values == 1 && h.accepted == 1, "what is proposed is heard");
    check_that(slice_eq(str_slice(&h.reason), reason), "the reason is what was written");
    str_release(&h.reason);
    str_release(&message);
}

/* Names as documents have them: of one line, without blanks around. */
static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ')
            return false;
    return slice_trim(name).n == name.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_from((const char *)data, size), number = {0};
    struct promise_event event = {.kind = EVENT_DROPPED, .number = 1};
    int64_t n = 1;
    if (!slice_split(&rest, '\n', &event.path) || !slice_split(&rest, '\n', &event.document_id) ||
        !slice_split(&rest, '\n', &event.id) || !slice_split(&rest, '\n', &number))
        return 0;
    if (slice_i64(number, 1, INT32_MAX, &n))
        event.number = (size_t)n;
    event.after = slice_eqz(number, "document") ? SLICE("document") : SLICE("line");
    struct heard h = heard_in(rest, &event);
    check_that(h.accepted <= h.values && h.values <= size, "what is accepted was said");
    str_release(&h.reason);
    if (event.path.n && is_name(event.path) && is_name(event.document_id) && is_name(event.id))
        check_proposal(&event, SLICE("replaced by #12: see it"));
    return 0;
}

#include "pm/promises.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pm/str.h"

/* The third item, A3, of a document with an id; and one without either. */
static const struct promise_event with_ids = {.kind = EVENT_DROPPED,
                                              .after = {"line", 4},
                                              .path = {"postmortems/a b.md", 18},
                                              .document_id = {"PM-7", 4},
                                              .id = {"A3", 2},
                                              .number = 3};
static const struct promise_event bare = {.kind = EVENT_DROPPED,
                                          .after = {"line", 4},
                                          .path = {"postmortems/a b.md", 18},
                                          .number = 3};
static const struct promise_event deleted = {.kind = EVENT_DROPPED,
                                             .after = {"document", 8},
                                             .path = {"postmortems/a b.md", 18},
                                             .document_id = {"PM-7", 4},
                                             .number = 3};

static void is_ref(struct promise_event event, const char *wanted)
{
    struct str ref = STR_INIT;
    promise_ref(&ref, &event);
    assert_string_equal(ref.p, wanted);
    str_release(&ref);
}

static void a_reference_is_what_the_documents_show(void **state)
{
    struct promise_event event = with_ids;
    (void)state;
    is_ref(with_ids, "PM-7#A3");
    is_ref(bare, "postmortems/a b.md#3");
    is_ref(deleted, "PM-7");
    event.document_id = SLICE("");
    is_ref(event, "postmortems/a b.md#A3");
    event = with_ids;
    event.id = SLICE("");
    is_ref(event, "postmortems/a b.md#3"); /* PM-7#3 is the ledger's to give */
    event = deleted;
    event.document_id = SLICE("");
    is_ref(event, "postmortems/a b.md");
}

static const char *reason_for(struct promise_event event, const char *value)
{
    static char text[80];
    struct slice reason;
    if (!promise_named(&event, slice_of(value), &reason))
        return NULL;
    snprintf(text, sizeof text, SLICE_FMT, SLICE_ARG(reason));
    return text;
}

static void a_value_names_an_item_and_gives_a_reason(void **state)
{
    (void)state;
    assert_string_equal(reason_for(with_ids, " PM-7#A3 replaced by A4"), "replaced by A4");
    assert_string_equal(reason_for(with_ids, "pm-7:a3\treplaced"), "replaced");
    assert_string_equal(reason_for(with_ids, "postmortems/a b.md#A3 replaced"), "replaced");
    assert_string_equal(reason_for(with_ids, "postmortems/a b.md#3 replaced"), "replaced");
    assert_string_equal(reason_for(with_ids, "a b#A3 replaced"), "replaced");
    assert_string_equal(reason_for(with_ids, "PM-7#A3"), "");
    assert_string_equal(reason_for(bare, "postmortems/a b.md:3 replaced"), "replaced");
    assert_string_equal(reason_for(deleted, "PM-7 was a rehearsal"), "was a rehearsal");
    assert_string_equal(reason_for(deleted, "postmortems/a b.md a rehearsal"), "a rehearsal");
    assert_string_equal(reason_for(deleted, "postmortems/a b.md#3 done"), "done");
}

static void a_value_about_another_item_does_not(void **state)
{
    (void)state;
    assert_null(reason_for(with_ids, "PM-7#A30 replaced"));
    assert_null(reason_for(with_ids, "PM-70#A3 replaced"));
    assert_null(reason_for(with_ids, "PM-7#3 the ledger's number, maybe another item's"));
    assert_null(reason_for(with_ids, "PM-7 the document is still there"));
    assert_null(reason_for(with_ids, "PM-7A3 replaced"));
    assert_null(reason_for(with_ids, "A3 replaced"));
    assert_null(reason_for(with_ids, ""));
    assert_null(reason_for(bare, "postmortems/a b.md#33 replaced"));
    assert_null(reason_for(bare, "a b#3 replaced"));
    assert_null(reason_for(bare, "postmortems/a b.md# replaced"));
    assert_null(reason_for(deleted, "PM-71 was a rehearsal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_is_what_the_documents_show),
        cmocka_unit_test(a_value_names_an_item_and_gives_a_reason),
        cmocka_unit_test(a_value_about_another_item_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <string.h>

#include "unit.h"

#include "pm/date.h"
#include "pm/str.h"
#include "pm/zone.h"

#define HOUR 3600

static int64_t at(const char *text)
{
    struct moment m;
    int64_t t;

    assert_true(moment_parse(slice_of(text), &m));
    assert_true(moment_resolve(&m, zone_utc(), NULL, NULL, &t));
    return t;
}

/* The zone of a name, or the test is skipped: the system may have no zoneinfo. */
static struct zone *load(const char *name)
{
    struct zone *z;

    if (zone_load(&z, slice_of(name), NULL))
        skip();
    return z;
}

static void assert_utc_of(const struct zone *z, const char *local, const char *utc)
{
    struct str s = STR_INIT;

    time_format_utc(&s, zone_to_utc(z, at(local)));
    assert_string_equal(s.p, utc);
    str_release(&s);
}

static void berlin(void **state)
{
    struct zone *z = load("Europe/Berlin");

    assert_string_equal(zone_name(z), "Europe/Berlin");
    assert_int_equal(zone_offset_at(z, at("2026-01-15T12:00Z")), HOUR);
    assert_int_equal(zone_offset_at(z, at("2026-07-15T12:00Z")), 2 * HOUR);
    assert_int_equal(zone_offset_at(z, at("2026-03-29T00:59:59Z")), HOUR);
    assert_int_equal(zone_offset_at(z, at("2026-03-29T01:00:00Z")), 2 * HOUR);
    assert_int_equal(zone_offset_at(z, at("2026-10-25T00:59:59Z")), 2 * HOUR);
    assert_int_equal(zone_offset_at(z, at("2026-10-25T01:00:00Z")), HOUR);
    assert_int_equal(zone_offset_at(z, at("1850-01-01T00:00Z")), 53 * 60 + 28);
    assert_utc_of(z, "2026-03-17T12:31", "2026-03-17T11:31:00Z");
    assert_utc_of(z, "2026-03-29T02:30", "2026-03-29T01:30:00Z"); /* skipped: 03:30 summer time */
    assert_utc_of(z, "2026-03-29T03:00", "2026-03-29T01:00:00Z");
    assert_utc_of(z, "2026-03-29T01:59", "2026-03-29T00:59:00Z");
    assert_utc_of(z, "2026-10-25T02:30", "2026-10-25T00:30:00Z"); /* twice: the first */
    assert_utc_of(z, "2026-10-25T03:00", "2026-10-25T02:00:00Z");
    assert_utc_of(z, "2026-10-25T01:59", "2026-10-24T23:59:00Z");
    zone_free(z);
}

static void los_angeles(void **state)
{
    struct zone *z = load("America/Los_Angeles");

    assert_int_equal(zone_offset_at(z, at("2026-01-15T12:00Z")), -8 * HOUR);
    assert_int_equal(zone_offset_at(z, at("2026-07-15T12:00Z")), -7 * HOUR);
    assert_utc_of(z, "2026-03-08T02:30", "2026-03-08T10:30:00Z");
    assert_utc_of(z, "2026-11-01T01:30", "2026-11-01T08:30:00Z");
    assert_utc_of(z, "2026-11-01T02:00", "2026-11-01T10:00:00Z");
    zone_free(z);
}

static void zones_without_summer_time(void **state)
{
    struct zone *tokyo = load("Asia/Tokyo"), *kolkata = load("Asia/Kolkata");

    assert_int_equal(zone_offset_at(tokyo, at("2026-07-15T12:00Z")), 9 * HOUR);
    assert_int_equal(zone_offset_at(tokyo, at("2900-07-15T12:00Z")), 9 * HOUR);
    assert_int_equal(zone_offset_at(kolkata, at("2026-01-15T12:00Z")), 5 * HOUR + 1800);
    assert_utc_of(kolkata, "2026-01-15T00:00", "2026-01-14T18:30:00Z");
    zone_free(tokyo);
    zone_free(kolkata);
}

static void the_far_future_follows_the_footer(void **state)
{
    struct zone *z = load("Europe/Berlin");

    assert_int_equal(zone_offset_at(z, at("2500-01-15T12:00Z")), HOUR);
    assert_int_equal(zone_offset_at(z, at("2500-07-15T12:00Z")), 2 * HOUR);
    assert_int_equal(zone_offset_at(z, at("2500-03-28T00:59:59Z")), HOUR); /* the last Sunday */
    assert_int_equal(zone_offset_at(z, at("2500-03-28T01:00:00Z")), 2 * HOUR);
    assert_int_equal(zone_offset_at(z, at("9999-07-15T12:00Z")), 2 * HOUR);
    zone_free(z);
}

static void half_hours_and_a_skipped_day(void **state)
{
    struct zone *lord_howe = load("Australia/Lord_Howe"), *apia = load("Pacific/Apia");

    assert_utc_of(lord_howe, "2026-10-04T02:15", "2026-10-03T15:45:00Z"); /* 02:00 → 02:30 */
    assert_utc_of(lord_howe, "2026-04-05T01:45", "2026-04-04T14:45:00Z"); /* 02:00 → 01:30 */
    assert_utc_of(apia, "2011-12-29T12:00", "2011-12-29T22:00:00Z");
    assert_utc_of(apia, "2011-12-30T12:00", "2011-12-30T22:00:00Z"); /* there was no such day */
    assert_utc_of(apia, "2011-12-31T12:00", "2011-12-30T22:00:00Z");
    zone_free(lord_howe);
    zone_free(apia);
}

static void local_times_come_back(void **state)
{
    static const char *const names[] = {"Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata",
                                        "Australia/Lord_Howe", "America/Sao_Paulo"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct zone *z = load(names[i]);
        for (int64_t t = at("1960-01-01"); t < at("2060-01-01"); t += 37 * HOUR + 11) {
            int64_t local = t + zone_offset_at(z, t), back = zone_to_utc(z, local);
            assert_true(back <= t); /* the first of two */
            assert_true(back + zone_offset_at(z, back) == local);
        }
        zone_free(z);
    }
}

static void fixed_zones_need_no_database(void **state)
{
    static const struct {
        const char *written, *name;
        int32_t offset;
    } cases[] = {{"UTC", "UTC", 0},           {"Z", "UTC", 0},         {"+02:00", "+02:00", 7200},
                 {"-0530", "-05:30", -19800}, {"+9", "+09:00", 32400}, {"UTC+2", "+02:00", 7200},
                 {"UTC-3", "-03:00", -10800}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct zone *z;
        assert_int_equal(zone_load(&z, slice_of(cases[i].written), NULL), 0);
        assert_string_equal(zone_name(z), cases[i].name);
        assert_int_equal(zone_offset_at(z, INT64_MIN), cases[i].offset);
        assert_int_equal(zone_to_utc(z, 1000000), 1000000 - cases[i].offset);
        zone_free(z);
    }
    assert_string_equal(zone_name(zone_utc()), "UTC");
    assert_int_equal(zone_offset_at(zone_utc(), 0), 0);
    zone_free(NULL);
}

static void names_lead_nowhere_else(void **state)
{
    static const char *const wrong[] = {
        "",         "/etc/passwd",   "../../etc/passwd", "Europe/../../etc/passwd",
        "Europe//Berlin", "Europe/", "Europe",           ".",
        "Mars/Base", "Europe/Berlin.", "a\nb",           "+99:00",
        "UTC+99",   "zone.tab",      "障",
    };
    struct zone *z = NULL;
    struct err e = ERR_INIT;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(zone_load(&z, slice_of(wrong[i]), &e), -1);
        assert_int_equal(strncmp(e.text, "unknown time zone '", 19), 0);
    }
    assert_int_equal(zone_load(&z, SLICE("Europe/Berlin\0x"), &e), -1);
    assert_null(z);
}

/* ---- TZif by hand -------------------------------------------------------------------------- */

static void add_number(struct str *s, uint64_t value, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        str_addc(s, (char)(value >> shift));
}

static void add_header(struct str *s, char version, uint32_t times, uint32_t types, uint32_t letters)
{
    str_addz(s, "TZif");
    str_addc(s, version);
    str_pad(s, '\0', 15 + 3 * 4); /* no isutc, isstd, leap seconds */
    add_number(s, times, 4);
    add_number(s, types, 4);
    add_number(s, letters, 4);
}

static void add_type(struct str *s, int32_t offset)
{
    add_number(s, (uint32_t)offset, 4);
    add_number(s, 0, 2);
}

/* Version 2: +1 h before 1000, +2 h to 2000, then the footer. */
static void make_file(struct str *s, const char *footer)
{
    add_header(s, '2', 0, 1, 1);
    add_type(s, 0);
    str_addc(s, '\0');
    add_header(s, '2', 2, 2, 1);
    add_number(s, 1000, 8);
    add_number(s, 2000, 8);
    str_add(s, "\1\0", 2);
    add_type(s, HOUR);
    add_type(s, 2 * HOUR);
    str_addc(s, '\0');
    str_addf(s, "\n%s\n", footer);
}

static void a_file_made_by_hand_is_read(void **state)
{
    struct str s = STR_INIT;
    struct zone *z;

    make_file(&s, "");
    assert_int_equal(zone_from_tzif(&z, "hand", str_slice(&s), NULL), 0);
    assert_int_equal(zone_offset_at(z, INT64_MIN), HOUR);
    assert_int_equal(zone_offset_at(z, 999), HOUR);
    assert_int_equal(zone_offset_at(z, 1000), 2 * HOUR);
    assert_int_equal(zone_offset_at(z, 2000), HOUR);
    assert_int_equal(zone_offset_at(z, INT64_MAX), HOUR);
    zone_to_utc(z, INT64_MAX);
    zone_to_utc(z, INT64_MIN);
    zone_free(z);
    str_release(&s);
}

static void version_1_has_times_of_32_bits(void **state)
{
    struct str s = STR_INIT;
    struct zone *z;

    add_header(&s, '\0', 2, 2, 4);
    add_number(&s, (uint32_t)-5, 4);
    add_number(&s, 5, 4);
    str_add(&s, "\1\0", 2);
    add_type(&s, 0);
    add_type(&s, -HOUR);
    str_add(&s, "A\0B", 4);
    assert_int_equal(zone_from_tzif(&z, "one", str_slice(&s), NULL), 0);
    assert_int_equal(zone_offset_at(z, -6), 0);
    assert_int_equal(zone_offset_at(z, -5), -HOUR);
    assert_int_equal(zone_offset_at(z, 5), 0);
    zone_free(z);
    str_release(&s);
}

static int32_t with_footer(const char *footer, const char *time)
{
    struct str s = STR_INIT;
    struct zone *z;
    struct err e = ERR_INIT;

    make_file(&s, footer);
    if (zone_from_tzif(&z, "hand", str_slice(&s), &e))
        fail_msg("'%s': %s", footer, e.text);
    int32_t offset = zone_offset_at(z, at(time));
    zone_free(z);
    str_release(&s);
    return offset;
}

static void footers(void **state)
{
    assert_int_equal(with_footer("JST-9", "2026-07-01"), 9 * HOUR);
    assert_int_equal(with_footer("<+0530>-5:30", "2026-07-01"), 5 * HOUR + 1800);
    assert_int_equal(with_footer("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z"), -5 * HOUR);
    assert_int_equal(with_footer("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z"), -4 * HOUR);
    assert_int_equal(with_footer("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z"), -5 * HOUR);
    /* south: summer over new year */
    assert_int_equal(with_footer("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01"), 13 * HOUR);
    assert_int_equal(with_footer("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-06-01"), 12 * HOUR);
    /* Dublin: the winter is the exception */
    assert_int_equal(with_footer("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01"), 0);
    assert_int_equal(with_footer("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01"), HOUR);
    /* Greenland: the evening before */
    assert_int_equal(with_footer("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z"), -2 * HOUR);
    assert_int_equal(with_footer("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z"), -HOUR);
    /* days of the year, with and without 29 February */
    assert_int_equal(with_footer("AAA0BBB,J60/0,J61/0", "2024-03-01T12:00Z"), HOUR);
    assert_int_equal(with_footer("AAA0BBB,59/0,60/0", "2024-02-29T12:00Z"), HOUR);
    assert_int_equal(with_footer("AAA0BBB,59/0,60/0", "2026-03-01T12:00Z"), HOUR);
}

static void posix_rules(void **state)
{
    struct zone *z = NULL;

    (void)state;
    assert_int_equal(zone_from_posix(&z, SLICE("CET-1CEST,M3.5.0,M10.5.0/3"), NULL), 0);
    assert_int_equal(zone_offset_at(z, at("2026-01-15T12:00Z")), HOUR);
    assert_int_equal(zone_offset_at(z, at("2026-03-29T01:00:00Z")), 2 * HOUR);
    assert_string_equal(zone_name(z), "CET-1CEST,M3.5.0,M10.5.0/3");
    zone_free(z);
    assert_int_equal(zone_from_posix(&z, SLICE("UTC+2"), NULL), 0);
    assert_int_equal(zone_offset_at(z, at("2026-07-15T12:00Z")), -2 * HOUR);
    assert_string_equal(zone_name(z), "-02:00");
    zone_free(z);
    assert_int_equal(zone_from_posix(&z, SLICE(""), NULL), -1);
    assert_int_equal(zone_from_posix(&z, SLICE("UTC"), NULL), -1);
    assert_int_equal(zone_from_posix(&z, SLICE("Europe/Berlin"), NULL), -1);
    assert_int_equal(zone_from_posix(&z, SLICE("CET-1CEST,M3.5.0,M10.5.0/3x"), NULL), -1);
}

static void hostile_footers_are_refused(void **state)
{
    static const char *const wrong[] = {
        "X",     "CET",      "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1",
        "CET-1CEST,366,1", "CET-999", "<+05-5", "CET-1CEST,M3.5.0/999,M10.5.0", "CET-1 ",
        "CET-1CEST,M3.5.0,M10.5.0x", "\xff\xff\xff-1",
    };
    struct zone *z = NULL;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct str s = STR_INIT;
        make_file(&s, wrong[i]);
        if (!zone_from_tzif(&z, "hand", str_slice(&s), NULL))
            fail_msg("'%s'", wrong[i]);
        str_release(&s);
    }
    assert_null(z);
}

static void every_cut_and_every_changed_byte_is_survived(void **state)
{
    struct str s = STR_INIT;
    struct zone *z;

    make_file(&s, "CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t n = 0; n < s.n; n++) {
        struct str cut = STR_INIT;
        str_add(&cut, s.p, n);
        assert_int_equal(zone_from_tzif(&z, "cut", str_slice(&cut), NULL), -1);
        str_release(&cut);
    }
    for (size_t i = 0; i < s.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            s.p[i] = (char)(s.p[i] ^ 1 << bit);
            if (!zone_from_tzif(&z, "changed", str_slice(&s), NULL)) {
                for (int64_t t = -3000; t < 3000; t += 500)
                    assert_in_range(zone_offset_at(z, t) + 200000, 0, 400000);
                zone_to_utc(z, 4102444800);
                zone_free(z);
            }
            s.p[i] = (char)(s.p[i] ^ 1 << bit);
        }
    str_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(berlin),
        cmocka_unit_test(los_angeles),
        cmocka_unit_test(zones_without_summer_time),
        cmocka_unit_test(the_far_future_follows_the_footer),
        cmocka_unit_test(half_hours_and_a_skipped_day),
        cmocka_unit_test(local_times_come_back),
        cmocka_unit_test(fixed_zones_need_no_database),
        cmocka_unit_test(names_lead_nowhere_else),
        cmocka_unit_test(a_file_made_by_hand_is_read),
        cmocka_unit_test(version_1_has_times_of_32_bits),
        cmocka_unit_test(footers),
        cmocka_unit_test(posix_rules),
        cmocka_unit_test(hostile_footers_are_refused),
        cmocka_unit_test(every_cut_and_every_changed_byte_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

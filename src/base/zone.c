#include "pm/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/alloc.h"
#include "pm/date.h"
#include "pm/file.h"
#include "tzif.h"

#define CAP_NAME 64u
#define CAP_FILE (64u * 1024u)

struct zone {
    char *name;
    struct tzif data;
};

static struct tzif_type utc_type = {0, false};
static char utc_name[] = "UTC";

/* ---- loading ------------------------------------------------------------------------------- */

static struct zone *zone_new(const char *name, struct tzif data)
{
    struct zone *z = xmalloc(sizeof *z);

    *z = (struct zone){xstrdup(name), data};
    return z;
}

int zone_from_tzif(struct zone **out, const char *name, struct slice bytes, struct err *e)
{
    struct tzif data;

    if (tzif_read(&data, bytes, e))
        return err_prefix(e, "zone '%s'", name);
    *out = zone_new(name, data);
    return 0;
}

/* Letters, digits, '_', '-', '+', and '/' between components: nothing that leads elsewhere. */
static bool is_name(struct slice name)
{
    if (!name.n || name.n > CAP_NAME || !ascii_is_alpha((unsigned char)name.p[0]))
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool joint = c == '/' || c == '_' || c == '-' || c == '+';
        if (!ascii_is_alnum((unsigned char)c) && !joint)
            return false;
        if (c == '/' && (i + 1 == name.n || name.p[i + 1] == '/'))
            return false;
    }
    return true;
}

/* Links are followed: the database is full of them, and its directory is the system's own. */
static int open_zone(const char *name)
{
    static const char *const directories[] = {"/usr/share/zoneinfo", "/var/db/timezone/zoneinfo",
                                              "/usr/lib/zoneinfo", "/etc/zoneinfo"};
    struct str path = STR_INIT;
    int fd = -1;

    for (size_t i = 0; fd < 0 && i < sizeof directories / sizeof directories[0]; i++) {
        str_clear(&path);
        str_addf(&path, "%s/%s", directories[i], name);
        fd = open(path.p, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    str_release(&path);
    return fd;
}

/* Closes fd. */
static int load_open(struct zone **out, int fd, const char *name, struct err *e)
{
    struct str bytes = STR_INIT;
    struct stat st;
    int result = -1;

    if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
        err_set(e, "unknown time zone '%s'", name);
    else if (file_read_fd(&bytes, fd, CAP_FILE, NULL, e))
        err_prefix(e, "zone '%s'", name);
    else
        result = zone_from_tzif(out, name, str_slice(&bytes), e);
    if (fd >= 0)
        close(fd);
    str_release(&bytes);
    return result;
}

int zone_from_file(struct zone **out, const char *path, struct err *e)
{
    return load_open(out, open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), path, e);
}

int zone_from_posix(struct zone **out, struct slice text, struct err *e)
{
    struct tzrule rule = {0};

    if (!text.n || text.n > CAP_NAME || !tzrule_parse(text, &rule))
        return err_set(e, "'" SLICE_FMT "' is no POSIX time zone",
                       SLICE_ARG(slice_sub(text, 0, CAP_NAME)));
    *out = zone_fixed(rule.standard);
    if (rule.has_dst) {
        (*out)->data.rule = rule;
        free((*out)->name);
        (*out)->name = xstrndup(text.p, text.n);
    }
    return 0;
}

int zone_load(struct zone **out, struct slice name, struct err *e)
{
    struct moment m = {0};
    size_t used;
    bool fixed = slice_starts(name, SLICE("UTC")) || slice_eqz(name, "Z") || slice_starts(name, SLICE("+")) ||
                 slice_starts(name, SLICE("-"));

    if (fixed && moment_scan_zone(name, &m, &used) && used == name.n) {
        *out = zone_fixed(m.offset);
        return 0;
    }
    if (!is_name(name))
        return err_set(e, "unknown time zone '" SLICE_FMT "'", SLICE_ARG(slice_sub(name, 0, CAP_NAME)));
    char *copy = xstrndup(name.p, name.n);
    int result = load_open(out, open_zone(copy), copy, e);
    free(copy);
    return result;
}

struct zone *zone_fixed(int32_t offset)
{
    struct tzif_type *type = xmalloc(sizeof *type);
    struct str name = STR_INIT;
    int minutes = (offset < 0 ? -offset : offset) / 60;

    *type = (struct tzif_type){offset, false};
    if (offset)
        str_addf(&name, "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    else
        str_addz(&name, utc_name);
    struct zone *z = zone_new(name.p, (struct tzif){.types = type, .ntypes = 1});
    str_release(&name);
    return z;
}

const struct zone *zone_utc(void)
{
    static const struct zone utc = {utc_name, {.types = &utc_type, .ntypes = 1}};

    return &utc;
}

void zone_free(struct zone *z)
{
    if (!z || z == zone_utc())
        return;
    tzif_release(&z->data);
    free(z->name);
    free(z);
}

const char *zone_name(const struct zone *z)
{
    return z->name;
}

/* ---- asking -------------------------------------------------------------------------------- */

int32_t zone_offset_at(const struct zone *z, int64_t t)
{
    const struct tzif *d = &z->data;
    size_t low = 0, high = d->ntimes; /* times before low are not after t, from high on they are */

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->times[middle] <= t)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == d->ntimes && d->rule.present)
        return tzrule_offset_at(&d->rule, t);
    return d->types[low ? d->indexes[low - 1] : 0].offset;
}

/* Zones change at most once in two days, and by no more than a day: the offsets a day before and a
 * day after are those that can apply. In a gap neither does; the one before it leads past it. */
int64_t zone_to_utc(const struct zone *z, int64_t local)
{
    const int64_t day = 86400, limit = INT64_MAX - 2 * day;

    local = local < -limit ? -limit : local > limit ? limit : local;
    int64_t before = local - zone_offset_at(z, local - day);
    int64_t after = local - zone_offset_at(z, local + day);
    int64_t first = before < after ? before : after, second = before < after ? after : before;
    if (first + zone_offset_at(z, first) == local)
        return first;
    if (second + zone_offset_at(z, second) == local)
        return second;
    return before;
}

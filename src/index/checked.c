/* Files whose pages carry checksums. SQLite notices a damaged tree, not a damaged text; an answer
 * from the cache has to be right. So a layer below SQLite writes eight bytes at the end of each page
 * (SQLite leaves them alone: db.c reserves them) and looks at them when the page is read. Only the
 * pages that a command reads are looked at: a checksum of the whole file would cost more than the
 * commands do.
 *
 * It is as SQLite wants an own file system to be (sqlite3_vfs): everything but reading and writing
 * is passed on. Only io_methods of version 1, so that there is no memory mapping past us. */
#include "db.h"

#include <string.h>

enum { PAGE = 4096, SUM = 8 };

/* SQLite allocates it, with the real file behind it. */
struct checked {
    sqlite3_file base;
    bool sums; /* a database, not something temporary */
};

static sqlite3_file *real(sqlite3_file *f)
{
    return (sqlite3_file *)((struct checked *)f + 1);
}

/* Of a page and its place: a page that stands where another should is damage too. */
static uint64_t checksum(const unsigned char *page, sqlite3_int64 offset)
{
    uint64_t sum = (uint64_t)offset + UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < PAGE - SUM; i += sizeof sum) {
        uint64_t word;
        memcpy(&word, page + i, sizeof word);
        sum = (sum ^ word) * UINT64_C(0xff51afd7ed558ccd);
        sum ^= sum >> 32;
    }
    return sum;
}

static bool is_page(const sqlite3_file *f, int n, sqlite3_int64 offset)
{
    return ((const struct checked *)f)->sums && n == PAGE && offset % PAGE == 0;
}

static int checked_read(sqlite3_file *f, void *to, int n, sqlite3_int64 offset)
{
    int code = real(f)->pMethods->xRead(real(f), to, n, offset);
    if (code != SQLITE_OK || !is_page(f, n, offset))
        return code;
    uint64_t sum = checksum(to, offset);
    return memcmp((unsigned char *)to + PAGE - SUM, &sum, SUM) == 0 ? SQLITE_OK
                                                                   : SQLITE_IOERR_DATA;
}

static int checked_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 offset)
{
    unsigned char page[PAGE];
    if (!is_page(f, n, offset))
        return real(f)->pMethods->xWrite(real(f), from, n, offset);
    memcpy(page, from, PAGE - SUM);
    uint64_t sum = checksum(page, offset);
    memcpy(page + PAGE - SUM, &sum, SUM);
    return real(f)->pMethods->xWrite(real(f), page, n, offset);
}

/* ---- passed on ---- */

static int checked_close(sqlite3_file *f)
{
    return real(f)->pMethods->xClose(real(f));
}

static int checked_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return real(f)->pMethods->xTruncate(real(f), size);
}

static int checked_sync(sqlite3_file *f, int flags)
{
    return real(f)->pMethods->xSync(real(f), flags);
}

static int checked_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real(f)->pMethods->xFileSize(real(f), size);
}

static int checked_lock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xLock(real(f), level);
}

static int checked_unlock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xUnlock(real(f), level);
}

static int checked_reserved(sqlite3_file *f, int *held)
{
    return real(f)->pMethods->xCheckReservedLock(real(f), held);
}

static int checked_control(sqlite3_file *f, int what, void *argument)
{
    return real(f)->pMethods->xFileControl(real(f), what, argument);
}

static int checked_sector(sqlite3_file *f)
{
    return real(f)->pMethods->xSectorSize(real(f));
}

/* Without SQLITE_IOCAP_SUBPAGE_READ, which newer ones have: pages are read whole. */
static int checked_device(sqlite3_file *f)
{
    return real(f)->pMethods->xDeviceCharacteristics(real(f)) & ~0x8000;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = checked_close,
    .xRead = checked_read,
    .xWrite = checked_write,
    .xTruncate = checked_truncate,
    .xSync = checked_sync,
    .xFileSize = checked_size,
    .xLock = checked_lock,
    .xUnlock = checked_unlock,
    .xCheckReservedLock = checked_reserved,
    .xFileControl = checked_control,
    .xSectorSize = checked_sector,
    .xDeviceCharacteristics = checked_device,
};

static int checked_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *got)
{
    sqlite3_vfs *below = vfs->pAppData;
    struct checked *c = (struct checked *)f;
    int code = below->xOpen(below, name, real(f), flags, got);
    c->sums = flags & SQLITE_OPEN_MAIN_DB;
    c->base.pMethods = real(f)->pMethods ? &methods : NULL;
    return code;
}

/* The default file system with only xOpen replaced; registered once, as SQLite's own are. */
const char *checked_files(void)
{
    static sqlite3_vfs vfs;
    if (!vfs.zName) {
        sqlite3_vfs *usual = sqlite3_initialize() == SQLITE_OK ? sqlite3_vfs_find(NULL) : NULL;
        if (!usual) /* there is one, as soon as there is memory for it */
            out_of_memory();
        vfs = *usual;
        vfs.pAppData = usual;
        vfs.pNext = NULL;
        vfs.zName = "pm-checked";
        vfs.szOsFile += (int)sizeof(struct checked);
        vfs.xOpen = checked_open;
        sqlite3_vfs_register(&vfs, 0);
    }
    return vfs.zName;
}

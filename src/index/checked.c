/* Files whose pages carry checksums. SQLite notices a damaged tree, not a damaged text; an answer
 * from the cache has to be right. So a layer below SQLite writes eight bytes at the end of each page
 * (SQLite leaves them alone: db.c reserves them) and looks at them when the page is read. Only the
 * pages that a command reads are looked at: a checksum of the whole file would cost more than the
 * commands do.
 *
 * What a later commit changed is in a file of pages beside it (pages.h), which take the place of those
 * of the file. Who goes on from a file writes into these, and checked_save makes them a file: the one
 * below is never written to again.
 *
 * It is as SQLite wants an own file system to be (sqlite3_vfs): everything but reading and writing
 * is passed on. Only io_methods of version 1, so that there is no memory mapping past us. */
#include "db.h"

#include <string.h>
#include <unistd.h>

#include "pages.h"

/* SQLite allocates it, with the real file behind it. */
struct checked {
    sqlite3_file base;
    bool sums;           /* a database, not something temporary */
    bool keeps;          /* what is written goes into pages */
    bool damaged;        /* a page was read that is not what was written */
    struct pages *pages; /* NULL: there are none */
};

static sqlite3_file *real(sqlite3_file *f)
{
    return (sqlite3_file *)((struct checked *)f + 1);
}

static bool is_page(const sqlite3_file *f, int n, sqlite3_int64 offset)
{
    return ((const struct checked *)f)->sums && n == PAGE && offset % PAGE == 0;
}

/* A page, or part of one, which never goes beyond its end. */
static int read_bytes(sqlite3_file *f, void *to, int n, sqlite3_int64 offset)
{
    const struct pages *pages = ((const struct checked *)f)->pages;
    const unsigned char *page = pages ? pages_find(pages, (uint64_t)offset / PAGE) : NULL;
    if (!page)
        return real(f)->pMethods->xRead(real(f), to, n, offset);
    memcpy(to, page + offset % PAGE, (size_t)n);
    return SQLITE_OK;
}

static bool is_whole(const unsigned char *page, sqlite3_int64 offset)
{
    uint64_t sum = page_checksum(page, PAGE - PAGE_SUM, (uint64_t)offset);
    return memcmp(page + PAGE - PAGE_SUM, &sum, PAGE_SUM) == 0;
}

/* Of what is behind the end of the file SQLite would make zeros, and go on. */
static int checked_read(sqlite3_file *f, void *to, int n, sqlite3_int64 offset)
{
    int code = read_bytes(f, to, n, offset);
    if (!is_page(f, n, offset) || (code == SQLITE_OK && is_whole(to, offset)))
        return code;
    ((struct checked *)f)->damaged = true;
    return SQLITE_IOERR_DATA;
}

static int checked_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 offset)
{
    struct checked *c = (struct checked *)f;
    unsigned char page[PAGE];
    if (!is_page(f, n, offset))
        return c->keeps ? SQLITE_IOERR_WRITE : real(f)->pMethods->xWrite(real(f), from, n, offset);
    memcpy(page, from, PAGE - PAGE_SUM);
    uint64_t sum = page_checksum(page, PAGE - PAGE_SUM, (uint64_t)offset);
    memcpy(page + PAGE - PAGE_SUM, &sum, PAGE_SUM);
    if (!c->keeps)
        return real(f)->pMethods->xWrite(real(f), page, n, offset);
    return pages_put(c->pages, (uint64_t)offset / PAGE, page) ? SQLITE_OK : SQLITE_FULL;
}

static int checked_close(sqlite3_file *f)
{
    struct checked *c = (struct checked *)f;
    pages_free(c->pages);
    c->pages = NULL;
    return real(f)->pMethods->xClose(real(f));
}

static int checked_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct checked *c = (struct checked *)f;
    if (!c->keeps)
        return real(f)->pMethods->xTruncate(real(f), size);
    pages_truncate(c->pages, (uint64_t)size / PAGE);
    return SQLITE_OK;
}

static int checked_size(sqlite3_file *f, sqlite3_int64 *size)
{
    const struct checked *c = (const struct checked *)f;
    if (!c->pages)
        return real(f)->pMethods->xFileSize(real(f), size);
    *size = (sqlite3_int64)pages_total(c->pages) * PAGE;
    return SQLITE_OK;
}

/* ---- passed on ---- */

static int checked_sync(sqlite3_file *f, int flags)
{
    return real(f)->pMethods->xSync(real(f), flags);
}

/* A file that is only read needs none: who goes on from it holds another lock (files.c). */
static int checked_lock(sqlite3_file *f, int level)
{
    return ((struct checked *)f)->keeps ? SQLITE_OK : real(f)->pMethods->xLock(real(f), level);
}

static int checked_unlock(sqlite3_file *f, int level)
{
    return ((struct checked *)f)->keeps ? SQLITE_OK : real(f)->pMethods->xUnlock(real(f), level);
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

static void pages_path(struct str *out, const char *file)
{
    str_addf(out, "%s-pages", file);
}

/* The file's pages, if it has any; where it is to be changed, a place for some. */
static int open_pages(struct checked *c, const char *name)
{
    struct str path = STR_INIT;
    sqlite3_file *f = &c->base;
    sqlite3_int64 size = 0;
    uint64_t base = 0;
    int code = real(f)->pMethods->xFileSize(real(f), &size);
    if (code == SQLITE_OK && size >= PAGE)
        code = real(f)->pMethods->xRead(real(f), &base, PAGE_SUM, PAGE - PAGE_SUM);
    if (code != SQLITE_OK || size < PAGE)
        return code == SQLITE_OK && c->keeps ? SQLITE_CANTOPEN : code;
    pages_path(&path, name);
    c->pages = pages_read(path.p, base);
    str_release(&path);
    if (!c->pages && c->keeps)
        c->pages = pages_new(base, (uint64_t)size / PAGE);
    return SQLITE_OK;
}

static int checked_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *got)
{
    sqlite3_vfs *below = vfs->pAppData;
    struct checked *c = (struct checked *)f;
    bool there = (flags & SQLITE_OPEN_MAIN_DB) && !(flags & SQLITE_OPEN_CREATE);
    c->keeps = there && (flags & SQLITE_OPEN_READWRITE);
    if (c->keeps)
        flags = (flags & ~SQLITE_OPEN_READWRITE) | SQLITE_OPEN_READONLY;
    c->damaged = false;
    c->pages = NULL;
    c->sums = flags & SQLITE_OPEN_MAIN_DB;
    int code = below->xOpen(below, name, real(f), flags, got);
    c->base.pMethods = real(f)->pMethods ? &methods : NULL;
    if (c->keeps && got)
        *got = (*got & ~SQLITE_OPEN_READONLY) | SQLITE_OPEN_READWRITE;
    return code == SQLITE_OK && there ? open_pages(c, name) : code;
}

static struct checked *file_of(sqlite3 *db)
{
    sqlite3_file *f = NULL;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &f);
    return (struct checked *)f;
}

bool checked_is_damaged(sqlite3 *db)
{
    return file_of(db)->damaged;
}

size_t checked_pages(sqlite3 *db)
{
    const struct checked *c = file_of(db);
    return c->pages ? pages_count(c->pages) : 0;
}

int checked_save(sqlite3 *db)
{
    struct str path = STR_INIT;
    pages_path(&path, sqlite3_db_filename(db, "main"));
    int failed = pages_write(file_of(db)->pages, path.p);
    str_release(&path);
    return failed;
}

void checked_forget(const char *file)
{
    struct str path = STR_INIT;
    pages_path(&path, file);
    unlink(path.p);
    str_release(&path);
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

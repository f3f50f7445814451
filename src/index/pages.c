#include "pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pm/alloc.h"
#include "pm/file.h"
#include "pm/vec.h"

#define MAGIC UINT64_C(0x7365676170206d70)

/* No more are written, nor read: many more than index.c wants there to be. */
enum { MOST_WRITTEN = 8192 };
/* Nor held, while a step changes them: 128 MB. */
enum { MOST_HELD = 4 * MOST_WRITTEN };

struct page {
    uint64_t number;
    unsigned char *bytes; /* PAGE of them */
};

struct pages {
    uint64_t base, total;
    VEC(struct page) list; /* by number */
    struct arena arena;
};

uint64_t page_checksum(const void *bytes, size_t n, uint64_t offset)
{
    const unsigned char *at = bytes;
    uint64_t sum = offset + UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < n; i += sizeof sum) {
        uint64_t word;
        memcpy(&word, at + i, sizeof word);
        sum = (sum ^ word) * UINT64_C(0xff51afd7ed558ccd);
        sum ^= sum >> 32;
    }
    return sum;
}

struct pages *pages_new(uint64_t base, uint64_t total)
{
    struct pages *p = xcalloc(1, sizeof *p);
    p->base = base;
    p->total = total;
    return p;
}

void pages_free(struct pages *p)
{
    if (!p)
        return;
    vec_release(&p->list);
    arena_release(&p->arena);
    free(p);
}

/* Where a page is, or would be. */
static size_t place_of(const struct pages *p, uint64_t number)
{
    size_t low = 0, high = p->list.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->list.v[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const unsigned char *pages_find(const struct pages *p, uint64_t number)
{
    size_t at = place_of(p, number);
    return at < p->list.n && p->list.v[at].number == number ? p->list.v[at].bytes : NULL;
}

bool pages_put(struct pages *p, uint64_t number, const unsigned char *page)
{
    size_t at = place_of(p, number);
    if (at == p->list.n || p->list.v[at].number != number) {
        if (p->list.n == MOST_HELD)
            return false;
        vec_push(&p->list, (struct page){number, NULL});
        memmove(p->list.v + at + 1, p->list.v + at, (p->list.n - 1 - at) * sizeof *p->list.v);
        p->list.v[at] = (struct page){number, arena_alloc(&p->arena, PAGE)};
    }
    memcpy(p->list.v[at].bytes, page, PAGE);
    if (number >= p->total)
        p->total = number + 1;
    return true;
}

size_t pages_count(const struct pages *p)
{
    return p->list.n;
}

uint64_t pages_total(const struct pages *p)
{
    return p->total;
}

void pages_truncate(struct pages *p, uint64_t total)
{
    p->list.n = place_of(p, total);
    p->total = total;
}

/* ---- the file: words of the machine, a checksum of them, the pages ---- */

enum { WORD_MAGIC, WORD_BASE, WORD_TOTAL, WORD_COUNT, WORDS };

static bool take(struct pages *p, const unsigned char *bytes, size_t n)
{
    uint64_t head[WORDS], sum, number;
    if (n < sizeof head)
        return false;
    memcpy(head, bytes, sizeof head);
    size_t most = n / PAGE, count = head[WORD_COUNT];
    size_t words = sizeof head + count * sizeof number;
    if (head[WORD_MAGIC] != MAGIC || head[WORD_BASE] != p->base || count > most ||
        head[WORD_TOTAL] > UINT32_MAX || n != words + sizeof sum + count * PAGE)
        return false; /* SQLite counts pages in 32 bits */
    memcpy(&sum, bytes + words, sizeof sum);
    if (sum != page_checksum(bytes, words, 0))
        return false;
    for (size_t i = 0; i < count; i++) {
        memcpy(&number, bytes + sizeof head + i * sizeof number, sizeof number);
        (void)pages_put(p, number, bytes + words + sizeof sum + i * PAGE);
    }
    p->total = head[WORD_TOTAL];
    return true;
}

struct pages *pages_read(const char *path, uint64_t base)
{
    struct str bytes = STR_INIT;
    struct pages *p = pages_new(base, 0);
    bool whole = file_read(&bytes, path, (size_t)(MOST_WRITTEN + 32) * PAGE, NULL, NULL) == 0 &&
                 take(p, (const unsigned char *)bytes.p, bytes.n);
    str_release(&bytes);
    if (whole)
        return p;
    pages_free(p);
    return NULL;
}

static void add_words(struct str *out, const uint64_t *words, size_t n)
{
    str_add(out, (const char *)words, n * sizeof *words);
}

/* Not by file_write, which waits for the disk: what a power failure leaves has not the right checksums.
 * The name is always the same, so that a writer that was killed leaves one file at most. */
int pages_write(const struct pages *p, const char *path)
{
    struct str bytes = STR_INIT, fresh = STR_INIT;
    if (p->list.n > MOST_WRITTEN) {
        errno = EFBIG;
        return -1;
    }
    add_words(&bytes, (const uint64_t[]){MAGIC, p->base, p->total, p->list.n}, WORDS);
    for (size_t i = 0; i < p->list.n; i++)
        add_words(&bytes, &p->list.v[i].number, 1);
    uint64_t sum = page_checksum(bytes.p, bytes.n, 0);
    add_words(&bytes, &sum, 1);
    for (size_t i = 0; i < p->list.n; i++)
        str_add(&bytes, (const char *)p->list.v[i].bytes, PAGE);
    str_addf(&fresh, "%s.new", path);
    unlink(fresh.p);
    int fd = open(fresh.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int failed = fd < 0 || file_write_fd(fd, str_slice(&bytes));
    if (fd >= 0 && close(fd))
        failed = 1;
    if (failed || rename(fresh.p, path)) {
        int number = errno;
        unlink(fresh.p);
        errno = number;
        failed = 1;
    }
    str_release(&bytes);
    str_release(&fresh);
    return failed ? -1 : 0;
}

#include "tzif.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"

#define HEADER_BYTES 44u
#define CAP_TIMES    2000u /* as tzcode */
#define CAP_TYPES    256u
#define CAP_LETTERS  512u
#define CAP_LEAPS    100u
#define LEAST_OFFSET (-89999) /* RFC 8536: more than -25 h, less than 26 h */
#define MOST_OFFSET  93599

struct header {
    char version;
    uint32_t isutc, isstd, leaps, times, types, letters;
};

static uint64_t big_endian(const char *p, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value << 8 | (unsigned char)p[i];
    return value;
}

static int64_t signed_time(const char *p, size_t width)
{
    uint64_t value = big_endian(p, width);

    if (width == 4 && value > INT32_MAX)
        return (int64_t)value - ((int64_t)1 << 32);
    return value > INT64_MAX ? -(int64_t)(UINT64_MAX - value) - 1 : (int64_t)value;
}

static bool read_header(struct slice bytes, struct header *h)
{
    if (bytes.n < HEADER_BYTES || memcmp(bytes.p, "TZif", 4))
        return false;
    uint32_t counts[6];
    for (size_t i = 0; i < 6; i++)
        counts[i] = (uint32_t)big_endian(bytes.p + 20 + 4 * i, 4);
    *h = (struct header){bytes.p[4], counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    return h->times <= CAP_TIMES && h->types >= 1 && h->types <= CAP_TYPES &&
           h->letters <= CAP_LETTERS && h->leaps <= CAP_LEAPS && h->isutc <= h->types &&
           h->isstd <= h->types;
}

/* Bytes of the data that follow a header; the caps keep it far from overflow. */
static size_t block_bytes(const struct header *h, size_t width)
{
    return h->times * (width + 1) + h->types * 6 + h->letters + h->leaps * (width + 4) + h->isstd +
           h->isutc;
}

static bool read_block(struct tzif *d, const char *p, const struct header *h, size_t width)
{
    d->ntimes = h->times;
    d->ntypes = h->types;
    d->times = xcalloc(h->times, sizeof *d->times);
    d->indexes = xcalloc(h->times, 1);
    d->types = xcalloc(h->types, sizeof *d->types);
    for (size_t i = 0; i < d->ntimes; i++, p += width) {
        d->times[i] = signed_time(p, width);
        if (i && d->times[i] <= d->times[i - 1])
            return false;
    }
    for (size_t i = 0; i < d->ntimes; i++, p++) {
        d->indexes[i] = (uint8_t)*p;
        if (d->indexes[i] >= d->ntypes)
            return false;
    }
    for (size_t i = 0; i < d->ntypes; i++, p += 6) {
        int64_t offset = signed_time(p, 4);
        if (offset < LEAST_OFFSET || offset > MOST_OFFSET)
            return false;
        d->types[i] = (struct tzif_type){(int32_t)offset, p[4] != 0};
    }
    return true;
}

/* The text between the two line feeds at the end. */
static bool read_footer(struct tzif *d, struct slice rest)
{
    size_t end = slice_chr(rest, '\n', 1);

    if (!rest.n || rest.p[0] != '\n' || end == SIZE_MAX)
        return false;
    return tzrule_parse(slice_sub(rest, 1, end - 1), &d->rule);
}

/* Version 1 has times of 32 bits. From version 2 on, a block of 64 bits and a footer follow it. */
static bool read_file(struct tzif *d, struct slice bytes)
{
    struct header h;
    size_t width = 4;

    if (!read_header(bytes, &h) || bytes.n - HEADER_BYTES < block_bytes(&h, width))
        return false;
    bool has_footer = h.version >= '2';
    if (has_footer) {
        size_t first = HEADER_BYTES + block_bytes(&h, width);
        bytes = slice_sub(bytes, first, bytes.n);
        width = 8;
        if (!read_header(bytes, &h) || bytes.n - HEADER_BYTES < block_bytes(&h, width))
            return false;
    }
    if (h.leaps) /* a "right/" zone counts them; pm does not */
        return false;
    if (!read_block(d, bytes.p + HEADER_BYTES, &h, width))
        return false;
    size_t end = HEADER_BYTES + block_bytes(&h, width);
    return !has_footer || read_footer(d, slice_sub(bytes, end, bytes.n));
}

int tzif_read(struct tzif *out, struct slice bytes, struct err *e)
{
    struct tzif d = {0};

    if (!read_file(&d, bytes)) {
        tzif_release(&d);
        return err_set(e, "not a valid TZif file");
    }
    *out = d;
    return 0;
}

void tzif_release(struct tzif *d)
{
    free(d->times);
    free(d->indexes);
    free(d->types);
    *d = (struct tzif){0};
}

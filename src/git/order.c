/* Where objects lie in their packs, from the packs' indexes (version 2): gitformat-pack(5). An index
 * that cannot be read, or is damaged, only costs speed.
 *
 * A pack is read from its end: a delta lies behind its base, and libgit2 keeps the bases that it had
 * to unpack for a delta. From the front each base would be unpacked for itself first, and then again. */
#include "repo_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/alloc.h"

#define HEADER_BYTES  8u
#define FANOUT_BYTES  (256u * 4u)
#define TRAILER_BYTES (2u * OID_SIZE)
#define MAX_PACKS     10000u

struct pack {
    const unsigned char *map;
    size_t size;
    uint32_t count;
    char *path;
};

struct packs {
    struct pack *v;
    size_t n, cap;
};

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t fanout(const struct pack *p, unsigned byte)
{
    return be32(p->map + HEADER_BYTES + (size_t)byte * 4);
}

static const unsigned char *names_of(const struct pack *p)
{
    return p->map + HEADER_BYTES + FANOUT_BYTES;
}

/* Names, checksums and short offsets of `count` objects, then long offsets. */
static bool is_sound(struct pack *p)
{
    static const unsigned char header[HEADER_BYTES] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
    if (p->size < HEADER_BYTES + FANOUT_BYTES + TRAILER_BYTES ||
        memcmp(p->map, header, HEADER_BYTES) != 0)
        return false;
    p->count = fanout(p, 255);
    for (unsigned i = 0; i < 255; i++) {
        if (fanout(p, i) > fanout(p, i + 1))
            return false;
    }
    return (p->size - HEADER_BYTES - FANOUT_BYTES - TRAILER_BYTES) / (OID_SIZE + 8) >= p->count;
}

static void add_pack(struct packs *packs, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    void *map = MAP_FAILED;
    if (fstat(fd, &st) == 0 && st.st_size > 0)
        map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        return;
    struct pack pack = {.map = map, .size = (size_t)st.st_size};
    if (!is_sound(&pack)) {
        munmap(map, (size_t)st.st_size);
        return;
    }
    pack.path = xstrdup(path);
    vec_push(packs, pack);
}

static void add_packs(struct packs *packs, const char *objects)
{
    char *folder = path_under(objects, "pack/");
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)) && packs->n < MAX_PACKS) {
        if (!slice_ends(slice_of(entry->d_name), SLICE(".idx")))
            continue;
        char *path = path_under(folder, entry->d_name);
        add_pack(packs, path);
        free(path);
    }
    if (dir)
        closedir(dir);
    free(folder);
}

static int compare_packs(const void *a, const void *b)
{
    return strcmp(((const struct pack *)a)->path, ((const struct pack *)b)->path);
}

static struct packs *packs_open(const struct folders *objects)
{
    struct packs *packs = xcalloc(1, sizeof *packs);
    for (size_t i = 0; i < objects->n; i++)
        add_packs(packs, objects->v[i]);
    vec_sort(packs, compare_packs); /* the order of a folder is nobody's */
    return packs;
}

void packs_free(struct packs *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++) {
        munmap((void *)(uintptr_t)p->v[i].map, p->v[i].size);
        free(p->v[i].path);
    }
    vec_release(p);
    free(p);
}

/* The top bit says that the rest is a place in the table of offsets beyond 2 GiB. */
static uint64_t offset_of(const struct pack *p, uint32_t i)
{
    const unsigned char *offsets = names_of(p) + (size_t)p->count * (OID_SIZE + 4);
    const unsigned char *longs = offsets + (size_t)p->count * 4;
    size_t nlongs = (size_t)(p->map + p->size - TRAILER_BYTES - longs) / 8;
    uint32_t offset = be32(offsets + (size_t)i * 4), place = offset & 0x7fffffffu;
    if (!(offset >> 31))
        return offset;
    if (place >= nlongs)
        return UINT64_MAX;
    return (uint64_t)be32(longs + (size_t)place * 8) << 32 | be32(longs + (size_t)place * 8 + 4);
}

static bool find_offset(const struct pack *p, const struct oid *id, uint64_t *offset)
{
    uint32_t low = id->b[0] ? fanout(p, id->b[0] - 1u) : 0, high = fanout(p, id->b[0]);
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int order = memcmp(id->b, names_of(p) + (size_t)mid * OID_SIZE, OID_SIZE);
        if (order == 0) {
            *offset = offset_of(p, mid);
            return true;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}

struct position {
    uint32_t pack, index;
    uint64_t offset;
};

static int compare_positions(const void *a, const void *b)
{
    const struct position *x = a, *y = b;
    if (x->pack != y->pack)
        return x->pack < y->pack ? -1 : 1;
    if (x->offset != y->offset)
        return x->offset > y->offset ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

void object_read_order(struct repo *r, const struct oid *ids, size_t n, uint32_t *order)
{
    if (!r->packs)
        r->packs = packs_open(&r->objects);
    const struct packs *packs = r->packs;
    struct position *at = xcalloc(n ? n : 1, sizeof *at);
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        at[i] = (struct position){UINT32_MAX, (uint32_t)i, 0};
        for (size_t tried = 0; tried < packs->n; tried++) {
            size_t k = (last + tried) % packs->n; /* neighbours tend to lie in one pack */
            if (find_offset(&packs->v[k], &ids[i], &at[i].offset)) {
                at[i].pack = (uint32_t)k;
                last = k;
                break;
            }
        }
    }
    qsort(at, n, sizeof *at, compare_positions);
    for (size_t i = 0; i < n; i++)
        order[i] = at[i].index;
    free(at);
}

#include "pm/vec.h"

#include "pm/alloc.h"

void *vec_grow(void *v, size_t *cap, size_t need, size_t size)
{
    size_t grown = *cap + *cap / 2;

    if (need <= *cap)
        return v;
    if (grown < need)
        grown = need;
    if (grown < 8)
        grown = 8;
    v = xreallocarray(v, grown, size);
    *cap = grown;
    return v;
}

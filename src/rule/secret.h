/* What gives itself away as a secret: keys and tokens whose form nothing else has.
 *
 * Told by form alone: prefix, alphabet, length and, where the issuer has them, check digits. What
 * stands in manuals (AKIAIOSFODNN7EXAMPLE), what is blacked out or cut short is none, and neither
 * is a signed token that has expired. Linear in the text.
 */
#ifndef PM_RULE_SECRET_H
#define PM_RULE_SECRET_H

#include "pm/problem.h"

struct secret {
    const char *what;          /* "a GitHub token" */
    struct slice prefix;       /* what may be shown of it, and tells it: ghp_ */
    struct span whole, hidden; /* offsets in the text; hidden: what must not be shown */
};

/* The first secret at or behind `from`; false: none. now: seconds since the epoch. */
bool secret_next(struct slice text, size_t from, int64_t now, struct secret *out);

/* text, or a copy in the arena with stars for what must not be shown: as many as characters. */
struct slice secrets_masked(struct slice text, int64_t now, struct arena *a);

/* Parts of secret_next: is something behind its prefix what it claims to be? */
bool secret_is_signed_token(struct slice token, int64_t now); /* a JSON Web Token */
size_t secret_private_key(struct slice text, size_t *body);   /* its bytes in PEM, 0 for none, and
                                                                 where the key itself begins */
bool secret_is_example(struct slice token);
uint32_t secret_crc32(struct slice s);

#endif

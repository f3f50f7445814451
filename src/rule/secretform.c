/* Private keys, signed tokens, check sums, and what only looks like a secret. */
#include "pm/str.h"
#include "secret.h"

/* CRC-32 as in zlib; tokens are short. */
uint32_t secret_crc32(struct slice s)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < s.n; i++) {
        crc ^= (unsigned char)s.p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1u)));
    }
    return ~crc;
}

/* ---- examples ---- */

static size_t distinct(struct slice s)
{
    bool seen[256] = {false};
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        n += !seen[(unsigned char)s.p[i]];
        seen[(unsigned char)s.p[i]] = true;
    }
    return n;
}

/* abcde, 12345, 00000: chance does not make five of them. */
static bool has_row(struct slice s)
{
    enum { ROW = 5 };
    size_t up = 1, same = 1;
    for (size_t i = 1; i < s.n; i++) {
        up = s.p[i] == s.p[i - 1] + 1 ? up + 1 : 1;
        same = s.p[i] == s.p[i - 1] && s.p[i] != '-' ? same + 1 : 1;
        if (up == ROW || same == ROW)
            return true;
    }
    return false;
}

static bool says_so(struct slice s)
{
    static const char *const words[] = {"example",  "sample",   "dummy", "fake",
                                        "redacted", "replaced", "your",  "xxxx"};
    for (size_t at = 0; at < s.n; at++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (slice_istarts(slice_sub(s, at, s.n), slice_of(words[i])))
                return true;
    return false;
}

bool secret_is_example(struct slice token)
{
    enum { DISTINCT = 8 }; /* of sixteen or more random ones */
    return distinct(token) < DISTINCT || has_row(token) || says_so(token);
}

/* ---- signed tokens ---- */

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (ascii_is_digit((unsigned char)c))
        return c - '0' + 52;
    return c == '-' || c == '+' ? 62 : c == '_' || c == '/' ? 63 : -1;
}

static bool base64_decode(struct slice s, struct str *out)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < s.n; i++) {
        int value = base64_value(s.p[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4) /* after 12, 18 and 24 bits of four characters there is a byte more */
            str_addc(out, (char)(bits >> (6 - 2 * (i % 4)) & 0xff));
    }
    return true;
}

static bool holds(struct slice json, const char *text)
{
    return slice_find(json, slice_of(text), 0) != SIZE_MAX;
}

/* "exp": 1767225600 lies behind us. */
static bool has_expired(struct slice json, int64_t now)
{
    size_t at = slice_find(json, SLICE("\"exp\""), 0), n = 0;
    int64_t end;
    if (at == SIZE_MAX)
        return false;
    struct slice rest = slice_ltrim(slice_sub(json, at + 5, json.n));
    if (!slice_starts(rest, SLICE(":")))
        return false;
    rest = slice_ltrim(slice_sub(rest, 1, rest.n));
    while (n < rest.n && ascii_is_digit((unsigned char)rest.p[n]))
        n++;
    return slice_i64(slice_sub(rest, 0, n), 0, INT64_MAX, &end) && end < now;
}

bool secret_is_signed_token(struct slice token, int64_t now)
{
    enum { SIGNATURE = 40 };
    struct slice rest = token, head, claims;
    struct str a = STR_INIT, b = STR_INIT;
    bool found = slice_split(&rest, '.', &head) && slice_split(&rest, '.', &claims) &&
                 rest.n >= SIGNATURE && slice_chr(rest, '.', 0) == SIZE_MAX &&
                 base64_decode(head, &a) && base64_decode(claims, &b) &&
                 holds(str_slice(&a), "\"alg\"") && slice_starts(str_slice(&b), SLICE("{")) &&
                 !has_expired(str_slice(&b), now) && !holds(str_slice(&b), "John Doe") &&
                 !secret_is_example(rest);
    str_release(&a);
    str_release(&b);
    return found;
}

/* ---- private keys ---- */

enum { LABEL = 40, HEADERS = 16, HEADER = 80, KEY = 64, KEY_DISTINCT = 20 };

/* The bytes of "-----BEGIN RSA PRIVATE KEY-----"; 0: it begins something else. */
static size_t opening(struct slice text)
{
    struct slice label = slice_sub(text, strlen("-----BEGIN "), LABEL);
    size_t end = slice_find(label, SLICE("-----"), 0);
    label = slice_sub(label, 0, end == SIZE_MAX ? 0 : end);
    if (!slice_ends(label, SLICE("PRIVATE KEY")) && !slice_ends(label, SLICE("PRIVATE KEY BLOCK")))
        return 0;
    return strlen("-----BEGIN ") + label.n + strlen("-----");
}

/* What stands between the lines of a key, also in a quote, or in a string of some language. */
static size_t between(struct slice text)
{
    if (slice_starts(text, SLICE("\\n")) || slice_starts(text, SLICE("\\r")))
        return 2;
    return text.n && (ascii_is_space((unsigned char)text.p[0]) || text.p[0] == '>');
}

/* A line such as "Proc-Type: 4,ENCRYPTED", up to its end. */
static size_t header(struct slice text)
{
    struct slice line = slice_sub(text, 0, HEADER);
    size_t end = 0;
    while (end < line.n && line.p[end] != '\n' && line.p[end] != '\\')
        end++;
    return slice_chr(slice_sub(line, 0, end), ':', 0) == SIZE_MAX ? 0 : end;
}

/* Of headers there are few: else each of many openings would be read to the end of all. */
size_t secret_private_key(struct slice text, size_t *body)
{
    size_t at = opening(text), headers = 0, n;
    struct str key = STR_INIT;
    *body = at;
    for (bool line = true; at && at < text.n; at += n) {
        struct slice rest = slice_sub(text, at, text.n);
        n = between(rest);
        line |= n > 0;
        if (n)
            continue;
        n = line && headers++ < HEADERS ? header(rest) : 0;
        line = false;
        if (n)
            continue;
        if (base64_value(rest.p[0]) < 0 && rest.p[0] != '=')
            break;
        if (rest.p[0] == '-')
            break;
        str_addc(&key, rest.p[0]);
        n = 1;
    }
    bool whole = key.n >= KEY && distinct(str_slice(&key)) >= KEY_DISTINCT &&
                 slice_starts(slice_sub(text, at, text.n), SLICE("-----END "));
    str_release(&key);
    return whole ? at : 0;
}

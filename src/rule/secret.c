#include "secret.h"

#include "pm/beginnings.h"

#define KEY_BEGINS   "-----BEGIN "
#define TOKEN_BEGINS "eyJ"

/* ---- forms of tokens ---- */

enum alphabet {
    DIGITS_2_7 = 1,
    OTHER_DIGITS = 2,
    UPPER = 4,
    LOWER_HEX = 8,
    OTHER_LOWER = 16,
    UNDERSCORE = 32,
    DASH = 64,
    DOT = 128,
    SLASH = 256,
    PLUS = 512,
    DIGITS = DIGITS_2_7 | OTHER_DIGITS,
    BASE32 = UPPER | DIGITS_2_7,
    HEX = DIGITS | LOWER_HEX,
    ALNUM = DIGITS | UPPER | LOWER_HEX | OTHER_LOWER,
    BASE64 = ALNUM | PLUS | SLASH,
    WORD = ALNUM | UNDERSCORE,
    URL = WORD | DASH
};

static unsigned letter_class(char c)
{
    if (c >= '2' && c <= '7')
        return DIGITS_2_7;
    if (ascii_is_digit((unsigned char)c))
        return OTHER_DIGITS;
    if (c >= 'A' && c <= 'Z')
        return UPPER;
    if (c >= 'a' && c <= 'z')
        return c <= 'f' ? LOWER_HEX : OTHER_LOWER;
    switch (c) {
    case '_':
        return UNDERSCORE;
    case '-':
        return DASH;
    case '.':
        return DOT;
    case '/':
        return SLASH;
    case '+':
        return PLUS;
    default:
        return 0;
    }
}

/* The last six of them are the check sum of those before, in base 62. */
static bool has_checksum(struct slice body)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    enum { CHECKED = 6 };
    uint32_t sum = secret_crc32(slice_sub(body, 0, body.n - CHECKED));
    for (size_t i = body.n; i > body.n - CHECKED; i--, sum /= 62)
        if (body.p[i - 1] != digits[sum % 62])
            return false;
    return true;
}

/* Numbers of nine digits or more, then the secret of twenty letters or more: 12…-34…-abc…. */
static bool has_slack_groups(struct slice body)
{
    struct slice part, rest = body;
    size_t numbers = 0;
    while (slice_split(&rest, '-', &part)) {
        size_t digits = 0;
        while (digits < part.n && ascii_is_digit((unsigned char)part.p[digits]))
            digits++;
        if (digits != part.n)
            return numbers && !rest.n && part.n >= 20;
        if (digits < 9)
            return false;
        numbers++;
    }
    return false;
}

/* T0123/B0123/secret */
static bool has_webhook_parts(struct slice body)
{
    size_t team = slice_chr(body, '/', 0);
    size_t hook = team == SIZE_MAX ? SIZE_MAX : slice_chr(body, '/', team + 1);
    return hook != SIZE_MAX && body.p[0] == 'T' && body.p[team + 1] == 'B' && body.n - hook > 20;
}

static bool has_pat_parts(struct slice body)
{
    return body.p[22] == '_';
}

static bool has_sendgrid_parts(struct slice body)
{
    return body.p[22] == '.';
}

static bool has_openai_mark(struct slice body)
{
    return slice_find(body, SLICE("T3BlbkFJ"), 0) != SIZE_MAX;
}

/* A prefix, then min to max characters of an alphabet and none more. */
static const struct form {
    const char *prefix, *what;
    unsigned alphabet, min, max;
    bool (*holds)(struct slice body); /* NULL: all is said */
    bool assigned;                    /* the prefix is the name that is given this value */
} forms[] = {
    {"AKIA", "an AWS access key id", BASE32, 16, 16, NULL, false},
    {"ASIA", "an AWS access key id", BASE32, 16, 16, NULL, false},
    {"aws_secret_access_key", "an AWS secret access key", BASE64, 40, 40, NULL, true},
    {"AWS_SECRET_ACCESS_KEY", "an AWS secret access key", BASE64, 40, 40, NULL, true},
    {"SecretAccessKey", "an AWS secret access key", BASE64, 40, 40, NULL, true},
    {"ghp_", "a GitHub token", ALNUM, 36, 36, has_checksum, false},
    {"gho_", "a GitHub token", ALNUM, 36, 36, has_checksum, false},
    {"ghu_", "a GitHub token", ALNUM, 36, 36, has_checksum, false},
    {"ghs_", "a GitHub token", ALNUM, 36, 36, has_checksum, false},
    {"ghr_", "a GitHub token", ALNUM, 36, 36, has_checksum, false},
    {"github_pat_", "a GitHub token", WORD, 82, 82, has_pat_parts, false},
    {"glpat-", "a GitLab token", URL | DOT, 20, 64, NULL, false},
    {"xoxb-", "a Slack token", ALNUM | DASH, 30, 120, has_slack_groups, false},
    {"xoxp-", "a Slack token", ALNUM | DASH, 30, 120, has_slack_groups, false},
    {"xoxa-", "a Slack token", ALNUM | DASH, 30, 120, has_slack_groups, false},
    {"xoxr-", "a Slack token", ALNUM | DASH, 30, 120, has_slack_groups, false},
    {"xoxs-", "a Slack token", ALNUM | DASH, 30, 120, has_slack_groups, false},
    {"hooks.slack.com/services/", "a Slack webhook", ALNUM | SLASH, 40, 60, has_webhook_parts,
     false},
    {"sk_live_", "a Stripe key", ALNUM, 24, 250, NULL, false},
    {"rk_live_", "a Stripe key", ALNUM, 24, 250, NULL, false},
    {"AIza", "a Google API key", URL, 35, 35, NULL, false},
    {"npm_", "an npm token", ALNUM, 36, 36, has_checksum, false},
    {"pypi-AgE", "a PyPI token", URL, 80, 250, NULL, false},
    {"SG.", "a SendGrid key", URL | DOT, 66, 66, has_sendgrid_parts, false},
    {"sk-", "an OpenAI key", URL, 40, 250, has_openai_mark, false},
    {"sk-ant-", "an Anthropic key", URL, 90, 130, NULL, false},
    {"dop_v1_", "a DigitalOcean token", HEX, 64, 64, NULL, false},
    {"shpat_", "a Shopify token", HEX, 32, 32, NULL, false},
    {"hvs.", "a Vault token", URL, 90, 120, NULL, false},
};

/* `name = "value"`, `"name": "value"`: where the value begins; SIZE_MAX: nothing is assigned. */
static size_t assigned_value(struct slice text, size_t at)
{
    enum { BETWEEN = 8 };
    size_t from = at;
    bool assigns = false;
    for (; at < text.n && at < from + BETWEEN; at++) {
        char c = text.p[at];
        assigns |= c == '=' || c == ':';
        if (c != '=' && c != ':' && c != '"' && c != '\'' && c != ' ')
            break;
    }
    return assigns ? at : SIZE_MAX;
}

static bool form_matches(const struct form *f, struct slice text, size_t at, struct secret *out)
{
    struct slice prefix = slice_of(f->prefix);
    if (!slice_starts(slice_sub(text, at, text.n), prefix))
        return false;
    size_t from = at + prefix.n, n = 0;
    if (f->assigned && (from = assigned_value(text, from)) == SIZE_MAX)
        return false;
    while (n <= f->max && from + n < text.n && letter_class(text.p[from + n]) & f->alphabet)
        n++;
    while (n > f->min && text.p[from + n - 1] == '.')
        n--; /* which ends the sentence */
    struct slice body = slice_sub(text, from, n);
    char next = from + n < text.n ? text.p[from + n] : ' ';
    if (n < f->min || n > f->max || ascii_is_alnum((unsigned char)next) || next == '_' ||
        (f->holds && !f->holds(body)) || secret_is_example(body))
        return false;
    out->what = f->what;
    out->prefix = f->assigned ? SLICE("") : slice_sub(text, at, prefix.n);
    out->hidden = (struct span){(uint32_t)from, (uint32_t)(from + n)};
    out->whole = out->hidden;
    out->whole.start = f->assigned ? (uint32_t)from : (uint32_t)at;
    return true;
}

/* ---- forms of their own ---- */

static bool is_token_char(char c)
{
    return letter_class(c) & (URL | DOT);
}

static bool signed_token(struct slice text, size_t at, int64_t now, struct secret *out)
{
    size_t n = 0;
    if (at && is_token_char(text.p[at - 1]))
        return false; /* and so no run is read twice */
    while (at + n < text.n && is_token_char(text.p[at + n]))
        n++;
    while (n && text.p[at + n - 1] == '.')
        n--;
    if (!secret_is_signed_token(slice_sub(text, at, n), now))
        return false;
    out->what = "a signed token (JWT)";
    out->prefix = slice_sub(text, at, 3);
    out->whole = (struct span){(uint32_t)at, (uint32_t)(at + n)};
    out->hidden = (struct span){(uint32_t)at + 3, (uint32_t)(at + n)};
    return true;
}

static bool private_key(struct slice text, size_t at, struct secret *out)
{
    size_t body = 0, n = secret_private_key(slice_sub(text, at, text.n), &body);
    if (!n)
        return false;
    out->what = "a private key";
    out->prefix = SLICE("");
    out->whole = (struct span){(uint32_t)at, (uint32_t)(at + n)};
    out->hidden = (struct span){(uint32_t)(at + body), (uint32_t)(at + n)};
    return true;
}

static struct beginnings beginnings_of_forms(void)
{
    struct beginnings b = BEGINNINGS_INIT;
    beginnings_add_exact(&b, SLICE(KEY_BEGINS));
    beginnings_add_exact(&b, SLICE(TOKEN_BEGINS));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        beginnings_add_exact(&b, slice_of(forms[i].prefix));
    return b;
}

static bool secret_at(struct slice text, size_t at, int64_t now, struct secret *out)
{
    struct slice here = slice_sub(text, at, text.n);
    if (at && (ascii_is_alnum((unsigned char)text.p[at - 1]) || text.p[at - 1] == '_'))
        return false;
    if (slice_starts(here, SLICE(KEY_BEGINS)))
        return private_key(text, at, out);
    if (slice_starts(here, SLICE(TOKEN_BEGINS)) && signed_token(text, at, now, out))
        return true;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].prefix[0] == here.p[0] && form_matches(&forms[i], text, at, out))
            return true;
    return false;
}

bool secret_next(struct slice text, size_t from, int64_t now, struct secret *out)
{
    const struct beginnings beginnings = beginnings_of_forms();
    for (size_t at = from; (at = beginnings_next(&beginnings, text, at)) != SIZE_MAX; at++)
        if (secret_at(text, at, now, out))
            return true;
    return false;
}

struct slice secrets_masked(struct slice text, int64_t now, struct arena *a)
{
    struct secret s;
    char *copy = NULL;
    for (size_t at = 0; secret_next(text, at, now, &s); at = s.whole.end) {
        if (!copy)
            copy = arena_strdup(a, text);
        memset(copy + s.hidden.start, '*', s.hidden.end - s.hidden.start);
    }
    return copy ? slice_from(copy, text.n) : text;
}

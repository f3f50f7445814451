#include "repo_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"

#define MAX_SETTINGS 10000

static void settings_add(struct settings *s, const char *key, const char *value)
{
    vec_push(s, (struct setting){xstrdup(key), value ? xstrdup(value) : NULL});
}

static const char *numbered(struct str *name, const char *prefix, int64_t i)
{
    str_clear(name);
    str_addf(name, "%s%d", prefix, (int)i);
    return getenv(name->p);
}

static int settings_counted(struct settings *s, struct err *e)
{
    const char *text = environment("GIT_CONFIG_COUNT");
    struct str name = STR_INIT;
    int64_t count = 0;
    int result = 0;
    if (text && !slice_i64(slice_of(text), 0, MAX_SETTINGS, &count))
        return err_set(e, "GIT_CONFIG_COUNT is not a count: '%s'", text);
    for (int64_t i = 0; result == 0 && i < count; i++) {
        const char *value = numbered(&name, "GIT_CONFIG_VALUE_", i);
        const char *key = numbered(&name, "GIT_CONFIG_KEY_", i);
        if (key && *key && value)
            settings_add(s, key, value);
        else
            result = err_set(e, "'%s' or its value is missing", name.p);
    }
    str_release(&name);
    return result;
}

/* 'text', in which '\'' is a quote and '\!' an exclamation mark, as git quotes for a shell. */
static bool unquote_shell(struct str *out, const char **at)
{
    const char *p = *at;
    if (*p++ != '\'')
        return false;
    for (;; p++) {
        if (!*p)
            return false;
        if (*p != '\'') {
            str_addc(out, *p);
        } else if (p[1] == '\\' && (p[2] == '\'' || p[2] == '!') && p[3] == '\'') {
            str_addc(out, p[2]);
            p += 3;
        } else {
            *at = p + 1;
            return true;
        }
    }
}

/* One of 'key=value' (git before 2.31), 'key'='value', 'key'=, each followed by a blank. */
static bool settings_quoted_one(struct settings *s, const char **at)
{
    struct str key = STR_INIT, value = STR_INIT;
    bool ok = unquote_shell(&key, at);
    char *equals = strchr(key.p, '=');
    if (ok && **at == '=') {
        (*at)++;
        bool has_value = **at == '\'';
        ok = !has_value || unquote_shell(&value, at);
        if (ok)
            settings_add(s, key.p, has_value ? value.p : NULL);
    } else if (ok) {
        if (equals)
            *equals = '\0';
        settings_add(s, key.p, equals ? equals + 1 : NULL);
    }
    str_release(&value);
    str_release(&key);
    return ok && (!**at || ascii_is_space((unsigned char)**at));
}

static int settings_quoted(struct settings *s, struct err *e)
{
    const char *at = environment("GIT_CONFIG_PARAMETERS");
    while (at && *at) {
        if (ascii_is_space((unsigned char)*at))
            at++;
        else if (!settings_quoted_one(s, &at))
            return err_set(e, "GIT_CONFIG_PARAMETERS is malformed");
    }
    return 0;
}

int settings_of_environment(struct settings *out, struct err *e)
{
    struct settings s = VEC_INIT;
    if (settings_counted(&s, e) < 0 || settings_quoted(&s, e) < 0) {
        settings_release(&s);
        return -1;
    }
    *out = s;
    return 0;
}

void settings_release(struct settings *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->v[i].key);
        free(s->v[i].value);
    }
    vec_release(s);
}

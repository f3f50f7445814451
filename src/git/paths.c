/* realpath() is of the XSI part of POSIX. */
#define _XOPEN_SOURCE 700

#include "repo_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pm/alloc.h"
#include "pm/file.h"

#define SMALL_FILE 4096u

char *path_under(const char *folder, const char *path)
{
    struct str s = STR_INIT;
    if (path[0] != '/') {
        str_addz(&s, folder);
        if (s.n > 0 && s.p[s.n - 1] != '/')
            str_addc(&s, '/');
    }
    str_addz(&s, path);
    return str_detach(&s, NULL);
}

char *path_real(const char *path)
{
    char *real = realpath(path, NULL);
    if (!real)
        return NULL;
    char *copy = xstrdup(real);
    free(real);
    return copy;
}

char *path_real_folder(const char *path)
{
    char *real = path_real(path);
    if (!real)
        return NULL;
    char *folder = path_under(real, "");
    free(real);
    return folder;
}

bool path_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool path_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

char *path_first_line(const char *path)
{
    struct str text = STR_INIT;
    if (file_read(&text, path, SMALL_FILE, NULL, NULL) < 0 || memchr(text.p, '\0', text.n)) {
        str_release(&text);
        return NULL;
    }
    text.p[strcspn(text.p, "\r\n")] = '\0';
    return str_detach(&text, NULL);
}

static bool unquote_octal(struct str *out, const char *digits)
{
    unsigned value = 0;
    for (int i = 0; i < 3; i++) {
        if (digits[i] < '0' || digits[i] > '7')
            return false;
        value = value * 8 + (unsigned)(digits[i] - '0');
    }
    str_addc(out, (char)value);
    return value < 256;
}

bool unquote_c(struct str *out, const char *quoted, const char **end)
{
    static const char names[] = "abfnrtv\"\\", means[] = "\a\b\f\n\r\t\v\"\\";
    if (*quoted != '"')
        return false;
    const char *p = quoted + 1;
    while (*p && *p != '"') {
        if (*p != '\\') {
            str_addc(out, *p++);
            continue;
        }
        const char *name = p[1] ? strchr(names, p[1]) : NULL;
        if (name) {
            str_addc(out, means[name - names]);
            p += 2;
        } else if (unquote_octal(out, p + 1)) {
            p += 4;
        } else {
            return false;
        }
    }
    if (*p != '"')
        return false;
    *end = p + 1;
    return true;
}

const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

bool environment_bool(const char *name, bool fallback)
{
    int value = fallback;
    const char *text = environment(name);
    if (text && git_config_parse_bool(&value, text) < 0)
        return fallback;
    return value != 0;
}

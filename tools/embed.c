/* embed NAME=FILE ...: writes the C source of the table that pm/embed.h declares.
 *
 * Bytes are written as numbers: a string literal may hold only 4095 characters in C11, and has
 * rules about trigraphs and escapes that numbers do not have.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
    const char *name;
    const char *path;
};

static void fail(const char *path, const char *why)
{
    fprintf(stderr, "embed: cannot read '%s': %s\n", path, why);
    exit(1);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

static struct input *parse_arguments(int count, char **argument)
{
    struct input *inputs = calloc((size_t)count + 1, sizeof *inputs);
    if (!inputs)
        fail("arguments", strerror(errno));
    for (int i = 0; i < count; i++) {
        char *equals = strchr(argument[i], '=');
        if (!equals)
            fail(argument[i], "not NAME=FILE");
        *equals = '\0';
        inputs[i] = (struct input){argument[i], equals + 1};
    }
    qsort(inputs, (size_t)count, sizeof *inputs, by_name);
    return inputs;
}

static size_t write_bytes(size_t number, const char *path)
{
    FILE *in = fopen(path, "rb");
    size_t n = 0;
    if (!in)
        fail(path, strerror(errno));
    printf("\nstatic const unsigned char file%zu[] = {", number);
    for (int c; (c = getc(in)) != EOF; n++)
        printf("%s%d,", n % 24 ? "" : "\n", c);
    puts("0};");
    if (ferror(in))
        fail(path, strerror(errno));
    fclose(in);
    return n;
}

int main(int argc, char **argv)
{
    size_t count = (size_t)(argc - 1);
    struct input *inputs = parse_arguments(argc - 1, argv + 1);
    size_t *sizes = calloc(count + 1, sizeof *sizes);
    if (!sizes)
        fail("arguments", strerror(errno));

    puts("#include \"pm/embed.h\"");
    for (size_t i = 0; i < count; i++)
        sizes[i] = write_bytes(i, inputs[i].path);
    puts("\nconst struct embedded embedded_files[] = {");
    for (size_t i = 0; i < count; i++)
        printf("    {\"%s\", (const char *)file%zu, %zu},\n", inputs[i].name, i, sizes[i]);
    puts("    {NULL, NULL, 0},\n};");

    free(sizes);
    free(inputs);
    return fflush(stdout) || ferror(stdout);
}

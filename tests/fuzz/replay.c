/* tests/fuzz/replay.c - the main() of replay_NAME: every file of tests/fuzz/corpus/NAME goes through the fuzz
 * target once, without libFuzzer. TAP on stdout. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 4 << 20 };

static int replay_file(const char *path)
{
    uint8_t *data = malloc(INPUT_MAX);
    FILE *f = fopen(path, "rb");
    int done = 0;
    if (f != NULL && data != NULL) {
        size_t len = fread(data, 1, INPUT_MAX, f);
        uint8_t *exact = malloc(len > 0 ? len : 1);     /* so that a sanitizer sees one byte too many */
        if (exact != NULL && !ferror(f)) {
            memcpy(exact, data, len);
            (void)LLVMFuzzerTestOneInput(exact, len);
            done = 1;
        }
        free(exact);
    }
    if (f != NULL)
        fclose(f);
    free(data);
    return done;
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *name = slash != NULL ? slash + 1 : argv[0];
    char folder[512], path[1024];
    unsigned n = 0, bad = 0;
    (void)argc;
    if (strncmp(name, "replay_", 7) != 0)
        return 2;
    (void)snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", name + 7);
    DIR *d = opendir(folder);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        if (replay_file(path))
            n++;
        else
            bad++;
    }
    if (d != NULL)
        closedir(d);
    printf("1..1\n%s 1 - %s: %u inputs\n", n > 0 && bad == 0 ? "ok" : "not ok", folder, n);
    return n > 0 && bad == 0 ? 0 : 1;
}

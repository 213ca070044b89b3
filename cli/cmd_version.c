#include "cli/commands.h"

#include <csv.h>
#include <utf8proc.h>

#include "cli/output/output.h"
#include "cli/output/xlsx.h"
#include "node/store/store.h"
#include "protocol/crypto.h"
#include "protocol/pack.h"

#define STRING_OF(x) #x
#define VALUE_OF(x) STRING_OF(x)
#define LIBCSV_VERSION VALUE_OF(CSV_MAJOR) "." VALUE_OF(CSV_MINOR) "." VALUE_OF(CSV_RELEASE)

const struct option_spec options_version[] = {OPTIONS_END};

/* What each library calls itself, asked where it lives: uv.h, sqlite3.h, sodium.h
 * and msgpack.h have rooms of their own. */
#define LIBRARIES(X)                                                          \
    X("libsodium", crypto_library_version())                                  \
    X("msgpack-c", pack_library_version())                                    \
    X("SQLite", store_library_version())                                      \
    X("jansson", jansson_version_str())                                       \
    X("utf8proc", utf8proc_version())                                         \
    X("libcsv", LIBCSV_VERSION)                                               \
    X("libxlsxwriter", xlsx_library_version())

enum exit_status cmd_version(struct session *s)
{
    json_t *doc = json_document_named("version"), *libraries = json_object();
    out(s, "folkmoot %s\n", FOLKMOOT_VERSION);
#define X(name, version)                                                      \
    out(s, "%s %s\n", name, version);                                         \
    json_object_set_new(libraries, name, json_text(version));
    LIBRARIES(X)
#undef X
    json_object_set_new(doc, "version", json_text(FOLKMOOT_VERSION));
    json_object_set_new(doc, "libraries", libraries);
    return output(s, doc, NULL);
}

#include "cli/view/inside.h"
#include "cli/view/query.h"

/* A temporary view goes before a table of its name: so every statement of this room sees less, and none can forget to ask.
 * It is gone with the connection, and takes no row: what would fold into it fails. */
#define ONLY_PUBLIC(table) "CREATE TEMP VIEW " #table " AS SELECT * FROM main." #table " WHERE audience = 'public';"
#define ONLY_ALLIANCE(table) \
    "CREATE TEMP VIEW " #table " AS SELECT * FROM main." #table " WHERE audience IN ('public', 'alliance');"

/* Of the views of the file that look into such tables. */
#define VIEWS_AGAIN CREATE_ASSESSMENT_CURRENT("TEMP ") CREATE_FIGURE_CURRENT("TEMP ")

/* Nobody owes everyone a figure: an authority that told everyone none is no member as far as everyone is concerned. */
#define ONLY_TELLERS                                                                                                        \
    "CREATE TEMP TABLE teller AS SELECT DISTINCT slug FROM main.figure WHERE audience = 'public';"                          \
    "CREATE TEMP VIEW member AS SELECT * FROM main.member WHERE role <> 'authority' OR slug IN (SELECT slug FROM teller);"

enum err view_only_for(struct view *v, enum readers readers)
{
    static const char *const narrow[] = {
        [READERS_EVERYONE] = "BEGIN;" RECORD_TABLES(ONLY_PUBLIC) ONLY_PUBLIC(sealed) ONLY_TELLERS VIEWS_AGAIN
                              "COMMIT; PRAGMA query_only = ON;",
        [READERS_ALLIANCE] = "BEGIN;" RECORD_TABLES(ONLY_ALLIANCE) ONLY_ALLIANCE(sealed) VIEWS_AGAIN
                              "COMMIT; PRAGMA query_only = ON;"};
    vsql_forget(v);                         /* what was prepared means the tables */
    return vsql_script(v, narrow[readers]);
}

void view_screen(struct view *v, figure_screen screen, void *arg)
{
    v->screen = screen;
    v->screen_arg = arg;
}

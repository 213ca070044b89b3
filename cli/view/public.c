#include "cli/view/inside.h"
#include "cli/view/query.h"

/* A temporary view goes before a table of its name: so every statement of this room sees less, and none can forget to ask.
 * It is gone with the connection, and takes no row: what would fold into it fails. */
#define ONLY_PUBLIC(table) "CREATE TEMP VIEW " #table " AS SELECT * FROM main." #table " WHERE audience = 'public';"

enum err view_only_public(struct view *v)
{
    vsql_forget(v);                         /* what was prepared means the tables */
    return vsql_script(v, "BEGIN;" ONLY_PUBLIC(figure) ONLY_PUBLIC(definition) ONLY_PUBLIC(batch_return) ONLY_PUBLIC(other)
                          ONLY_PUBLIC(sealed) "COMMIT; PRAGMA query_only = ON;");
}

void view_screen(struct view *v, figure_screen screen, void *arg)
{
    v->screen = screen;
    v->screen_arg = arg;
}

/* cli/view/search.h - full text over what members wrote: titles, definitions, posts, names.
 *
 * The index is made for one search, in memory, from the tables of the view: so nothing that was withdrawn or
 * erased lingers in it, and there is nothing to fold.  A new kind of text is one more SELECT. */
#ifndef FOLKMOOT_CLI_VIEW_SEARCH_H
#define FOLKMOOT_CLI_VIEW_SEARCH_H

#include "cli/view/view.h"
#include "protocol/bytes.h"

struct text_row {                           /* borrowed */
    const char *kind;                       /* "post", "collection", "return", "definition", "member"; a post's is its type */
    const char *slug, *record;              /* "" where nobody said it: what ships with the program */
    const char *title, *body;
    const char *said_at;                    /* "" likewise */
};
struct hit {
    struct text_row text;
    const char *snippet;                    /* the words around what was found, which stands between [ and ] */
};
typedef enum err (*hit_each)(void *arg, const struct hit *h);

/* Begin: gather what the view holds and may be read. Then put more, then look. */
MUST_USE enum err view_search_begin(struct view *v);
MUST_USE enum err view_search_put(struct view *v, const struct text_row *text);
/* Texts with all of these words, or words that begin so (English endings and accents make no difference), the best first.
 * Signs other than letters and digits part words. ERR_FORMAT: there is no word in it. */
enum { SEARCH_WORDS_MAX = 32, SEARCH_HITS_MAX = 200 };
MUST_USE enum err view_search(struct view *v, const char *words, hit_each each, void *arg);

#endif

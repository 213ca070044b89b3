#include "protocol/err.h"

const char *err_code(enum err e)
{
    static const char *const codes[] = {
#define X(sym, code, text) [sym] = (code),
        ERRORS(X)
#undef X
    };
    return e < ERR_COUNT ? codes[e] : "corrupt";
}

const char *err_text(enum err e)
{
    static const char *const texts[] = {
#define X(sym, code, text) [sym] = (text),
        ERRORS(X)
#undef X
    };
    return e < ERR_COUNT ? texts[e] : "an error value that nobody defined";
}

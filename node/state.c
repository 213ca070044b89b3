#include "node/state.h"

const char *peer_state_name(enum peer_state s)
{
    static const char *const names[] = {
#define X(sym, name) [sym] = (name),
        PEER_STATES(X)
#undef X
    };
    return s < PEER_STATE_COUNT ? names[s] : "corrupt";
}

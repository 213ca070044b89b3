#include "cli/thread/saying.h"

#include <string.h>

static const struct saying sayings[] = {
#define X(sym, matter, type, state, rank, roles, who, command, words, otherwise, takes) \
    {sym, matter, type, state, rank, roles, takes, who, command, words, otherwise},
    SAYINGS(X)
#undef X
};

const char *matter_name(enum matter m)
{
    static const char *const names[] = {
#define X(sym, name) name,
        MATTERS(X)
#undef X
    };
    return (size_t)m < MATTER_COUNT ? names[m] : "";
}

const struct saying *saying_at(enum saying_id id)
{
    return &sayings[id];
}

bool saying_opens(const struct saying *s)
{
    return strcmp(s->state, "open") == 0;
}

const struct saying *saying_opening(const char *type, const char *state)
{
    for (size_t i = 0; i < SAYING_COUNT; i++)
        if (saying_opens(&sayings[i]) && strcmp(sayings[i].type, type) == 0 && strcmp(sayings[i].state, state) == 0)
            return &sayings[i];
    return NULL;
}

const struct saying *saying_in(enum matter m, const char *type, const char *state)
{
    for (size_t i = 0; i < SAYING_COUNT; i++)
        if (!saying_opens(&sayings[i]) && sayings[i].matter == m && strcmp(sayings[i].type, type) == 0 &&
            strcmp(sayings[i].state, state) == 0)
            return &sayings[i];
    return NULL;
}

const struct saying *saying_of_opening_command(const char *command)
{
    for (size_t i = 0; i < SAYING_COUNT; i++)
        if (saying_opens(&sayings[i]) && strcmp(sayings[i].command, command) == 0)
            return &sayings[i];
    return NULL;
}

bool saying_judges(const char *type)
{
    for (size_t i = 0; i < SAYING_COUNT; i++)
        if (strcmp(sayings[i].type, type) == 0)
            return true;
    return false;
}

bool saying_may(const struct saying *s, const struct speaker *who)
{
    if (!who->is_member || (s->roles & 1U << who->role) == 0)
        return false;
    switch (s->who) {
    case BY_ANYONE:
        return true;
    case BY_OPENER:
        return who->is_opener;
    case BY_ANYONE_ELSE:
        return !who->is_opener;
    case BY_ASKED:
        return who->is_asked;
    case BY_OPENER_OR_LEAD:
        return who->is_opener || who->role == ROLE_LEAD;
    }
    return false;
}

const char *saying_who(const struct saying *s)
{
    switch (s->who) {
    case BY_ANYONE:
        return "any member may";
    case BY_OPENER:
        return "only who opened it may";
    case BY_ANYONE_ELSE:
        return "only others than who opened it may";
    case BY_ASKED:
        return "only who was challenged may, and who challenged may reply";
    case BY_OPENER_OR_LEAD:
        return "only who proposed it, or a lead, may";
    }
    return "";
}

const char *saying_roles(const struct saying *s)
{
    return s->roles == A_ ? "authorities" : (s->roles & P_) == 0 ? "authorities and leads" : "authorities, leads and partners";
}

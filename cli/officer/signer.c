#include "cli/officer/signer.h"

#include <string.h>

#include "cli/say.h"
#include "cli/secret.h"
#include "keys/file.h"
#include "keys/officer_file.h"

static enum exit_status read_file(struct session *s, const char *file, struct officer_file *ret)
{
    static const char remedy[] = "give the file that `folkmoot officer keygen` wrote, not its .pub";
    struct buf text = buf_on(OFFICER_FILE_MAX);
    enum err e = file_read(file, OFFICER_FILE_MAX, &text);      /* it may lie on a stick that knows no modes */
    if (e == OK)
        e = officer_file_parse(buf_bytes(&text), ret);
    buf_wipe(&text);
    if (e == ERR_SIGNATURE || e == ERR_KEY)
        return say_refused(s, EXIT_NO, err_code(e), "use a copy", "%s: its role or name was changed since its key signed it", file);
    return e == OK ? EXIT_OK : say_unreadable(s, e == ERR_LIMIT ? ERR_FORMAT : e, file, remedy);
}

enum exit_status signer_from_file(struct session *s, const char *file, const char *as, struct signer *ret)
{
    struct officer_file f;
    struct buf pass = buf_on(PAYLOAD_MAX);
    enum exit_status st = read_file(s, file, &f);
    if (st == EXIT_OK && as != NULL && !officer_is_called(f.card.role, f.card.name, as))
        st = say_refused(s, EXIT_NO, "other-officer", "give that officer's key, or name this one",
                         "%s: it is the key of %s, %s, and not of %s", file, f.card.name, officer_role_name(f.card.role), as);
    if (st == EXIT_OK)
        st = secret_ask(s, false, NULL, &pass);
    if (st == EXIT_OK) {
        enum err e = officer_file_open(&f, buf_bytes(&pass), &ret->secret);
        st = e == OK ? EXIT_OK : e == ERR_SECRET ? secret_is_wrong(s, file) : say_failed(s, e, NULL, "opening %s", file);
    }
    buf_wipe(&pass);
    if (st != EXIT_OK)
        return st;
    ret->officer = (struct officer){.role = f.card.role, .key = f.card.key, .is_own = true};
    memcpy(ret->name, f.card.name, sizeof(ret->name));
    return EXIT_OK;
}

enum exit_status signer_held(struct desk *d, const char *as, struct signer *ret)
{
    struct session *s = d->s;
    struct officer_rows rows;
    struct sym_secret seed;
    enum err e = officers_read(&s->home, d->identity, &rows);
    if (e != OK)
        return say_failed(s, e, NULL, "reading private/officers");
    const struct officer_row *row = officers_find(s, &rows, d->identity, as);
    if (row == NULL)
        return EXIT_USAGE;
    if (row->officer.is_own)
        return say_refused(s, EXIT_NO, "own-key", "they sign with --key FILE, where their key is",
                           "%s: the key is the officer's own, and not in this home", as);
    enum exit_status st = desk_seed(s, &seed);
    if (st != EXIT_OK)
        return st;
    e = officer_held_find(&seed, &row->officer, d->identity->version, &ret->secret);
    wipe(&seed, sizeof(seed));
    if (e != OK)
        return say_refused(s, EXIT_SECRET, "wrong-seed", "revoke it, and add the officer anew",
                           "%s: the key does not come from the seed in this home", as);
    ret->officer = row->officer;
    memcpy(ret->name, row->name, sizeof(ret->name));
    return EXIT_OK;
}

/* cli/topics.h - what `folkmoot help TOPIC` explains besides the commands. */
#ifndef FOLKMOOT_CLI_TOPICS_H
#define FOLKMOOT_CLI_TOPICS_H

#define TOPICS(X)                                                             \
    X("authorities", "how an authority is named",                             \
        "An authority is named by its slug (east-sussex), its DfE code (845),\n"      \
        "its GSS code (E10000011) or its name, or enough of the name to tell it\n"    \
        "from the others. The register of English authorities is built in; it knows\n" \
        "those that were replaced too (cumbria, dorset-to-2019), by name and code.\n") \
    X("periods", "how a period is written",                                           \
        "  2024          the reporting or calendar year\n"                            \
        "  2024-25       the financial or academic year; 202425 is the same\n"        \
        "  2024-25 Q1    a quarter of the financial year: Q1 is April to June\n"      \
        "  latest        the newest period there is; while it is short of half its\n" \
        "                returns the one before is compared, and that is said\n"      \
        "  previous      the one before the latest\n")                                \
    X("records", "how a record is named",                                             \
        "  kent/17                       the entry 17 of Kent's log\n"                \
        "  cin_rate@2024                 your own figure, its newest version\n"       \
        "  kent:cin_rate@2024            Kent's\n"                                    \
        "  kent:cin_rate@2024/sex=f      the same for one breakdown\n")               \
    X("symbols", "what stands where a number is missing",                             \
        "  c    confidential: too small to be shown\n"                                \
        "  z    not applicable\n"                                                     \
        "  x    unavailable\n"                                                        \
        "  u    of low reliability\n"                                                 \
        "  k    rounds to zero, but is not zero (also: low)\n"                        \
        "The obsolete : and ~ are read as x and k. A symbol is never a number, and\n" \
        "never zero.\n")                                                              \
    X("reference", "public figures, and what files of them look like",                \
        "`folkmoot reference import` takes CSV files and tells them apart by columns:\n" \
        "  figures       time_period, old_la_code or new_la_code, and indicators: long\n" \
        "                form, wide form, or a table of the DfE's as it is published;\n" \
        "                authorities, regions and England\n"                           \
        "  the DfE's local authority interactive tool: measure_short, period,\n"      \
        "                area_number, value\n"                                        \
        "  neighbours    old_la_code, rank, neighbour_old_la_code\n"                  \
        "  judgements    Local authority area code, Inspection date, Publication\n"   \
        "                date, Overall effectiveness\n"                               \
        "  populations   time_period, new_la_code, age_group, population_estimate\n"  \
        "They are kept as imported, shown as public and never as anybody's return; a\n" \
        "member's own figure stands before the public one.\n")                        \
    X("exit-status", "what the exit status says",                                          \
        "  0    done; the answer is yes\n"                                            \
        "  1    the answer is no: a check failed, nothing was found, a record was\n"  \
        "       refused\n"                                                            \
        "  2    the command was not understood, or an option is missing\n"            \
        "  3    the environment failed: disk, network, permission\n"                  \
        "  4    a secret is missing or a passphrase is wrong\n"                       \
        "An error is one line on stderr, `folkmoot: what: why: what to do`; with\n"   \
        "--json also a document of schema folkmoot.error/1 on stdout.\n")             \
    X("output", "what is printed, and how to have it for a program",                  \
        "Results go to stdout, everything else to stderr. --json prints one\n"        \
        "document that begins \"schema\":\"folkmoot.COMMAND/1\"; fields are only ever\n" \
        "added to it. --csv prints UTF-8 with a byte order mark, for a spreadsheet;\n" \
        "a text that a spreadsheet would take for a formula gets an apostrophe.\n"    \
        "Colours appear on a terminal only, and never when NO_COLOR is set.\n")       \
    X("home", "where a node keeps its things",                                        \
        "-C DIR, else $FOLKMOOT_HOME, else ~/.folkmoot. In it, node/ is all that the\n" \
        "daemon may read or write; private/ holds the keys and what has been\n"       \
        "decrypted, and is yours alone. recovery.txt is the seed under your\n"        \
        "passphrase: keep a copy of it somewhere else.\n")                            \
    X("passphrases", "how a passphrase is given",                                     \
        "Typed at the terminal; or on the first line of a file named by\n"            \
        "--passphrase-file FILE or by FOLKMOOT_PASSPHRASE_FILE. Never as an\n"        \
        "argument, which others on the machine could read.\n")

#endif

/* cli/commands.h - the table of commands.
 *
 * A command is one row here and one file, cli/cmd_<name>.c, that defines
 *
 *     const struct option_spec options_<id>[] = { ..., OPTIONS_END };
 *     enum exit_status cmd_<id>(struct session *s) { ... }
 *
 * Both are declared below from the row, so the file includes this header.
 * Dispatch, help, suggestions and completion follow by themselves.  Rows of one
 * name stand together: first the bare command ("" as sub), if it has one. */
#ifndef FOLKMOOT_CLI_COMMANDS_H
#define FOLKMOOT_CLI_COMMANDS_H

#include "cli/command.h"

/*    id, name, sub, group, fewest and most arguments,
 *        summary,
 *        usage,
 *        example                                                             */
#define COMMANDS(X)                                                           \
    X(here, "", "", GROUP_HELP, 0, 0,                                         \
        "where you stand and what to do next",                                \
        "",                                                                   \
        "folkmoot")                                                           \
    X(init, "init", "", GROUP_SETUP, 0, 1,                                    \
        "set up this node: keys, identity, settings",                         \
        "[845 | SLUG --name NAME] [--role ROLE] [--listen HOST:PORT] [--advertise HOST:PORT]", \
        "folkmoot init 845 --listen 0.0.0.0:7117 --advertise node.example.gov.uk:7117") \
    X(id, "id", "", GROUP_SETUP, 0, 0,                                        \
        "show who this node is, and its fingerprint",                         \
        "[--export FILE]",                                                    \
        "folkmoot id --export east-sussex.id")                                \
    X(alliance_create, "alliance", "create", GROUP_SETUP, 1, 1,               \
        "found an alliance",                                                  \
        "NAME",                                                               \
        "folkmoot alliance create \"South East\"")                          \
    X(alliance_set, "alliance", "set", GROUP_SETUP, 0, 0,                     \
        "change stewards, witnesses, roles and what is agreed",               \
        "[--steward +SLUG|-SLUG]... [--threshold K] [--witness +SLUG|-SLUG]... [--quorum K] ...", \
        "folkmoot alliance set --steward +kent --steward +surrey --threshold 2") \
    X(alliance_invite, "alliance", "invite", GROUP_SETUP, 0, 0,               \
        "make an invite, one line, for one body",                             \
        "[--expires 7d]",                                                     \
        "folkmoot alliance invite --expires 2w")                              \
    X(alliance_requests, "alliance", "requests", GROUP_SETUP, 0, 0,           \
        "list who asks to be admitted",                                       \
        "",                                                                   \
        "folkmoot alliance requests")                                         \
    X(alliance_admit, "alliance", "admit", GROUP_SETUP, 0, ARGS_MANY,         \
        "admit bodies that asked, or from their identity files",              \
        "SLUG... [--identity FILE]... [--role ROLE] [--fingerprint F]",       \
        "folkmoot alliance admit kent")                                       \
    X(alliance_sign, "alliance", "sign", GROUP_SETUP, 0, 0,                   \
        "countersign the change of the charter that waits",                   \
        "[--instead]",                                                        \
        "folkmoot alliance sign")                                             \
    X(alliance_remove, "alliance", "remove", GROUP_SETUP, 1, 1,               \
        "end a membership",                                                   \
        "SLUG --reason TEXT",                                                 \
        "folkmoot alliance remove kent --reason \"left the region\"")       \
    X(alliance_leave, "alliance", "leave", GROUP_SETUP, 0, 0,                 \
        "say that we leave; the stewards then end the membership",            \
        "--reason TEXT",                                                      \
        "folkmoot alliance leave --reason \"we join another region\"")        \
    X(alliance_replace_root, "alliance", "replace-root", GROUP_SETUP, 1, 1,   \
        "give a member that lost its root key another one",                   \
        "SLUG --identity FILE [--fingerprint F]",                             \
        "folkmoot alliance replace-root kent --identity kent-new.id")         \
    X(alliance_succeed, "alliance", "succeed", GROUP_SETUP, 1, ARGS_MANY,     \
        "say who goes on where whom left off, after a reorganisation",        \
        "OLD... --by NEW[,NEW]... --from DATE",                               \
        "folkmoot alliance succeed cumbria --by cumberland,westmorland-and-furness --from 2023-04-01") \
    X(alliance_show, "alliance", "show", GROUP_SETUP, 0, 0,                   \
        "show the charter: members, stewards, witnesses, what was agreed, what waits",         \
        "",                                                                   \
        "folkmoot alliance show")                                             \
    X(alliance_export, "alliance", "export", GROUP_SETUP, 1, 1,               \
        "write the charter and identities into a file",                       \
        "FILE",                                                               \
        "folkmoot alliance export south-east.charter")                        \
    X(alliance_policy, "alliance", "policy", GROUP_SETUP, 1, 1,               \
        "print whom to believe of one log: its key, the witnesses, how many", \
        "SLUG [--version N]",                                                 \
        "folkmoot alliance policy kent > kent.policy")                        \
    X(officer_keygen, "officer", "keygen", GROUP_SETUP, 0, 0,                 \
        "make an officer's own key, on their own machine: no home is needed", \
        "--role ROLE --name NAME --out FILE",                                 \
        "folkmoot officer keygen --role dcs --name \"Jane Roe\" --out jane.key") \
    X(officer_add, "officer", "add", GROUP_SETUP, 0, 0,                       \
        "enrol an officer, whose signature then stands for this body",        \
        "[--role ROLE --name NAME] [--key FILE.pub]",                         \
        "folkmoot officer add --key jane.key.pub")                            \
    X(officer_list, "officer", "list", GROUP_SETUP, 0, 1,                     \
        "list who signs for this body, or for another, and their keys",       \
        "[ROLE|NAME] [--authority A] [--format minisign|ssh]",                \
        "folkmoot officer list --format ssh > allowed_signers")               \
    X(officer_revoke, "officer", "revoke", GROUP_SETUP, 1, 1,                 \
        "end an officer's right to sign; what was signed before stays",       \
        "ROLE|NAME",                                                          \
        "folkmoot officer revoke \"Jane Roe\"")                               \
    X(join, "join", "", GROUP_SETUP, 0, 1,                                    \
        "ask to be let into an alliance",                                     \
        "INVITE | --charter FILE",                                            \
        "folkmoot join folkmoot-invite:lgHE...")                              \
    X(recover, "recover", "", GROUP_SETUP, 0, 1,                              \
        "after a lost machine, a restored backup or a fork: how it goes on", \
        "[FILE [--charter FILE]] [--branch FILE] [--keep ours|other]",                                \
        "folkmoot recover")                                                   \
    X(sync, "sync", "", GROUP_SETUP, 0, 0,                                    \
        "one round of gossip with the peers, without the daemon",             \
        "[--peer SLUG|HOST:PORT] [--timeout SECONDS] | [--dir DIR]",          \
        "folkmoot sync\nfolkmoot sync --dir /mnt/south-east")                 \
    X(status, "status", "", GROUP_SETUP, 0, 0,                                \
        "what is held, witnessed and waited for, and who is in reach",        \
        "",                                                                   \
        "folkmoot status")                                                    \
    X(doctor, "doctor", "", GROUP_SETUP, 0, 0,                                \
        "is it working? check by check, with what to do",                     \
        "[--firewall]",                                                       \
        "folkmoot doctor")                                                    \
    X(keys_status, "keys", "status", GROUP_SETUP, 0, 0,                       \
        "list this node's keys: how old, where, how protected",               \
        "",                                                                   \
        "folkmoot keys status")                                               \
    X(keys_rotate, "keys", "rotate", GROUP_SETUP, 1, 1,                       \
        "put another key in the place of one",                                \
        "log|box|node|witness [--compromised [--void-from N]]",               \
        "folkmoot keys rotate node")                                          \
    X(keys_passphrase, "keys", "passphrase", GROUP_SETUP, 0, 0,               \
        "change the passphrase of the seed, or give it one",                  \
        "[--new-passphrase-file FILE]",                                       \
        "folkmoot keys passphrase")                                           \
    X(keys_backup, "keys", "backup", GROUP_SETUP, 1, 1,                       \
        "write all that peers cannot give back into a file, or check one",    \
        "FILE | --check FILE",                                                \
        "folkmoot keys backup /media/stick/east-sussex.backup")               \
    X(keys_restore, "keys", "restore", GROUP_SETUP, 0, 1,                     \
        "set this node up again from a backup or recovery.txt",               \
        "[FILE [--charter FILE]]",                                            \
        "folkmoot -C new-home keys restore east-sussex.backup")               \
    X(publish, "publish", "", GROUP_PUBLISH, 1, ARGS_MANY,                    \
        "publish figures from CSV files",                                     \
        "FILE.csv|- ... [--where COLUMN=VALUE] [--audience alliance|public|SLUG,...] [--reason CODE]", \
        "folkmoot publish return.csv --where release=2024 --return \"Census 2024\"") \
    X(withdraw, "withdraw", "", GROUP_PUBLISH, 0, 1,                          \
        "say that a record of ours does not stand any more; alone: who has erased what", \
        "[RECORD --reason CODE [--erase]]",                                   \
        "folkmoot withdraw cin_rate@2024 --reason unreliable")                \
    X(open, "open", "", GROUP_PUBLISH, 0, ARGS_MANY,                          \
        "tell more readers what was shared in confidence, provably as it was", \
        "RECORD... --to alliance|public|SLUG,... | --due",                    \
        "folkmoot open east-sussex/240 --to alliance")                        \
    X(openings, "openings", "", GROUP_PUBLISH, 0, 0,                          \
        "what was opened, and what is to be on which day",                    \
        "[--due]",                                                            \
        "folkmoot openings")                                                  \
    X(note, "note", "", GROUP_PUBLISH, 1, 1,                                  \
        "put words of our own beside a figure of our own",                    \
        "RECORD --text TEXT",                                                 \
        "folkmoot note cin_rate@2024 --text \"Counted after the move to another system.\"") \
    X(history, "history", "", GROUP_PUBLISH, 1, 1,                            \
        "every version of a figure, newest first",                            \
        "INDICATOR [--authority A] [--period P]",                             \
        "folkmoot history cin_rate --period 2024")                            \
    X(template, "template", "", GROUP_PUBLISH, 0, 0,                          \
        "write a CSV file to fill in",                                        \
        "[--collection N | --period P] --out F.csv",                          \
        "folkmoot template --collection 3 --out q2.csv")                      \
    X(collection_open, "collection", "open", GROUP_PUBLISH, 1, 1,             \
        "ask the alliance for figures",                                       \
        "TITLE --indicators FILE --period P --due DATE",                      \
        "folkmoot collection open \"Q2 2025-26\" --indicators q2.csv --period \"2025-26 Q2\" --due 2025-11-28") \
    X(collection_list, "collection", "list", GROUP_PUBLISH, 0, 0,             \
        "list what leads have asked for",                                     \
        "",                                                                   \
        "folkmoot collection list")                                           \
    X(collection_close, "collection", "close", GROUP_PUBLISH, 1, 1,           \
        "ask no more",                                                        \
        "N",                                                                  \
        "folkmoot collection close 3")                                        \
    X(news, "news", "", GROUP_PUBLISH, 0, 0,                                  \
        "what came, changed, was withdrawn, is asked for",                    \
        "[--since DATE|last]",                                                \
        "folkmoot news --since 2025-11-01")                                   \
    X(coverage, "coverage", "", GROUP_PUBLISH, 0, 0,                          \
        "who has returned what",                                              \
        "[--collection N]",                                                   \
        "folkmoot coverage --collection 3")                                                  \
    X(compare, "compare", "", GROUP_COMPARE, 1, 1,                            \
        "set the authorities' figures beside each other",                     \
        "INDICATOR [--period P] [--with alliance|neighbours|england|all|SLUG,...] [--region CODE] [--authority A]", \
        "folkmoot compare cpp_rate --period 2024 --with neighbours")          \
    X(rug, "rug", "", GROUP_COMPARE, 0, 0,                                    \
        "every indicator and every authority on one page",                    \
        "[--period P] [--with alliance|neighbours|england|all|SLUG,...] [--region CODE] [--as-of DATE] [--xlsx FILE]", \
        "folkmoot rug --xlsx rug.xlsx")                                       \
    X(trend, "trend", "", GROUP_COMPARE, 1, 1,                                \
        "one authority's figure over time, with limits, trend and a chart",   \
        "INDICATOR [--authority A] [--breakdown K=V] [--as-of DATE]",         \
        "folkmoot trend rereferral_pct --authority kent")                     \
    X(outliers, "outliers", "", GROUP_COMPARE, 0, 0,                          \
        "whom to ask about what, whom to ask how, and who has not returned",  \
        "[--period P] [--with alliance|neighbours|england|all|SLUG,...] [--region CODE] [--as-of DATE]", \
        "folkmoot outliers --period 2024")                                    \
    X(match, "match", "", GROUP_COMPARE, 0, 0,                                \
        "whose strength meets whose area for development",                    \
        "[--authority A] [--period P] [--with alliance|neighbours|england|all|SLUG,...] [--region CODE] [--as-of DATE]", \
        "folkmoot match --authority hampshire")                               \
    X(search, "search", "", GROUP_COMPARE, 1, ARGS_MANY,                      \
        "full text over titles, definitions, posts and names",                \
        "WORD...",                                                            \
        "folkmoot search care leavers")                                       \
    X(report, "report", "", GROUP_COMPARE, 0, 0,                              \
        "one page to print or send: who returned, what changed, whom to ask", \
        "[--authority A|all] [--for alliance|public] --out FILE.html|DIR | --check FILE.html", \
        "folkmoot report --out south-east.html")                              \
    X(reference_import, "reference", "import", GROUP_COMPARE, 1, 1,           \
        "take public figures from a CSV file, to be shown beside the members' own", \
        "FILE.csv --source TEXT [--vintage DATE] [--name NAME] [--where COLUMN=VALUE]...", \
        "folkmoot reference import b1.csv --source \"DfE, children in need 2024\" --vintage 2024-11-01") \
    X(reference_list, "reference", "list", GROUP_COMPARE, 0, 0,               \
        "list the public figures that were imported",                         \
        "",                                                                   \
        "folkmoot reference list")                                            \
    X(reference_remove, "reference", "remove", GROUP_COMPARE, 1, 1,           \
        "drop public figures that were imported",                             \
        "NAME",                                                               \
        "folkmoot reference remove b1-children-in-need-2013-to-2024")         \
    X(profile, "profile", "", GROUP_COMPARE, 0, 0,                            \
        "every indicator of one authority: value, direction, rank, neighbours", \
        "[--authority A] [--with alliance|neighbours|england|all|SLUG,...] [--region CODE] [--model NAME] [--period P]", \
        "folkmoot profile --authority kent")                                  \
    X(sql, "sql", "", GROUP_COMPARE, 1, 1,                                    \
        "ask view.db by SQL, read-only",                                      \
        "'SELECT ...' [--limit N] [--seconds N]",                             \
        "folkmoot sql \"SELECT slug, value FROM figure_current WHERE indicator = 'cin_rate' AND period = '2024'\"") \
    X(export, "export", "", GROUP_COMPARE, 0, 0,                              \
        "write the figures, self-assessments or posts that can be read here into a file", \
        "--format csv|ees|json [--what figures|assessments|posts] [--out FILE]", \
        "folkmoot export --format ees --out south-east.csv")                  \
    X(indicators, "indicators", "", GROUP_COMPARE, 0, ARGS_MANY,              \
        "list the indicators and how each is defined",                        \
        "[INDICATOR...]",                                                     \
        "folkmoot indicators cin_rate sw_turnover_pct")                       \
    X(indicators_add, "indicators", "add", GROUP_COMPARE, 1, 1,               \
        "define indicators of the alliance's own",                            \
        "FILE.csv",                                                           \
        "folkmoot indicators add our-indicators.csv")                         \
    X(assess_new, "assess", "new", GROUP_ASSESS, 0, 0,                        \
        "begin a self-assessment: a Markdown file to write, with your figures suggested", \
        "[--year 2025] --out FILE.md",                                        \
        "folkmoot assess new --year 2025 --out assessment-2025.md")           \
    X(assess_check, "assess", "check", GROUP_ASSESS, 1, 1,                    \
        "is it whole, does its evidence stand, and what do figures say beside it?", \
        "FILE.md",                                                            \
        "folkmoot assess check assessment-2025.md")                           \
    X(assess_sign, "assess", "sign", GROUP_ASSESS, 1, 1,                      \
        "sign it in your office; a changed word voids what others signed before", \
        "FILE.md --as dcs|chief-executive|lead-member|leader [--key FILE]",   \
        "folkmoot assess sign assessment-2025.md --as dcs --key jane.key")    \
    X(assess_publish, "assess", "publish", GROUP_ASSESS, 1, 1,                \
        "publish a signed self-assessment to those who may read it",          \
        "FILE.md [--audience alliance|public|SLUG,...] [--opens DATE [--to alliance|public|SLUG,...]]",                  \
        "folkmoot assess publish assessment-2025.md --audience kent,medway")  \
    X(assess_list, "assess", "list", GROUP_ASSESS, 0, 0,                      \
        "list the self-assessments that can be read here",                    \
        "[--year 2025]",                                                      \
        "folkmoot assess list --year 2025")                                   \
    X(assess_show, "assess", "show", GROUP_ASSESS, 1, 1,                      \
        "show one: who signed, what it says, whether its evidence still stands", \
        "SLUG|FILE.md [--year 2025] [--out FILE.md]",                                         \
        "folkmoot assess show kent --year 2025")                              \
    X(challenge, "challenge", "", GROUP_ASSESS, 1, 1,                         \
        "ask a peer about a record of its own",                               \
        "SLUG --about RECORD|INDICATOR --text TEXT [--answer-by DATE]",       \
        "folkmoot challenge barsetshire --about rereferral_pct@2024 --text \"What changed?\" --answer-by 2026-01-31") \
    X(challenge_draft, "challenge", "draft", GROUP_ASSESS, 1, 1,              \
        "write the questions that a member's figures raise, to edit and send", \
        "SLUG --out F.md [--period P] [--with alliance|SLUG,...] [--as-of DATE]", \
        "folkmoot challenge draft barsetshire --out barsetshire.md")          \
    X(challenge_send, "challenge", "send", GROUP_ASSESS, 1, 1,                \
        "send the questions of such a file",                                  \
        "F.md",                                                               \
        "folkmoot challenge send barsetshire.md")                             \
    X(challenge_list, "challenge", "list", GROUP_ASSESS, 0, 0,                \
        "list the challenges that are open, or past their day",               \
        "[--all] [--overdue] [--authority A]",                                \
        "folkmoot challenge list --overdue")                                  \
    X(respond, "respond", "", GROUP_ASSESS, 1, 1,                             \
        "answer a challenge",                                                 \
        "RECORD --text TEXT",                                                 \
        "folkmoot respond kent/17 --text @answer.txt")                        \
    X(thread, "thread", "", GROUP_ASSESS, 1, 1,                               \
        "show all that is said about a record",                               \
        "RECORD",                                                             \
        "folkmoot thread kent/17")                                            \
    X(support_need, "support", "need", GROUP_ASSESS, 0, 0,                    \
        "say what you need",                                                  \
        "--about INDICATOR|THEME --text TEXT [--days N] [--audience alliance|SLUG,...]", \
        "folkmoot support need --about rereferral_pct --text \"Who has brought these down?\"") \
    X(support_offer, "support", "offer", GROUP_ASSESS, 0, 0,                  \
        "say what you can give",                                              \
        "--about INDICATOR|THEME --text TEXT [--days N] [--audience alliance|SLUG,...]", \
        "folkmoot support offer --about rereferral_pct --text \"Two days of our front-door lead.\"") \
    X(support_take, "support", "take", GROUP_ASSESS, 1, 1,                    \
        "take up a need or an offer of another",                              \
        "RECORD [--text TEXT]",                                               \
        "folkmoot support take kent/17")                                      \
    X(support_close, "support", "close", GROUP_ASSESS, 1, 1,                  \
        "close a need or an offer of your own, with what came of it",         \
        "RECORD --outcome TEXT",                                              \
        "folkmoot support close kent/17 --outcome \"Two visits; thresholds rewritten.\"") \
    X(support_list, "support", "list", GROUP_ASSESS, 0, 0,                    \
        "list needs and offers",                                              \
        "[--all] [--overdue] [--authority A]",                                \
        "folkmoot support list")                                              \
    X(review_ask, "review", "ask", GROUP_ASSESS, 0, 0,                        \
        "ask peers for a review",                                             \
        "--about INDICATOR|THEME --text TEXT [--due DATE] [--audience alliance|SLUG,...]", \
        "folkmoot review ask --about \"front door\" --text \"Two days on site.\"") \
    X(review_report, "review", "report", GROUP_ASSESS, 1, 1,                  \
        "report on a review that was asked for",                              \
        "RECORD --text TEXT",                                                 \
        "folkmoot review report kent/17 --text @findings.txt")                \
    X(review_list, "review", "list", GROUP_ASSESS, 0, 0,                      \
        "list reviews that are asked for",                                    \
        "[--all] [--overdue] [--authority A]",                                \
        "folkmoot review list --all")                                         \
    X(action_add, "action", "add", GROUP_ASSESS, 0, 0,                        \
        "say what you will do",                                               \
        "--about INDICATOR|THEME|RECORD --text TEXT [--due DATE] [--owner NAME] [--audience alliance|SLUG,...]", \
        "folkmoot action add --about kent/17 --text \"Audit forty referrals.\" --due 2026-03-31") \
    X(action_done, "action", "done", GROUP_ASSESS, 1, 1,                      \
        "say that an action of your own is done",                             \
        "RECORD [--text TEXT]",                                               \
        "folkmoot action done kent/17")                                       \
    X(action_list, "action", "list", GROUP_ASSESS, 0, 0,                      \
        "list actions",                                                       \
        "[--all] [--overdue] [--authority A]",                                \
        "folkmoot action list --overdue")                                     \
    X(priority_propose, "priority", "propose", GROUP_ASSESS, 0, 0,            \
        "propose what the alliance should work at together",                  \
        "--about INDICATOR|THEME --text TEXT",                                \
        "folkmoot priority propose --about rereferral_pct --text \"Repeat referrals.\"") \
    X(priority_support, "priority", "support", GROUP_ASSESS, 1, 1,            \
        "be for a priority, as an authority",                                 \
        "RECORD [--text TEXT]",                                               \
        "folkmoot priority support kent/17")                                  \
    X(priority_agree, "priority", "agree", GROUP_ASSESS, 1, 1,                \
        "state that over half of the authorities are for it",                 \
        "RECORD [--text TEXT]",                                               \
        "folkmoot priority agree kent/17")                                    \
    X(priority_close, "priority", "close", GROUP_ASSESS, 1, 1,                \
        "close a priority, with what came of it",                             \
        "RECORD --outcome TEXT",                                              \
        "folkmoot priority close kent/17 --outcome \"Below England since March.\"") \
    X(priority_list, "priority", "list", GROUP_ASSESS, 0, 0,                  \
        "list priorities and how many are for them",                          \
        "[--all] [--overdue] [--authority A]",                                \
        "folkmoot priority list")                                             \
    X(practice_share, "practice", "share", GROUP_ASSESS, 0, 0,                \
        "share what works",                                                   \
        "--about INDICATOR|THEME --text TEXT [--audience alliance|SLUG,...]", \
        "folkmoot practice share --about rereferral_pct --text @weekly-call.txt") \
    X(practice_used, "practice", "used", GROUP_ASSESS, 1, 1,                  \
        "say that you used what another shared, and how it went",             \
        "RECORD --text TEXT",                                                 \
        "folkmoot practice used kent/17 --text \"In two teams since May; it holds.\"") \
    X(practice_list, "practice", "list", GROUP_ASSESS, 0, 0,                  \
        "list what was shared",                                               \
        "[--all] [--overdue] [--authority A]",                                \
        "folkmoot practice list")                                             \
    X(practice_show, "practice", "show", GROUP_ASSESS, 1, 1,                  \
        "show what was shared, and by whom it was used",                      \
        "RECORD",                                                             \
        "folkmoot practice show kent/17")                                     \
    X(activity, "activity", "", GROUP_ASSESS, 0, 0,                           \
        "who asked, answered, needed and gave, and in how many days",         \
        "[--authority A] [--since DATE]",                                     \
        "folkmoot activity --since 2025-09-01")                               \
    X(timeline, "timeline", "", GROUP_ASSESS, 1, 1,                           \
        "what a member published and said, and what was said to it, in order", \
        "SLUG [--since DATE]",                                                \
        "folkmoot timeline barsetshire")                                      \
    X(verify, "verify", "", GROUP_AUDIT, 0, 0,                                \
        "recompute every log from the store, trusting nothing kept",          \
        "[--authority A]",                                                    \
        "folkmoot verify --authority kent")                                   \
    X(prove, "prove", "", GROUP_AUDIT, 1, 1,                                  \
        "prove an entry's place in its log, as a C2SP tlog-proof",            \
        "RECORD --out FILE.tlog-proof",                                       \
        "folkmoot prove kent/17 --out kent-17.tlog-proof")                    \
    X(disclose, "disclose", "", GROUP_AUDIT, 1, ARGS_MANY,                    \
        "hand records to somebody outside: their keys and proofs, and nothing else", \
        "RECORD... [--to BOX_KEY] --out FILE.fmb",                            \
        "folkmoot disclose kent:cin_rate@2024 --to ghn3... --out kent-cin.fmb") \
    X(audit, "audit", "", GROUP_AUDIT, 0, 1,                                  \
        "judge a file of proofs: no home, no network, nobody to be trusted",  \
        "FILE (--charter HASH | --policy FILE) [--key FILE] [--report FILE.html]", \
        "folkmoot audit kent-17.fmb --charter 3b0c... --report kent-17.html") \
    X(bundle_export, "bundle", "export", GROUP_AUDIT, 0, 0,                   \
        "write whole logs, as ciphertext, into a file for a stick",           \
        "[--authority A]... [--for SLUG] --out FILE",                         \
        "folkmoot bundle export --for kent --out south-east.fmb")             \
    X(bundle_import, "bundle", "import", GROUP_AUDIT, 1, 1,                   \
        "take over what is new and verifies from such a file",                \
        "FILE",                                                               \
        "folkmoot bundle import south-east.fmb")                              \
    X(holdings, "holdings", "", GROUP_AUDIT, 0, 0,                            \
        "what is held here, whose it is, under what marking, and for how long", \
        "",                                                                   \
        "folkmoot holdings --csv > holdings.csv")                             \
    X(journal, "journal", "", GROUP_AUDIT, 0, 0,                              \
        "what was signed and exported here, when and by whom",                \
        "[--since DATE]",                                                     \
        "folkmoot journal --since 2025-11-01")                                \
    X(evidence_list, "evidence", "list", GROUP_AUDIT, 0, 0,                   \
        "list the logs of which two stories were told",                       \
        "",                                                                   \
        "folkmoot evidence list")                                             \
    X(evidence_show, "evidence", "show", GROUP_AUDIT, 1, 1,                   \
        "say what one piece of evidence proves, and what it does not",        \
        "N",                                                                  \
        "folkmoot evidence show 1")                                           \
    X(evidence_export, "evidence", "export", GROUP_AUDIT, 2, 2,               \
        "write one into a file that convicts by itself, for ever and offline", \
        "N FILE",                                                             \
        "folkmoot evidence export 1 barsetshire.evidence")                    \
    X(export_log, "export-log", "", GROUP_AUDIT, 1, 1,                        \
        "write a log as tiles and a checkpoint, for other people's tools",    \
        "SLUG --out DIR [--witnessed]",                                       \
        "folkmoot export-log kent --out kent-log")                            \
    X(sign_file, "sign-file", "", GROUP_AUDIT, 1, 1,                          \
        "an officer signs a file, for minisign or ssh-keygen to check",       \
        "FILE --as OFFICER --format minisign|sshsig [--key FILE]",            \
        "folkmoot sign-file minutes.pdf --as dcs --format minisign --key jane.key") \
    X(help, "help", "", GROUP_HELP, 0, 2,                                     \
        "explain a command or a topic",                                       \
        "[COMMAND [SUB-COMMAND] | TOPIC]",                                    \
        "folkmoot help periods")                                              \
    X(version, "version", "", GROUP_HELP, 0, 0,                               \
        "print the version, and those of the libraries",                      \
        "",                                                                   \
        "folkmoot --version --json")                                          \
    X(completion, "completion", "", GROUP_HELP, 1, 1,                         \
        "print a script that completes commands in your shell",               \
        "bash|zsh",                                                           \
        "folkmoot completion bash > ~/.local/share/bash-completion/completions/folkmoot")

#define X(id, name, sub, group, least, most, summary, usage, example)         \
    enum exit_status cmd_##id(struct session *s);                             \
    extern const struct option_spec options_##id[];
COMMANDS(X)
#undef X

/* Every row above. */
extern const struct command_table commands;

#endif

/* cli/view/sql.h - the SQL of view.db: one table of statements, and typed hands to use them.
 *
 * Room-private.  A statement is prepared when first used and kept.  `struct vsql` remembers its
 * first failure: vsql_start, bind every parameter in order, step, ask vsql_end once.  A statement
 * that is still stepped when it is started again gets one of its own for that use. */
#ifndef FOLKMOOT_CLI_VIEW_SQL_H
#define FOLKMOOT_CLI_VIEW_SQL_H

#include <sqlite3.h>

#include "protocol/record.h"

struct view;

/* The columns of a figure, in the order in which figure rows are read and written. */
#define FIGURE_COLUMNS                                                                                        \
    "slug, generation, idx, record, indicator, period, time_identifier, breakdown, "                          \
    "numerator_mantissa, numerator_scale, numerator, denominator_mantissa, denominator_scale, denominator, "  \
    "value_mantissa, value_scale, value, status, reason, marking, audience, said_at, said_ms, definition, "   \
    "counted, withdrawn, withdrawn_ms, buried"
#define FIGURE_KEY "indicator = ?1 AND period = ?2 AND time_identifier = ?3 AND breakdown = ?4"

#define PLACE "slug = ?1 AND generation = ?2 AND idx = ?3"
#define FIGURES(n) n " || ' figure' || substr('s', 1, " n " <> 1)"      /* "1 figure", "2 figures" */
#define SINCE "slug = ?1 AND generation = ?2 AND idx >= ?3 AND said_ms > ?4"

#define POST_SELECT                                                                                           \
    "SELECT p.slug, p.generation, p.idx, p.record, p.type, p.about, p.text, p.owner, p.due, p.state, p.audience," \
    " p.said_ms, coalesce(p.withdrawn, ''), coalesce(m.role, ''), coalesce(m.is_member, 0)"                   \
    " FROM post p LEFT JOIN member m USING (slug)"
#define POST_ORDER "ORDER BY p.slug, p.generation DESC, p.idx DESC"

#define SEALED_FOR "coalesce(sealed_for, audience)"        /* whom its author sealed it for: what supersession goes by */
#define OPENS "SET sealed_for = " SEALED_FOR ", audience = ?4 WHERE " PLACE                                   \
    " AND (audience = 'public') * 2 + (audience = 'alliance') < (?4 = 'public') * 2 + (?4 = 'alliance')"

#define OPENS_PART "SET audience = ?4 WHERE " PLACE                                                          \
    " AND (audience = 'public') * 2 + (audience = 'alliance') < (?4 = 'public') * 2 + (?4 = 'alliance')"

#define RECORD_TABLES(X) X(figure) X(definition) X(batch_return) X(post) X(collection) X(other) \
    X(assessment) X(assessment_signature) X(assessment_link)

#define VSQLS(X)                                                                                              \
    X(V_BEGIN, "BEGIN IMMEDIATE")                                                                             \
    X(V_COMMIT, "COMMIT")                                                                                     \
    X(V_ROLLBACK, "ROLLBACK")                                                                                 \
    X(V_META_GET, "SELECT value FROM meta WHERE key = ?1")                                                    \
    X(V_FILE_SIZE, "SELECT (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size())") \
    X(V_META_PUT, "INSERT INTO meta (key, value) VALUES (?1, ?2)"                                             \
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value")                                            \
    /* logs */                                                                                                \
    X(V_LOG_GET, "SELECT folded, folded_root, keys_folded, keys_root FROM log WHERE slug = ?1 AND generation = ?2") \
    X(V_LOG_NEW, "INSERT INTO log (slug, generation, folded, folded_root, keys_folded, keys_root)"            \
        " VALUES (?1, ?2, 0, x'', 0, x'')")                                                                   \
    X(V_LOG_EACH, "SELECT slug, generation FROM log ORDER BY slug, generation")                               \
    X(V_LOG_FOLDED, "UPDATE log SET folded = ?3, folded_root = ?4 WHERE slug = ?1 AND generation = ?2")       \
    X(V_LOG_KEYS, "UPDATE log SET keys_folded = ?3, keys_root = ?4 WHERE slug = ?1 AND generation = ?2")      \
    X(V_VOID_PUT, "INSERT OR IGNORE INTO void_range (slug, generation, first, last, said_generation, said_idx)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                                                   \
    X(V_VOID_ANY, "SELECT 1 FROM void_range WHERE slug = ?1 AND generation = ?2 LIMIT 1")                     \
    X(V_VOID_HAS, "SELECT 1 FROM void_range WHERE slug = ?1 AND generation = ?2 AND first <= ?3 AND last >= ?3 LIMIT 1") \
    X(V_PROBLEM_PUT, "INSERT OR REPLACE INTO problem (slug, generation, idx, reason) VALUES (?1, ?2, ?3, ?4)") \
    /* members */                                                                                             \
    X(V_MEMBERS_CLEAR, "UPDATE member SET role = '', is_member = 0, is_former = 0, is_first_steward = 0, place = NULL") \
    X(V_MEMBER_ROLE, "INSERT INTO member (slug, role, is_member, is_former, is_first_steward, place, dfe, gss)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (slug) DO UPDATE SET role = excluded.role,"     \
        " is_member = excluded.is_member, is_former = excluded.is_former,"                                    \
        " is_first_steward = excluded.is_first_steward, place = excluded.place, dfe = excluded.dfe, gss = excluded.gss") \
    X(V_MEMBER_VERSION, "SELECT version FROM member WHERE slug = ?1")                                         \
    X(V_MEMBER_BOX, "SELECT box_key, box_since_ms FROM member WHERE slug = ?1 AND root = ?2")                 \
    X(V_MEMBER_IDENTITY, "INSERT INTO member (slug, name, asked_role, version, box_key, box_since_ms, root, dfe, gss)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (slug) DO UPDATE SET name = excluded.name," \
        " asked_role = excluded.asked_role, version = excluded.version,"                                      \
        " box_since_ms = CASE WHEN box_key = excluded.box_key AND box_since_ms <> 0 THEN box_since_ms"       \
        " ELSE excluded.box_since_ms END,"                                                                    \
        " box_key = excluded.box_key, root = excluded.root,"                                                  \
        " dfe = CASE WHEN role = '' THEN excluded.dfe ELSE dfe END,"                                          \
        " gss = CASE WHEN role = '' THEN excluded.gss ELSE gss END")                                          \
    X(V_MEMBER_FORGET, "UPDATE member SET version = 0, box_key = NULL, box_since_ms = 0 WHERE slug = ?1")     \
    X(V_RECOUNT, "UPDATE figure SET counted = ?2 WHERE slug = ?1 AND counted <> ?2")                          \
    X(V_ROLES, "SELECT slug, role FROM member ORDER BY slug")                                                 \
    X(V_IDENTITY_BEFORE, "SELECT idx FROM identity WHERE slug = ?1 AND generation = ?2 AND idx < ?3 ORDER BY idx DESC LIMIT 1") \
    X(V_IDENTITY_PUT, "INSERT OR REPLACE INTO identity (slug, generation, idx, version, role, name, dfe, gss, root," \
        " log_key, witness_key, box_key, node_key, said_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12," \
        " ?13, ?14)")                                                                                         \
    /* keys */                                                                                                \
    X(V_EPOCH_PUT, "INSERT OR IGNORE INTO epoch (slug, generation, audience, epoch, idx, said_ms, charter, n_boxes, boxes," \
        " is_pending) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")                                      \
    X(V_EPOCH_GET, "SELECT idx FROM epoch WHERE slug = ?1 AND generation = ?2 AND audience = ?3 AND epoch = ?4") \
    X(V_EPOCH_WAIT, "UPDATE epoch SET is_pending = ?5 WHERE slug = ?1 AND generation = ?2 AND audience = ?3 AND epoch = ?4") \
    X(V_EPOCH_SECRET, "UPDATE epoch SET title = ?5, readers = ?6, is_pending = 0"                             \
        " WHERE slug = ?1 AND generation = ?2 AND audience = ?3 AND epoch = ?4")                              \
    X(V_EPOCH_PENDING, "SELECT slug, generation, idx FROM epoch WHERE is_pending = 1")                        \
    X(V_EPOCH_RETRY, "UPDATE epoch SET is_pending = 1 WHERE NOT EXISTS (SELECT 1 FROM epoch_key k"            \
        " WHERE k.slug = epoch.slug AND k.generation = epoch.generation AND k.audience = epoch.audience"      \
        " AND k.epoch = epoch.epoch)")                                                                        \
    X(V_KEY_PUT, "INSERT OR IGNORE INTO epoch_key (slug, generation, audience, epoch, key) VALUES (?1, ?2, ?3, ?4, ?5)") \
    X(V_KEY_GET, "SELECT key FROM epoch_key WHERE slug = ?1 AND generation = ?2 AND audience = ?3 AND epoch = ?4") \
    X(V_KEYS_OF, "SELECT audience, epoch, key FROM epoch_key WHERE slug = ?1 AND generation = ?2")            \
    X(V_GRANT_PUT, "INSERT OR REPLACE INTO granted (reader, box_key, slug, generation, audience, epoch, granter,"  \
        " granter_generation, granter_idx, box) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")            \
    X(V_GRANT_BOXES, "SELECT box FROM granted WHERE reader = ?1 AND box_key = ?2 AND slug = ?3 AND generation = ?4" \
        " AND audience = ?5 AND epoch = ?6 AND box IS NOT NULL")                                              \
    /* waits: the record was met before its key */                                                            \
    X(V_RECORD_KEY_PUT, "INSERT OR IGNORE INTO record_key (slug, generation, idx, key, waits)"                \
        " VALUES (?1, ?2, ?3, ?4, EXISTS (SELECT 1 FROM sealed WHERE " PLACE "))")                            \
    X(V_RECORD_KEY_USED, "UPDATE record_key SET waits = 0 WHERE " PLACE " AND waits = 1")                     \
    X(V_RECORD_KEY_GET, "SELECT key FROM record_key WHERE slug = ?1 AND generation = ?2 AND idx = ?3")        \
    X(V_RECORD_KEY_ANY, "SELECT 1 FROM record_key WHERE slug = ?1 AND generation = ?2 LIMIT 1")               \
    X(V_SEALED_PUT, "INSERT INTO sealed (slug, generation, idx, audience, epoch, said_at)"                    \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                                                   \
    X(V_SEALED_DROP, "DELETE FROM sealed WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                   \
    X(V_SEALED_OPENABLE, "SELECT s.slug, s.generation, s.idx FROM sealed s WHERE (s.slug, s.generation, s.idx) IN (" \
        " SELECT t.slug, t.generation, t.idx FROM epoch_key k CROSS JOIN sealed t ON t.slug = k.slug"         \
        " AND t.generation = k.generation AND t.audience = k.audience AND t.epoch = k.epoch"                  \
        " UNION ALL SELECT r.slug, r.generation, r.idx FROM record_key r INDEXED BY record_key_waits"         \
        " CROSS JOIN sealed u ON u.slug = r.slug AND u.generation = r.generation AND u.idx = r.idx"           \
        " WHERE r.waits = 1 LIMIT ?1) ORDER BY 1, 2, 3")                      \
    /* what was opened, to whom; a wider audience takes the place of a narrower one */                        \
    X(V_OPENED_PUT, "INSERT OR IGNORE INTO opened (slug, generation, target, audience, idx, said_at, said_ms)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                                               \
    X(V_OPENED_GET, "SELECT audience FROM opened WHERE slug = ?1 AND generation = ?2 AND target = ?3"         \
        " ORDER BY audience = 'public' DESC, audience = 'alliance' DESC, idx LIMIT 1")                        \
    X(V_OPEN_FIGURE, "UPDATE figure " OPENS)                                                                  \
    X(V_OPEN_DEFINITION, "UPDATE definition " OPENS)                                                          \
    X(V_OPEN_RETURN, "UPDATE batch_return " OPENS)                                                            \
    X(V_OPEN_POST, "UPDATE post " OPENS)                                                                      \
    X(V_OPEN_COLLECTION, "UPDATE collection " OPENS)                                                          \
    X(V_OPEN_ASSESSMENT, "UPDATE assessment " OPENS)                                                          \
    X(V_OPEN_SIGNATURES, "UPDATE assessment_signature " OPENS_PART)                                           \
    X(V_OPEN_LINKS, "UPDATE assessment_link " OPENS_PART)                                                     \
    X(V_OPEN_OTHER, "UPDATE other " OPENS)                                                                    \
    /* ?1: said before then */                                                                                \
    X(V_HOLDINGS, "SELECT slug, type, CASE audience WHEN 'public' THEN 'public' WHEN 'alliance' THEN 'alliance' ELSE 'named' END" \
        " AS who, marking, count(*), sum(withdrawn IS NOT NULL), sum(said_ms < ?1), min(said_ms), max(said_ms) FROM (" \
        "SELECT slug, generation, idx, 'figure' AS type, audience, marking, said_ms, withdrawn FROM figure"   \
        " UNION ALL SELECT slug, generation, idx, 'definition', audience, '', said_ms, withdrawn FROM definition" \
        " UNION ALL SELECT slug, generation, idx, 'return', audience, '', said_ms, withdrawn FROM batch_return" \
        " UNION ALL SELECT slug, generation, idx, type, audience, '', said_ms, withdrawn FROM post"           \
        " UNION ALL SELECT slug, generation, idx, 'collection', audience, '', said_ms, withdrawn FROM collection" \
        " UNION ALL SELECT slug, generation, idx, type, audience, '', said_ms, withdrawn FROM other) r"       \
        " WHERE withdrawn IS NULL OR NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.slug = r.slug"            \
        " AND w.generation = r.generation AND w.target = r.idx AND w.erased = 1)"                             \
        " GROUP BY slug, type, who, marking ORDER BY slug, type, who, marking")                               \
    X(V_SHUT, "SELECT (SELECT count(*) FROM sealed WHERE slug = ?1), (SELECT count(*) FROM withdrawal WHERE slug = ?1" \
        " AND erased = 1)")                                                                                   \
    X(V_OPENED_TO, "SELECT 1 FROM opened WHERE slug = ?1 AND generation = ?2 AND target = ?3 AND audience = ?4") \
    X(V_OPENED_EACH, "SELECT slug, generation, idx, min(target), max(target), count(*), audience, min(said_ms)" \
        " FROM opened GROUP BY slug, generation, idx, audience ORDER BY slug, generation, idx")               \
    X(V_PROMISES, "SELECT slug, record, said_ms, about, due, state, owner FROM post WHERE type = 'opens'"     \
        " AND withdrawn IS NULL AND due <> '' AND (about LIKE slug || '/%' OR about LIKE slug || '~%')"       \
        " AND state IN ('public', 'alliance', 'named') ORDER BY due, slug, generation, idx")                  \
    X(V_RETURN_AT, "SELECT first FROM batch_return WHERE " PLACE " AND withdrawn IS NULL")                    \
    /* records */                                                                                             \
    X(V_FIGURE_PUT, "INSERT INTO figure (" FIGURE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11," \
        " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, NULL, NULL, 0)")              \
    X(V_DEFINITION_PUT, "INSERT INTO definition (slug, generation, idx, record, id, hash, title, numerator, denominator," \
        " unit, multiplier, decimals, polarity, people, parts_rounded, basis, parts, audience, said_at," \
        " said_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)") \
    X(V_RETURN_PUT, "INSERT INTO batch_return (slug, generation, idx, record, title, first, figures, source, signed_off," \
        " audience, said_at, said_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")            \
    X(V_OTHER_PUT, "INSERT INTO other (slug, generation, idx, record, type, audience, said_at, said_ms, body)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                                                       \
    X(V_POST_PUT, "INSERT INTO post (slug, generation, idx, record, type, about, text, owner, due, state, audience, said_at," \
        " said_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")                          \
    X(V_COLLECTION_PUT, "INSERT INTO collection (slug, generation, idx, record, number, title, period, time_identifier, due," \
        " indicators, state, audience, said_at, said_ms)"                                                     \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)")                              \
    X(V_ASSESSMENT_PUT, "INSERT INTO assessment (slug, generation, idx, record, year, judgement, hash, text, note, quartet," \
        " missing, counted, audience, said_at, said_ms)"                                                               \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")                         \
    X(V_ASSESSMENT_SIGNATURE_PUT, "INSERT INTO assessment_signature (slug, generation, idx, n, role, name, valid, key, audience)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                                                       \
    X(V_ASSESSMENT_LINK_PUT, "INSERT INTO assessment_link (slug, generation, idx, n, section, label, target, sentence, audience)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                                                       \
    /* the first one says why; a later one may still erase */                                                 \
    X(V_WITHDRAWAL_PUT, "INSERT INTO withdrawal (slug, generation, target, idx, reason, erased, said_at, said_ms)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (slug, generation, target)"                     \
        " DO UPDATE SET erased = max(erased, excluded.erased)")                                               \
    X(V_WITHDRAWAL_EACH, "SELECT slug, generation, target FROM withdrawal")                                   \
    X(V_WITHDRAWALS, "SELECT slug, generation, target, idx, reason, erased, said_ms FROM withdrawal"          \
        " ORDER BY slug, generation, idx")                                                                    \
    X(V_FOLDED_SUM, "SELECT coalesce(sum(folded), 0) FROM log")                                               \
    X(V_WITHDRAWAL_GET, "SELECT reason, erased, said_ms FROM withdrawal WHERE slug = ?1 AND generation = ?2 AND target = ?3") \
    X(V_WITHDRAW_FIGURE, "UPDATE figure SET withdrawn = ?4, withdrawn_ms = ?5, buried = 1"                    \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_WITHDRAW_DEFINITION, "UPDATE definition SET withdrawn = ?4, withdrawn_ms = ?5"                        \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_WITHDRAW_RETURN, "UPDATE batch_return SET withdrawn = ?4, withdrawn_ms = ?5"                          \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_WITHDRAW_POST, "UPDATE post SET withdrawn = ?4, withdrawn_ms = ?5"                                    \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_WITHDRAW_COLLECTION, "UPDATE collection SET withdrawn = ?4, withdrawn_ms = ?5"                        \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_WITHDRAW_ASSESSMENT, "UPDATE assessment SET withdrawn = ?4, withdrawn_ms = ?5"                        \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_WITHDRAW_OTHER, "UPDATE other SET withdrawn = ?4, withdrawn_ms = ?5"                                  \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_ERASE_FIGURE, "UPDATE figure SET numerator_mantissa = NULL, numerator_scale = NULL, numerator = NULL," \
        " denominator_mantissa = NULL, denominator_scale = NULL, denominator = NULL, value_mantissa = NULL,"  \
        " value_scale = NULL, value = NULL, status = 'x' WHERE slug = ?1 AND generation = ?2 AND idx = ?3")   \
    X(V_ERASE_OTHER, "UPDATE other SET body = NULL WHERE slug = ?1 AND generation = ?2 AND idx = ?3")         \
    X(V_ERASE_POST, "UPDATE post SET text = '', owner = '' WHERE slug = ?1 AND generation = ?2 AND idx = ?3") \
    X(V_ERASE_COLLECTION, "UPDATE collection SET title = '' WHERE slug = ?1 AND generation = ?2 AND idx = ?3") \
    X(V_ERASE_ASSESSMENT, "UPDATE assessment SET text = '', note = '', hash = '' WHERE " PLACE)               \
    X(V_ERASE_SIGNATURES, "DELETE FROM assessment_signature WHERE " PLACE)                                    \
    X(V_ERASE_LINKS, "DELETE FROM assessment_link WHERE " PLACE)                                              \
    X(V_ERASE_RETURN, "UPDATE batch_return SET title = '', signed_off = '' WHERE slug = ?1 AND generation = ?2 AND idx = ?3") \
    X(V_ERASE_DEFINITION, "UPDATE definition SET title = '', numerator = '', denominator = '', unit = '', basis = ''" \
        " WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                                                  \
    X(V_ERASE_KEY, "DELETE FROM record_key WHERE slug = ?1 AND generation = ?2 AND idx = ?3")                 \
    /* + so that the key's index is searched, and not all that the authority ever said */                     \
    X(V_BURY_OLDER, "UPDATE figure SET buried = 1 FROM (SELECT indicator AS i, period AS p, time_identifier AS t," \
        " breakdown AS b, " SEALED_FOR " AS a FROM figure WHERE slug = ?1 AND generation = ?2 AND idx = ?3)"        \
        " WHERE figure.indicator = i AND figure.period = p AND figure.time_identifier = t AND figure.breakdown = b" \
        " AND +figure.slug = ?1 AND coalesce(figure.sealed_for, figure.audience) = a"                         \
        " AND (+figure.generation, +figure.idx) < (?2, ?3)")                                                  \
    X(V_BURY_LATE, "UPDATE figure SET buried = 1 WHERE slug = ?1 AND generation = ?2 AND idx = ?3 AND EXISTS (" \
        "SELECT 1 FROM figure n WHERE n.indicator = figure.indicator AND n.period = figure.period"            \
        " AND n.time_identifier = figure.time_identifier AND n.breakdown = figure.breakdown AND +n.slug = figure.slug" \
        " AND coalesce(n.sealed_for, n.audience) = coalesce(figure.sealed_for, figure.audience)"              \
        " AND (+n.generation, +n.idx) > (?2, ?3) AND n.withdrawn IS NOT NULL)")                               \
    /* queries */                                                                                             \
    X(V_CURRENT, "SELECT " FIGURE_COLUMNS " FROM figure WHERE " FIGURE_KEY " AND counted = 1 AND said_ms <= ?5" \
        " ORDER BY slug, audience, generation, idx")                                                          \
    X(V_CURRENT_OF, "SELECT " FIGURE_COLUMNS " FROM figure WHERE " FIGURE_KEY " AND counted = 1 AND said_ms <= ?5" \
        " AND slug = ?6 ORDER BY audience, generation, idx")                                                  \
    X(V_HISTORY_KEY, "SELECT " FIGURE_COLUMNS " FROM figure WHERE " FIGURE_KEY " AND slug = ?5"               \
        " ORDER BY generation DESC, idx DESC")                                                                \
    /* + keeps SQLite from walking an indicator's figures of everybody where one authority's are few */       \
    X(V_HISTORY_SLUG, "SELECT " FIGURE_COLUMNS " FROM figure WHERE +indicator = ?1 AND slug = ?5"             \
        " AND (?2 IS NULL OR (period = ?2 AND time_identifier = ?3)) AND (?4 IS NULL OR breakdown = ?4)"      \
        " ORDER BY generation DESC, idx DESC")                                                                \
    X(V_HISTORY_ALL, "SELECT " FIGURE_COLUMNS " FROM figure WHERE indicator = ?1 AND ?5 IS NULL"              \
        " AND (?2 IS NULL OR (period = ?2 AND time_identifier = ?3)) AND (?4 IS NULL OR breakdown = ?4)"      \
        " ORDER BY slug, generation DESC, idx DESC")                                                          \
    X(V_FIGURE_AT, "SELECT " FIGURE_COLUMNS " FROM figure WHERE slug = ?1 AND generation = ?2 AND idx = ?3")  \
    X(V_FIGURE_OWN, "SELECT " FIGURE_COLUMNS " FROM figure WHERE " FIGURE_KEY " AND slug = ?5 AND " SEALED_FOR " = ?6" \
        " ORDER BY generation DESC, idx DESC LIMIT 1")                                                        \
    X(V_NOTED, "SELECT text = ?4 FROM post WHERE about = ?1 AND type = 'note' AND slug = ?2 AND " SEALED_FOR " = ?3" \
        " AND withdrawn IS NULL ORDER BY generation DESC, idx DESC LIMIT 1")                                  \
    X(V_NOTE, "SELECT text FROM post WHERE about = ?1 AND type = 'note' AND slug = ?2 AND withdrawn IS NULL"  \
        " ORDER BY generation DESC, idx DESC LIMIT 1")                                                        \
    /* of each author the newest come first, so that whoever floods is cut short and nobody else */          \
    X(V_POSTS, POST_SELECT " WHERE p.type <> 'note' " POST_ORDER)                                             \
    X(V_LEAVES, POST_SELECT " WHERE p.type = 'leave' " POST_ORDER)                                            \
    X(V_EPOCH_READERS, "SELECT coalesce(readers, '') FROM epoch WHERE slug = ?1 AND generation = ?2 AND audience = ?3" \
        " AND epoch = ?4")                                                                                    \
    X(V_AUDIENCE_READERS, "SELECT coalesce(readers, '') FROM epoch WHERE slug = ?1 AND generation = ?2 AND audience = ?3" \
        " ORDER BY epoch DESC LIMIT 1")                                                                       \
    X(V_RECORD_AT, "SELECT 'figure', indicator || ' ' || period || CASE breakdown WHEN '' THEN '' ELSE ' ' || breakdown END," \
        " audience, said_ms, withdrawn IS NOT NULL FROM figure WHERE " PLACE \
        " UNION ALL SELECT 'definition', id," \
        " audience, said_ms, withdrawn IS NOT NULL FROM definition WHERE " PLACE \
        " UNION ALL SELECT 'return', title," \
        " audience, said_ms, withdrawn IS NOT NULL FROM batch_return WHERE " PLACE \
        " UNION ALL SELECT type, text," \
        " audience, said_ms, withdrawn IS NOT NULL FROM post WHERE " PLACE \
        " UNION ALL SELECT 'collection', title," \
        " audience, said_ms, withdrawn IS NOT NULL FROM collection WHERE " PLACE \
        " UNION ALL SELECT 'assessment', 'self-assessment ' || year," \
        " audience, said_ms, withdrawn IS NOT NULL FROM assessment WHERE " PLACE \
        " UNION ALL SELECT type, ''," \
        " audience, said_ms, withdrawn IS NOT NULL FROM other WHERE " PLACE) \
    X(V_STANDING, "SELECT " FIGURE_COLUMNS " FROM figure_current ORDER BY slug, indicator, period, time_identifier, breakdown") \
    X(V_PERIOD_NEWEST, "SELECT period, time_identifier FROM figure WHERE indicator = ?1"                      \
        " ORDER BY period DESC, time_identifier DESC LIMIT 1")                                                \
    X(V_PERIOD_BELOW, "SELECT period, time_identifier FROM figure WHERE indicator = ?1"                       \
        " AND (period, time_identifier) < (?2, ?3) ORDER BY period DESC, time_identifier DESC LIMIT 1")       \
    X(V_PERIOD_RETURNS, "SELECT count(DISTINCT f.slug) FROM figure f CROSS JOIN member m ON m.slug = f.slug"  \
        " WHERE f.indicator = ?1 AND f.period = ?2 AND f.time_identifier = ?3 AND f.breakdown = ?4 AND f.counted = 1" \
        " AND f.buried = 0 AND m.is_member = 1")                                                              \
    X(V_AUTHORITIES, "SELECT count(*) FROM member WHERE is_member = 1 AND role = 'authority'")                \
    X(V_INDICATOR_NEXT, "SELECT indicator FROM figure WHERE indicator > ?1 ORDER BY indicator LIMIT 1")       \
    X(V_MEMBER_EACH, "SELECT slug, coalesce(name, slug), role, dfe, gss, is_former FROM member"               \
        " WHERE is_member = 1 OR (?1 AND is_former = 1) ORDER BY slug")                                       \
    X(V_COVER, "SELECT count(*), count(DISTINCT indicator), count(DISTINCT period || ' ' || time_identifier), max(said_ms)," \
        " sum(buried = 0) FROM figure WHERE slug = ?1")                                                       \
    X(V_COVER_LATEST, "SELECT period, time_identifier FROM figure WHERE slug = ?1 AND buried = 0"             \
        " ORDER BY period DESC, time_identifier DESC LIMIT 1")                                                \
    X(V_SEALED_ANY, "SELECT 1 FROM sealed WHERE slug = ?1 LIMIT 1")                                           \
    X(V_RECORDS, "SELECT (SELECT count(*) FROM figure) + (SELECT count(*) FROM definition)"                   \
        " + (SELECT count(*) FROM batch_return) + (SELECT count(*) FROM post) + (SELECT count(*) FROM collection)" \
        " + (SELECT count(*) FROM other) + (SELECT count(*) FROM assessment)")                                       \
    X(V_COLLECTION_EACH, "SELECT c.slug, c.record, c.said_ms, c.number, c.title, c.period, c.time_identifier, c.due," \
        " c.indicators, c.state FROM (SELECT *, row_number() OVER (PARTITION BY slug, number ORDER BY generation DESC, idx DESC)" \
        " AS place FROM collection WHERE withdrawn IS NULL) c JOIN member m USING (slug)"                     \
        " WHERE c.place = 1 AND m.is_member = 1 AND m.role = 'lead' ORDER BY c.number, c.slug")               \
    X(V_ANSWERED, "SELECT count(*), coalesce(sum(buried = 0), 0), coalesce(min(said_ms), 0) FROM figure WHERE indicator = ?1" \
        " AND period = ?2 AND time_identifier = ?3 AND breakdown = '' AND slug = ?4 AND counted = 1")         \
    X(V_LOGS_FOLDED, "SELECT slug, generation, folded FROM log ORDER BY slug, generation")                    \
    X(V_NEWS, "SELECT what, shown, record, said_ms FROM ("                                                    \
        "SELECT idx, 'returned' AS what, title || ' (' || " FIGURES("figures") " || ')' AS shown, record, said_ms"          \
        " FROM batch_return WHERE " SINCE " AND withdrawn IS NULL"                                            \
        " UNION ALL SELECT max(idx), 'revised', indicator || ', ' || " FIGURES("count(*)") " || ', ' || reason, record, said_ms" \
        " FROM figure WHERE " SINCE " AND reason <> '' GROUP BY indicator, reason"                            \
        " UNION ALL SELECT idx, 'withdrew', slug || CASE generation WHEN 1 THEN '' ELSE '~' || generation END || '/' || target" \
        " || ', ' || reason || CASE erased WHEN 1 THEN ', erased' ELSE '' END,"                               \
        " slug || CASE generation WHEN 1 THEN '' ELSE '~' || generation END || '/' || idx, said_ms"           \
        " FROM withdrawal WHERE " SINCE                                                                       \
        " UNION ALL SELECT idx, 'opened', count(*) || CASE count(*) WHEN 1 THEN ' record' ELSE ' records' END"  \
        " || ' to ' || CASE audience WHEN 'public' THEN 'everybody' WHEN 'alliance' THEN 'the alliance' ELSE 'named readers' END," \
        " slug || CASE generation WHEN 1 THEN '' ELSE '~' || generation END || '/' || idx, min(said_ms)"      \
        " FROM opened WHERE " SINCE " GROUP BY idx, audience"                                                 \
        " UNION ALL SELECT idx, 'asked', title || CASE state WHEN 'closed' THEN ' (closed)' ELSE ', due ' || due END," \
        " record, said_ms FROM collection WHERE " SINCE " AND withdrawn IS NULL"                              \
        " UNION ALL SELECT idx, 'defined', id || ': ' || title, record, said_ms FROM definition"              \
        " WHERE " SINCE " AND withdrawn IS NULL"                                                              \
        " UNION ALL SELECT idx, 'assessed', 'self-assessment ' || year || ', judgement ' || judgement"        \
        " || CASE quartet WHEN 1 THEN '' ELSE ', not signed by ' || replace(missing, ' ', ', ') END, record, said_ms"             \
        " FROM assessment WHERE " SINCE " AND withdrawn IS NULL AND counted = 1"                              \
        " UNION ALL SELECT idx, type || CASE WHEN state IN ('', 'open') OR type = 'note' THEN '' ELSE ' ' || state END,"     \
        " about || CASE about WHEN '' THEN '' ELSE ': ' END || text, record, said_ms" \
        " FROM post WHERE " SINCE " AND withdrawn IS NULL) ORDER BY idx")                                     \
    X(V_ASSESSMENTS, "SELECT slug, generation, idx, record, year, judgement, hash, quartet, missing, audience, said_ms," \
        " withdrawn, text, note, coalesce(withdrawn_ms, 0)" \
        " FROM assessment WHERE counted = 1 AND (?1 IS NULL OR slug = ?1) AND (?2 = 0 OR year = ?2)" \
        " ORDER BY slug, year DESC, generation DESC, idx DESC")                                               \
    X(V_ASSESSMENTS_CURRENT, "SELECT slug, generation, idx, record, year, judgement, hash, quartet, missing, audience, said_ms," \
        " withdrawn, text, note, coalesce(withdrawn_ms, 0)" \
        " FROM assessment_current WHERE (?1 IS NULL OR slug = ?1) AND (?2 = 0 OR year = ?2)" \
        " ORDER BY slug, year DESC")                                                                          \
    X(V_ASSESSMENT_SIGNATURES, "SELECT role, name, valid, key FROM assessment_signature WHERE " PLACE " ORDER BY n") \
    X(V_DEFINITION_IN_FORCE, "SELECT d.id, d.title, d.numerator, d.denominator, d.unit, d.multiplier, d.decimals, d.polarity," \
        " d.people, d.parts_rounded, d.basis, d.slug, d.generation, d.idx, d.parts, d.hash FROM definition d"  \
        " JOIN member m USING (slug)"                                                                         \
        " WHERE d.id = ?1 AND d.withdrawn IS NULL AND m.is_member = 1 AND (m.role = 'lead' OR m.is_first_steward = 1)" \
        " ORDER BY m.role = 'lead' DESC, d.said_ms DESC, d.slug, d.generation DESC, d.idx DESC LIMIT 1")      \
    X(V_DEFINITION_BY_HASH, "SELECT id, title, numerator, denominator, unit, multiplier, decimals, polarity,"  \
        " people, parts_rounded, basis, slug, generation, idx, parts, hash FROM definition WHERE hash = ?1"    \
        " AND title <> '' LIMIT 1")                                                                           \
    X(V_DEFINITION_IDS, "SELECT DISTINCT d.id FROM definition d JOIN member m USING (slug)"            \
        " WHERE d.withdrawn IS NULL AND m.is_member = 1 AND (m.role = 'lead' OR m.is_first_steward = 1) ORDER BY d.id") \
    X(V_OWN_EPOCHS, "SELECT e.audience, e.epoch, e.idx, e.charter, coalesce(e.title, ''), coalesce(e.readers, ''), k.key," \
        " EXISTS (SELECT 1 FROM member m WHERE instr(' ' || coalesce(e.readers, '') || ' ', ' ' || m.slug || ' ') > 0" \
        " AND (m.box_since_ms = 0 OR m.box_since_ms + ?3 > e.said_ms)"                                        \
        " AND EXISTS (SELECT 1 FROM identity i WHERE i.slug = m.slug AND i.box_key <> m.box_key))"            \
        " FROM epoch e LEFT JOIN epoch_key k USING (slug, generation, audience, epoch)"                       \
        " WHERE e.slug = ?1 AND e.generation = ?2 AND e.epoch = (SELECT max(x.epoch) FROM epoch x"            \
        " WHERE x.slug = e.slug AND x.generation = e.generation AND x.audience = e.audience) ORDER BY e.audience") \
    X(V_EPOCHS_ALL, "SELECT e.slug, e.generation, e.audience, e.epoch, e.charter, e.boxes, e.said_ms,"        \
        " coalesce(e.readers, ''), k.key IS NOT NULL FROM epoch e"                                            \
        " LEFT JOIN epoch_key k USING (slug, generation, audience, epoch) ORDER BY e.charter, e.slug, e.generation, e.epoch") \
    X(V_GRANT_HAS, "SELECT 1 FROM granted g JOIN member m ON m.slug = g.granter WHERE g.reader = ?1 AND g.box_key = ?2" \
        " AND g.slug = ?3 AND g.generation = ?4 AND g.audience = ?5 AND g.epoch = ?6"                         \
        " AND m.role IN ('authority', 'lead') LIMIT 1")                                                       \
    /* search: temp.found is made by search.c */                                                              \
    X(V_TEXT_GATHER, "INSERT INTO temp.found (kind, slug, record, said_at, title, body)"                      \
        " SELECT 'definition', slug, record, said_at, id || ' ' || title, numerator || ' ' || denominator || ' ' || basis" \
        " FROM definition WHERE withdrawn IS NULL"                                                            \
        " UNION ALL SELECT 'return', slug, record, said_at, title, signed_off FROM batch_return WHERE withdrawn IS NULL" \
        " UNION ALL SELECT 'collection', slug, record, said_at, title, indicators FROM collection WHERE withdrawn IS NULL" \
        " UNION ALL SELECT type, slug, record, said_at, about, text FROM post WHERE withdrawn IS NULL"        \
        " UNION ALL SELECT 'assessment', slug, record, said_at, 'self-assessment ' || year," \
        " replace(substr(text, instr(text, char(10) || char(10)) + 2), char(10), ' ') FROM assessment_current" \
        " UNION ALL SELECT 'member', slug, '', '', slug || ' ' || coalesce(name, ''), role FROM member"       \
        " WHERE is_member = 1 OR is_former = 1")                                                              \
    X(V_TEXT_PUT, "INSERT INTO temp.found (kind, slug, record, said_at, title, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
    X(V_TEXT_FIND, "SELECT kind, slug, record, said_at, title, body, snippet(found, -1, '[', ']', '...', 16) FROM temp.found" \
        " WHERE found MATCH ?1 ORDER BY bm25(found, 0, 0, 0, 0, 4.0, 1.0), said_at DESC, record LIMIT ?2")    \
    /* public figures */                                                                                      \
    X(V_REF_FILES, "SELECT name, kind, form, source, vintage, imported_at, sha256, size, n, head"             \
        " FROM reference_file ORDER BY name")                                                                 \
    X(V_REF_FILE_PUT, "INSERT INTO reference_file (name, kind, form, source, vintage, imported_at, sha256, size, n, head)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")                                                  \
    X(V_REF_FILE_DROP, "DELETE FROM reference_file WHERE name = ?1")                                          \
    X(V_REF_FIGURES_DROP, "DELETE FROM reference_figure WHERE file = ?1")                                     \
    X(V_REF_NEIGHBOURS_DROP, "DELETE FROM reference_neighbour WHERE file = ?1")                               \
    X(V_REF_JUDGEMENTS_DROP, "DELETE FROM reference_judgement WHERE file = ?1")                               \
    X(V_REF_POPULATIONS_DROP, "DELETE FROM reference_population WHERE file = ?1")                             \
    X(V_REF_FIGURE_PUT, "INSERT INTO reference_figure (file, level, place, dfe, name, indicator, period, time_identifier," \
        " breakdown, numerator_mantissa, numerator_scale, numerator, denominator_mantissa, denominator_scale, denominator," \
        " value_mantissa, value_scale, value, status, vintage, definition) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10," \
        " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)")                                            \
    X(V_REF_NEIGHBOUR_PUT, "INSERT INTO reference_neighbour (file, slug, rank, neighbour, closeness) VALUES (?1, ?2, ?3, ?4, ?5)") \
    X(V_REF_JUDGEMENT_PUT, "INSERT INTO reference_judgement (file, slug, inspected, type, published, overall, leaders, help," \
        " care, leavers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")                                   \
    X(V_REF_POPULATION_PUT, "INSERT INTO reference_population (file, level, place, dfe, name, period, age, persons)" \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                                           \
    X(V_REF_CURRENT, "SELECT f.level, f.place, f.file, s.source, f.vintage, f.numerator_mantissa, f.numerator_scale," \
        " f.denominator_mantissa, f.denominator_scale, f.value_mantissa, f.value_scale, f.status, f.definition" \
        " FROM reference_figure f JOIN reference_file s ON s.name = f.file WHERE " FIGURE_KEY " AND f.vintage <= ?5" \
        " ORDER BY f.place, f.vintage DESC, value IS NULL, numerator IS NULL, denominator IS NULL, s.imported_at DESC, f.file") \
    X(V_REF_INDICATOR_NEXT, "SELECT indicator FROM reference_figure WHERE indicator > ?1 ORDER BY indicator LIMIT 1") \
    X(V_REF_PERIODS, "SELECT DISTINCT period, time_identifier FROM reference_figure WHERE indicator = ?1 AND breakdown = ?2" \
        " AND level = 'authority' ORDER BY period DESC, time_identifier DESC")                                \
    X(V_REF_NEIGHBOUR_GET, "SELECT neighbour FROM reference_neighbour WHERE file = ?1 AND slug = ?2 AND rank = ?3") \
    X(V_REF_POPULATION, "SELECT p.age, p.persons, s.name, s.source, s.vintage FROM reference_file s"          \
        " CROSS JOIN reference_population p ON p.file = s.name AND p.place = ?1 AND p.period = ?2"            \
        " WHERE s.kind = 'populations' AND s.vintage <= ?3 ORDER BY s.vintage DESC, s.imported_at DESC, s.name") \
    X(V_REF_JUDGEMENTS, "SELECT j.inspected, j.published, j.type, j.overall, j.leaders, j.help, j.care, j.leavers, s.source" \
        " FROM reference_judgement j JOIN reference_file s ON s.name = j.file WHERE j.slug = ?1"              \
        " ORDER BY j.inspected DESC, j.type = 'ILACS Short Inspection', s.vintage DESC LIMIT 1")              \
    X(V_PROBLEM_EACH, "SELECT slug, generation, idx, reason FROM problem ORDER BY slug, generation, idx")

enum vsql_id {
#define X(sym, text) sym,
    VSQLS(X)
#undef X
    VSQL_COUNT
};

struct vsql {
    struct view *v;
    sqlite3_stmt *st;
    int n_bound;
    bool is_spare;                          /* prepared for this use only */
    enum err e;
};

struct vsql vsql_start(struct view *v, enum vsql_id id);
/* Each binds the next parameter; bytes and text are borrowed until vsql_end. */
void vsql_int(struct vsql *q, int64_t x);
void vsql_u64(struct vsql *q, uint64_t x);
void vsql_real(struct vsql *q, double x);
void vsql_null(struct vsql *q);
void vsql_fixed(struct vsql *q, const void *p, size_t len);
void vsql_text(struct vsql *q, const char *s);
void vsql_text_bytes(struct vsql *q, struct bytes utf8);
void vsql_text_or_null(struct vsql *q, const char *s);          /* NULL: null */

/* True with a row to read; false at the end or after a failure. */
bool vsql_row(struct vsql *q);
int64_t vsql_col_int(const struct vsql *q, int col);
uint64_t vsql_col_u64(const struct vsql *q, int col);
bool vsql_col_is_null(const struct vsql *q, int col);
/* Borrowed until the next vsql_row or vsql_end; never NULL. */
const char *vsql_col_text(struct vsql *q, int col);
struct bytes vsql_col_bytes(struct vsql *q, int col);
/* A copy cut off at `size`; what we wrote always fits. */
void vsql_col_copy(struct vsql *q, int col, char *ret, size_t size);
/* A blob of exactly `len`, else ERR_CORRUPT is remembered and false returned. */
bool vsql_col_fixed(struct vsql *q, int col, void *ret, size_t len);

/* Ends the use and says how it went. */
MUST_USE enum err vsql_end(struct vsql *q);
/* For statements without rows: step, end. */
MUST_USE enum err vsql_run(struct vsql *q);
/* Was there a row? For statements that only ask that. */
MUST_USE enum err vsql_any(struct vsql *q, bool *ret);

MUST_USE enum err vsql_script(struct view *v, const char *text);
MUST_USE enum err vsql_begin(struct view *v);
/* OK commits; anything else undoes. Returns what became of it. */
MUST_USE enum err vsql_finish(struct view *v, enum err e);
void vsql_forget(struct view *v);

#endif

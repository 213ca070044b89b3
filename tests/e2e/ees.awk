# tests/e2e/ees.awk - what a release changes of one authority's figures, from the DfE's files alone.
#
#     awk -v code=845 -v table=b1 -f ees.awk OLD.csv NEW.csv       -> "NEW REVISED UNCHANGED" of the second file
#
# It shares nothing with the program: its own CSV reader and its own table of columns.

function split_csv(line, out,    n, field, quoted, i, c)
{
    n = 0; field = ""; quoted = 0
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) { out[++n] = field; field = "" }
        else field = field c
    }
    out[++n] = field
    return n
}

function number(s) { return s ~ /^[0-9.]+$/ }

# A figure as it is kept: numbers by value, a symbol alone, nothing out of nothing.
function shape(n, d, v,    keep, count)
{
    keep = number(d) ? d + 0 : "-"
    count = number(n) && !(n + 0 == 0 && keep == "0") ? n + 0 : "-"
    if (v != "" && !number(v)) return (v == "c" ? "-" : count) "/" keep "/" v
    if (v == "" && n != "" && !number(n)) return "-/" keep "/" n
    if (number(d) && d + 0 == 0) return "-/0/z"
    return (number(n) ? n + 0 : "-") "/" keep "/" (number(v) ? v + 0 : "none")
}

function put(id, period, n, d, v) { said[FILENAME, id "@" period] = shape(n, d, v); seen[id "@" period] = 1 }

function col(name) { return f[at[tolower(name)]] }

BEGIN {
    same = "Living with the same carer for at least 2 years"
    plus = "With 3 or more placements during the year"
}
{ sub(/\r$/, "") }
FNR == 1 {
    sub(/^\357\273\277/, "")
    files[++n_files] = FILENAME
    delete at
    n = split_csv($0, f)
    for (i = 1; i <= n; i++) at[tolower(f[i])] = i
    next
}
{
    delete f
    split_csv($0, f)
    if (col("geographic_level") != "Local authority" || col("old_la_code") != code) next
    p = col("time_period")
}
table == "b1" { put("cin_rate", p, col("At31_episodes"), "", col("At31_episodes_rate")) }
table == "c1" {
    put("referral_rate", p, col("Referrals"), "", col("Referrals_rate"))
    put("rereferral_pct", p, col("Re_referrals"), col("Referrals"), col("Re_referrals_percent"))
    put("referral_nfa_pct", p, col("No_Further_Action"), col("Referrals"), col("No_Further_Action_percent"))
}
table == "d3" { put("cpp_repeat_pct", p, col("CPP_subsequent"), col("CPP_start"), col("CPP_subsequent_percent")) }
table == "d5" {
    put("cpp_rate", p, col("CPP_At31"), "", "")
    put("cpp_2yr_pct", p, col("2_years_or_more"), col("CPP_At31"), col("2_years_or_more_percent"))
}
table == "cla" { put(col("population_count"), p, col("number"), col("population_estimate"), col("rate_per_10000")) }
table == "csww" {
    put("turnover", p, col("leavers_fte"), col("inpost_fte"), col("turnover_rate_fte"))
    put("agency", p, col("agency_fte"), "", col("agency_rate_fte"))
    put("vacancy", p, col("vacancy_fte"), "", col("vacancy_rate_fte"))
    put("caseload", p, col("cases"), col("case_holders_fte"), col("caseload_fte"))
    put("absence", p, col("working_days_lost_fte"), "", col("absence_rate_fte"))
}
table == "placement_stability" {
    group = col("cla_group"); words = col("placement_stability")
    id = group ~ /2\.5 years/ ? "same" : group == "CLA on 31 March" ? "plus" : ""
    if (id == "") next
    if (words == "Total children") total[FILENAME, id, p] = col("number")
    else if (words == plus || substr(words, 1, length(same)) == same) {
        count[FILENAME, id, p] = col("number"); share[FILENAME, id, p] = col("percentage")
    }
}
END {
    for (k in count) {
        split(k, part, SUBSEP)
        FILENAME = part[1]
        put(part[2], part[3], count[k], total[k], share[k])
    }
    for (k in seen) {
        if (!((files[2], k) in said)) continue
        if (!((files[1], k) in said)) new++
        else if (said[files[1], k] == said[files[2], k]) unchanged++
        else revised++
    }
    print new + 0, revised + 0, unchanged + 0
}

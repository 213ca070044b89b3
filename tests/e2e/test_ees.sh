#!/bin/sh
# tests/e2e/test_ees.sh - the DfE's own files as they are: three authorities publish each table as first released, then
# as released a year later. What is new, revised and unchanged is counted beside it from the files alone (ees.awk). Then wrong
# cells are planted in them (plant.awk), and each has to be found at its line and column.
#
# $FOLKMOOT_DATA/ees_files, else ../shared/data/ees_files, else tests/data/ees: the same files, cut down to a few authorities.
. tests/e2e/lib.sh

EES=${FOLKMOOT_DATA:-../shared/data}/ees_files
[ -d "$EES" ] || EES=tests/data/ees
echo "# files of $EES"

# publishes HOME NEW REVISED UNCHANGED ARGUMENTS...
publishes() {
    who=$1 want="\"published\":$2,\"revised\":$3,\"unchanged\":$4,"; shift 4
    said=$(fm "$who" --json publish "$@" 2>"$W/err") || { cat "$W/err"; echo "$said"; return 1; }
    has "$(echo "$said" | tr -d '\n ')" "$want"
}
# release HOME CODE TABLE OLD NEW: both releases of one table.
release() {
    who=$1 code=$2 table=$3 old=$4 new=$5
    set -- $(awk -v code="$code" -v table="$table" -f tests/e2e/ees.awk "$old" "$new")
    echo "expected of the second: $1 new, $2 revised, $3 unchanged"
    [ $(($1 + $2 + $3)) -gt 0 ] || return 1
    all=$(awk -v code="$code" -v table="$table" -f tests/e2e/ees.awk "$old" "$old")
    publishes "$who" "${all##* }" 0 0 "$old" || return 1
    publishes "$who" 0 0 "${all##* }" "$old" || return 1
    if [ "$2" -gt 0 ]; then
        fm "$who" publish "$new" >"$W/out" 2>&1 && { echo "it changed figures without a reason"; return 1; }
    fi
    publishes "$who" "$1" "$2" "$3" "$new" --reason late-data || return 1
    publishes "$who" 0 0 $(($1 + $2 + $3)) "$new"
}

for code in 845 850 825; do
    home "h$code" "$code" && found "h$code" "South East"
    for table in b1 c1 cla csww d3 d5 la_cla; do
        set -- "$EES/$table"_*.csv
        name=$table
        [ "$table" = la_cla ] && name=placement_stability
        ok "$code publishes both releases of $name" release "h$code" "$code" "$name" "$1" "$2"
    done
done

# ---- a wrong cell, anywhere ----

# noticed FILE COLUMN BAD ROW WHERE: planted there, it is refused at that line and column, and nothing is published.
noticed() {
    rm -f "$W/line"
    LC_ALL=C awk -v code=845 -v column="$2" -v bad="$3" -v row="$4" -v where="$5" -v line_to="$W/line" -f tests/e2e/plant.awk "$1" >"$W/planted.csv"
    [ -s "$W/line" ] || { echo "no such cell: $2 in $1"; return 1; }
    said=$(fm h845 --json publish "$W/planted.csv" --reason correction 2>/dev/null) && { echo "it published: $3 for $2 in $1"; return 1; }
    has "$said" '"published":0,"revised":0,' && has "$said" "\"line\":$(cat "$W/line"),\"column\":\"$2\"" || { echo "$3 for $2 in $1, line $(cat "$W/line")"; return 1; }
}
# any_cell TABLE WHERE COLUMN...: the columns that say whose and when, and those given; in both releases, in several rows.
any_cell() {
    table=$1 where=$2; shift 2
    i=0 planted=0
    for file in "$EES/$table"_*.csv; do
        for cell in time_period=2O24 time_identifier=Yaer "geographic_level=Local authorty" old_la_code=84S new_la_code=E1000001l la_name=Hampshire "$@"; do
            case $cell in *=*) ;; *) cell=$cell=6S7;; esac
            i=$((i % 7 + 1))
            noticed "$file" "${cell%%=*}" "${cell#*=}" $i "$where" || return 1
            planted=$((planted + 1))
        done
    done
    echo "$planted cells"
}
size=$(log_size h845 east-sussex)
ok "a wrong cell of b1 is found" any_cell b1 "" At31_episodes At31_episodes_rate
ok "of c1" any_cell c1 "" Referrals Referrals_rate Re_referrals Re_referrals_percent No_Further_Action No_Further_Action_percent
ok "of d3" any_cell d3 "" CPP_start CPP_subsequent CPP_subsequent_percent
ok "of d5" any_cell d5 "" CPP_At31 2_years_or_more 2_years_or_more_percent
ok "of cla" any_cell cla "at 31 March" number population_estimate rate_per_10000 "population_count=Children looked after"
ok "of csww" any_cell csww "" leavers_fte inpost_fte turnover_rate_fte agency_fte agency_rate_fte vacancy_fte vacancy_rate_fte cases case_holders_fte \
    caseload_fte working_days_lost_fte absence_rate_fte
ok "of placement_stability" any_cell la_cla "With 3 or more placements during the year" number percentage "placement_stability=With 3 or more" "cla_group=CLA"
ok "and nothing was published of any of them" holds_so_many h845 east-sussex "$size"

says_table() { has "$(fm h845 publish "$1" --dry-run)" "read as the DfE's table $2"; }
ok "it says which table it took the file for" says_table "$EES"/d5_*2024_*.csv d5
ok "and in the document" json_has h845 '"table":"d5"' publish "$EES"/d5_*2024_*.csv --dry-run

# The populations are nobody's return: `publish` says where they belong, and there they are taken. A row of each place and year.
populations() {
    rows=$(LC_ALL=C awk -F, 'NR > 1 && $NF ~ /^[0-9]+\r?$/ { n++ } END { print n }' "$1")
    refuses 1 'populations that others publish' fm h845 publish "$1" && json_has h845 "\"kind\":\"populations\"" reference import "$1" --source ONS &&
        json_has h845 "\"imported\":$rows," reference import "$1" --source "ONS again"
}
ok "populations are imported, and not published" populations "$EES"/ons_*.csv

# ---- what is wrong with a file ----

sed 's/At31_episodes_rate/At31_rate/' "$EES"/b1_*2024_*.csv >"$W/renamed.csv"
ok "a table with a column renamed says which" refuses 1 'looks like the DfE.s table b1.*no column `At31_episodes_rate`' fm h845 publish "$W/renamed.csv"
cat >"$W/map.csv" <<'CSV'
indicator,numerator,denominator,value
cin_rate,At31_episodes,,At31_rate
CSV
mapped() { publishes h845 0 0 "$(awk -v code=845 -v table=b1 -f tests/e2e/ees.awk "$1" "$1" | sed 's/.* //')" "$W/renamed.csv" --indicators "$W/map.csv"; }
ok "a map of one's own reads it" mapped "$(echo "$EES"/b1_*2024_*.csv)"

truncate -s 200M "$W/big.csv"
ok "a file of 200 MB is refused by its limit" refuses 1 'is larger than 64 MiB' fm h845 publish "$W/big.csv"
big_stdin() { fm h845 publish - <"$W/big.csv"; }
ok "and on stdin" refuses 1 'is larger than 64 MiB' big_stdin
from_stdin() { fm h845 --json publish - --dry-run <"$1" | tr -d ' \n' | grep -q '"table":"d3"'; }
ok "a table comes through stdin" from_stdin "$EES"/d3_*2024_*.csv

sed '2,$s/^2024,Reporting year,Local authority/2024,Reporting year,Local authorty/' "$EES"/d3_*2024_*.csv >"$W/level.csv"
ok "a row of ours with its level misspelt is no row of others" refuses 1 'no geographic level, and the row is ours' fm h845 publish "$W/level.csv"

cp "$W/level.csv" "$W/kept.csv"
ok "--errors never writes over a file that is read" refuses 2 'this is the file that is published' fm h845 publish "$W/level.csv" --errors "$W/./level.csv"
ok "and leaves it as it was" cmp "$W/level.csv" "$W/kept.csv"
annotated() {
    ends 1 fm h845 publish "$W/level.csv" --errors "$W/errors.csv" >/dev/null 2>&1 &&
        [ "$(wc -l <"$W/errors.csv")" -eq "$(wc -l <"$W/level.csv")" ] &&
        [ "$(grep -c 'no geographic level' "$W/errors.csv")" -eq 1 ] && sed 1q "$W/errors.csv" | grep -q ',problem'
}
ok "--errors writes every row back, the wrong ones with what is wrong" annotated
finish

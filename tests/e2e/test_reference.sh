#!/bin/sh
# tests/e2e/test_reference.sh - public figures beside the members' own: imported, kept, compared; and held against the DfE's
# interactive tool and its totals.
. tests/e2e/lib.sh

export FOLKMOOT_HOME="$W/home"
R=tests/data/reference
run 0 init 845 --unprotected && run 0 alliance create "South East" || exit 1

# imports FILE KIND ROWS [OPTION...]
imports() {
    file=$1 kind=$2 rows=$3; shift 3
    run 0 reference import "$file" --source "a test" "$@" --json && is_document reference-import &&
        prints '{"schema":"folkmoot.reference-import/1","name":"[a-z]' && prints "\"kind\":\"$kind\"" && prints "\"imported\":$rows,"
}
# The document of `compare` has this part.
compares() { part=$1; shift; run 0 compare "$@" --json && is_document compare && prints "$part"; }
lists() { run 0 reference list --json && prints "$1"; }

# ---- the kinds, by their columns ----

HEAD='time_period,time_identifier,geographic_level,country_code,region_code,old_la_code,new_la_code,la_name'
cat >"$W/long.csv" <<CSV
$HEAD,indicator,numerator,denominator,value
2024,Reporting year,Local authority,E92000001,E12000008,846,E06000043,Brighton and Hove,rereferral_pct,20,100,20.0
2024,Reporting year,Local authority,E92000001,E12000003,383,E08000035,Leeds,rereferral_pct,30,100,30.0
2024,Reporting year,Local authority,E92000001,E12000008,845,E10000011,East Sussex,rereferral_pct,40,100,40.0
2023,Reporting year,Local authority,E92000001,E12000003,383,E08000035,Leeds,rereferral_pct,25,100,25.0
2024,Reporting year,Regional,E92000001,E12000008,,,,rereferral_pct,60,190,30.3
2024,Reporting year,National,E92000001,,,,,rereferral_pct,90,310,30.4
2024,Reporting year,Ward,E92000001,E12000008,845,E10000011,,rereferral_pct,1,2,50.0
CSV
cat >"$W/neighbours.csv" <<'CSV'
old_la_code,la_name,rank,neighbour_old_la_code,closeness
845,East Sussex,1,383,Close
845,East Sussex,2,846,Somewhat Close
CSV
cat >"$W/judgements.csv" <<'CSV'
Local authority area code,Local authority name,Inspection date,Publication date,Overall effectiveness,The experiences and progress of children in care
E10000011,East Sussex,2023-12-11,2024-02-01,Good,Outstanding
CSV
cat >"$W/populations.csv" <<'CSV'
time_period,time_identifier,geographic_level,country_code,region_code,old_la_code,new_la_code,age_group,population_estimate
2024,Reporting year,Local authority,E92000001,E12000008,845,E10000011,Children aged 0 to 17 years,"103,613"
2024,Reporting year,National,E92000001,,,,Children aged 0 to 17 years,12183016
2012,Reporting year,Local authority,E92000001,E12000009,838,E06000059,Children aged 0 to 17 years,x
CSV
ok "figures in long form, of authorities, a region and England" imports "$W/long.csv" figures 6 --vintage 2024-11-01
ok "a table of the DfE's" imports tests/data/ees/c1_*2024__*.csv figures 192 --vintage 2024-11-01 --name c1
ok "statistical neighbours" imports "$W/neighbours.csv" neighbours 2
ok "judgements" imports "$W/judgements.csv" judgements 1
ok "populations, and who has none" imports "$W/populations.csv" populations 2
ok "all of them are listed" lists '"name":"neighbours","kind":"neighbours","n":2,'
again() { run 0 reference import "$W/judgements.csv" --source "a test" --json && prints '"unchanged":true'; }
ok "the same again changes nothing" again
run 0 reference remove c1 || exit 1

t() { run 1 publish "$W/neighbours.csv" && prints 'neighbours that others publish' && prints 'reference import'; }
ok "who would publish such a file is told what it is" t

# ---- a failed import changes nothing ----

snapshot() { (cd "$FOLKMOOT_HOME/private" && ls -l reference && cat reference/*) | cksum >"$W/$1"; }
# fails_at LINE COLUMN WORDS FILE: refused there, and what was there stands.
fails_at() {
    snapshot before
    run 1 reference import "$4" --source "a test" --name long --json && is_document reference-import &&
        prints "\"line\":$1,\"column\":$2,\"problem\":\"[^\"]*$3" && prints '"imported":0' || return 1
    snapshot after
    cmp "$W/before" "$W/after" && lists '"name":"long","kind":"figures","n":6,'
}
wrong() { sed "$1" "$W/$2.csv" >"$W/wrong.csv"; }
wrong '3s/E08000035/E08000036/' long
ok "codes of two authorities" fails_at 3 '"new_la_code"' "another authority's" "$W/wrong.csv"
wrong '3s/,383,E08000035,Leeds/,999,,Nowhere/' long
ok "a code that nobody has" fails_at 3 '"old_la_code"' 'no code that the register knows' "$W/wrong.csv"
wrong '3s/30.0/31.0/' long
ok "a value that does not follow" fails_at 3 '"value"' 'does not follow' "$W/wrong.csv"
wrong '6s/E12000008/E12000099/' long
ok "a region that is none" fails_at 6 '"region_code"' 'no code of a region' "$W/wrong.csv"
wrong '4s/Local authority/Local authorty/' long
ok "a level that is none" fails_at 4 '"geographic_level"' 'no geographic level' "$W/wrong.csv"
{ cat "$W/long.csv"; sed -n 3p "$W/long.csv"; } >"$W/wrong.csv"
ok "two rows for one figure of one authority" fails_at 9 null 'line 3 already' "$W/wrong.csv"
wrong '2s/,383,/,384x,/' neighbours
ok "a neighbour that nobody is" fails_at 2 '"neighbour_old_la_code"' 'no code that the register knows' "$W/wrong.csv"
wrong '3s/,2,/,1,/' neighbours
ok "two neighbours of one rank" fails_at 3 null 'line 2 already' "$W/wrong.csv"
wrong '3s/,846,Somewhat Close//' neighbours
ok "a row that is cut off" fails_at 3 null 'the row has 3 cells, the header 5' "$W/wrong.csv"
wrong '2s/Good/Godo/' judgements
ok "a judgement that is none" fails_at 2 '"Overall effectiveness"' 'is no judgement' "$W/wrong.csv"
wrong '2s/2023-12-11/11-12-2023/' judgements
ok "a date that is none" fails_at 2 '"Inspection date"' 'is no date' "$W/wrong.csv"
wrong '2s/"103,613"/10.5/' populations
ok "half a person" fails_at 2 '"population_estimate"' 'no number of persons' "$W/wrong.csv"
wrong '1s/rank/place/' neighbours
ok "a column renamed is named" fails_at 1 '"rank"' 'file of neighbours' "$W/wrong.csv"
printf 'a,b\n1,2\n' >"$W/wrong.csv"
ok "columns of nothing known" fails_at 1 null 'no public figures' "$W/wrong.csv"
printf 'time_period,old_la_code,indicator,value\n2024,845,"rereferral_pct,1\n' >"$W/wrong.csv"
ok "a quote that is not closed" fails_at 2 null 'never closed' "$W/wrong.csv"
truncate -s 200M "$W/big.csv"
ok "200 MB are refused by their limit" refuses 1 'larger than 64 MiB' "$F" reference import "$W/big.csv" --source x
ok "a source is needed" refuses 2 'it needs a source' "$F" reference import "$W/long.csv"
ok "a vintage is a date" refuses 2 'no date' "$F" reference import "$W/long.csv" --source x --vintage 2024-13-01
ok "what was never imported is not removed" refuses 2 'did you mean `long`' "$F" reference remove lomg

# ---- kept as they came ----

kept() {
    [ "$(stat -c %a "$FOLKMOOT_HOME/private/reference")" = 700 ] && [ "$(stat -c %a "$FOLKMOOT_HOME/private/reference/long")" = 600 ] &&
        tail -c "$(wc -c <"$W/long.csv")" "$FOLKMOOT_HOME/private/reference/long" | cmp - "$W/long.csv"
}
ok "byte for byte, and for nobody else" kept
{ printf '\357\273\277'; sed 's/Leeds/"Leeds \x92"/; s/$/\r/' "$W/long.csv"; } >"$W/excel.csv"
ok "a spreadsheet's file says the same" imports "$W/excel.csv" figures 6 --vintage 2024-11-01 --name excel
run 0 reference remove excel || exit 1
says_again() { run 0 compare rereferral_pct --period 2024 --with all --json && cp "$W/out" "$W/$1.json"; }
says_again before
rm "$FOLKMOOT_HOME"/private/view.db*
rebuilt() { says_again after && cmp "$W/before.json" "$W/after.json" && lists '"name":"judgements"'; }
ok "a view that is deleted is made again, with them" rebuilt
cp "$FOLKMOOT_HOME/private/reference/neighbours" "$W/neighbours.kept"
sed -i 's/,1,383,/,1,846,/' "$FOLKMOOT_HOME/private/reference/neighbours"
rm "$FOLKMOOT_HOME"/private/view.db*
damaged() { run 0 reference list --json && says 'private/reference/neighbours is damaged' && no grep -q '"neighbours"' "$W/out" && prints '"name":"long"'; }
ok "a damaged one is left out, and said" damaged
cp "$W/neighbours.kept" "$FOLKMOOT_HOME/private/reference/neighbours"
ok "and taken up again when it is whole" lists '"name":"neighbours"'

# A command that was cut off between keeping a file and reading it leaves a view that knows the one before.
changed() {
    cp "$FOLKMOOT_HOME/private/reference/long" "$W/long.kept" && sed 's/,30,100,30.0/,31,100,31.0/' "$W/long.csv" >"$W/changed.csv" &&
        run 0 reference import "$W/changed.csv" --name long --source "a test" --vintage 2024-11-01 --json && prints '"replaced":true' &&
        compares '"slug":"leeds"[^}]*"value":"31.0"' rereferral_pct --period 2024 --with all || return 1
    cp "$W/long.kept" "$FOLKMOOT_HOME/private/reference/long"
    compares '"slug":"leeds"[^}]*"value":"30.0"' rereferral_pct --period 2024 --with all
}
ok "a file that changed since is read again" changed

# ---- beside the members' own ----

ok "the set of the alliance has nobody's public figure" refuses 1 'no figure of any period' "$F" compare rereferral_pct
ok "a public figure is marked, with its source" compares '"name":"Leeds","source":"reference","numerator"\|"slug":"leeds","name":"Leeds","source":"reference","value":"30.0".*"reference":"a test","vintage":"2024-11-01"' rereferral_pct --with all
ok "it is nobody's return" compares '"returns":0,' rereferral_pct --with all
ok "the South East and England stand beneath" compares '"areas":\[{"code":"E12000008","name":"South East","source":"reference","numerator":60,"denominator":190,"value":"30.3".*{"code":"E92000001","name":"England"' rereferral_pct --with all
ok "a region by its code" compares '"n":2,"missing":\[[^]]*"kent"' rereferral_pct --region E12000008
sed 's/,30,100,30.0/,29,100,29.0/' "$W/long.csv" >"$W/older.csv"
run 0 reference import "$W/older.csv" --source "a test" --vintage 2024-02-16 || exit 1
ok "of that day the release of that day" compares '"slug":"leeds"[^}]*"value":"29.0"[^}]*"vintage":"2024-02-16"' rereferral_pct --period 2024 --with england --as-of 2024-10-31
ok "the newest release stands" compares '"slug":"leeds"[^}]*"value":"30.0"' rereferral_pct --with england
ok "and what was not released then is not known" refuses 1 'no public figures of that period' "$F" compare rereferral_pct --period 2024 --with england --as-of 2024-02-15
own() { figures own 845 2024 10 && run 0 publish "$W/own.csv" --offline; }
ok "we publish our own" own
ok "which stands before the public one" compares '"slug":"east-sussex","name":"East Sussex","source":"member","value":"6.0"' rereferral_pct --with england
ok "alone in the alliance, as ever" compares '"n":1,"missing":\[\],' rereferral_pct
ok "with a word about so few" compares '"code":"few-returns","text":"Fewer than three returns' rereferral_pct
ok "withdrawn" run 0 withdraw rereferral_pct@2024 --reason mistake --yes --offline
ok "nobody puts it back" compares '"slug":"east-sussex","name":"East Sussex","source":"member","value":null,[^}]*"status":"withdrawn"' rereferral_pct --period 2024 --with england
covers() { run 0 coverage --json && prints '"slug":"east-sussex"[^}]*"records":3,'; }
ok "coverage counts no public figures" covers

# A member that has returned nothing, and of which there is a public figure.
run 0 publish "$W/own.csv" --offline || exit 1
"$F" -q -C "$W/brighton" init 846 --unprotected >"$W/setup" 2>&1 && "$F" -q -C "$W/brighton" id --export "$W/brighton.id" >>"$W/setup" 2>&1 &&
    run 0 alliance admit --identity "$W/brighton.id" --yes --offline || exit 1
ok "in the alliance it is missing, whatever others published" compares '"n":1,"missing":\["brighton-and-hove"\],.*"slug":"brighton-and-hove",[^}]*"source":"member","value":null,' rereferral_pct --period 2024
ok "and asked for by name" compares '"n":2,"missing":\["brighton-and-hove"\]' rereferral_pct --period 2024 --with 846,845,383
ok "in England its public figure stands, marked" compares '"slug":"brighton-and-hove",[^}]*"source":"reference","value":"20.0",' rereferral_pct --period 2024 --with england
run 0 withdraw rereferral_pct@2024 --reason mistake --yes --offline || exit 1

# ---- neighbours ----

ok "those of the built-in model, across regions" compares '"neighbours":{"mean":null,"median":null,"n":0,' rereferral_pct --period 2024
ok "none of them has a figure: in words" compares '"code":"no-usable-neighbours","text":"No usable neighbours: of the 10 of East Sussex none has a figure here' rereferral_pct --period 2024
ok "those of an imported model, by name" compares '"neighbours":{"mean":"25.0","median":"25.0","n":2,.*"of":"east-sussex","model":"neighbours","used":\["leeds","brighton-and-hove"\]' rereferral_pct --period 2024 --with neighbours --model neighbours
ok "a model that is none" refuses 2 'did you mean `neighbours`' "$F" compare rereferral_pct --with all --model neihgbours
ok "an authority that is no member has neighbours too" compares '"of":"leeds","model":"2025"' rereferral_pct --with all --authority 383
ok "members and others by name" compares '"n":1,"missing":\["east-sussex"\],.*"slug":"leeds".*"slug":"east-sussex"' rereferral_pct --period 2024 --with 383,East-Sussex
ok "a name that nobody has" refuses 2 'no member' "$F" compare rereferral_pct --with nowhere

# ---- every indicator at once ----

# What people see, and what programs do. Leeds and Kent are no members here.
shows() { part=$1; shift; run 0 "$@" && prints "$part"; }
documents() { what=$1 part=$2; shift 2; run 0 "$what" "$@" --json && is_document "$what" && prints "$part"; }
ok "the alliance's rug knows no public figure" refuses 1 'no figure of period 2024' "$F" rug --period 2024 --with 846
ok "in England's each is marked, with its source and no record" documents rug '{"slug":"leeds","value":"30.0","numerator":30,[^}]*"record":null,"source":"reference","reference":"a test","vintage":"2024-11-01"}' --with england --period 2024
ok "those of whom nothing is known have no column" documents rug '"authorities":\["east-sussex","brighton-and-hove","leeds"\]' --with england --period 2024
ok "and they are no returns" documents rug '"returns":0,*}' --with all --period 2024
ok "its document names the source" documents rug '"with":"england","region":null,"references":\[{"name":"long","source":"a test","vintage":"2024-11-01"}\]' --with england --period 2024
ok "people read whose figures they are" shows ' 30.0 D ↑p' rug --with all --period 2024
said() { prints ' (public ' && prints '^England, 2024: 3 indicators, 1 of 3 authorities with figures, 2 with public ones only$' && prints 'nobody.s return: a test (2024-11-01)' && prints 'without east-sussex (withdrawn), and 150 that are no'; }
ok "in head, letters and foot" eval "shows . rug --with england --period 2024 && said"
csv() { run 0 rug --with all --period 2024 --csv && prints '^rereferral_pct,.*,leeds,Leeds,30.0,.*,,reference,a test,2024-11-01' && [ "$(wc -l <"$W/out")" -eq 8 ]; }
ok "a spreadsheet has a row for whom something is known" csv
ok "of one region" documents rug '"authorities":\["east-sussex","brighton-and-hove"\],.*"region":"E12000008"' --region 'south east' --period 2024
ok "who is no member is asked for no return" eval "documents outliers '\"slug\":\"brighton-and-hove\",\"indicator\":null,\"ask\":\"about\",\"rule\":\"silent\"' --with england --period 2024 && no grep -q leeds '$W/out'"
ok "neighbours by the imported model" documents rug '"authorities":\["east-sussex","brighton-and-hove","leeds"\]' --with neighbours --model neighbours --period 2024
run 0 reference import "$W/neighbours.csv" --source "a test" --name table-2021 || exit 1
ok "by a part of its name" documents profile '"slug":"east-sussex",.*"model":"table-2021",.*"neighbours_mean":"25.0"' --with all --period 2024 --model 2021
run 0 reference remove table-2021 || exit 1
ok "of the built-in one none has a figure" refuses 1 'none of the statistical neighbours of East Sussex has a figure here' "$F" rug --with neighbours --period 2024
ok "a profile by an imported model" documents profile '"model":"neighbours",.*"indicator":"rereferral_pct",[^}]*"neighbours_mean":"25.0","neighbours_median":"25.0","neighbours_n":2,' --model neighbours --with all --period 2024
ok "among a region that it does not lie in there is none" refuses 1 'East Sussex does not lie in London' "$F" profile --region London
ok "the built-in neighbours can be joined" shows '^1 *devon$' sql "SELECT rank, neighbour FROM reference_neighbour WHERE file = 'DfE 2025' AND slug = 'east-sussex' ORDER BY rank"
ok "and are no import" eval "lists . && no grep -q 'DfE 2025' '$W/out'"

# ---- a rate without a denominator, and the population that it is over ----

cat >"$W/rates.csv" <<CSV
$HEAD,indicator,value
2023,Reporting year,Local authority,E92000001,E12000008,845,E10000011,East Sussex,cin_rate,343.7
CSV
printf '%s\n' "$(sed -n 1p "$W/populations.csv")" '2022,Reporting year,Local authority,E92000001,E12000008,845,E10000011,Children aged 0 to 17 years,"103,613"' >"$W/people.csv"
own_rate() { run 0 publish "$W/rates.csv" --offline && run 0 compare cin_rate --period 2023 --json; }
ok "a rate alone has no interval" eval "own_rate && prints '\"value\":\"343.7\",[^}]*\"lower\":null,\"upper\":null,[^}]*\"denominator_source\":null'"
ok "the population of the year before" imports "$W/people.csv" populations 1 --vintage 2024-02-01
ok "gives it one, marked" compares '"denominator":null,"raw":343.7,[^}]*"lower":332.[0-9]*,"upper":355.[0-9]*,[^}]*"denominator_source":"reference"' cin_rate --period 2023
ok "people are told" shows 'Limits by an imported population, where no denominator was published: east-sussex' compare cin_rate --period 2023
ok "so they are in a trend" documents trend '"value":"343.7",[^}]*"denominator_source":"reference"' cin_rate
export_has_none() { run 0 export --format json --out - && no grep -q 103613 "$W/out"; }
ok "it is never published" export_has_none

# ---- the DfE's interactive tool: values, ranks, bands, quartiles, neighbours ----

ok "the tool's own file, of which some is ours" imports $R/lait_values.csv figures 650
plain() { sed 's/"[^"]*"/q/g; s/\r$//'; }
# tool INDICATOR MEASURE: our rows against the expected ones, both as "code value rank band change".
tool() {
    run 0 compare "$1" --period 2025 --with england --csv || return 1
    plain <"$W/out" | awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) c[$i] = i; next}
        $c["value"] != "" {print $c["dfe"], $c["value"] + 0, $c["rank"], $c["band"], $c["change"] + 0}' | sort >"$W/got"
    plain <$R/lait_stats.csv | awk -F, -v m="$2" '$1 == m && $7 != "" {print $5, $7 + 0, $10, $11, $8 + 0}' | sort >"$W/expected"
    [ "$(wc -l <"$W/expected")" -gt 140 ] && diff "$W/got" "$W/expected"
}
ok "dental checks, where high is good" tool cla_dental_pct 'LACDental%'
ok "absence, where low is good" tool sw_absence_pct Work_Force_SWAbsence
quartiles() {
    set -- $(plain <$R/lait_stats.csv | awk -F, -v m="$2" '$1 == m {print $9, $12 + 0, $13 + 0, $14 + 0, $15 + 0, $16 + 0; exit}') "$1"
    compares "\"n\":$1,.*\"quartiles\":{\"q0\":$2[.0]*,\"q25\":$3[.0]*,\"q50\":$4[.0]*,\"q75\":$5[.0]*,\"q100\":$6[.0]*}" "$7" --period 2025 --with england
}
ok "quartiles of all England: dental checks" quartiles cla_dental_pct 'LACDental%'
ok "and absence" quartiles sw_absence_pct Work_Force_SWAbsence
# of_tool CODE: mean and median of the neighbours, and England.
of_tool() {
    set -- "$1" $(plain <$R/lait_stats.csv | awk -F, -v c="$1" '$1 == "LACDental%" && $5 == c {print $17, $18 + 0, $19 + 0, $21 + 0}')
    compares "\"neighbours\":{[^}]*\"n\":$2,\"mean_raw\":$3[.0]*,\"median_raw\":$4[.0]*,.*\"name\":\"England\"[^}]*\"value\":\"$5[.0]*\"" cla_dental_pct --period 2025 --with neighbours --authority "$1"
}
for code in 201 845 383 943 320 935 211; do
    ok "the neighbours of $code, and England" of_tool "$code"
done

# ---- dropped ----

removed() { run 0 reference remove lait-values && run 0 reference list --json && no grep -q lait "$W/out" && no ls "$FOLKMOOT_HOME/private/reference/lait-values"; }
ok "an import is dropped" removed
ok "and its figures with it" refuses 1 'no figure of' "$F" compare cla_dental_pct --with england

# ---- like for like, across the reorganisation of Cumbria ----

awk -F, 'BEGIN {print "time_period,old_la_code,indicator,numerator,denominator"} NR > 1 {print $3 "," $4 "," $2 "," $5 "," $6}' \
    tests/data/like_for_like_cells.csv >"$W/cells.csv"
FOLKMOOT_HOME="$W/camden"
run 0 init 202 --unprotected && run 0 alliance create "London" || exit 1
cells() { run 0 reference import "$W/cells.csv" --source "a test" --vintage 2025-01-01 --json && prints '"kind":"figures"'; }
ok "cells of four regions" cells
cat >"$W/cumbria.csv" <<'CSV'
time_period,old_la_code,indicator,numerator,denominator
2023,909,cla_convicted_pct,10,100
2024,942,cla_convicted_pct,6,40
2024,943,cla_convicted_pct,7,60
2023,341,cla_convicted_pct,5,100
2024,341,cla_convicted_pct,5,100
CSV
run 0 reference import "$W/cumbria.csv" --source "a test" || exit 1
ok "who was split is compared with its successors" compares '"like_for_like":{"n":2,"previous_period":"2023","previous":15,"now":18,"change_pct":"20.0"' cla_convicted_pct --period 2024 --region E12000002
# like REGION INDICATOR N BEFORE NOW PCT
like() {
    compares "\"like_for_like\":{\"n\":$3,\"previous_period\":\"2023\",\"previous\":$4,\"now\":$5,\"change_pct\":\"$6\"" "$2" --period 2024 --region "$1"
}
# Where over one in ten are hidden no change is given: cpp_2yr_pct.
hidden() { compares '"change_pct":null,.*"suppressed":true' cpp_2yr_pct --period 2024 --region "North West"; }
ok "hidden counts give no change" hidden
sed 1d tests/data/like_for_like.csv | grep -v cpp_2yr >"$W/likes"
n_likes=0
while IFS=, read -r region indicator _ _ both _ _ _ before now pct _; do
    ok "$indicator in the $region" like "$region" "$indicator" "$both" "$before" "$now" "$pct"
    n_likes=$((n_likes + 1))
done <"$W/likes"
ok "all of them were tried" [ $n_likes -eq 44 ]
finish

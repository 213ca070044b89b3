#!/bin/sh
# tests/e2e/test_export.sh - figures for other programs: SQL over the view, export and back, one authority's profile.
. tests/e2e/lib.sh

export FOLKMOOT_HOME="$W/home"
run 0 init 845 --unprotected && run 0 alliance create "South East" || exit 1
run 0 publish "$DATA" --where release=2024 --offline || exit 1

# ---- export: what was published, and publish takes it back ----

run 0 export --format ees --out "$W/back.csv" || exit 1
rows=$(($(wc -l <"$W/back.csv") - 1))
same() { run 0 publish "$W/back.csv" --dry-run --offline --json && prints '"published":0,"revised":0,"unchanged":'"$rows"',' && prints '"errors":\[\]'; }
ok "every figure of a real authority comes back unchanged" same
is_many() { [ "$rows" -gt 80 ] && [ "$rows" -eq "$(awk -F, '$8 == 845 && $16 == 2024' "$DATA" | wc -l)" ]; }
ok "all of them were in it" is_many

# Symbols, zeros, a breakdown, FTE, provisional, and what everybody may read.
cat >"$W/odd.csv" <<'CSV'
time_period,time_identifier,old_la_code,indicator,breakdown,numerator,denominator,value
2020,Reporting year,845,cpp_repeat_pct,,,,c
2021,Reporting year,845,cpp_repeat_pct,,,40,z
2022,Reporting year,845,cpp_repeat_pct,,0,0,0
2018,Reporting year,845,cpp_repeat_pct,,0,40,0.0
2017,Reporting year,845,cpp_repeat_pct,age=0-4;sex=f,10,40,25.0
2018,Reporting year,845,sw_turnover_pct,,31.4,385.6,8.1
2018,Reporting year,845,cla_sdq_avg,,,,13.9
2017,Reporting year,845,cpp_rate,,685,,
CSV
run 0 publish "$W/odd.csv" --offline --json --reason correction || exit 1
sed -n '1p;2s/2020/2016/p' "$W/odd.csv" >"$W/more.csv"
echo '2016,Reporting year,845,cpp_2yr_pct,,20,80,25.0' >>"$W/more.csv"
run 0 publish "$W/more.csv" --offline --status provisional || exit 1
printf 'time_period,old_la_code,indicator,numerator,denominator\n2015,845,cpp_2yr_pct,20,80\n' >"$W/open.csv"
run 0 publish "$W/open.csv" --offline --audience public || exit 1
run 0 export --format ees --out "$W/back.csv" --yes || exit 1
odd() {
    run 0 publish "$W/back.csv" --dry-run --offline --where audience=alliance --where status=provisional --status provisional --json &&
        prints '"published":0,"revised":0,"unchanged":1,' || return 1
    grep -v provisional "$W/back.csv" | grep -v ',public.$' >"$W/final.csv"
    run 0 publish "$W/final.csv" --dry-run --offline --json &&
        prints '"published":0,"revised":0,"unchanged":'"$(($(wc -l <"$W/final.csv") - 1))"',' || return 1
    run 0 publish "$W/back.csv" --dry-run --offline --where audience=public --audience public --json && prints '"revised":0,"unchanged":1,'
}
ok "symbols, zeros, breakdowns, FTE, scores, provisional and public ones too" odd
kept() { before=$(cksum <"$W/back.csv"); run 1 export --format ees --out "$W/back.csv" && says 'a file is there already' && [ "$(cksum <"$W/back.csv")" = "$before" ]; }
ok "a file that is there is not written over" kept
folder() { run 3 export --format csv --out "$W/none/x.csv" && says 'its folder is not there'; }
ok "nor is a folder made" folder
csv() { run 0 export --format csv && head -c 3 "$W/out" | od -An -tx1 | grep -q 'ef bb bf' && prints '^east-sussex/[0-9]*,east-sussex,845,E10000011,cpp_repeat_pct,2017,Reporting year,age=0-4;sex=f,10,40,25.0,final,'; }
ok "for a spreadsheet, on stdout" csv
jsons() { run 0 export --format json && prints '^{"schema":"folkmoot.export/1","figures":\[' && prints '"period":"2020",[^}]*"value":null,"status":"c"'; }
ok "for a program" jsons
ok "a format is needed" refuses 2 'it needs a format' "$F" export
withdrawn() { run 0 withdraw cla_sdq_avg@2018 --reason mistake --yes --offline && run 0 export --format csv && no grep -q cla_sdq_avg "$W/out"; }
ok "what was withdrawn is not in it" withdrawn

# ---- sql ----

ok "rows as a table" run 0 sql "SELECT slug, value FROM figure_current WHERE indicator = 'cin_rate' AND period = '2024'"
as_json() { run 0 sql "SELECT slug, period, value, NULL AS none, x'00ff' AS blob, slug FROM figure_current WHERE indicator = 'cin_rate' AND period = '2024'" --json && is_document sql && prints '"columns":\["slug","period","value","none","blob","slug_2"\],"rows":\[{"slug":"east-sussex","period":"2024","value":357.9,"none":null,"blob":"00ff","slug_2":"east-sussex"}\],"truncated":false'; }
ok "as a document, every cell with a name of its own" as_json
named() { run 0 sql "SELECT 1 AS value_before, 2 AS value" --json && prints '{"value_before":1,"value":2}' && run 0 sql "SELECT 1 AS a_2, 2 AS a, 3 AS a" --json && prints '{"a_2":1,"a":2,"a_3":3}'; }
ok "a name that begins as another does is kept, and none is given twice" named
cut() { run 0 sql "SELECT idx FROM figure" --limit 3 --json && prints '"truncated":true' && says 'only the first 3 rows' && [ "$(grep -o '"idx"' "$W/out" | wc -l)" -eq 4 ]; }
ok "a limit of rows is kept, and said" cut
ok "a limit of time too" refuses 1 'not done in 1 s' "$F" sql "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100000000) SELECT count(*) FROM c" --seconds 1
ok "and of memory" refuses 1 'a cell is larger than' "$F" sql "SELECT randomblob(2000000)"
ok "nothing is written" refuses 1 'it would change something' "$F" sql "DELETE FROM figure"
ok "keys are not read" refuses 1 'or read keys' "$F" sql "SELECT count(*) FROM epoch_key"
ok "nor attached files" refuses 1 'it would change something' "$F" sql "ATTACH '$FOLKMOOT_HOME/node/log.db' AS log"
ok "what is no SQL says so" refuses 2 'syntax error' "$F" sql "SELEC 1"
ok "two statements are none" refuses 2 'one SELECT statement' "$F" sql "SELECT 1; SELECT 2"

# ---- profile ----

cat >"$W/public.csv" <<'CSV'
time_period,geographic_level,country_code,old_la_code,indicator,numerator,denominator,value
2024,Local authority,E92000001,886,rereferral_pct,20,100,20.0
2024,Local authority,E92000001,878,rereferral_pct,30,100,30.0
2023,Local authority,E92000001,886,rereferral_pct,25,100,25.0
2024,National,E92000001,,rereferral_pct,,,22.4
CSV
cat >"$W/judgements.csv" <<'CSV'
Local authority area code,Inspection date,Publication date,Overall effectiveness,Inspection type
E10000011,2018-07-16,2018-09-01,Good,ILACS Standard Inspection
E10000011,11/12/2023,06/02/2024,Outstanding,ILACS Standard Inspection
E10000016,2022-05-09,2022-07-01,Good,ILACS Standard Inspection
CSV
run 0 reference import "$W/public.csv" --source "a test" && run 0 reference import "$W/judgements.csv" --source "Ofsted" || exit 1
row='{"indicator":"rereferral_pct",[^}]*"period":"2024","value":"15.1",[^}]*"source":"member","change":"-1.3","direction":"better","rank":1,"of":1,"band":"-","neighbours_mean":"25.0","neighbours_median":"25.0","neighbours_n":2,"total":"15.1","total_n":1,"alliance":"15.1","england":"22.4","record":"east-sussex'
mine() { run 0 profile --json && is_document profile && prints "$row" && prints '"judgement":{"inspected":"2023-12-11","published":"2024-02-06",[^}]*"overall":"Outstanding"'; }
ok "our own, with the newest judgement" mine
polarity() { run 0 profile --json && prints '{"indicator":"cin_rate",[^}]*"change":"[0-9.]*","direction":"higher","rank":null' && prints '{"indicator":"cpp_2yr_pct",[^}]*"direction":"worse"'; }
ok "neither good nor bad is only higher" polarity
other() { run 0 profile --authority kent --json && prints '"with":"england"' && prints '{"indicator":"rereferral_pct",[^}]*"value":"20.0",[^}]*"source":"reference","change":"-5.0","direction":"better","rank":2,"of":3,' && prints '"overall":"Good"'; }
ok "somebody who is no member, among England" other
ok "of nobody" refuses 2 'no member' "$F" profile --authority nowhere
ok "of nothing" refuses 1 'no figure that kent could be compared by' "$F" profile --authority kent --period 1999
finish

#!/bin/sh
# tests/e2e/test_lead.sh - the regional lead's Tuesday: rug, trend, outliers, match over nineteen authorities' own figures.
#
# No daemon and no network: the members are admitted from files, and their logs come in bundles.
. tests/e2e/lib.sh
export FOLKMOOT_HOME="$W/lead"     # for run; each t is the next test
export COLUMNS=100
CODES='845 825 826 846 850 851 852 867 868 869 870 871 872 886 887 921 931 936 938'

setup() { "$@" >>"$W/setup" 2>&1 || { cat "$W/setup"; exit 1; }; }

setup fm 845 init 845 --unprotected --listen 127.0.0.1:27117
setup fm 845 alliance create "South East"
setup fm lead init se-lead --name "South East Sector Lead" --role lead --unprotected --listen 127.0.0.1:27117
identities=
for code in $CODES; do
    [ "$code" = 845 ] && continue
    setup fm "$code" init "$code" --unprotected --listen 127.0.0.1:27117
    setup fm "$code" id --export "$W/$code.id"
    identities="$identities --identity $W/$code.id"
done
setup fm lead id --export "$W/lead.id"
setup fm 845 alliance admit $identities --identity "$W/lead.id" --yes --offline
setup fm 845 alliance export "$W/charter"
for code in $CODES lead; do [ "$code" = 845 ] || setup fm "$code" join --charter "$W/charter"; done

# tell WHO: the lead takes in what WHO has said.
tell() { fm "$1" bundle export --out "$W/$1.fmb" --yes && fm lead bundle import "$W/$1.fmb"; }

t() { run 1 rug && says 'no figure of any period'; }
ok "with nothing published the rug says so" t

for code in $CODES; do
    setup fm "$code" publish "$DATA" --where release=2023 --return "Release 2023" --offline
    setup fm "$code" publish "$DATA" --where release=2024 --reason correction --return "Release 2024" --offline
    setup tell "$code"
done

# ---- the rug ----

t() { run 0 rug --json && is_document rug && prints '"period":"2024","authorities":\["bracknell-forest",.*"wokingham"\],"rows":\[{"indicator":"cin_rate"'; }
ok "the rug is of the newest period, and of all nineteen" t
t() { prints '"indicator":"cl_eet_19_21_pct",[^[]*"polarity":"high","period":"2024","n":19,"missing":\[\],"cells":\[{"slug":"bracknell-forest","value":"54",'; }
ok "a row says how many it rests on and that nobody is missing" t
t() { prints '{"slug":"hampshire","value":"22","numerator":153,"raw":21.51[0-9]*,"status":"final","rank":19,"band":"D","direction":"down","revised":false,"record":"hampshire/'; }
ok "a cell has value, rank, letter, direction and record" t
t() { prints '"indicator":"cin_rate",[^[]*"n":18,"missing":\["hampshire"\]' && prints '{"slug":"hampshire","value":null,"numerator":null,"raw":null,"status":"u","rank":null,"band":null,"direction":null,'; }
ok "a symbol is no number, and named as missing" t
t() { prints '"indicator":"cin_rate",.*"region":{"n":18,"value":null,[^}]*"like_for_like_n":18,"like_for_like_pct":"-3.6","direction":"down"}'; }
ok "the region's last column is like for like" t
t() { [ "$(grep -o '"record":"[a-z-]*/' "$W/out" | sort -u | wc -l)" -eq 19 ]; }
ok "every authority's records are among them" t

t() {
    run 0 rug && prints '^South East, 2024: 16 indicators, 19 of 19 authorities with figures$' &&
        prints 'Nobody is missing from the other' && prints 'cin_rate, 18 of 19; without hampshire (u)' &&
        [ "$(LC_ALL=C tr -d '\342\206' <"$W/out" | awk 'length($0) > 100' | wc -l)" -eq 0 ]
}
ok "for people it fits the width, and says who is missing" t
t() { no grep -q "$(printf '\033')" "$W/out"; }
ok "there is no colour but on a terminal" t
t() { FOLKMOOT_HOME=$W/850 run 0 rug && prints '^indicator  *good  Hampshire'; }
ok "one's own column comes first" t

t() { run 0 rug --csv && [ "$(wc -l <"$W/out")" -eq 305 ] && prints '^cl_eet_19_21_pct,.*,high,2024,hampshire,Hampshire,22,153,21.5[0-9]*,final,19,D,down,false,hampshire/'; }
ok "as CSV it has a row a cell" t
t() { run 0 rug --period 2023 --with kent,surrey --json && prints '"period":"2023","authorities":\["kent","surrey"\]'; }
ok "it can be of named members in another period" t
t() { run 0 rug --period 2023 --with kent,surrey && prints 'fewer than three returns'; }
ok "with fewer than three returns it warns of its letters" t
t() { run 1 rug --period 1999 && says 'no figure of period 1999'; }
ok "of a period without figures there is no rug" t
t() { run 2 rug --with barsetshire && says 'no member' && run 2 rug --with '' && run 2 rug --as-of someday; }
ok "who is no member, and what is no date, is refused" t
t() { run 1 rug --with england && says 'own figures'; }
ok "figures that are no member's are not in it" t
t() { run 0 rug --xlsx "$W/rug.xlsx" && prints 'rug.xlsx: 16 indicators, 19 authorities' && [ "$(head -c 2 "$W/rug.xlsx")" = PK ] && run 1 rug --xlsx "$W/rug.xlsx" && says 'there already'; }
ok "a workbook is written, and not over another" t
t() { [ "$(find "$W/lead/private" -name 'workbook*' | wc -l)" -eq 0 ] && run 3 rug --xlsx "$W/nowhere/rug.xlsx" && [ "$(find "$W/lead/private" -name 'workbook*' | wc -l)" -eq 0 ]; }
ok "nothing of it is left behind, nor when it could not be written" t

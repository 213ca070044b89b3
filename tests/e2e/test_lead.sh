#!/bin/sh
# tests/e2e/test_lead.sh - the regional lead's Tuesday: rug, trend, outliers, match over nineteen authorities' own figures.
#
# No daemon and no network: the members are admitted from files, and their logs come in bundles.
. tests/e2e/lib.sh
export FOLKMOOT_HOME="$W/lead"     # for run; each t is the next test
export COLUMNS=400
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
    COLUMNS=100; run 0 rug; rc=$?; COLUMNS=400
    [ $rc -eq 0 ] && prints '^South East, 2024: 16 indicators, 19 of 19 authorities with figures$' &&
        prints 'Nobody is missing from the other' && prints 'cin_rate, 18 of 19; without hampshire (u)' &&
        no grep -q ' $' "$W/out" && [ "$(LC_ALL=C tr -d '\342\206' <"$W/out" | awk 'length($0) > 100' | wc -l)" -eq 0 ]
}
ok "for people it fits the width, and says who is missing" t
t() { no grep -q "$(printf '\033')" "$W/out"; }
ok "there is no colour but on a terminal" t
t() { FOLKMOOT_HOME=$W/850 run 0 rug && prints '^indicator  *good  Hampshire'; }
ok "one's own column comes first" t
t() { run 0 rug --with kent,surrey && prints '^cpp_rate  *#1,\{0,1\}211  *#579 ' ; }
ok "a count that has no value is told from a value" t

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
t() { run 1 rug --with england && says 'no public figures are held here' && run 1 outliers --with neighbours --authority 845 --period 1999 && says 'nor a statistical neighbour of it'; }
ok "where none were imported there is no England" t
t() { run 1 match --with neighbours && says 'neither se-lead' && run 2 rug --region Narnia && says 'no region' && run 2 outliers --model 1999 && says 'no table of neighbours'; }
ok "a lead has no neighbours, and what nobody knows is refused" t
t() { run 0 rug --with neighbours --authority 845 --json && prints '"authorities":\["east-sussex","kent","west-sussex"\]' && prints '"with":"neighbours"'; }
ok "of neighbours that are members their own figures stand" t
t() { run 0 rug --xlsx "$W/rug.xlsx" && prints 'rug.xlsx: 16 indicators, 19 authorities' && [ "$(head -c 2 "$W/rug.xlsx")" = PK ] && run 1 rug --xlsx "$W/rug.xlsx" && says 'there already'; }
ok "a workbook is written, and not over another" t
t() { [ "$(find "$W/lead/private" -name 'workbook*' | wc -l)" -eq 0 ] && run 3 rug --xlsx "$W/nowhere/rug.xlsx" && [ "$(find "$W/lead/private" -name 'workbook*' | wc -l)" -eq 0 ]; }
ok "nothing of it is left behind, nor when it could not be written" t

# ---- trend ----

t() {
    run 0 trend rereferral_pct --authority hampshire --json && is_document trend &&
        prints '"points":\[{"period":"2019","value":"29.1",.*"lower":28.4[0-9]*,"upper":29.7[0-9]*,' &&
        prints '{"period":"2024","value":null,"numerator":null,"denominator":null,"raw":null,"status":"u",' && prints '"change":null,' &&
        prints '"recent_trend":{"n":5,"chi2":537.[0-9]*,"slope":[0-9.]*,"direction":"increasing"},"spc":{"n":5,"drawn":false,"mean":null,"upper":null,"lower":null,"signals":\[\]}'
}
ok "a trend has limits, a direction, and a symbol where there is no value" t
t() { run 0 trend cla_rate --authority 921 --json && prints '"slug":"isle-of-wight"' && prints '"change":"-3",' && prints '"direction":"no_significant_change"'; }
ok "the change is that of the published values" t
t() {
    COLUMNS=44; run 0 trend rereferral_pct --authority hampshire; rc=$?; COLUMNS=400
    [ $rc -eq 0 ] && prints '^39.3 |' && prints '^     +---' && prints '2024$' &&
        prints 'No change is given' && prints 'it takes 12' && [ "$(sed -n '3,18p' "$W/out" | awk 'length($0) > 44' | wc -l)" -eq 0 ]
}
ok "the chart fits the width and has its axis labelled" t
t() { run 2 trend rereferral_pct && says 'name an authority'; }
ok "who publishes nothing must say whose trend" t
t() { FOLKMOOT_HOME=$W/850 run 0 trend rereferral_pct && prints '^Hampshire:'; }
ok "an authority's own trend is shown unless another is named" t
t() { run 1 trend sw_absence_pct --authority kent && says 'no figure of kent' && run 2 trend rereferal_pct --authority kent && says 'did you mean'; }
ok "no figure is the answer no, and a misspelt indicator gets the nearest" t
t() { run 1 trend cpp_rate --authority kent --as-of 2020-01-01; }
ok "before the first return there was no series" t

# ---- outliers: the table of the method's own paper for the South East, release 2024 ----

t() {
    run 0 outliers --json && is_document outliers && prints '"tested":149,"sets":8,' && prints '"expected_by_chance_plain":0.298,' &&
        prints '"plain":48,"plain_95":75,"adjusted":6,"adjusted_95":21,'
}
ok "149 comparisons: plain limits list 48, chance alone 0.3, allowing for spread 6" t
excluded() { prints "{\"indicator\":\"$1\",\"why\":\"$2\""; }
t() {
    excluded cpp_2yr_pct suppressed && excluded cin_rate 'no denominator' && excluded cpp_rate 'no denominator' &&
        excluded referral_rate 'no denominator' && excluded sw_turnover_pct 'not counts' && excluded sw_vacancy_pct 'not counts' &&
        excluded sw_caseload 'not counts' && excluded sw_agency_pct 'not counts' && [ "$(grep -o '"why"' "$W/out" | wc -l)" -eq 8 ]
}
ok "the eight sets that are not tested are named, with why" t
asked() { prints "{\"slug\":\"$1\",\"indicator\":\"$2\",\"ask\":$3,\"rule\":\"funnel\",\"detail\":\"[^\"]*$4\",\"note\":null,\"record\":\"$1/[0-9]*\""; }
t() {
    asked hampshire cl_eet_19_21_pct '"about"' 'low: 22, 153 of 711.*z -5.08)' && asked hampshire cl_suitable_acc_19_21_pct '"about"' '232 of 711.*z -4.67)' &&
        asked isle-of-wight rereferral_pct '"about"' 'high: 45.4, 1988 of 4378.*z +5.56)' && asked southampton cla_3plus_placements_pct '"about"' '90 of 488.*z +3.26)' &&
        asked isle-of-wight cla_rate null 'unusually high: 119, 279 of 23438.*z +3.49)' && asked kent cla_start_rate null '2741 of 348332.*z +3.44)' &&
        [ "$(grep -o '"rule"' "$W/out" | wc -l)" -eq 6 ]
}
ok "the six that remain are those of the method's paper" t
t() {
    run 0 outliers && prints '149 comparisons in 8 sets. Plain 99.8 % limits list 48, where chance alone would list 0.3' &&
        prints 'about 1 in 80' && prints '^Ask about$' && prints 'Nobody stands out on the good side' && prints 'No return is late' &&
        prints 'suppressed, 6 of 18 hidden: cpp_2yr_pct' && no grep -qi 'fail' "$W/out"
}
ok "people are told both chance figures, and that nobody fails" t
t() { run 0 outliers --with kent,surrey,medway && prints 'No set of figures can be tested' && prints 'too few, 3 usable and 8 needed'; }
ok "of three authorities no funnel is made, and it says so" t
t() { FOLKMOOT_HOME=$W/845 run 0 outliers --json && prints '{"slug":"kent","indicator":null,"ask":"about","rule":"silent",' && prints '"tested":0,'; }
ok "whose returns have not come is asked for" t

# ---- a late return, a withdrawn period, a special cause ----

# quarters WHO NUMERATOR...: of 200, cpp_repeat_pct, from 2020-21 Q1 on.
quarters() {
    echo 'time_period,time_identifier,old_la_code,indicator,numerator,denominator,value'
    who=$1 i=0; shift
    for x; do
        echo "20$((20 + i / 4))$((21 + i / 4)),Financial year Q$((i % 4 + 1)),$who,cla_dental_pct,$x,200,$(((x + 1) / 2))"
        i=$((i + 1))
    done
}
quarters 826 100 102 100 102 100 102 100 102 100 102 100 102 100 160 >"$W/q826.csv"
quarters 886 100 102 100 102 100 102 100 102 100 102 100 102 100 >"$W/q886.csv"
t() {
    for who in 826 886; do fm $who publish "$W/q$who.csv" --offline && tell $who || return 1; done
    run 0 outliers --period '2023-24 Q2' --with 826,886 --json &&
        prints '"slug":"milton-keynes","indicator":"cla_dental_pct","ask":"how","rule":"xmr","detail":"outside the limits, better: 80, where its own mean is' &&
        prints '"slug":"kent","indicator":"cla_dental_pct","ask":"about","rule":"late","detail":"returned 2023-24 Q1, and not yet 2023-24 Q2","note":null,"record":null' &&
        prints '"series":2,'
}
ok "a special cause on the good side is asked how, a late return is asked for" t
t() { run 0 trend cla_dental_pct --authority 826 --json && prints '"drawn":true,"mean":[0-9.]*,"upper":[0-9.]*,"lower":[0-9.]*,"signals":\[.*{"period":"2023-24 Q2","rule":"outside the limits","sense":"improvement"}\]'; }
ok "the trend of it marks the same point" t
t() { run 0 trend cla_dental_pct --authority 826 && prints ' limit$' && prints ' mean$' && prints 'O outside a limit' && prints '14 marked'; }
ok "and draws mean and limits" t

# ---- match ----

t() {
    run 0 match --json --period 2024 && is_document match &&
        prints '{"from":"west-berkshire","to":"hampshire","indicator":"cl_eet_19_21_pct","from_value":"66","to_value":"22","offer":null,"from_ground":"letter","to_ground":"letter","neighbour":true,'
}
ok "a strength meets a need, statistical neighbours first" t
t() { [ "$(grep -o '"to":"hampshire","indicator":"cl_eet_19_21_pct"' "$W/out" | wc -l)" -eq 3 ] && no grep -q '"indicator":"cla_rate"' "$W/out"; }
ok "at most three for each need, and none where neither high nor low is good" t
t() {
    run 0 match --authority hampshire --period 2024 --json && prints '"authority":"hampshire"' && prints '"to":"hampshire"' && prints '"from":"hampshire","to":"[a-z-]*","indicator":"sw_vacancy_pct"' &&
        [ "$(grep -o '"from":"[a-z-]*","to":"[a-z-]*"' "$W/out" | grep -vc hampshire)" -eq 0 ]
}
ok "one authority's matches go both ways" t
t() { run 0 match --authority hampshire --period 2024 && prints 'Hampshire 22 (D) could ask West Berkshire 66 (A, neighbour)' && prints 'Hampshire 8.2 (A) could be asked by'; }
ok "people read who could ask whom" t
t() { run 2 match --authority barsetshire && says 'no member' && run 2 match --authority leeds && says 'leeds: no member of South East'; }
ok "matches of nobody are refused" t

# ---- what was said beside a figure, what was asked for and has not come ----

t() {
    fm 850 note cl_eet_19_21_pct@2024 --text "A new system lost its records" --offline && tell 850 && run 0 outliers --period 2024 --json &&
        prints '"slug":"hampshire","indicator":"cl_eet_19_21_pct","ask":"about","rule":"funnel","detail":"[^"]*","note":"A new system lost its records","record":"hampshire/'
}
ok "an authority's own note stands beside the figure that is asked about" t
t() { run 0 outliers --period 2024 && prints 'they say: A new system lost its records'; }
ok "people read it too" t
t() {
    run 0 compare cl_eet_19_21_pct --period 2024 --json && prints '"notes":\[{"code":"note","text":"A new system lost its records","slug":"hampshire","record":"hampshire/[0-9]*"}\]' &&
        prints '"slug":"hampshire",[^}]*"note":"A new system lost its records"' && prints '"slug":"kent",[^}]*"note":null' &&
        run 0 compare cl_eet_19_21_pct --period 2024 && prints '^Hampshire \[1\] ' && prints '^\[1\] Hampshire says of hampshire/[0-9]*: A new system lost its records$'
}
ok "and beside the figure wherever it is compared" t
t() {
    printf 'indicator\ncla_dental_pct\n' >"$W/ask.csv" && run 0 collection open Teeth --indicators "$W/ask.csv" --period '2023-24 Q1' --due 2024-01-31 --offline &&
        run 0 outliers --period 2024 --json && prints '{"slug":"surrey","indicator":null,"ask":"about","rule":"overdue","detail":"collection 1, Teeth, was due 2024-01-31, and not all of it has come",' &&
        no grep -q '"slug":"kent","indicator":null,"ask":"about","rule":"overdue"' "$W/out"
}
ok "whoever has not answered a collection by its day is asked for it" t
t() { run 0 outliers --period 2024 && prints '  collection 1, Teeth, was due 2024-01-31, and not all of it has come: Bracknell Forest, Brighton and Hove,'; }
ok "all of them in one paragraph" t
t() {
    run 0 collection open Later --indicators "$W/ask.csv" --period '2023-24 Q1' --due 2099-01-31 --offline && run 0 outliers --period 2024 --json &&
        prints 'collection 1, Teeth' && no grep -q 'Later' "$W/out"
}
ok "before its day nothing is overdue" t

# ---- search ----

t() { run 0 search lost record --json && is_document search && prints '"n":1,"hits":\[{"kind":"note","slug":"hampshire","title":"hampshire/[0-9]*","snippet":"A new system \[lost\] its \[records\]","said_at":"20[^"]*","record":"hampshire/[0-9]*"}\]'; }
ok "words find a note, in whatever form, and say where" t
t() { run 0 search care leav suit --json && prints '"kind":"definition","slug":null,"title":"cl_suitable_acc_19_21_pct' && prints '"n":2,'; }
ok "beginnings of words find a definition that ships with the program" t
t() { run 0 search Teeth && prints '^collection by se-lead \[se-lead/' && run 0 search release 2024 --json && [ "$(grep -o '"kind":"return"' "$W/out" | wc -l)" -eq 19 ]; }
ok "titles of collections and returns are found" t
t() { run 1 search zzz && says 'nothing has all' && run 1 search 'teeth" NOT zzz' && run 2 search '"*' && says 'no word' && run 2 search; }
ok "what is typed is words and no command of the index" t
t() {
    note=$(run 0 search lost --json && sed 's/.*"record":"\([a-z-]*\/[0-9]*\)".*/\1/' "$W/out")
    fm 850 withdraw "$note" --reason correction --yes --offline && tell 850 && run 1 search lost records
}
ok "what was withdrawn is not found" t

finish

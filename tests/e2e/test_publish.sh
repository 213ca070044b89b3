#!/bin/sh
# tests/e2e/test_publish.sh - one authority alone publishes two releases, and others' questions are answered.
#
# TAP on stdout. Uses $BIN/folkmoot (default bin), a folder of its own, no network: nobody is asked where the
# charter names one member.
set -u
BIN=${BIN:-bin}
F=$BIN/folkmoot
SAMPLE=tests/data/south_east_publish.csv
W=$(mktemp -d) || exit 3
trap 'rm -rf "$W"' EXIT
export FOLKMOOT_HOME="$W/home" NO_COLOR=1
n=0

# result NAME STATUS: one line of TAP; status 0 is a pass.
result()
{
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' "$W/out" "$W/err" 2>/dev/null
    fi
}

# run WANTED-STATUS ARGUMENTS...: what folkmoot says is in $W/out and $W/err.
run()
{
    wanted=$1
    shift
    "$F" "$@" >"$W/out" 2>"$W/err" </dev/null
    [ $? -eq "$wanted" ]
}

has() { grep -q -e "$1" "$W/out"; }
says() { grep -q -e "$1" "$W/err"; }

# One line, from one brace to the other, with the schema first.
is_document() { [ "$(wc -l <"$W/out")" -eq 1 ] && has "^{\"schema\":\"folkmoot\\.$1/1\",.*}\$"; }

entries() { "$F" publish "$SAMPLE" --where release=2023 --dry-run --json 2>/dev/null | sed 's/.*"checkpoint":{"size":\([0-9]*\).*/\1/'; }

run 0 && has 'no node' && says 'folkmoot init'
result "with no node the bare command says how to set one up" $?

run 0 init 845 --unprotected -q --listen 127.0.0.1:27117 && run 0 alliance create "South East" -q
result "an authority founds an alliance alone" $?

run 0 && has 'member of South East' && says 'publish'
result "the bare command then says to publish" $?

before=$(entries)
run 0 publish "$SAMPLE" --where release=2023 --dry-run --json && is_document publish &&
    has '"dry_run":true,' && has '"published":80,"revised":0,"unchanged":0,"skipped_other_authority":20,' && has '"from":null,"to":null'
result "a dry run counts what would be published" $?
[ "$(entries)" = "$before" ]
result "a dry run adds no entry" $?

run 0 publish "$SAMPLE" --where release=2023 --json --return "Release 2023" && is_document publish &&
    has '"published":80,"revised":0,"unchanged":0,"skipped_other_authority":20,' && has '"errors":\[\],' &&
    has '"from":"east-sussex/2","to":"east-sussex/82","checkpoint":{"size":83,"root":"[0-9a-f]\{64\}"}'
result "the first release is published, others' rows are skipped" $?

run 0 publish "$SAMPLE" --where release=2023 --json && has '"published":0,"revised":0,"unchanged":80,' && has '"size":83,'
result "the same file again publishes nothing" $?

run 1 publish "$SAMPLE" --json && is_document publish && has '"published":0,' && has 'stands in line [0-9]* already' &&
    says 'problems, nothing was published'
result "two rows for one figure are refused, naming the line" $?

run 1 publish "$SAMPLE" --where release=2024 --json && is_document publish && has '"published":0,"revised":0,"unchanged":60,' &&
    has '"changes":\[{"record":"east-sussex/2","indicator":"cin_rate"' && has '"from":null' && says '14 published figures would change'
result "a change without a reason is refused and listed" $?

run 0 publish "$SAMPLE" --where release=2024 --reason late-data --json &&
    has '"published":16,"revised":14,"unchanged":60,' && has '"from":"east-sussex/83","to":"east-sussex/113","checkpoint":{"size":114,'
result "with a reason the second release is published" $?

run 2 publish "$SAMPLE" --where release=2024 --reason better && says 'late-data'
result "a reason that is none is a usage error" $?

run 0 history cin_rate --period 2023 --json && is_document history &&
    has '"versions":\[{"record":"east-sussex/87".*"value":"348.2".*"reason":"late-data".*{"record":"east-sussex/6".*"value":"351.0".*"reason":null'
result "history shows both versions, the newest first" $?

run 0 coverage --json && is_document coverage &&
    has '"slug":"east-sussex","name":"East Sussex","state":"returned","indicators":16,"periods":6,"latest":"2024","records":110,'
result "coverage counts what was returned" $?

run 0 compare cpp_repeat_pct --period 2024 --json && is_document compare && has '"period":"2024"' && has '"n":1,"missing":\[\],' &&
    has '"numerator":182,"denominator":675,"value":"27.0","raw":26.96' && has '"numerator_rounded":180' &&
    has '"like_for_like":{"n":1,"previous_period":"2023","previous":192,"now":182,"change_pct":"-5.2"' &&
    has '"rank":1,"band":"-","lower":23.75[0-9]*,"upper":30.43[0-9]*,"versus_total":"similar","change":"0.3","record":"east-sussex/'
result "compare gives value, interval, total and change" $?

run 0 compare cpp_repeat_pct && has '^authority ' && has 'On 1 of 1' && has 'Wilson'
result "compare tells people which method it used" $?
run 1 compare cpp_repeat_pct --period 1999 && says 'no figure'
result "a period of which nothing is held is the answer no" $?
run 2 compare cpp_repeat_pc && says 'did you mean `cpp_repeat_pct`'
result "a misspelt indicator gets the nearest" $?
run 0 compare cin_rate --period 2023 --as-of 2020-01-01 --json && has '"n":0,"missing":\["east-sussex"\]'
result "compare as of a day before the return has nobody" $?

run 0 indicators cin_rate --json && has '"periods":\["2019","2020","2021","2022","2023","2024"\]'
result "indicators lists the periods held" $?

# ---- refusals: every problem at once, with line and column ----

cat >"$W/bad.csv" <<'CSV'
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value
2025,Reporting year,845,cpp_repeat_pct,10,100,10.0
2025,Reporting year,845,cpp_rate,x1,,5.0
2025,Reporting year,845,cpp_2yr_pct,20,100,21.0
202526,Reporting year,845,rereferral_pct,1,10,10.0
2025,Reporting year,850,cpp_2yr_pct,20,100,21.0
CSV
run 1 publish "$W/bad.csv" --json --errors "$W/errors.csv" && is_document publish && has '"published":0,' &&
    has '"line":3,"column":"numerator"' && has '"line":4,"column":"value"' && has '"line":5,"column":"time_identifier"'
result "every planted error is reported at its line and column" $?
[ "$(grep -c 'does not follow' "$W/errors.csv")" -eq 1 ] && [ "$(wc -l <"$W/errors.csv")" -eq 6 ]
result "--errors writes the rows back with what is wrong" $?
run 0 publish "$SAMPLE" --where release=2024 --dry-run --json && has '"size":114,'
result "a refused file published nothing" $?

# ---- small numbers in public ----

cat >"$W/small.csv" <<'CSV'
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value,breakdown
2025,Reporting year,845,cpp_repeat_pct,33,150,22.0,
2025,Reporting year,845,cpp_repeat_pct,4,70,5.7,sex=f
2025,Reporting year,845,cpp_repeat_pct,29,80,36.3,sex=m
2025,Reporting year,845,cpp_2yr_pct,0,90,0.0,
CSV
run 0 publish "$W/small.csv" --audience public --json && is_document publish && has '"published":4,' &&
    has '"breakdown":"sex=f","why":"small"' && has '"breakdown":"sex=m","why":"recoverable"'
result "the public gate withholds a small count and what it could be recovered from" $?
run 0 history cpp_repeat_pct --period 2025 --breakdown sex=f --json && has '"numerator":null,"denominator":70,"value":null,"status":"c"'
result "what was withheld is published as c" $?
run 0 history cpp_2yr_pct --period 2025 --json && has '"numerator":0,.*"value":"0.0"'
result "a true zero stays" $?
run 0 publish "$W/small.csv" --audience public --json && has '"published":0,"revised":0,"unchanged":4,'
result "the same to the public again is unchanged" $?

cat >"$W/known.csv" <<'CSV'
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value,breakdown
2023,Reporting year,845,referral_nfa_pct,50,150,33.3,
2023,Reporting year,845,referral_nfa_pct,46,80,57.5,sex=m
CSV
sed '$d' "$W/known.csv" >"$W/rest.csv"
echo '2023,Reporting year,845,referral_nfa_pct,46,80,57.5,sex=m' >>"$W/rest.csv"
echo '2023,Reporting year,845,referral_nfa_pct,4,70,5.7,sex=f' >>"$W/rest.csv"
run 0 publish "$W/known.csv" --audience public --json && has '"published":2,' && has '"withheld":\[\]' &&
    run 0 publish "$W/rest.csv" --audience public --json && has '"published":1,"revised":0,"unchanged":2,' && has '"why":"small"' &&
    says '1 withheld count can be worked out from what is public already'
result "what is public already is not withheld in vain, and that it gives a count away is said" $?

# ---- two at once ----

sed 's/^2025/2026/' "$W/small.csv" >"$W/race.csv"
"$F" publish "$W/race.csv" --json >"$W/one" 2>"$W/one.err" &
first=$!
"$F" publish "$W/race.csv" --json >"$W/two" 2>"$W/two.err"
second=$?
wait "$first" && [ "$second" -eq 0 ] && [ "$(cat "$W/one" "$W/two" | grep -c '"published":4,')" -eq 1 ] &&
    [ "$(cat "$W/one" "$W/two" | grep -c '"unchanged":4,')" -eq 1 ]
result "of two publishes of one file at once only one publishes" $?

run 0 publish "$W/small.csv" --audience east-sussex --json && has '"published":4,'
result "figures can be sealed to named readers" $?
run 0 publish "$W/small.csv" --audience east-sussex --json && has '"unchanged":4,'
result "the same named readers are the same audience" $?
run 2 publish "$W/small.csv" --audience barsetshire && says 'no member'
result "a reader who is no member is refused" $?

echo "1..$n"

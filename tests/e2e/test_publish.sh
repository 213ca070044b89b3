#!/bin/sh
# tests/e2e/test_publish.sh - one authority alone publishes two releases, and others' questions are answered.
#
# TAP on stdout. Uses $BIN/folkmoot (default bin), a folder of its own, no network: nobody is asked where the
# charter names one member.
. tests/e2e/lib.sh
SAMPLE=tests/data/south_east_publish.csv
export FOLKMOOT_HOME="$W/home"     # for run; each t is the next test

entries() { "$F" publish "$SAMPLE" --where release=2023 --dry-run --json 2>/dev/null | sed 's/.*"checkpoint":{"size":\([0-9]*\).*/\1/'; }

t() { run 0 && prints 'no node' && says 'folkmoot init'; }
ok "with no node the bare command says how to set one up" t

t() { run 0 init 845 --unprotected -q --listen 127.0.0.1:27117 && run 0 alliance create "South East" -q; }
ok "an authority founds an alliance alone" t

t() { run 0 && prints 'member of South East' && says 'publish'; }
ok "the bare command then says to publish" t

before=$(entries)
t() {
    run 0 publish "$SAMPLE" --where release=2023 --dry-run --json && is_document publish &&
        prints '"dry_run":true,' && prints '"published":80,"revised":0,"unchanged":0,"skipped_other_authority":20,' && prints '"from":null,"to":null'
}
ok "a dry run counts what would be published" t
t() { [ "$(entries)" = "$before" ]; }
ok "a dry run adds no entry" t

t() {
    run 0 publish "$SAMPLE" --where release=2023 --json --return "Release 2023" && is_document publish &&
        prints '"published":80,"revised":0,"unchanged":0,"skipped_other_authority":20,' && prints '"errors":\[\],' &&
        prints '"from":"east-sussex/2","to":"east-sussex/82","checkpoint":{"size":83,"root":"[0-9a-f]\{64\}"}'
}
ok "the first release is published, others' rows are skipped" t

t() { run 0 publish "$SAMPLE" --where release=2023 --json && prints '"published":0,"revised":0,"unchanged":80,' && prints '"size":83,'; }
ok "the same file again publishes nothing" t

t() {
    run 1 publish "$SAMPLE" --json && is_document publish && prints '"published":0,' && prints 'stands in line [0-9]* already' &&
        says 'problems, nothing was published'
}
ok "two rows for one figure are refused, naming the line" t

t() {
    run 1 publish "$SAMPLE" --where release=2024 --json && is_document publish && prints '"published":0,"revised":0,"unchanged":60,' &&
        prints '"changes":\[{"record":"east-sussex/2","indicator":"cin_rate"' && prints '"from":null' && says '14 published figures would change'
}
ok "a change without a reason is refused and listed" t

t() {
    run 0 publish "$SAMPLE" --where release=2024 --reason late-data --json &&
        prints '"published":16,"revised":14,"unchanged":60,' && prints '"from":"east-sussex/83","to":"east-sussex/113","checkpoint":{"size":114,'
}
ok "with a reason the second release is published" t

t() { run 2 publish "$SAMPLE" --where release=2024 --reason better && says 'late-data'; }
ok "a reason that is none is a usage error" t

t() {
    run 0 history cin_rate --period 2023 --json && is_document history &&
        prints '"versions":\[{"record":"east-sussex/87".*"value":"348.2".*"reason":"late-data".*{"record":"east-sussex/6".*"value":"351.0".*"reason":null'
}
ok "history shows both versions, the newest first" t

t() {
    run 0 coverage --json && is_document coverage &&
        prints '"slug":"east-sussex","name":"East Sussex","state":"returned","indicators":16,"periods":6,"latest":"2024","records":110,'
}
ok "coverage counts what was returned" t

t() {
    run 0 compare cpp_repeat_pct --period 2024 --json && is_document compare && prints '"period":"2024"' && prints '"n":1,"missing":\[\],' &&
        prints '"numerator":182,"denominator":675,"value":"27.0","raw":26.96' && prints '"numerator_rounded":180' &&
        prints '"like_for_like":{"n":1,"previous_period":"2023","previous":192,"now":182,"change_pct":"-5.2"' &&
        prints '"rank":1,"band":"-","lower":23.75[0-9]*,"upper":30.43[0-9]*,"versus_total":"similar","change":"0.3","record":"east-sussex/'
}
ok "compare gives value, interval, total and change" t

t() { run 0 compare cpp_repeat_pct && prints '^authority ' && prints 'On 1 of 1' && prints 'Wilson'; }
ok "compare tells people which method it used" t
t() { run 1 compare cpp_repeat_pct --period 1999 && says 'no figure'; }
ok "a period of which nothing is held is the answer no" t
t() { run 2 compare cpp_repeat_pc && says 'did you mean `cpp_repeat_pct`'; }
ok "a misspelt indicator gets the nearest" t
t() { run 0 compare cin_rate --period 2023 --as-of 2020-01-01 --json && prints '"n":0,"missing":\["east-sussex"\]'; }
ok "compare as of a day before the return has nobody" t

t() { run 0 indicators cin_rate --json && prints '"periods":\["2019","2020","2021","2022","2023","2024"\]'; }
ok "indicators lists the periods held" t

# ---- refusals: every problem at once, with line and column ----

cat >"$W/bad.csv" <<'CSV'
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value
2025,Reporting year,845,cpp_repeat_pct,10,100,10.0
2025,Reporting year,845,cpp_rate,x1,,5.0
2025,Reporting year,845,cpp_2yr_pct,20,100,21.0
202526,Reporting year,845,rereferral_pct,1,10,10.0
2025,Reporting year,850,cpp_2yr_pct,20,100,21.0
CSV
t() {
    run 1 publish "$W/bad.csv" --json --errors "$W/errors.csv" && is_document publish && prints '"published":0,' &&
        prints '"line":3,"column":"numerator"' && prints '"line":4,"column":"value"' && prints '"line":5,"column":"time_identifier"'
}
ok "every planted error is reported at its line and column" t
t() { [ "$(grep -c 'does not follow' "$W/errors.csv")" -eq 1 ] && [ "$(wc -l <"$W/errors.csv")" -eq 6 ]; }
ok "--errors writes the rows back with what is wrong" t
t() { run 0 publish "$SAMPLE" --where release=2024 --dry-run --json && prints '"size":114,'; }
ok "a refused file published nothing" t

# ---- small numbers in public ----

cat >"$W/small.csv" <<'CSV'
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value,breakdown
2025,Reporting year,845,cpp_repeat_pct,33,150,22.0,
2025,Reporting year,845,cpp_repeat_pct,4,70,5.7,sex=f
2025,Reporting year,845,cpp_repeat_pct,29,80,36.3,sex=m
2025,Reporting year,845,cpp_2yr_pct,0,90,0.0,
CSV
t() {
    run 0 publish "$W/small.csv" --audience public --json && is_document publish && prints '"published":4,' &&
        prints '"breakdown":"sex=f","why":"small"' && prints '"breakdown":"sex=m","why":"recoverable"'
}
ok "the public gate withholds a small count and what it could be recovered from" t
t() { run 0 history cpp_repeat_pct --period 2025 --breakdown sex=f --json && prints '"numerator":null,"denominator":70,"value":null,"status":"c"'; }
ok "what was withheld is published as c" t
t() { run 0 history cpp_2yr_pct --period 2025 --json && prints '"numerator":0,.*"value":"0.0"'; }
ok "a true zero stays" t
t() { run 0 publish "$W/small.csv" --audience public --json && prints '"published":0,"revised":0,"unchanged":4,'; }
ok "the same to the public again is unchanged" t

cat >"$W/known.csv" <<'CSV'
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value,breakdown
2023,Reporting year,845,referral_nfa_pct,50,150,33.3,
2023,Reporting year,845,referral_nfa_pct,46,80,57.5,sex=m
CSV
sed '$d' "$W/known.csv" >"$W/rest.csv"
echo '2023,Reporting year,845,referral_nfa_pct,46,80,57.5,sex=m' >>"$W/rest.csv"
echo '2023,Reporting year,845,referral_nfa_pct,4,70,5.7,sex=f' >>"$W/rest.csv"
t() {
    run 0 publish "$W/known.csv" --audience public --json && prints '"published":2,' && prints '"withheld":\[\]' &&
        run 0 publish "$W/rest.csv" --audience public --json && prints '"published":1,"revised":0,"unchanged":2,' &&
        prints '"why":"small"' && says '1 withheld count can be worked out from what is public already'
}
ok "what is public already is not withheld in vain, and that it gives a count away is said" t

# The plans open at 31 March are the numerator of the one and the denominator of the other.
cat >"$W/plans.csv" <<CSV
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value,breakdown
2021,Reporting year,845,cpp_rate,40,,,
2021,Reporting year,845,cpp_rate,4,,,sex=f
2021,Reporting year,845,cpp_rate,36,,,sex=m
CSV
cat >"$W/long.csv" <<CSV
time_period,time_identifier,old_la_code,indicator,numerator,denominator,value,breakdown
2021,Reporting year,845,cpp_2yr_pct,9,36,25.0,sex=m
CSV
t()
{
    run 0 publish "$W/plans.csv" --audience public --json && prints '"published":3,' &&
        run 0 publish "$W/long.csv" --audience public --json && prints '"published":1,' &&
        prints '"withheld":\[{"indicator":"cpp_2yr_pct","period":"2021","breakdown":"sex=m","why":"recoverable"}\]' &&
        run 0 history cpp_2yr_pct --period 2021 --breakdown sex=m --json && prints '"numerator":9,"denominator":null,"value":null'
}
ok "nor is a withheld count told by another indicator that comes later" t

# ---- two at once ----

sed 's/^2025/2026/' "$W/small.csv" >"$W/race.csv"
"$F" publish "$W/race.csv" --json >"$W/one" 2>"$W/one.err" &
first=$!
"$F" publish "$W/race.csv" --json >"$W/two" 2>"$W/two.err"
second=$?
t() {
    wait "$first" && [ "$second" -eq 0 ] && [ "$(cat "$W/one" "$W/two" | grep -c '"published":4,')" -eq 1 ] &&
        [ "$(cat "$W/one" "$W/two" | grep -c '"unchanged":4,')" -eq 1 ]
}
ok "of two publishes of one file at once only one publishes" t

# The view is made anew by one at a time; here by one that takes a second over it.
if command -v flock >/dev/null 2>&1; then
    rm -f "$FOLKMOOT_HOME"/private/view.db*
    echo 'no view' >"$FOLKMOOT_HOME/private/view.db"
    exec 9>"$FOLKMOOT_HOME/private/view.db.lock"
    flock 9
    sleep 1 &
    exec 9>&-
    t() { run 0 history cpp_2yr_pct --period 2026 --json && prints '"versions":.{'; }
    ok "who finds the view being made anew waits for it" t
fi

# The first reads a pipe, which it opens behind the view; the year that comes between would tell its small quarter.
quarters() { echo "$plain"; for q in 1,10 2,11 3,2 4,12; do echo "203536,Financial year Q${q%,*},845,cpp_repeat_pct,${q#*,},100"; done; }
t() {
    plain=time_period,time_identifier,old_la_code,indicator,numerator,denominator
    { echo "$plain"; echo '203536,Financial year,845,cpp_repeat_pct,35,400'; } >"$W/year.csv"
    mkfifo "$W/pipe" && { "$F" publish "$W/pipe" --audience public >"$W/first" 2>&1 & } && first=$! && exec 8>"$W/pipe" &&
        run 0 publish "$W/year.csv" --audience public && quarters >&8 && exec 8>&- && ends 1 wait "$first" &&
        grep -q 'another command published meanwhile' "$W/first" && quarters >"$W/quarters.csv" &&
        run 0 publish "$W/quarters.csv" --audience public --json && prints '"why":"recoverable"'
}
ok "what another command made public meanwhile is not passed over by the gate" t

t() { run 0 publish "$W/small.csv" --audience east-sussex --json && prints '"published":4,'; }
ok "figures can be sealed to named readers" t
t() { run 0 publish "$W/small.csv" --audience east-sussex --json && prints '"unchanged":4,'; }
ok "the same named readers are the same audience" t
t() { run 2 publish "$W/small.csv" --audience barsetshire && says 'no member'; }
ok "a reader who is no member is refused" t

# ---- what the members agreed on for small numbers ----

t() { for few in 4 101 010 'Below ten' '10, and below'; do run 2 alliance set --small-numbers "$few" --yes && says 'a number from 5 to 100' || return 1; done; }
ok "the charter wants a number there, from 5 to 100" t
csv_of() { echo "$plain"; echo "2036,Reporting year,845,rereferral_pct,$1,100"; }
t() {
    run 0 alliance show --json && prints '"small_numbers":null,"small_numbers_max":5,' &&
        csv_of 9 >"$W/nine.csv" && run 0 publish "$W/nine.csv" && csv_of 10 >"$W/ten.csv" &&
        run 0 publish "$W/ten.csv" --audience public --dry-run --json && prints '"withheld":\[\],"small_numbers_max":5'
}
ok "without one it is 5" t
t() {
    run 0 alliance set --small-numbers '10 and below' --yes && prints 'counts of 1 to 10 people are withheld from the public' &&
        run 0 alliance show && prints '^Public: *counts of 1 to 10 people are withheld' &&
        run 0 publish "$W/ten.csv" --audience public --json && prints '"breakdown":"","why":"small"}\],"small_numbers_max":10' &&
        csv_of 11 | sed s/2036/2034/ >"$W/eleven.csv" && run 0 publish "$W/eleven.csv" --audience public --json && prints '"withheld":\[\]'
}
ok "publish to the public goes by what was agreed" t
t() {
    csv_of 10 | sed s/2036/2033/ >"$W/ten.csv" && run 0 publish "$W/ten.csv" && run 1 open rereferral_pct@2033 --to public --yes && prints '1 to 10 people' && says 'small counts of people'
}
ok "and so does open" t
t() {
    csv_of 9 | sed 's/2036/2037/' >"$W/nine.csv" && run 0 alliance set --small-numbers '' --yes &&
        run 0 publish "$W/nine.csv" --audience public --json && prints '"withheld":\[\]' &&
        run 0 alliance set --small-numbers 10 --yes && run 0 report --for public --out "$W/page.html" --json &&
        prints '"small_numbers_max":10' && grep -q 'a count of 1 to 10 people' "$W/page.html"
}
ok "a page for everyone withholds what was published before that" t

finish

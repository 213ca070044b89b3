#!/bin/sh
# tests/e2e/test_forget.sh - what is erased is in no file of any home that follows; what was shared in confidence is opened.
. tests/e2e/lib.sh

SECRET='Elspeth of Mill Lane'
csv() { printf 'time_period,old_la_code,indicator,numerator,denominator,value\n%s\n' "$2" >"$W/$1.csv"; }
# Every file of a home, whatever it is called: what the database says must not be there is not in its bytes.
holds() { grep -r -l -a -F -e "$2" "$W/$1" >"$W/found" 2>/dev/null && cat "$W/found"; }

three_homes
ok "three authorities are an alliance" until_true json_has c '"slug":"hampshire","generation":1,"size":1' status

# ---- erasing ----

csv a '2024,845,cpp_repeat_pct,20,100,20'
ok "a publishes" until_true fm a publish "$W/a.csv" --return "Census"
ok "with words beside it that should never have been written" fm a note cpp_repeat_pct@2024 --text "$SECRET"
note=$(fm a sql "SELECT record FROM post WHERE type = 'note'" --csv 2>/dev/null | tr -d '\r' | sed -n 's,^\(.*/[0-9]*\)$,\1,p')
reads() { fm "$1" search "$2" 2>/dev/null | grep -q "$3"; }
for w in b c; do ok "$w reads them" until_true reads $w Elspeth 'Mill Lane'; done
for w in a b c; do ok "and so they are in $w's files" holds $w "$SECRET"; done
stop c
ok "they are withdrawn and erased" json_has a '"erased":true' withdraw "$note" --reason disclosure --erase --yes
ok "at once they are in none of a's files" no holds a "$SECRET"
confirmed() { json_has a '"confirmed":[{"slug":"hampshire","how":"signed"}],"waiting":["kent"]' withdraw; }
ok "b confirms with its signature, and c is not heard of" until_true confirmed
ok "status says of whom nothing is known" refuses 0 'Not heard from since something was erased.*kent' fm a status
finds() { json_has a "\"check\":\"$1\",\"ok\":true,\"detail\":\"$2\"" doctor; }
ok "and doctor" finds erasures '1 erasure is not confirmed by every member'
ok "once b has looked they are in none of b's files" eval 'fm b news >/dev/null; no holds b "$SECRET"'
ok "c, which was away, has them still" holds c "$SECRET"
start c
all_confirmed() { json_has a '"waiting":[]' withdraw && json_has a '"erasures_waiting":0' status; }
ok "when it comes back it erases, and all have confirmed" until_true all_confirmed
ok "doctor waits no more" finds erasures 'every member has confirmed what we erased'
ok "and what it shows and keeps has them no more" eval 'fm c news >/dev/null; no holds c "$SECRET"'
ok "others see who has erased what" json_has b '"reason":"disclosure","erased":true' withdraw
ok "every log verifies" ends 0 fm c verify

# A public payload lies in log.db as it is: so the store's own bytes can be looked at, while the daemons run.
PUBLIC='Bartholomew of Tanner Row'
csv p '2021,845,cpp_repeat_pct,40,100,40'
ok "a publishes to everybody" until_true fm a publish "$W/p.csv" --audience public
ok "and words with it" fm a note cpp_repeat_pct@2021 --text "$PUBLIC"
public=$(fm a sql "SELECT record FROM post WHERE text LIKE '%Tanner%'" --csv 2>/dev/null | tr -d '\r' | sed -n 's,^\(.*/[0-9]*\)$,\1,p')
for w in a b c; do ok "they are in $w's store" until_true holds $w/node "$PUBLIC"; done
fm a withdraw "$public" --reason disclosure --erase --yes >>"$W/setup" 2>&1
for w in a b c; do ok "and then in no byte of it" until_true no holds $w/node "$PUBLIC"; done

csv a2 '2024,845,cpp_repeat_pct,21,100,21'
fm a publish "$W/a2.csv" --reason correction >>"$W/setup" 2>&1
ok "an erased figure takes the version before along" json_has a '"earlier_withdrawn":1' withdraw cpp_repeat_pct@2024 --reason request --erase --yes
stands() { fm "$1" sql "SELECT count(*) FROM figure WHERE period = '2024' AND (buried = 0 OR withdrawn IS NULL)" --csv 2>/dev/null | grep -q '^0'; }
ok "so that none stands for anybody" until_true stands b
ok "to withdraw nothing is a mistake" refuses 2 'which record' fm a withdraw --erase

# ---- opening ----

csv s '2023,845,cpp_repeat_pct,30,100,30'
ok "doctor sees nothing due" finds openings 'none is due'
ok "a shares a return with hampshire, to be opened today" until_true fm a publish "$W/s.csv" --audience hampshire --return "In confidence" --opens 1m
knows() { fm "$1" history cpp_repeat_pct --authority 845 --period 2023 2>/dev/null | grep -q "$2"; }
ok "hampshire reads it, and knows the day" until_true json_has b '"shown":"In confidence","to":"alliance","opens":"20' openings
ok "kent sees that it is there, and not what it says" eval 'until_true json_has c "\"slug\":\"east-sussex\"" coverage; no knows c 30'
due() { json_has a '"openings_due":1' status; }
ok "the day has come" until_true due
ok "and every command that looks says so" refuses 0 'open --due' "$F" -C "$W/a" news
ok "doctor too" finds openings '1 opening is due'
ok "opening asks" refuses 2 'yes would answer' fm a open --due
ok "it is opened" json_has a '"opened":2,' open --due --yes
ok "doctor sees it done" finds openings 'none is due'
ok "and not twice" json_has a '"opened":0,' open --due --yes
ok "kent reads it now" until_true knows c '30.0'
ok "as a figure for the alliance" json_has c '"audience":"alliance"' history cpp_repeat_pct --authority 845 --period 2023
ok "it is news" eval 'fm c news --json --since 2020-01-01 | grep -q "\"what\":\"opened\",\"shown\":\"2 records to the alliance\""'
ok "and compared, and exported" eval 'json_has c "\"numerator\":30" compare cpp_repeat_pct --period 2023 && fm c export --format csv | grep -q 2023'
ok "to the public it can be opened, being no small count" json_has a '"opened":1,' open cpp_repeat_pct@2023 --to public --yes
csv t '2022,845,cpp_repeat_pct,3,100,3'
fm a publish "$W/t.csv" >>"$W/setup" 2>&1
ok "three children cannot" refuses 1 'small counts of people' fm a open cpp_repeat_pct@2022 --to public --yes
ok "and nothing was opened" json_has a '"opened":0,"already":0,"refused":1' open cpp_repeat_pct@2022 --to public --yes
csv t '2022,845,cpp_repeat_pct,30,100,30'
fm a publish "$W/t.csv" --reason correction >>"$W/setup" 2>&1
old=$(fm a sql "SELECT record FROM figure WHERE period = '2022' AND numerator = 3" --csv | tr -d '\r' | sed -n '2p')
ok "nor can they as an older version beside one that could" refuses 1 'small counts of people' fm a open "$old" cpp_repeat_pct@2022 --to public --yes
ok "which can alone" json_has a '"opened":1,' open cpp_repeat_pct@2022 --to public --yes
ok "nobody opens what is not theirs" refuses 1 'not in our log' fm b open east-sussex/2 --to public --yes
ok "a day that has been is refused" refuses 2 'has begun' fm a publish "$W/t.csv" --opens 2020-01-01 --to public
ok "what is for the alliance opens to the public, or to nobody" refuses 2 'may read it from the start' fm a publish "$W/t.csv" --opens 90d

fm a alliance set --opens '90d after it was published' --yes >>"$W/setup" 2>&1
csv u '2020,845,cpp_repeat_pct,50,100,50'
ok "the charter's time is the rule for named readers" eval 'fm a publish "$W/u.csv" --audience kent --json | grep -q "\"opens\":\"20"'
csv u '2019,845,cpp_repeat_pct,50,100,50'
ok "but where it is set aside" json_has a '"opens":null' publish "$W/u.csv" --audience kent --opens never
ok "the charter wants a time there" refuses 2 'length of time' fm a alliance set --opens soon --yes

# ---- what is held, and what was done ----

ok "holdings says whose, for whom and how old" json_has b '"slug":"east-sussex","kind":"figure","audience":"public"' holdings
ok "and that nothing was agreed" has "$(fm b holdings)" 'The charter names no agreement'
ok "and what is left of what was erased" eval 'fm b --json holdings | grep -q "\"slug\":\"east-sussex\",\"generation\":1,.*\"erased\":3"'
fm a alliance set --retain '1m, for this test' --foi 'Each for its own.' --small-numbers '10 and below' --yes >>"$W/setup" 2>&1
ok "the charter says what was agreed" json_has a '"foi":"Each for its own.","retain":"1m, for this test","opens":"90d after it was published","small_numbers":"10 and below"' alliance show
ok "the journal has what was signed" json_has a '"command":"withdraw","outcome":"done","detail":"signed east-sussex to entry' journal
ok "and no words of anybody's" eval '! grep -q -e Elspeth -e Bartholomew -e "In conf.*text" "$W"/a/private/journal*'
ok "nor an invite" eval '! grep -q "folkmoot-invite:[A-Za-z0-9]" "$W"/[abc]/private/journal'
ok "doctor finds it whole" json_has a '"check":"journal","ok":true' doctor
sed -i '2s/done/none/' "$W/a/private/journal"
ok "a change of it shows" refuses 1 'line 2 does not follow' fm a journal
ok "to doctor too" json_has a '"check":"journal","ok":false' doctor
finish

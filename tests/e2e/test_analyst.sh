#!/bin/sh
# tests/e2e/test_analyst.sh - beside publishing: comments and notes, withdrawing, an alliance's own indicators, what is asked
# for and who answers. Two homes: an authority, and a lead.
. tests/e2e/lib.sh

home authority 845
found authority "South East"

header='time_period,time_identifier,old_la_code,indicator,numerator,denominator,value,breakdown,comment'
{
    echo "$header"
    echo '2024,Reporting year,845,cpp_repeat_pct,20,100,20.0,,"Moved to another system in May;
counted again by hand"'
    echo '2024,Reporting year,845,cpp_2yr_pct,10,100,10.0,,'
} >"$W/c.csv"

# ---- comments ----

publishes() { json_has authority "$1" publish "$W/c.csv"; }
ok "a comment is published as a note beside its figure" publishes '"notes":1,'
# noted INDICATOR RECORD WORDS: the note beside that version.
noted() {
    fm authority --json history "$1" >"$W/history" 2>/dev/null
    grep -q "\"record\":\"$2\",[^}]*\"note\":\"$3" "$W/history" || { cat "$W/history"; return 1; }
}
ok "about the record it was published with, in its lines" noted cpp_repeat_pct east-sussex/2 'Moved to another system in May;.ncounted again by hand"'
ok "and again it says nothing new" publishes '"published":0,"revised":0,"unchanged":2,"skipped_other_authority":0,"not_wanted":0,"notes":0'
sed -i 's/by hand/by two hands/' "$W/c.csv"
ok "another comment beside the same figure is a note alone" publishes '"unchanged":2,"skipped_other_authority":0,"not_wanted":0,"notes":1'
ok "which names the version that stands" noted cpp_repeat_pct east-sussex/2 'Moved to another system in May;.ncounted again by two hands"'
long() { echo "$header"; printf '2024,Reporting year,845,cpp_repeat_pct,20,100,20.0,,'; head -c 8200 /dev/zero | tr '\0' x; echo; }
long >"$W/long.csv"
ok "a comment that is too long is refused at its column" refuses 1 'comment of more than 8192 bytes' fm authority publish "$W/long.csv"

small() { echo "$header"; echo "2022,Reporting year,845,cpp_2yr_pct,4,100,4.0,,$1"; }
small "one family of four" >"$W/told.csv"
ok "no comment goes to the public beside a count that is withheld" refuses 1 'line 2: cpp_2yr_pct is withheld from the public' \
    fm authority publish "$W/told.csv" --audience public
small "" >"$W/untold.csv"
ok "without it the count goes as c" json_has authority '"why":"small"' publish "$W/untold.csv" --audience public

# ---- notes ----

ok "a note can be put beside one's own figure" fm authority note cpp_2yr_pct@2024 --text "One plan was closed late."
ok "it is about that record" noted cpp_2yr_pct east-sussex/3 'One plan was closed late."'
said=$(fm authority --json note cpp_2yr_pct@2024 --text "Said too much." 2>/dev/null | sed 's/.*"record":"\([^"]*\)".*/\1/')
ok "a note is a record that can be erased" json_has authority '"type":"note","reason":"disclosure","erased":true' withdraw "$said" --reason disclosure --erase --yes
ok "then the one before stands" noted cpp_2yr_pct east-sussex/3 'One plan was closed late."'
ok "a figure that is not there has no note" refuses 1 'there is no such figure' fm authority note cpp_2yr_pct@1999 --text x
ok "a note needs a text" refuses 2 'it needs a text' fm authority note east-sussex/3
ok "nobody else's record gets one" refuses 1 'it is not ours' fm authority note kent/3 --text x
ok "what names no record says how one is named" refuses 2 'this names no record' fm authority note nonsense --text x

# ---- withdrawing ----

ok "without a terminal withdrawing needs --yes" refuses 2 'yes' fm authority withdraw cpp_2yr_pct@2024 --reason mistake
ok "and a reason" refuses 2 'it needs a reason' fm authority withdraw cpp_2yr_pct@2024 --yes
{ echo "$header"; echo '2024,Reporting year,845,cpp_2yr_pct,12,100,12.0,,'; } >"$W/d.csv"
fm authority publish "$W/d.csv" --reason correction >/dev/null 2>&1
ok "the newest version is withdrawn" json_has authority '"type":"figure","reason":"mistake","erased":false' withdraw cpp_2yr_pct@2024 --reason mistake --yes
none_stands() { json_has authority '"n":0,' compare cpp_2yr_pct --period 2024; }
ok "and the version before does not come back" none_stands
ok "twice it is refused" refuses 1 'withdrawn already' fm authority withdraw cpp_2yr_pct@2024 --reason mistake --yes
withdrawn_value() { json_has authority "\"breakdown\":\"\",\"numerator\":$1," history cpp_2yr_pct; }
ok "withdrawn is not erased: its author still reads it" withdrawn_value 12
ok "what is withdrawn can still be erased" json_has authority '"reason":"mistake","erased":true' withdraw cpp_2yr_pct@2024 --reason mistake --erase --yes
ok "and then it is gone" withdrawn_value null
ok "published again it is new" json_has authority '"published":1,"revised":0,' publish "$W/d.csv"
erases() {
    fm authority withdraw cpp_repeat_pct@2024 --reason disclosure --erase --yes || return 1
    json_has authority '"erased":3,' verify && json_has authority '"record":"east-sussex/2","period":"2024","breakdown":"","numerator":null,"denominator":null,"value":null,"status":"erased"' history cpp_repeat_pct
}
ok "erasing takes the content from the log and from the view" erases
ok "and the log still verifies" fm authority verify
ok "nobody else's record is withdrawn" refuses 1 'it is not in our log' fm authority withdraw kent/3 --reason mistake --yes
ok "nor an entry that is no record" refuses 1 'no record of ours stands there' fm authority withdraw east-sussex/0 --reason mistake --yes
# ---- a lead: indicators of its own, and what it asks for ----

home lead se-lead --name "South East lead" --role lead
lead_joins() {
    start authority && ask lead authority &&
        fm authority alliance admit se-lead --role lead --yes && start lead && until_true is_at_version lead 2
}
ok "a lead joins" lead_joins
level() { agree_on authority lead; }
until_true level

cat >"$W/own.csv" <<'CSV'
id,title,numerator,denominator,unit,multiplier,decimals,polarity,people,basis
visits_pct,Visits in time,Visits within 10 working days,Visits due,percent,100,1,high,yes,"flow, quarter"
CSV
sed 's/,high,/,good,/' "$W/own.csv" >"$W/badown.csv"
ok "a definition that is none is refused at its column" refuses 1 'line 2, polarity: `good`' fm lead indicators add "$W/badown.csv"
ok "a lead defines an indicator" json_has lead '"added":1,"unchanged":0' indicators add "$W/own.csv"
ok "and the same again says nothing" json_has lead '"added":0,"unchanged":1' indicators add "$W/own.csv"
until_true level
ok "members see it" json_has authority '"id":"visits_pct","title":"Visits in time"' indicators
ok "by name too" json_has authority '"decimals":1,"polarity":"high"' indicators visits_pct

printf 'indicator\nvisits_pct\ncin_rate\n' >"$W/asked.csv"
ok "an authority asks for nothing" refuses 1 'only a lead asks' fm authority collection open Q2 --indicators "$W/asked.csv" --period "2025-26 Q2" --due 2099-11-28
ok "a day that is none is refused" refuses 2 'no day' fm lead collection open Q2 --indicators "$W/asked.csv" --period "2025-26 Q2" --due 2025-02-30
ok "an indicator that is none is named, with the nearest" eval 'echo cin_rat >"$W/miss.csv"; refuses 2 "cin_rate" fm lead collection open Q2 --indicators "$W/miss.csv" --period 2025 --due 2099-01-01'
ok "a list that is not there is the place's fault" refuses 3 "there is no such file" fm lead collection open Q2 --indicators "$W/none.csv" --period 2025 --due 2099-01-01
ok "a lead asks" json_has lead '"number":1,"title":"Q2 2025-26","period":"2025-26 Q2","due":"2099-11-28","asked":2' \
    collection open "Q2 2025-26" --indicators "$W/asked.csv" --period "2025-26 Q2" --due 2099-11-28
until_true level
ok "members see what is asked" json_has authority '"number":1,"title":"Q2 2025-26"' collection list
state() { json_has lead "\"slug\":\"east-sussex\",\"name\":\"East Sussex\",\"state\":\"$1\"" coverage --collection 1; }
ok "nobody has answered" state missing
ok "a template has a row for each" json_has authority '"rows":2' template --collection 1 --out "$W/t.csv"
ok "and is not written over" refuses 1 'yes' fm authority template --collection 1 --out "$W/t.csv"
ok "unfilled it is refused, at its lines" refuses 1 'says nothing about visits_pct' fm authority publish "$W/t.csv"
head -1 "$W/t.csv" | tr -d '\357\273\277\r' >"$W/filled.csv"
sed -n 2p "$W/t.csv" | tr -d '\r' | sed 's/visits_pct,,,,$/visits_pct,90,100,90.0,/' >>"$W/filled.csv"
sed 's/visits_pct/visit_pct/' "$W/t.csv" >"$W/miss-own.csv"
ok "asked for, too" refuses 2 'did you mean `visits_pct`' fm authority compare visit_pct
ok "or listed" refuses 2 'did you mean `visits_pct`' fm authority indicators visit_pct
ok "a misspelt indicator of the alliance's own gets the nearest" refuses 1 'did you mean `visits_pct`' fm authority publish "$W/miss-own.csv"
ok "half filled it publishes" json_has authority '"published":1,' publish "$W/filled.csv"
until_true level
ok "half an answer is none" state missing
sed -n 3p "$W/t.csv" | tr -d '\r' | sed 's/cin_rate,,,,$/cin_rate,3000,,290.1,late in/' >>"$W/filled.csv"
ok "the rest, with a comment" json_has authority '"published":1,"revised":0,"unchanged":1,"skipped_other_authority":0,"not_wanted":0,"notes":1' publish "$W/filled.csv"
until_true level
ok "all that was asked has come" state returned
fm authority withdraw "cin_rate@2025-26 Q2" --reason unreliable --yes >/dev/null 2>&1
until_true level
ok "something of it was withdrawn" state withdrawn
fm lead collection open "Long ago" --indicators "$W/asked.csv" --period 2024 --due 2020-01-01 >/dev/null 2>&1
until_true level
for cell in visits_pct,90,100,90.0, cin_rate,3000,,290.1,; do echo "2024,Reporting year,Local authority,845,E10000011,East Sussex,$cell"; done >"$W/rows"
{ sed 1q "$W/filled.csv"; cat "$W/rows"; } >"$W/late.csv"
fm authority publish "$W/late.csv" >/dev/null 2>&1
until_true level
ok "what came after the day is late" json_has lead '"state":"late"' coverage --collection 2
ok "an authority closes nothing" refuses 1 'only a lead' fm authority collection close 1
ok "the lead closes it" json_has lead '"number":1,"title":"Q2 2025-26","state":"closed"' collection close 1
ok "once" refuses 1 'closed already' fm lead collection close 1
ok "a number that was never given" refuses 1 'there is none' fm lead coverage --collection 9

# ---- news ----

news_has() { fm lead --json news --since 2000-01-01 >"$W/news" && grep -q "\"what\":\"$1\",\"shown\":\"$2" "$W/news" || { cat "$W/news"; return 1; }; }
ok "news tells what came" news_has returned 'filled (1 figure)'
ok "what was withdrawn" news_has withdrew 'east-sussex/[0-9]*, unreliable'
ok "what is asked" news_has asked 'Long ago, due 2020-01-01'
ok "what is said beside" news_has note 'east-sussex/[0-9]*: late in'
ok "a day that is none" refuses 2 'is no day' fm lead news --since yesterday
first=$(fm lead --json news | grep -c returned)
ok "read once it is news" [ "$first" -gt 0 ]
ok "read again it is none" json_has lead '"news":[]' news
{ sed 1q "$W/filled.csv"; echo "2023,Reporting year,Local authority,845,E10000011,East Sussex,cin_rate,3000,,290.1,"; } >"$W/more.csv"
fm authority publish "$W/more.csv" --return "One more" >/dev/null 2>&1
until_true level
ok "and only what is new comes next" json_has lead '"news":[{"said_at":' news
finish

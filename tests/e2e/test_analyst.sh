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

# ---- notes ----

ok "a note can be put beside one's own figure" fm authority note cpp_2yr_pct@2024 --text "One plan was closed late."
ok "it is about that record" noted cpp_2yr_pct east-sussex/3 'One plan was closed late."'
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
ok "published again it is new" json_has authority '"published":1,"revised":0,' publish "$W/d.csv"
erases() {
    fm authority withdraw cpp_repeat_pct@2024 --reason disclosure --erase --yes || return 1
    json_has authority '"erased":1,' verify && json_has authority '"record":"east-sussex/2","period":"2024","breakdown":"","numerator":null' history cpp_repeat_pct
}
ok "erasing takes the content from the log and from the view" erases
ok "and the log still verifies" fm authority verify
ok "nobody else's record is withdrawn" refuses 1 'it is not in our log' fm authority withdraw kent/3 --reason mistake --yes
ok "nor an entry that is no record" refuses 1 'no record of ours stands there' fm authority withdraw east-sussex/0 --reason mistake --yes
finish

#!/bin/sh
# tests/e2e/test_recover.sh - two stories were told; the log that ends, the next one, and what was lost said again.
. tests/e2e/lib.sh

two_homes
figures one 850 2023 20
figures two 850 2024 40
figures three 850 2025 60
ok "b publishes" until_true fm b publish "$W/one.csv" --return One
until_true agree_on a b
stop b
cp -pR "$W/b" "$W/copy"
start b
ok "and, after its home was copied, again" until_true fm b publish "$W/two.csv" --return Two
until_true agree_on a b
witnessed() { fm a --json status | tr -d ' \n' | grep -q '"slug":"hampshire","generation":1,"size":10,[^}]*"quorum":true'; }
ok "which both witness" until_true witnessed
stop b
mv "$W/b" "$W/first"; mv "$W/copy" "$W/b"
ok "the copy tells another story" fm b publish "$W/three.csv" --return Three --offline
ok "which is signed" no test -z "$(log_size b hampshire)"
start b
ok "both find out" until_true json_has a '"frozen":true' status
until_true json_has b '"frozen":true' status

# ---- evidence ----

ok "it is listed" json_has a '"evidence":[{"number":1,"slug":"hampshire"' evidence list
ok "it is told in words" json_has a '"slug":"hampshire"' evidence show 1
ok "there is no second" refuses 1 'there is none' fm a evidence show 2
ok "nor a zeroth" refuses 2 'which number' fm a evidence show 0
ok "it is exported" fm a evidence export 1 "$W/hampshire.evidence"
charter=$(fm a --json alliance show | tr -d ' \n' | sed 's/.*"charter":"\([0-9a-f]*\)".*/\1/')
ok "an auditor with no home convicts by it" "$F" audit "$W/hampshire.evidence" --charter "$charter"
ok "but not without a charter to trust" refuses 1 'UNPINNED' "$F" audit "$W/hampshire.evidence"
ok "not over another file" refuses 1 'yes' fm a evidence export 1 "$W/hampshire.evidence"
figures four 850 2022 10
ok "publish names recover" refuses 1 "folkmoot recover" fm b publish "$W/four.csv" --return Four --offline

# ---- the next log ----

ok "nothing is done unasked" refuses 2 'yes' fm b recover --keep ours
ok "and nothing was" refuses 1 "folkmoot recover" fm b publish "$W/four.csv" --return Four --offline
fm a bundle export --authority hampshire --out "$W/other.fmb" >>"$W/setup" 2>&1
ok "without the other story it does not decide" refuses 1 'branch' fm b recover --yes
ok "nor against the witnesses" refuses 1 'quorum has witnessed' fm b recover --branch "$W/other.fmb" --keep ours --yes
fm b --json recover --branch "$W/other.fmb" --yes >"$W/doc" 2>"$W/doc.err"
ok "with it, it does" test $? -eq 0
ok "who holds which was shown" grep -q '"slug":"east-sussex","size":[0-9]*,"holds":"other"' "$W/doc"
ok "what is lost was listed" grep -q '"lost":\[{"record":"hampshire/[0-9]*","type":"figure","what":"cpp_' "$W/doc"
lost=$(tr -d '\n' <"$W/doc" | sed 's/.*"file":"\([^"]*\)".*/\1/')
ok "and written down" grep -q '^"2025","Reporting year","850"' "$W/b/$(basename "$lost")"
ok "the next log has begun" grep -q '"generation":2' "$W/doc"
ok "again there is nothing to do" json_has b '"trouble":"none"' recover
ok "what was lost is published again" fm b publish "$lost"
ok "its records have the new log's name" json_has b '"record":"hampshire~2/' history cpp_repeat_pct --authority hampshire
newest=$(log_size b hampshire)
ok "the peer takes it" until_true holds_so_many a hampshire "$newest"
first_end() { fm a --json verify | tr -d ' \n' | grep -q '"slug":"hampshire","generation":1,"ok":true,"size":10'; }
ok "and holds the story that stands, to its end" until_true first_end
ok "both stores verify" fm b verify
own_end() { fm b --json verify | tr -d ' \n' | grep -q '"slug":"hampshire","generation":1,"ok":true,"size":10'; }
ok "its own as well" until_true own_end
ok "the evidence is kept" json_has a '"closed_at":10' evidence show 1
values() { fm a --csv history cpp_repeat_pct --authority hampshire | grep -c -e '~2/.*,2025' -e 'hampshire/.*,2024' -e 'hampshire/.*,2023'; }
three() { [ "$(values)" -eq 3 ] || { echo "$(values) values"; return 1; }; }
ok "the peer reads all three years, once each" until_true three
own_values() { fm b --csv history cpp_repeat_pct --authority hampshire | grep -c -e '~2/.*,2025' -e 'hampshire/.*,2024' -e 'hampshire/.*,2023'; }
own_three() { [ "$(own_values)" -eq 3 ] || { echo "$(own_values) values"; return 1; }; }
ok "and so does its author" until_true own_three

# ---- a witness whose log is in its second generation ----

by_policy() { fm a alliance policy hampshire >"$W/policy" && rm -f "$W/proof" && fm a prove hampshire~2/1 --out "$W/proof" &&
    "$F" audit "$W/proof" --policy "$W/policy"; }
ok "a policy names both keys of the new log's member, and enough witnesses stand behind it" until_true by_policy
ok "the witness by its new name" grep -q '^witness .*/hampshire/2/witness+' "$W/policy"

# ---- an auditor, a newcomer ----

sync_holds() { fm "$1" sync >>"$W/setup" 2>&1; holds_so_many "$@"; }
home c 851
fm c id --export "$W/c.id" >>"$W/setup" 2>&1
fm a alliance admit --identity "$W/c.id" --yes >>"$W/setup" 2>&1
fm a alliance export "$W/barset.charter" >>"$W/setup" 2>&1
fm c join --charter "$W/barset.charter" >>"$W/setup" 2>&1
ok "a newcomer, to whom the file says nothing yet, is not harmed by it" fm c bundle import "$W/hampshire.evidence"
ok "it takes both logs up" until_true sync_holds c hampshire "$newest"
ok "and the evidence" until_true json_has c '"number":1,"slug":"hampshire"' evidence list
ok "and verifies" fm c verify
finish

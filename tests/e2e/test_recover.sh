#!/bin/sh
# tests/e2e/test_recover.sh - two stories were told; the log that ends, the next one, and what was lost said again.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
home b 850
ask b a
fm a alliance admit hampshire --yes >>"$W/setup" 2>&1
start b
until_true agree_on a b
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
ok "not over another file" refuses 1 'yes' fm a evidence export 1 "$W/hampshire.evidence"
ok "publish names recover" refuses 1 'folkmoot recover' fm b publish "$W/three.csv" --return Three --offline

# ---- the next log ----

ok "nothing is done unasked" refuses 2 'yes' fm b recover
ok "and nothing was" refuses 1 'folkmoot recover' fm b publish "$W/three.csv" --offline
fm a bundle export --authority hampshire --out "$W/other.fmb" >>"$W/setup" 2>&1
ok "who holds which is shown" json_has b '"holds":"other"' recover --branch "$W/other.fmb" --yes
finish

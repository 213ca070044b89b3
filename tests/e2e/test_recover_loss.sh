#!/bin/sh
# tests/e2e/test_recover_loss.sh - what was signed last reached nobody and log.db is gone.
. tests/e2e/lib.sh

two_homes
figures one 850 2023 20
figures two 850 2024 40
ok "b publishes" until_true fm b publish "$W/one.csv" --return One
until_true agree_on a b
size=$(log_size a hampshire)
stop b; stop a
ok "and once more, to nobody" fm b publish "$W/two.csv" --return Two --offline
ok "which it reads" json_has b '"numerator":40' history cpp_repeat_pct --period 2024
rm "$W/b/node/log.db"*
ok "with nobody in reach there is nothing to go on from" refuses 3 'no peer could be reached' fm b recover
start a
ok "publish is behind, and names recover" refuses 3 'folkmoot recover' fm b publish "$W/two.csv" --return Two
fm b --json recover --yes >"$W/doc" 2>"$W/doc.err"
ok "recover goes on from what the peer holds" test $? -eq 0
ok "and says so" grep -q "\"trouble\":\"behind\".*\"closed_at\":$size,\"generation\":2" "$W/doc"
ok "what is lost is known from the view" grep -q '"lost":\[{"record":"hampshire/[0-9]*","type":"figure","what":"cpp_' "$W/doc"
lost=$(tr -d '\n' <"$W/doc" | sed 's/.*"file":"\([^"]*\)".*/\1/')
ok "and is published again" until_true fm b publish "$lost"
start b
ok "the peer takes it" until_true json_has a '"record":"hampshire~2/' history cpp_repeat_pct --authority hampshire --period 2024
ok "both verify" fm a verify
ok "b too" fm b verify
ok "an empty home says what it needs" refuses 3 'recovery.txt' fm empty recover
finish

#!/bin/sh
# tests/e2e/test_recover_loss.sh - what was signed last reached nobody and log.db is gone; a machine is gone altogether.
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

# ---- the machine is gone: its seed, and what any member exports ----

stop b
ok "an empty home says what it needs" refuses 3 'recovery.txt' fm empty recover
printf 'open sesame\n' >"$W/pass"
fm d init 886 --passphrase-file "$W/pass" --listen "127.0.0.1:$((PORT + 1))" >>"$W/setup" 2>&1
ask d a
fm a alliance admit kent --yes >>"$W/setup" 2>&1
fm d sync >>"$W/setup" 2>&1
figures three 886 2023 60
ok "d publishes" until_true fm d publish "$W/three.csv" --return Three
fm d sync >>"$W/setup" 2>&1
until_true holds_so_many a kent "$(log_size d kent)"
was=$(log_size d kent)
cp "$W/d/recovery.txt" "$W/recovery.txt"
rm -rf "$W/d"
fm a alliance export "$W/barset.charter" >>"$W/setup" 2>&1
printf 'wrong\n' >"$W/wrong"
ok "not with another passphrase" refuses 4 '' fm d recover "$W/recovery.txt" --charter "$W/barset.charter" --passphrase-file "$W/wrong"
ok "from seed, passphrase and peers it is back" until_true fm d recover "$W/recovery.txt" --charter "$W/barset.charter" --passphrase-file "$W/pass"
ok "own records and all" json_has d '"numerator":60' history cpp_repeat_pct --period 2023
ok "its log is longer by its new keys, and one" test "$(log_size d kent)" -gt "$was"
figures four 886 2024 70
ok "it publishes" until_true fm d publish "$W/four.csv" --return Four
ok "it verifies" fm d verify
finish

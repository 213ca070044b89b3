#!/bin/sh
# tests/e2e/test_recover_machine.sh - a machine is gone: from the seed in recovery.txt, its passphrase and the peers all is back.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
printf 'open sesame\n' >"$W/pass"
fm d init 886 --passphrase-file "$W/pass" --listen "127.0.0.1:$((PORT + 1))" >>"$W/setup" 2>&1
ask d a
fm a alliance admit kent --yes >>"$W/setup" 2>&1
fm d sync >>"$W/setup" 2>&1
figures three 886 2023 60
figures four 886 2024 70
ok "d publishes" until_true fm d publish "$W/three.csv" --return Three
fm d sync >>"$W/setup" 2>&1
until_true holds_so_many a kent "$(log_size d kent)"
was=$(log_size d kent)
cp "$W/d/recovery.txt" "$W/recovery.txt"
rm -rf "$W/d"
fm a alliance export "$W/barset.charter" >>"$W/setup" 2>&1
ok "an empty home says what it needs" refuses 3 'recovery.txt' fm d recover
ok "from seed, passphrase and peers it is back" until_true fm d recover "$W/recovery.txt" --charter "$W/barset.charter" --passphrase-file "$W/pass"
ok "own records and all" json_has d '"numerator":60' history cpp_repeat_pct --period 2023
ok "its log is longer by its new keys" test "$(log_size d kent)" -gt "$was"
ok "it publishes" until_true fm d publish "$W/four.csv" --return Four
ok "it verifies" fm d verify
ok "and there is nothing more to do" json_has d '"trouble":"none"' recover
finish

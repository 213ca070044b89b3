#!/bin/sh
# tests/e2e/test_keys.sh - every key is rotated while the daemons run; a command killed, a disk full, a home lost: nothing is.
. tests/e2e/lib.sh

key_version() { fm "$1" --json keys status 2>/dev/null | tr -d '\n' | grep -o "\"key\":\"$2\",[^}]*\"version\":[0-9]*" | sed 's/.*"version"://'; }
is_of_version() { [ "$(key_version "$1" "$2")" = "$3" ] || { echo "the $2 key is of version $(key_version "$1" "$2"), not $3"; return 1; }; }
linked() { fm "$1" --json status 2>/dev/null | tr -d '\n ' | grep -q '"state":"open"'; }
witnessed() { [ "$(fm "$1" --json status 2>/dev/null | tr -d '\n ' | grep -o '"quorum":true' | wc -l)" -eq 2 ]; }

two_homes
figures b1 850 2021 20
figures a1 845 2021 30
ok "both publish" until_true fm b publish "$W/b1.csv" --return One
ok "and the other" until_true fm a publish "$W/a1.csv" --return One
until_true agree_on a b

# ---- every key, while everything runs ----

ok "doctor finds nothing to mend" until_true fm a doctor
v=1
for key in log witness box node; do
    v=$((v + 1))
    ok "the $key key is rotated" until_true fm b keys rotate $key
    ok "from that version on" is_of_version b $key $v
    ok "its file is the one that is named" fm b keys status
    ok "the other has the entry" until_true agree_on a b
    ok "they are linked" until_true linked a
    ok "each log has its quorum" until_true witnessed a
done
figures b2 850 2022 40
figures a2 845 2022 50
epochs() { fm "$1" --json sql "SELECT count(*) AS n FROM epoch WHERE slug = '$2' AND audience = 'alliance'" 2>/dev/null | number n; }
before=$(epochs a east-sussex)
ok "b publishes under its new keys" until_true fm b publish "$W/b2.csv" --return Two
ok "and a, who begins a new epoch for the new box key" until_true fm a publish "$W/a2.csv" --return Two
ok "one more than before" test "$(epochs a east-sussex)" -eq $((before + 1))
until_true agree_on a b
both() { json_has "$1" '"total":{"n":2,' compare cpp_repeat_pct --period "$2"; }
for w in a b; do
    ok "$w reads what came after" until_true both $w 2022
    ok "$w reads what was there before" until_true both $w 2021
    ok "$w finds every log sound" fm $w verify
done

# ---- a stolen log key ----

figures b3 850 2023 60
ok "what a thief says in b's name" until_true fm b publish "$W/b3.csv" --return Stolen
size=$(log_size b hampshire)
from=$(fm b --json history cpp_repeat_pct 2>/dev/null | tr -d '\n ' | grep -o '"record":"hampshire/[0-9]*","period":"2023"' | grep -o '/[0-9]*' | tr -d /)
ok "is not disowned without being asked" refuses 2 '--yes' fm b keys rotate log --compromised --void-from "$from"
ok "nor from beyond the log" refuses 2 'the last is' fm b keys rotate log --compromised --void-from "$size" --yes
ok "is disowned" until_true fm b keys rotate log --compromised --void-from "$from" --yes
until_true agree_on a b
gone() { no json_has "$1" '"numerator":60,"denominator":200' compare cpp_repeat_pct --period 2023; }
for w in a b; do ok "$w reads it no more" until_true gone $w; done
ok "what was said before stands" both a 2022
ok "and b says again what was its own" until_true fm b publish "$W/b3.csv" --return Again
ok "a reads that" until_true json_has a '"numerator":60,"denominator":200' compare cpp_repeat_pct --period 2023

# ---- killed in the middle, and no room ----

i=0
while [ $i -lt 8 ]; do
    fm b keys rotate box --offline >>"$W/killed" 2>&1 &
    pid=$!
    sleep "0.0$((i * 12 % 97 + 10))"                # the moment, not a condition
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    i=$((i + 1))
done
ok "killed eight times, it signs" until_true fm b keys rotate witness
ok "its files are of one identity" fm b keys status
until_true agree_on a b
for w in a b; do ok "$w finds every log sound" fm $w verify; done
ok "b reads all that was sealed to its keys of before" until_true both b 2021

stop b
id_version() { fm b --json id 2>/dev/null | number version; }
was=$(id_version)
{ (trap '' XFSZ; ulimit -f 1; "$F" -q -C "$W/b" keys rotate log --offline 2>&1; echo "status=$?") | cat; } >"$W/cramped"
ok "with no room it fails as the environment's fault" grep -q 'status=3' "$W/cramped"
ok "and nothing has changed" test "$(id_version)" = "$was"
ok "with room it works" fm b keys rotate log --offline
ok "once" test "$(id_version)" = $((was + 1))
start b
until_true agree_on a b

# ---- a passphrase, a backup, a lost machine ----

echo "correct horse" >"$W/pass"
echo "correct house" >"$W/wrong"
ok "the seed gets a passphrase" fm b keys passphrase --new-passphrase-file "$W/pass"
ok "without it no key is rotated" refuses 4 'no passphrase' fm b keys rotate box
ok "with a wrong one neither" refuses 4 'not the passphrase' fm b keys rotate box --passphrase-file "$W/wrong"
ok "a backup is made" fm b keys backup "$W/b.backup" --passphrase-file "$W/pass"
ok "not over another" refuses 1 'overwrites' fm b keys backup "$W/b.backup" --passphrase-file "$W/pass"
ok "which a machine without a node checks" fm none keys backup --check "$W/b.backup" --passphrase-file "$W/pass"
ok "after the backup a key is rotated still" until_true fm b keys rotate box --passphrase-file "$W/pass"
until_true agree_on a b
stop b
mv "$W/b" "$W/lost"
ok "a wrong passphrase restores nothing" refuses 4 'not the passphrase' fm b keys restore "$W/b.backup" --passphrase-file "$W/wrong"
ok "not even a folder" test ! -e "$W/b"
stop a
ok "with no peer the restore waits" refuses 3 'no peer' fm b keys restore "$W/b.backup" --passphrase-file "$W/pass"
figures b4 850 2024 70
ok "and signs nothing" refuses 1 'keys restore' fm b publish "$W/b4.csv" --return Four --offline
start a
ok "with one it ends" until_true fm b keys restore --passphrase-file "$W/pass"
v=$(id_version)
ok "its node and witness key are new" test "$(key_version b node)" = "$v" -a "$(key_version b witness)" = "$v"
ok "every key is the one that is named" fm b keys status
start b
until_true agree_on a b
ok "it reads its own history" until_true both b 2021
ok "and publishes" until_true fm b publish "$W/b4.csv" --return Four
ok "what a takes for its own" until_true json_has a '"numerator":70,"denominator":200' compare cpp_repeat_pct --period 2024
ok "nobody sees a fork" no json_has a '"frozen":true' status
ok "each log has its quorum" until_true witnessed a
ok "no second node is made over it" refuses 1 'lives here already' fm b keys restore "$W/b.backup" --passphrase-file "$W/pass"
fm a alliance export "$W/charter" >>"$W/setup" 2>&1
ok "a recovery file alone does not say whose it is" refuses 2 'alliance export' fm c keys restore "$W/lost/recovery.txt" --passphrase-file "$W/pass"
stop b
restores() { [ -e "$W/c/private/seed" ] || fm c keys restore "$W/lost/recovery.txt" --charter "$W/charter" --passphrase-file "$W/pass" ||
    fm c keys restore --passphrase-file "$W/pass"; }
ok "with the charter it does" restores
ok "and all is there" fm c keys status
stop a
ok "doctor says what is the matter" refuses 1 'folkmootd does not run' fm a doctor
mv "$W/a/private/view.db" "$W/view.db" && rm -f "$W/a/private/view.db"-* && mkdir "$W/a/private/view.db"
t() { fm a --json doctor >"$W/doc" 2>"$W/err"; [ $? -eq 1 ] && [ "$(grep -c schema "$W/doc")" -eq 1 ] && has "$(cat "$W/doc")" '"check":"readers","ok":false' && grep -q 'opening private/view.db' "$W/err"; }
ok "a view that does not open is a check that fails, in the one document" t
rmdir "$W/a/private/view.db" && mv "$W/view.db" "$W/a/private/view.db"
ok "and what the network has to let through" json_has a '"outbound":[{"slug":"hampshire"' doctor --firewall
finish
